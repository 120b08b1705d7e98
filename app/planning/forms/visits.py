"""Planning and cancelling a visit."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, Text, choices, not_before
from app.planning.models.visits import DayPart
from app.planning.words import PARTS


class WhenForm(Form):
    """When, and who goes."""

    planned_on = Day(
        _l("日期"),
        [InputRequired(_l("请填写计划日期。")), not_before(clock.today, _l("计划日期不能早于今天。"))],
    )
    part = SelectField(_l("上午或下午"), [Optional()])
    lead_id = SelectField(_l("带队检查人员"), [InputRequired(_l("请选择带队检查人员。"))])
    second_id = SelectField(_l("第二名检查人员"), [Optional()])

    def __init__(self, *args: Any, colleagues: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [SelectChoice(str(p.id), p.name) for p in colleagues]
        self.lead_id.choices = people
        self.second_id.choices = [SelectChoice("", _("稍后再定")), *people]
        self.part.choices = [SelectChoice("", _("稍后再定")), *choices(DayPart, PARTS)]

    def said(self) -> dict[str, Any]:
        """What the service wants to know."""
        return {
            "planned_on": self.planned_on.data,
            "part": DayPart(self.part.data) if self.part.data else None,
            "lead_id": uuid.UUID(self.lead_id.data),
            "second_id": chosen(self.second_id.data),
        }


class PlanForm(WhenForm):
    """When, who, and what for."""

    id = HiddenField(default=lambda: str(new_id()))
    purpose = Text(_l("内容"), [Length(max=200)])


class MoveForm(WhenForm):
    """Another day for a visit, or other officers."""


class CancelForm(Form):
    """Why a visit is cancelled."""

    reason = Text(_l("取消原因"), [InputRequired(_l("请写明取消原因。")), Length(max=200)])


def chosen(text: str | None) -> uuid.UUID | None:
    """The id of a choice, or None."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None
