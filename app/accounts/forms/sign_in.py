"""Signing in, passwords, one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length, Optional, Regexp

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


class NewPasswordForm(Form):
    """A new password, twice, because it cannot be seen."""

    password = PasswordField(
        _l("新密码"),
        [InputRequired(_l("请输入新密码。"))],
        description=_l("至少 8 个字符；长一些的词组比符号更安全。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("再输入一次"),
        [InputRequired(_l("请再输入一次新密码。")), EqualTo("password", _l("两次输入的密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(Form):
    """One's own password."""

    old = PasswordField(
        _l("原密码"), [InputRequired(_l("请输入原密码。"))], render_kw={"autocomplete": "current-password"}
    )
    new = PasswordField(
        _l("新密码"),
        [InputRequired(_l("请输入新密码。"))],
        description=_l("至少 8 个字符；长一些的词组比符号更安全。"),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("再输入一次"),
        [InputRequired(_l("请再输入一次新密码。")), EqualTo("new", _l("两次输入的密码不一致。"))],
        render_kw={"autocomplete": "new-password"},
    )


class OwnDetailsForm(Form):
    """How one can be reached."""

    phone = Text(_l("电话"), [Optional(), Length(max=40)], render_kw={"autocomplete": "tel", "inputmode": "tel"})
    email = Text(
        _l("电子邮箱"),
        [
            Optional(),
            Length(max=120),
            Regexp(r"[^@\s]+@[^@\s]+$", message=_l("请输入有效的电子邮箱，例如 name@example.cn。")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


class TakeUpForm(NewPasswordForm):
    """The account that an invited person makes."""

    name = Text(_l("姓名"), [InputRequired(_l("请输入姓名。")), Length(max=80)], render_kw={"autocomplete": "name"})
    username = Text(
        _l("登录名"),
        [InputRequired(_l("请输入登录名。")), Length(max=60)],
        description=_l("3 个以上字符：小写字母、数字、. _ -，例如手机号或姓名拼音。"),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
