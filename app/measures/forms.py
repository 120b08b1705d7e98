"""What is filled in about measures."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Text, WholeNumber, choices, not_after
from app.measures.rules import MeasureKind
from app.measures.service import NewMeasure
from app.measures.words import KINDS
from app.schools.labels import KINDS as SCHOOL_KINDS
from app.schools.models import SchoolKind

_REASON = Length(max=300, message=_l("理由请不超过 300 字。"))


class Ticks(SelectMultipleField):
    """Several of a list, each with its box."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class PlanForm(Form):
    """A measure for the plan. `key` makes sending twice harmless."""

    key = HiddenField(default=lambda: str(new_id()))
    year = WholeNumber(_l("年度"), [InputRequired(_l("请填写年度。")), NumberRange(2020, 2100, _l("请核对年度。"))])
    quarter = SelectField(
        _l("季度"),
        default="",
        choices=[
            SelectChoice("", _l("全年")), SelectChoice("1", _l("第一季度")), SelectChoice("2", _l("第二季度")),
            SelectChoice("3", _l("第三季度")), SelectChoice("4", _l("第四季度")),
        ],
    )  # fmt: skip
    title = Text(_l("措施"), [DataRequired(_l("请写明措施。")), Length(max=200, message=_l("措施请不超过 200 字。"))])
    kind = SelectField(_l("按什么统计"), [InputRequired(_l("请选择。"))], choices=choices(MeasureKind, KINDS))
    target = WholeNumber(_l("目标数量"), [Optional(), NumberRange(1, 100_000, _l("请填 1 以上的整数。"))])
    school_kinds = Ticks(_l("学校类型"), choices=choices(SchoolKind, SCHOOL_KINDS))
    team = SelectField(_l("检查分组"), default="")
    due_on = Day(_l("完成期限"), [DataRequired(_l("请填写完成期限。"))])
    answers = SelectField(_l("负责人"), [InputRequired(_l("请选择负责人。"))])

    def offer(self, *, teams: Iterable[tuple[str, str]], people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The brigade's teams, and who may answer."""
        self.team.choices = [SelectChoice("", _l("全部")), *(SelectChoice(*one) for one in teams)]
        self.answers.choices = [
            SelectChoice("", _l("请选择")),
            *(SelectChoice(str(key), name) for key, name in people),
        ]

    def measure_id(self) -> uuid.UUID:
        """The sender's id of this measure."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()

    def new_measure(self) -> NewMeasure:
        """What was filled in."""
        return NewMeasure(
            year=self.year.data or 0,
            quarter=int(self.quarter.data) if self.quarter.data else None,
            kind=MeasureKind(self.kind.data),
            title=self.title.data or "",
            school_kinds=list(self.school_kinds.data or ()),
            team_id=uuid.UUID(self.team.data) if self.team.data else None,
            target=self.target.data,
            due_on=self.due_on.data,
            answers_id=uuid.UUID(self.answers.data),
        )


class DoneForm(Form):
    """That a measure is done."""

    done_on = Day(_l("完成日期"), [DataRequired(_l("请填写完成日期。")), not_after(clock.today)], default=clock.today)
    words = LongText(_l("完成情况和依据"), [DataRequired(_l("请写明完成情况。")), Length(max=4000)])
    late_reason = Text(_l("逾期原因"), [_REASON])


class CancelForm(Form):
    """Why a measure is taken out of the plan."""

    reason = Text(_l("取消理由"), [DataRequired(_l("取消须写明理由。")), _REASON])
