"""The training log as a form."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core import clock
from app.core.forms import Day, LongText, Measure, Photos, Text, WholeNumber, choices, not_after
from app.logbook import filling as logbook
from app.logbook.filling import EntryForm
from app.trainings.queries import Choice
from app.trainings.rules import AUDIENCES_TO_CHOOSE, FORMS_TO_CHOOSE, Audience, TrainingForm
from app.trainings.service import NewTraining
from app.trainings.words import AUDIENCES, FORMS

_PEOPLE = NumberRange(min=0, max=100_000, message=_l("人数应在 0 到 100000 之间。"))
_TEXTS = ("topics", "trainer", "materials", "outcome", "notes", "reflections")


class LogForm(EntryForm):
    """One session as held. `key` makes sending twice harmless."""

    audience = SelectField(
        _l("培训对象"), [InputRequired(_l("请选择培训对象。"))], choices=choices(AUDIENCES_TO_CHOOSE, AUDIENCES)
    )
    form = SelectField(_l("培训形式"), [InputRequired(_l("请选择培训形式。"))], choices=choices(FORMS_TO_CHOOSE, FORMS))
    day = Day(_l("培训日期"), [DataRequired(_l("请填写培训日期。")), not_after(clock.today)], default=clock.today)
    time = TimeField(_l("开始时间"), [InputRequired(_l("请填写开始时间。"))], format=["%H:%M", "%H:%M:%S"])
    hours = Measure(_l("学时"), [InputRequired(_l("请填写学时。"))])
    expected = WholeNumber(_l("应到人数"), [Optional(), _PEOPLE])
    attended = WholeNumber(_l("实到人数"), [InputRequired(_l("请填写实到人数。")), _PEOPLE])
    topics = LongText(_l("培训内容"), [DataRequired(_l("请填写培训内容。")), Length(max=4000)])
    trainer = Text(_l("授课人"), [Length(max=80)])
    visit = SelectField(_l("结合的检查"), default="")
    materials = LongText(_l("教材和器材"), [Length(max=2000)])
    outcome = LongText(_l("效果"), [Length(max=2000)])
    notes = LongText(_l("过程记录"), [Length(max=4000)])
    reflections = LongText(_l("心得和改进"), [Length(max=4000)])
    quiz_taken = WholeNumber(_l("参加测验人数"), [Optional(), _PEOPLE])
    quiz_passed = WholeNumber(_l("测验合格人数"), [Optional(), _PEOPLE])
    photos = Photos(_l("照片"))

    def validate_hours(self, field: Any) -> None:
        """More than nothing, at most a hundred, hundredths at the finest."""
        if field.data is None:
            return
        if not field.data.is_finite() or not 0 < field.data <= 100:
            raise ValidationError(str(_l("学时应大于 0，不超过 100。")))
        if field.data != round(field.data, 2):
            raise ValidationError(str(_l("学时最多两位小数。")))

    def validate_quiz_passed(self, field: Any) -> None:
        """Those who passed are among those who took it."""
        taken = self.quiz_taken.data
        if field.data is not None and (taken is None or field.data > taken):
            raise ValidationError(str(_l("合格人数不能多于参加测验的人数。")))

    def new_training(self, session_id: uuid.UUID | None = None) -> NewTraining:
        """What was filled in, as the session that was planned where it is one."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        return NewTraining(
            audience=Audience(self.audience.data),
            form=TrainingForm(self.form.data),
            held_at=self.held_at(),
            hours=self.hours.data,
            expected=self.expected.data,
            attended=self.attended.data or 0,
            visit_id=self.visit_id(),
            quiz_taken=self.quiz_taken.data,
            quiz_passed=self.quiz_passed.data if self.quiz_taken.data is not None else None,
            session_id=session_id,
            **texts,
        )


class FilterForm(logbook.FilterForm):
    """Which trainings to list. Read from the address; what cannot be read counts as not chosen."""

    audience = SelectField(
        _l("培训对象"), default="", choices=[SelectChoice("", _l("全部")), *choices(Audience, AUDIENCES)]
    )
    form = SelectField(
        _l("培训形式"), default="", choices=[SelectChoice("", _l("全部")), *choices(TrainingForm, FORMS)]
    )

    def choice(self, school_id: uuid.UUID | None) -> Choice:
        """What the form asks for."""
        return Choice(
            school_id=school_id,
            audience=self.audience.data or "",
            form=self.form.data or "",
            **self.chosen(),
        )
