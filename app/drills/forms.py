"""The drill log as a form."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core import clock
from app.core.forms import Day, Form, LongText, Photos, Text, WholeNumber, choices, not_after
from app.drills.queries import Choice
from app.drills.rules import LONGEST_S, DrillKind, minutes_seconds, seconds_from
from app.drills.service import NewDrill
from app.drills.words import KINDS
from app.logbook import filling as logbook
from app.logbook.filling import EntryForm

MOST_PEOPLE = 100_000
_PEOPLE = NumberRange(min=0, max=MOST_PEOPLE, message=_l("人数应在 0 到 100000 之间。"))
_TEXTS = ("led_by", "weather", "scenario", "observers", "problems", "notes")


class Elapsed(StringField):
    """Time since the signal as minutes and seconds; `data` is in seconds."""

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else minutes_seconds(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data = seconds_from(text) if text else None
        if text and self.data is None:
            raise ValueError(_("请按“分:秒”填写，如 1:45。"))

    def pre_validate(self, form: Any) -> None:
        if self.data is not None and self.data > LONGEST_S:
            raise ValidationError(_("用时不能超过 6 小时。"))


class DrillForm(EntryForm):
    """One drill as held. `key` makes sending twice harmless."""

    kind = SelectField(_l("演练类型"), [InputRequired(_l("请选择演练类型。"))], choices=choices(DrillKind, KINDS))
    building = SelectField(_l("演练建筑"), default="")
    day = Day(_l("演练日期"), [DataRequired(_l("请填写演练日期。")), not_after(clock.today)], default=clock.today)
    time = TimeField(_l("发出信号的时间"), [InputRequired(_l("请填写发出信号的时间。"))], format=["%H:%M", "%H:%M:%S"])
    led_by = Text(_l("组织人"), [Length(max=80)])
    visit = SelectField(_l("结合的检查"), default="")
    weather = Text(_l("天气"), [Length(max=60)])
    scenario = LongText(_l("假设情形"), [Length(max=2000)])
    first_out = Elapsed(_l("第一人离开"), [Optional()])
    last_out = Elapsed(_l("最后一人离开"), [Optional()])
    counted = Elapsed(_l("清点完毕"), [Optional()])
    expected = WholeNumber(_l("应到人数"), [Optional(), _PEOPLE])
    present = WholeNumber(_l("在校人数"), [Optional(), _PEOPLE])
    accounted = WholeNumber(_l("集合点清点到"), [InputRequired(_l("请填写集合点清点到的人数。")), _PEOPLE])
    observers = Text(_l("观摩人员"), [Length(max=200)])
    problems = LongText(_l("发现的问题"), [Length(max=4000)])
    notes = LongText(_l("备注"), [Length(max=4000)])
    photos = Photos(_l("照片"))

    def __init__(
        self,
        *args: Any,
        buildings: Sequence[tuple[uuid.UUID, str]],
        visits: Sequence[tuple[uuid.UUID, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, visits=visits, **kwargs)
        self.building.choices = [SelectChoice("", _l("全校")), *(SelectChoice(str(k), name) for k, name in buildings)]

    def new_drill(self) -> NewDrill:
        """What was filled in."""
        texts: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        return NewDrill(
            kind=DrillKind(self.kind.data),
            held_at=self.held_at(),
            building_id=uuid.UUID(self.building.data) if self.building.data else None,
            visit_id=self.visit_id(),
            first_out_s=self.first_out.data,
            last_out_s=self.last_out.data,
            counted_s=self.counted.data,
            expected=self.expected.data,
            present=self.present.data,
            accounted=self.accounted.data or 0,
            **texts,
        )


class FilterForm(logbook.FilterForm):
    """Which drills to list. Read from the address; what cannot be read counts as not chosen."""

    kind = SelectField(_l("演练类型"), default="", choices=[SelectChoice("", _l("全部")), *choices(DrillKind, KINDS)])

    def choice(self, school_id: uuid.UUID | None) -> Choice:
        """What the form asks for."""
        return Choice(
            school_id=school_id,
            kind=self.kind.data or "",
            **self.chosen(),
        )


class NoteForm(Form):
    """What became known after a drill was logged."""

    text = LongText(
        _l("补记内容（不写姓名）"),
        [DataRequired(_l("请写明要补记的内容。")), Length(max=1000, message=_l("补记请不超过 1000 字。"))],
    )
