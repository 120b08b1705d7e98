"""A drill plan, the taps of a live drill, its judging and its lessons as forms."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Text, WholeNumber, choices
from app.drills import plan_words
from app.drills.forms import Elapsed
from app.drills.models import Drill, DrillPlan
from app.drills.rules import DrillKind, plans
from app.drills.rules.evaluation import Grade, Point
from app.drills.rules.live import TapKind
from app.drills.rules.plans import MOST_HEADS, Post
from app.drills.service.judging import Judgement
from app.drills.service.live import NewTap
from app.drills.service.plans import NewPlan
from app.drills.words import KINDS

_Lines = TypeVar("_Lines")
_HEADS = NumberRange(min=0, max=MOST_HEADS, message=_l("人数应在 0 到 2000 之间。"))


def as_id(text: str | None) -> uuid.UUID:
    """The sender's id, or a new one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return new_id()


def _read(text: str, read: Callable[[str], _Lines]) -> _Lines:
    try:
        return read(text)
    except plans.UnreadableLines as wrong:
        raise ValidationError(str(plan_words.LINE_PROBLEMS[wrong.problem]) % {"line": wrong.line}) from wrong


class _PlanFields(Form):
    """What every plan has; one field for each post is added below."""

    key = HiddenField()
    kind = SelectField(_l("演练类型"), [InputRequired(_l("请选择演练类型。"))], choices=choices(DrillKind, KINDS))
    building = SelectField(_l("演练建筑"), default="")
    day = Day(_l("演练日期"), [DataRequired(_l("请填写演练日期。"))])
    time = TimeField(_l("开始时间"), [InputRequired(_l("请填写开始时间。"))], format=["%H:%M", "%H:%M:%S"])
    is_announced = BooleanField(_l("提前通知师生"), default=True)
    signal = Text(_l("信号"), [Length(max=120)])
    assembly_point = Text(_l("集合点"), [Length(max=120)])
    target = Elapsed(_l("目标用时"), [Optional()])
    scenario = LongText(_l("假设情形"), [Length(max=2000)])
    guides = LongText(_l("楼梯、转角引导人员"), [Length(max=6000)])
    classes = LongText(_l("参加班级"), [Length(max=10000)])
    notes = LongText(_l("备注"), [Length(max=4000)])

    def validate_guides(self, field: Any) -> None:
        """Each line names a place."""
        _read(field.data or "", plans.guides_from)

    def validate_classes(self, field: Any) -> None:
        """Each line has a number of heads."""
        _read(field.data or "", plans.classes_from)

    def validate_target(self, field: Any) -> None:
        """A goal is longer than nothing."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("目标用时应大于零。"))

    def __init__(self, *args: Any, buildings: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.building.choices = [SelectChoice("", _("全校")), *(SelectChoice(str(k), name) for k, name in buildings)]

    def posts(self) -> list[Any]:
        """The fields of the posts, in the order of the guide."""
        return [self[f"post_{post.value}"] for post in Post]

    def plan_id(self) -> uuid.UUID:
        """The sender's id of this plan."""
        return as_id(self.key.data)

    def new_plan(self) -> NewPlan:
        """What was filled in."""
        day, time = self.day.data, self.time.data
        if day is None or time is None:
            raise ValueError("the form is not valid")
        return NewPlan(
            kind=DrillKind(self.kind.data),
            planned_at=datetime.combine(day, time, clock.ZONE),
            building_id=uuid.UUID(self.building.data) if self.building.data else None,
            is_announced=self.is_announced.data,
            signal=self.signal.data or "",
            scenario=self.scenario.data or "",
            assembly_point=self.assembly_point.data or "",
            target_s=self.target.data,
            posts={post.value: self[f"post_{post.value}"].data or "" for post in Post},
            classes=plans.classes_from(self.classes.data or ""),
            guides=plans.guides_from(self.guides.data or ""),
            notes=self.notes.data or "",
        )


PlanForm: type[_PlanFields] = type(
    "PlanForm",
    (_PlanFields,),
    {f"post_{post.value}": Text(plan_words.POSTS[post], [Length(max=120)]) for post in Post},
)


