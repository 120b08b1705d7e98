"""What is filled in about tasks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Photos, Text, WholeNumber, choices, not_before
from app.schools.labels import KINDS as SCHOOL_KINDS
from app.schools.models import SchoolKind
from app.tasks.rules import TaskKind
from app.tasks.service import NewTask, NewTemplate
from app.tasks.words import KINDS

_REASON = Length(max=300, message=_l("理由请不超过 300 字。"))
_TITLE = [DataRequired(_l("请填写任务名称。")), Length(max=120, message=_l("任务名称请不超过 120 字。"))]
_TEXT = [DataRequired(_l("请写明要做什么。")), Length(max=4000)]


class Ticks(SelectMultipleField):
    """Several of a list, each with its box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class SendForm(Form):
    """A task and whom it is for. `key` makes sending twice harmless."""

    key = HiddenField()
    kind = RadioField(_l("任务种类"), [InputRequired(_l("请选择任务种类。"))], choices=choices(TaskKind, KINDS))
    title = Text(_l("任务名称"), _TITLE)
    text = LongText(_l("要做什么"), _TEXT)
    due_on = Day(_l("完成期限"), [DataRequired(_l("请填写完成期限。")), not_before(clock.today)])
    needs_proof = BooleanField(_l("报告完成时必须附照片"))
    whom = RadioField(
        _l("发给谁"),
        [InputRequired(_l("请选择发给谁。"))],
        choices=[
            SelectChoice("all", _l("所有学校")),
            SelectChoice("kinds", _l("下面勾选的几类学校")),
            SelectChoice("some", _l("下面勾选的几所学校")),
        ],
    )
    kinds = Ticks(_l("学校类型"), choices=choices(SchoolKind, SCHOOL_KINDS))
    schools = Ticks(_l("学校"))

    def offer(self, found: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The schools to choose from."""
        self.schools.choices = [SelectChoice(str(key), name) for key, name in found]

    def validate_kinds(self, field: Any) -> None:
        """At least one, where kinds are asked for."""
        if self.whom.data == "kinds" and not field.data:
            raise ValidationError(str(_l("请至少勾选一类学校。")))

    def validate_schools(self, field: Any) -> None:
        """At least one, where schools are asked for."""
        if self.whom.data == "some" and not field.data:
            raise ValidationError(str(_l("请至少勾选一所学校。")))

    def task_id(self) -> uuid.UUID:
        """The sender's id of this task."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def new_task(self) -> NewTask:
        """What was filled in."""
        return NewTask(
            kind=TaskKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            due_on=self.due_on.data,
            needs_proof=bool(self.needs_proof.data),
        )

    def wanted(self) -> dict[str, Collection[Any]]:
        """Whom it is for, as `queries.chosen` takes it."""
        if self.whom.data == "some":
            return {"ids": [uuid.UUID(one) for one in self.schools.data or ()]}
        if self.whom.data == "kinds":
            return {"kinds": [SchoolKind(one) for one in self.kinds.data or ()]}
        return {}


class ReportForm(Form):
    """That it is done."""

    words = LongText(_l("完成情况"), [DataRequired(_l("请写明完成情况。")), Length(max=4000)])
    photos = Photos(_l("照片"))


class ReasonForm(Form):
    """Why something is returned or withdrawn."""

    reason = Text(_l("理由"), [DataRequired(_l("请写明理由。")), _REASON])


class SampleForm(Form):
    """How many are looked at on the spot."""

    percent = WholeNumber(
        _l("抽查比例"),
        [InputRequired(_l("请填写抽查比例。")), NumberRange(1, 100, _l("比例应在 1 到 100 之间。"))],
        default=10,
    )


class LookForm(Form):
    """What the spot check found."""

    held = RadioField(
        _l("抽查结果"),
        [InputRequired(_l("请选择抽查结果。"))],
        choices=[SelectChoice("yes", _l("属实")), SelectChoice("no", _l("不属实，退回"))],
    )
    words = Text(_l("抽查情况"), [_REASON])


class TemplateForm(Form):
    """A task for a list."""

    list_name = Text(
        _l("清单名称"), [DataRequired(_l("请填写清单名称。")), Length(max=60, message=_l("清单名称请不超过 60 字。"))]
    )
    title = Text(_l("任务名称"), _TITLE)
    text = LongText(_l("要做什么"), _TEXT)
    days = WholeNumber(
        _l("下发后几天完成"),
        [InputRequired(_l("请填写天数。")), NumberRange(0, 365, _l("天数应在 0 到 365 之间。"))],
        default=14,
    )
    needs_proof = BooleanField(_l("报告完成时必须附照片"))

    def new_template(self) -> NewTemplate:
        """What was filled in."""
        return NewTemplate(
            list_name=self.list_name.data or "",
            title=self.title.data or "",
            text=self.text.data or "",
            days=self.days.data or 0,
            needs_proof=bool(self.needs_proof.data),
        )
