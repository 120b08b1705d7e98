"""What is filled in about sessions and those who come: the plan, lists, the door, quiz results, what is added later."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Measure, Text, WholeNumber, choices
from app.trainings.models import TrainingSession
from app.trainings.queries.sessions import Person
from app.trainings.rules import AUDIENCES_TO_CHOOSE, FORMS_TO_CHOOSE, Audience, TrainingForm
from app.trainings.service.sessions import NewSession
from app.trainings.words import AUDIENCES, FORMS

_PEOPLE = NumberRange(min=0, max=100_000, message=_l("人数应在 0 到 100000 之间。"))
_PERCENT = NumberRange(min=0, max=100, message=_l("成绩应在 0 到 100 之间。"))
_REASON = Length(max=300, message=_l("理由请不超过 300 字。"))


class PlanForm(Form):
    """A session that is to be held. `key` makes sending twice harmless."""

    key = HiddenField()
    audience = SelectField(
        _l("培训对象"), [InputRequired(_l("请选择培训对象。"))], choices=choices(AUDIENCES_TO_CHOOSE, AUDIENCES)
    )
    form = SelectField(_l("培训形式"), [InputRequired(_l("请选择培训形式。"))], choices=choices(FORMS_TO_CHOOSE, FORMS))
    day = Day(_l("培训日期"), [DataRequired(_l("请填写培训日期。"))])
    time = TimeField(_l("开始时间"), [InputRequired(_l("请填写开始时间。"))], format=["%H:%M", "%H:%M:%S"])
    hours = Measure(_l("学时"), [InputRequired(_l("请填写学时。"))])
    expected = WholeNumber(_l("应到人数"), [Optional(), _PEOPLE])
    topics = LongText(_l("培训内容"), [DataRequired(_l("请填写培训内容。")), Length(max=4000)])
    trainer = Text(_l("授课人"), [Length(max=80)])
    materials = LongText(_l("教材和器材"), [Length(max=2000)])
    pass_percent = WholeNumber(
        _l("测验合格线（百分制）"), [Optional(), NumberRange(1, 100, _l("合格线应在 1 到 100 之间。"))]
    )
    is_half_day = BooleanField(_l("列入大队每周半日宣传计划"))

    @classmethod
    def about(cls, session: TrainingSession) -> PlanForm:
        """The form as the session stands."""
        held = clock.local(session.starts_at)
        return cls(obj=session, day=held.date(), time=held.time())

    def validate_hours(self, field: Any) -> None:
        """More than nothing, at most a hundred, hundredths at the finest."""
        value: Decimal | None = field.data
        if value is None:
            return
        if not value.is_finite() or not 0 < value <= 100:
            raise ValidationError(_("学时应大于 0，不超过 100。"))
        if value != round(value, 2):
            raise ValidationError(_("学时最多两位小数。"))

    def session_id(self) -> uuid.UUID:
        """The sender's id of this session."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def new_session(self) -> NewSession:
        """What was filled in."""
        return NewSession(
            audience=Audience(self.audience.data),
            form=TrainingForm(self.form.data),
            starts_at=datetime.combine(self["day"].data, self["time"].data, clock.ZONE),
            hours=self["hours"].data,
            expected=self.expected.data,
            topics=self.topics.data or "",
            trainer=self.trainer.data or "",
            materials=self.materials.data or "",
            pass_percent=self.pass_percent.data,
            is_half_day=bool(self.is_half_day.data) if "is_half_day" in self else False,
        )


class ReasonForm(Form):
    """Why something is called off or taken off."""

    reason = Text(_l("理由"), [DataRequired(_l("请写明理由。")), _REASON])


class NamesForm(Form):
    """A list of adults."""

    names = LongText(
        _l("名单"),
        [DataRequired(_l("请每行填写一人。")), Length(max=100_000)],
        description=_l("每行一人：姓名，岗位。例如“次仁，门卫”。学生不填姓名，只登记人数。"),
    )


class SignInForm(Form):
    """Signing in at the door."""

    name = Text(
        _l("您的姓名"), [DataRequired(_l("请填写您的姓名。")), Length(max=80, message=_l("姓名请不超过 80 字。"))],
        render_kw={"autocomplete": "name"},
    )  # fmt: skip
    post = Text(
        _l("岗位"), [Length(max=80, message=_l("请不超过 80 字。"))], description=_l("例如：门卫、三年级语文、食堂。")
    )


class FeedbackForm(Form):
    """What somebody thinks of the session."""

    mark = RadioField(
        _l("这次培训对您有用吗"),
        [InputRequired(_l("请选择一项。"))],
        choices=[
            SelectChoice("5", _l("很有用")),
            SelectChoice("4", _l("有用")),
            SelectChoice("3", _l("一般")),
            SelectChoice("2", _l("用处不大")),
            SelectChoice("1", _l("没有用")),
        ],
    )
    words = LongText(_l("意见和建议"), [Length(max=300, message=_l("请不超过 300 字。"))])


class ResultsForm(Form):
    """How people did in the quiz; a field for each person of one page is added by `results_form`."""

    pass_percent = WholeNumber(
        _l("合格线（百分制）"),
        [InputRequired(_l("请填写合格线。")), NumberRange(1, 100, _l("合格线应在 1 到 100 之间。"))],
    )

    def percents(self) -> dict[uuid.UUID, int]:
        """Who got how much; fields left empty are nobody's attempt."""
        return {
            uuid.UUID(name.removeprefix("person_")): field.data
            for name, field in self._fields.items()
            if name.startswith("person_") and field.data is not None
        }


def results_form(people: Iterable[Person], *, pass_percent: int | None) -> ResultsForm:
    """The form for these people."""
    fields: dict[str, Any] = {}
    for one in people:
        called = f"{one.attendee.name} {one.attendee.post}".strip()
        fields[f"person_{one.attendee.id}"] = WholeNumber(called, [Optional(), _PERCENT])
    made: ResultsForm = type("TheseResultsForm", (ResultsForm,), fields)(pass_percent=pass_percent)
    return made


class AmendForm(Form):
    """What was left empty when a training was logged; what was written is not asked for again."""

    expected = WholeNumber(_l("应到人数"), [Optional(), _PEOPLE])
    trainer = Text(_l("授课人"), [Length(max=80)])
    materials = LongText(_l("教材和器材"), [Length(max=2000)])
    notes = LongText(_l("过程记录"), [Length(max=4000)])
    outcome = LongText(_l("效果"), [Length(max=2000)])
    reflections = LongText(_l("心得和改进"), [Length(max=4000)])

    def keep_only(self, empty: Iterable[str]) -> None:
        """Ask only for these."""
        wanted = set(empty)
        for name in ("expected", "trainer", "materials", "notes", "outcome", "reflections"):
            if name not in wanted:
                delattr(self, name)

    def said(self) -> dict[str, Any]:
        """What was filled in."""
        return {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
