"""What is filled in about patrols, own checks and to-dos."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Optional, Photos, Text, WholeNumber, choices, not_after
from app.selfchecks.models import PatrolPoint, PatrolRoute
from app.selfchecks.rules.checks import CheckForm
from app.selfchecks.rules.rounds import RouteKind, Stop
from app.selfchecks.service.laying import MOST_POINTS, NewPoint, NewRoute
from app.selfchecks.service.paper import PaperLine, PaperRound
from app.selfchecks.service.walking import Ticked, device_moment
from app.selfchecks.words import FORMS, KINDS

_CLOCK = ["%H:%M", "%H:%M:%S"]
_DONE_BY = [DataRequired(_l("请填写巡查人。")), Length(max=80, message=_l("姓名请不超过 80 字。"))]


class KeyForm(Form):
    """A form that makes something; `key` makes sending twice harmless."""

    key = HiddenField()

    def made_id(self) -> uuid.UUID:
        """The sender's id of what is made."""
        try:
            return uuid.UUID(self.key.data or "")
        except ValueError:
            return new_id()


class PointForm(KeyForm):
    """A point of a patrol."""

    name = Text(
        _l("名称"), [DataRequired(_l("请填写巡查点的名称。")), Length(max=80, message=_l("名称请不超过 80 字。"))]
    )
    at = SelectField(_l("所在建筑或部位"), [Optional()])
    look_at = Text(_l("要看什么"), [Length(max=200, message=_l("请不超过 200 字。"))])

    def offer(self, places: Iterable[tuple[uuid.UUID, str]]) -> None:
        """The buildings and places to choose from."""
        self.at.choices = [
            SelectChoice("", _("不对应登记的部位")),
            *(SelectChoice(str(key), name) for key, name in places),
        ]

    def new_point(self) -> NewPoint:
        """What was filled in."""
        at = uuid.UUID(self.at.data) if self.at.data else None
        return NewPoint(name=self.name.data or "", at=at, look_at=self.look_at.data or "")


class RouteForm(KeyForm):
    """A route: its kind, name, and which point comes as which; made by `route_form`."""

    kind = RadioField(_l("种类"), [InputRequired(_l("请选择路线的种类。"))], choices=choices(RouteKind, KINDS))
    name = Text(
        _l("路线名称"), [DataRequired(_l("请填写路线名称。")), Length(max=60, message=_l("名称请不超过 60 字。"))]
    )

    def numbered(self) -> list[Any]:
        """The field of each point, in the order of the list."""
        return [field for field in self if field.short_name.startswith("n_")]

    def new_route(self) -> NewRoute:
        """What was filled in; two points with one number keep the order of the list."""
        chosen = sorted((f.data, place, f) for place, f in enumerate(self.numbered()) if f.data is not None)
        stops = [uuid.UUID(field.short_name[2:]) for _number, _place, field in chosen]
        return NewRoute(kind=RouteKind(self.kind.data), name=self.name.data or "", stops=stops)


def route_form(points: Sequence[PatrolPoint], route: PatrolRoute | None = None) -> RouteForm:
    """The form of a route over a school's points; a new route begins with all of them in their order."""
    limits = NumberRange(min=1, max=MOST_POINTS, message=_("请输入 1 到 %(most)d 之间的整数。", most=MOST_POINTS))
    fields = {f"n_{one.id.hex}": WholeNumber(one.name, [Optional(), limits]) for one in points}
    form: RouteForm = type("FormOfRoute", (RouteForm,), fields)(
        key=str(new_id()),
        kind=route.kind.value if route else None,
        name=route.name if route else None,
        **{f"n_{one.id.hex}": _number(one, place, route) for place, one in enumerate(points, 1)},
    )
    return form


def _number(point: PatrolPoint, place: int, route: PatrolRoute | None) -> int | None:
    if route is None:
        return place
    return route.stops.index(str(point.id)) + 1 if str(point.id) in route.stops else None


class StartForm(KeyForm):
    """Beginning a round."""

    done_by = Text(_l("巡查人"), _DONE_BY)
    device_at = HiddenField()


