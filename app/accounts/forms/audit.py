"""Which entries of the audit trail to list."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import Optional

from app.core.forms import Day, Form, Text


class AuditFilter(Form):
    """Who, what, on which thing, on which day."""

    class Meta:
        csrf = False

    person = SelectField(_l("人员"), validate_choice=False)
    action = SelectField(_l("操作"), validate_choice=False)
    subject = SelectField(_l("对象"), validate_choice=False)
    day = Day(_l("日期"), [Optional()])
    subject_id = Text(_l("对象编号"), [Optional()])
