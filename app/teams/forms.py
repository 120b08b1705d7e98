"""What is filled in about teams."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, Text, not_before


class NameForm(Form):
    """What a team is called."""

    name = Text(
        _l("分组名称"),
        [InputRequired(_l("请填写分组名称。")), Length(max=60, message=_l("分组名称请不超过 60 字。"))],
    )


class MemberForm(Form):
    """Somebody for a team."""

    person_id = SelectField(_l("人员"), [InputRequired(_l("请选择人员。"))])
    is_leader = BooleanField(_l("担任组长"))
    from_day = Day(_l("从哪天起"), [InputRequired(_l("请填写日期。")), not_before(clock.today)], default=clock.today)

    def offer(self, people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Who may belong to it."""
        self.person_id.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(str(key), name) for key, name in people),
        ]


class EndForm(Form):
    """The last day of a member."""

    last_day = Day(_l("最后一天"), [InputRequired(_l("请填写日期。")), not_before(clock.today)], default=clock.today)


class Ticks(SelectMultipleField):
    """Several of a list, each with its box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class HandOverForm(Form):
    """Which schools go to whom from which day on. `key` makes sending twice harmless."""

    key = HiddenField(default=lambda: str(new_id()))
    which = RadioField(_l("移交哪些学校"), [InputRequired(_l("请选择移交哪些学校。"))], default="ticked")
    schools = Ticks(_l("学校"), [Optional()], validate_choice=False)
    to = SelectField(_l("移交给"), [InputRequired(_l("请选择接收的分组或人员。"))])
    from_day = Day(_l("从哪天起"), [InputRequired(_l("请填写日期。")), not_before(clock.today)], default=clock.today)
    visits_too = BooleanField(_l("已计划的检查改由接收人员带队"), default=True)
    note = Text(_l("说明"), [Optional(), Length(max=300, message=_l("说明请不超过 300 字。"))])

    def offer(
        self, *, number: int, schools: Iterable[tuple[uuid.UUID, str]], to: Iterable[tuple[str, str, str]]
    ) -> None:
        """How many there are in all, those of this page, and who may receive them (value, name, team)."""
        self.which.choices = [
            SelectChoice("ticked", _l("本页勾选的学校")),
            SelectChoice("all", _l("筛选出的全部 %(number)d 所学校", number=number)),
        ]
        self.schools.choices = [SelectChoice(str(key), name) for key, name in schools]
        self.to.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(value, name, optgroup=team or None) for value, name, team in to),
            SelectChoice("nobody", _l("不归任何分组")),
        ]

    def hand_over_id(self) -> uuid.UUID:
        """The sender's id of this act."""
        return some_id(self.key.data) or new_id()

    def ticked(self) -> list[uuid.UUID]:
        """The schools whose boxes are set."""
        return [found for found in map(some_id, self.schools.data or ()) if found]


def some_id(text: Any) -> uuid.UUID | None:
    """An id, or None where the text is none."""
    try:
        return uuid.UUID(str(text or ""))
    except ValueError:
        return None