class CheckStartForm(KeyForm):
    """Beginning one of the school's own lists."""

    form = SelectField(_l("清单"), choices=choices(CheckForm, FORMS))
    done_by = Text(
        _l("检查人"), [DataRequired(_l("请填写检查人。")), Length(max=80, message=_l("姓名请不超过 80 字。"))]
    )


class CodeForm(Form):
    """A label's code, typed."""

    code = Text(_l("标签编号"), [DataRequired(_l("请输入标签上的编号。")), Length(max=300)])


class TickForm(Form):
    """What is said of a point. `code` and `scanned` come from the label, `device_at` from the phone's clock."""

    result = HiddenField()
    code = HiddenField()
    scanned = HiddenField()
    device_at = HiddenField()
    text = LongText(_l("是什么问题"), [Length(max=500, message=_l("请不超过 500 字。"))])
    photos = Photos(_l("照片"))

    def ticked(self) -> Ticked:
        """What was said."""
        return Ticked(
            fine=self.result.data == "fine",
            text="" if self.result.data == "fine" else self.text.data or "",
            code=self.code.data or "",
            scanned=self.scanned.data == "1",
            device_at=device_moment(self.device_at.data or ""),
        )


class FinishForm(Form):
    """Ending a round; the reason only where points were missed."""

    reason = LongText(_l("没有走到的原因"), [Length(max=300, message=_l("请不超过 300 字。"))])


class DoneForm(Form):
    """How a to-do was put right."""

    note = LongText(_l("怎么处理的"), [DataRequired(_l("请写明怎么处理的。")), Length(max=300)])


class PaperForm(KeyForm):
    """A sheet that was filled in by hand; made by `paper_form`, with three fields for each point."""

    day = Day(_l("巡查日期"), [DataRequired(_l("请填写日期。")), not_after(clock.today)], default=clock.today)
    began = TimeField(_l("开始时间"), [InputRequired(_l("请填写时间。"))], format=_CLOCK)
    done_by = Text(_l("巡查人"), _DONE_BY)
    reason = LongText(_l("没有走到的原因"), [Length(max=300, message=_l("请不超过 300 字。"))])

    def lines_of(self, stops: Iterable[Stop]) -> list[tuple[Stop, Any, Any, Any]]:
        """Each point with its fields: result, time, problem."""
        names = [(stop, uuid.UUID(stop.point).hex) for stop in stops]
        return [(stop, self[f"r_{name}"], self[f"t_{name}"], self[f"x_{name}"]) for stop, name in names]

    def is_whole(self, stops: Iterable[Stop]) -> bool:
        """Whether every problem has its words; says so beside it where not."""
        found = True
        for _stop, result, _at, problem in self.lines_of(stops):
            if result.data == "fault" and not problem.data:
                problem.errors = [*problem.errors, _("发现问题时请写明是什么问题。")]
                found = False
        return found

    def sheet(self, stops: Iterable[Stop]) -> PaperRound:
        """What was filled in."""
        lines = [
            PaperLine(
                point=stop.point,
                seen=result.data in ("fine", "fault"),
                at=at.data,
                problem=(problem.data or "") if result.data == "fault" else "",
            )
            for stop, result, at, problem in self.lines_of(stops)
        ]
        return PaperRound(
            day=self.day.data, began=self.began.data, done_by=self.done_by.data or "", lines=lines,
            reason=self.reason.data or "",
        )  # fmt: skip


def paper_form(stops: Sequence[Stop], *, done_by: str) -> PaperForm:
    """The form of a sheet over the points of a route."""
    fields: dict[str, Any] = {}
    for stop in stops:
        name = uuid.UUID(stop.point).hex
        results = [
            SelectChoice("fine", _("正常")), SelectChoice("fault", _("有问题")), SelectChoice("missed", _("没有走到")),
        ]  # fmt: skip
        fields[f"r_{name}"] = RadioField(_("结果"), [InputRequired(_("请选择结果。"))], choices=results, default="fine")
        fields[f"t_{name}"] = TimeField(_("时间"), [Optional()], format=_CLOCK)
        fields[f"x_{name}"] = Text(_("是什么问题"), [Length(max=500, message=_("请不超过 500 字。"))])
    form: PaperForm = type("FormOfPaper", (PaperForm,), fields)(key=str(new_id()), done_by=done_by)
    return form
