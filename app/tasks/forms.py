"""What is filled in about tasks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Photos, Text, WholeNumber, choices, not_before
from app.schools.labels import KINDS as SCHOOL_KINDS
from app.schools.models import SchoolKind, SchoolStatus
from app.schools.queries.register import Wanted
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


class WhomForm(Form):
    """Whom something is for: all schools, some kinds, all that a filter leaves, or those ticked.

    The filter and the pages of its list are steps of the same form, so that what is filled in stays; see views.choosing.
    """

    key = HiddenField()
    whom = RadioField(
        _l("发给谁"),
        [InputRequired(_l("请选择发给谁。"))],
        choices=[
            SelectChoice("all", _l("所有学校")),
            SelectChoice("kinds", _l("下面勾选的几类学校")),
            SelectChoice("filtered", _l("下面筛选出的全部学校")),
            SelectChoice("some", _l("下面勾选的几所学校")),
        ],
    )
    kinds = Ticks(_l("学校类型"), choices=choices(SchoolKind, SCHOOL_KINDS))
    schools = Ticks(_l("学校"), validate_choice=False)
    q = Text(_l("查找学校"), [Length(max=200)])
    school_kind = SelectField(
        _l("办学类型"), default="", choices=[SelectChoice("", _l("全部")), *choices(SchoolKind, SCHOOL_KINDS)]
    )
    area = SelectField(_l("所属区县"), default="")
    group = SelectField(_l("检查分组"), default="")
    at = HiddenField()

    def offer(self, *, areas: Iterable[tuple[str, str]], groups: Iterable[tuple[str, str]]) -> None:
        """What the schools can be filtered by."""
        self.area.choices = [SelectChoice("", _l("全部")), *(SelectChoice(*one) for one in areas)]
        self.group.choices = [SelectChoice("", _l("全部")), *(SelectChoice(*one) for one in groups)]

    def ticked(self) -> list[uuid.UUID]:
        """The schools whose boxes are set, on whichever page of the list."""
        found = []
        for text in self.schools.data or ():
            try:
                found.append(uuid.UUID(str(text)))
            except ValueError:
                continue
        return list(dict.fromkeys(found))

    def filtered(self) -> Wanted:
        """What the list of schools to choose from is narrowed to; what is no choice filters nothing."""
        known = {
            name: {str(value) for value, *_more in self[name].choices} for name in ("school_kind", "area", "group")
        }
        good = {name: self[name].data if self[name].data in values else "" for name, values in known.items()}
        return Wanted(
            text=(self.q.data or "")[:200],
            kind=SchoolKind(good["school_kind"]) if good["school_kind"] else None,
            area_code=good["area"] or "",
            group=good["group"] or "",
            status=SchoolStatus.OPEN,
        )

    def validate_kinds(self, field: Any) -> None:
        """At least one, where kinds are asked for."""
        if self.whom.data == "kinds" and not field.data:
            raise ValidationError(str(_l("请至少勾选一类学校。")))

    def validate_schools(self, field: Any) -> None:
        """At least one, where schools are asked for."""
        if self.whom.data == "some" and not self.ticked():
            raise ValidationError(str(_l("请至少勾选一所学校。")))

    def task_id(self) -> uuid.UUID:
        """The sender's id of what is sent."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def wanted(self) -> dict[str, Any]:
        """Whom it is for, as `queries.chosen` takes it."""
        if self.whom.data == "some":
            return {"ids": self.ticked()}
        if self.whom.data == "filtered":
            return {"filtered": self.filtered()}
        if self.whom.data == "kinds":
            return {"kinds": [SchoolKind(one) for one in self.kinds.data or ()]}
        return {}


class SendForm(WhomForm):
    """A task and whom it is for. `key` makes sending twice harmless."""

    kind = RadioField(_l("任务种类"), [InputRequired(_l("请选择任务种类。"))], choices=choices(TaskKind, KINDS))
    title = Text(_l("任务名称"), _TITLE)
    text = LongText(_l("要做什么"), _TEXT)
    due_on = Day(_l("完成期限"), [DataRequired(_l("请填写完成期限。")), not_before(clock.today)])
    needs_proof = BooleanField(_l("报告完成时必须附照片或文件"))

    def new_task(self) -> NewTask:
        """What was filled in."""
        return NewTask(
            kind=TaskKind(self.kind.data),
            title=self.title.data or "",
            text=self.text.data or "",
            due_on=self.due_on.data,
            needs_proof=bool(self.needs_proof.data),
        )


class SendListForm(WhomForm):
    """A whole list of templates and whom it is for: each becomes a task."""

    begins_on = Day(_l("从哪天起算"), [DataRequired(_l("请填写日期。")), not_before(clock.today)], default=clock.today)


class ReportForm(Form):
    """That it is done."""

    words = LongText(_l("完成情况"), [DataRequired(_l("请写明完成情况。")), Length(max=4000)])
    photos = Photos(_l("照片"))
    papers = MultipleFileField(_l("文件（PDF）"), render_kw={"accept": "application/pdf", "multiple": True})

    def chosen_papers(self) -> list[tuple[str, bytes]]:
        """The files that were chosen; an empty field sends one without a name."""
        return [(one.filename, one.read()) for one in self.papers.data or [] if getattr(one, "filename", "")]


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
    needs_proof = BooleanField(_l("报告完成时必须附照片或文件"))

    def new_template(self) -> NewTemplate:
        """What was filled in."""
        return NewTemplate(
            list_name=self.list_name.data or "",
            title=self.title.data or "",
            text=self.text.data or "",
            days=self.days.data or 0,
            needs_proof=bool(self.needs_proof.data),
        )