def filled_from(plan: DrillPlan, *, again: bool = False) -> dict[str, Any]:
    """What a plan's form begins with; `again`: for the next drill, without its day."""
    values: dict[str, Any] = {
        "kind": plan.kind.value,
        "building": str(plan.building_id) if plan.building_id else "",
        "is_announced": plan.is_announced,
        "signal": plan.signal,
        "assembly_point": plan.assembly_point,
        "target": plan.target_s,
        "scenario": plan.scenario,
        "guides": plans.guides_text(plan.guide_lines),
        "classes": plans.classes_text(plan.class_lines),
        "notes": "" if again else plan.notes,
        **{f"post_{post}": who for post, who in plan.posts.items()},
    }
    if not again:
        local = clock.local(plan.planned_at)
        values |= {"day": local.date(), "time": local.time()}
    return values


class ReasonForm(Form):
    """Why a plan is given back or withdrawn."""

    reason = LongText(
        _l("理由"), [DataRequired(_l("请写明理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))]
    )


class TapForm(Form):
    """One tap from a page without script: its moment is when it arrives."""

    op = HiddenField()
    kind = HiddenField()
    key = HiddenField()
    present = WholeNumber(_l("集合点清点到"), [Optional(), _HEADS])
    elsewhere = WholeNumber(_l("另有去处"), [Optional(), _HEADS], default=0)
    undoes = HiddenField()
    all = WholeNumber(_l("全到"), [Optional(), _HEADS])

    def tap(self) -> NewTap | None:
        """What was tapped; None where it is nothing we know."""
        if self.kind.data not in set(TapKind):
            return None
        return NewTap(
            op_id=as_id(self.op.data),
            kind=TapKind(self.kind.data),
            key=self.key.data or "",
            present=self.present.data if self.all.data is None else max(0, self.all.data - (self.elsewhere.data or 0)),
            elsewhere=self.elsewhere.data or 0,
            undoes=as_id(self.undoes.data) if self.undoes.data else None,
        )


class _JudgeFields(Form):
    """The fields of a drill's record that are filled in afterwards; two for each point are added below."""

    weather = Text(_l("天气"), [Length(max=60)])
    signal = Text(_l("发出信号的方式"), [Length(max=120)])
    staff_on_duty = Text(_l("在岗人员"), [Length(max=200)])
    special = LongText(_l("设置的特殊情况"), [Length(max=1000)])
    observers = Text(_l("观摩人员"), [Length(max=200)])
    problems = LongText(_l("发现的问题"), [Length(max=4000)])
    notes = LongText(_l("备注"), [Length(max=4000)])

    def points(self) -> list[tuple[Any, Any]]:
        """Grade and note of each point, in the order of the guide."""
        return [(self[f"grade_{point.value}"], self[f"note_{point.value}"]) for point in Point]

    def judgement(self) -> Judgement:
        """What was filled in."""
        grades = {
            point: (Grade(self[f"grade_{point.value}"].data), self[f"note_{point.value}"].data or "")
            for point in Point
            if self[f"grade_{point.value}"].data
        }
        texts = ("weather", "signal", "staff_on_duty", "special", "observers", "problems", "notes")
        return Judgement(grades=grades, **{name: self[name].data or "" for name in texts})


def _point_fields(point: Point) -> dict[str, Any]:
    options = [SelectChoice("", _l("未评")), *choices(Grade, plan_words.GRADES)]
    return {
        f"grade_{point.value}": SelectField(plan_words.POINTS[point], [Optional()], choices=options, default=""),
        f"note_{point.value}": Text(_l("说明"), [Length(max=200)]),
    }


JudgeForm: type[_JudgeFields] = type(
    "JudgeForm", (_JudgeFields,), {name: made for point in Point for name, made in _point_fields(point).items()}
)


def judged_before(drill: Drill) -> dict[str, Any]:
    """What the form begins with."""
    names = ("weather", "signal", "staff_on_duty", "special", "observers", "problems", "notes")
    values: dict[str, Any] = {name: getattr(drill, name) for name in names}
    for point, (grade, note) in drill.grades.items():
        values |= {f"grade_{point}": grade, f"note_{point}": note}
    return values


class LessonForm(Form):
    """A lesson: what to do better, how, who sees to it by when."""

    key = HiddenField()
    text = LongText(_l("要改进什么"), [DataRequired(_l("请写明要改进什么。")), Length(max=500)])
    measure = LongText(_l("怎么改进"), [Length(max=500)])
    place = Text(_l("部位"), [Length(max=120)])
    owner = Text(_l("责任人"), [DataRequired(_l("请填写责任人。")), Length(max=80)])
    due_on = Day(_l("改进期限"), [DataRequired(_l("请填写改进期限。"))])
