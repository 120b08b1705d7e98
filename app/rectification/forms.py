"""Forms about findings."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from app.core.forms import Form, LongText, Select, Text, choices
from app.rectification.queries.findings import Choice
from app.rectification.rules.findings import Severity, State
from app.rectification.words import SEVERITIES, STATES

SORTS = (
    ("deadline", _l("期限最近")),
    ("severity", _l("最严重")),
    ("school", _l("学校名称")),
    ("found", _l("最近发现")),
)


class FilterForm(Form):
    """Which findings to list. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"), [Length(max=100)])
    state = SelectField(_l("状态"), default="unsettled")
    school = SelectField(_l("学校"), default="", widget=Select())
    severity = SelectField(_l("严重程度"), default="")
    sort = SelectField(_l("排序"), default="deadline", choices=[SelectChoice(*pair) for pair in SORTS])
    mine = BooleanField(_l("只看我检查的"))

    def __init__(self, *args: Any, schools: list[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [
            SelectChoice("unsettled", _l("全部未结束")),
            *choices([s for s in State if s is not State.CLOSED], STATES),
            SelectChoice("near", _l("近日到期")),
            SelectChoice("awaiting", _l("待复查")),
            SelectChoice("struck_off", _l("本月复查销号")),
            SelectChoice(State.CLOSED.value, STATES[State.CLOSED]),
            SelectChoice("", _l("全部")),
        ]
        self.school.choices = [
            SelectChoice("", _l("全部学校")),
            *(SelectChoice(str(key), name) for key, name in schools),
        ]
        self.severity.choices = [SelectChoice("", _l("全部")), *choices(Severity, SEVERITIES)]
        for name, otherwise in (("state", "unsettled"), ("school", ""), ("severity", ""), ("sort", "deadline")):
            field = self[name]
            if field.data not in {str(choice.value) for choice in field.choices}:
                field.data = otherwise

    def choice(self) -> Choice:
        """What the form asks for."""
        return Choice(
            state=self.state.data,
            school_id=uuid.UUID(self.school.data) if self.school.data else None,
            severity=self.severity.data,
            mine=self.mine.data,
            search=(self.q.data or "")[:100],
            sort=self.sort.data,
        )


class WithdrawForm(Form):
    """Why a finding is taken back."""

    reason = LongText(
        _l("撤回理由"), [DataRequired(_l("请写明撤回理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))]
    )
