"""Forms about accounts."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from app.core.forms import Form, Text


class SignInForm(Form):
    """Name and password."""

    username = Text(
        _l("登录名"),
        [InputRequired(_l("请输入登录名。")), Length(max=60)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("密码"), [InputRequired(_l("请输入密码。"))], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()
