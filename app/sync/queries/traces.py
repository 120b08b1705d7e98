"""What travelled along with the answers of one inspection, for who reviews it: a constant number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import OpStatus
from app.inspections import wording
from app.inspections.models import Inspection
from app.inspections.rules.fields import VISIT, Outcome
from app.organisations.queries import brigade_settings
from app.schools.models import School
from app.sync import traces
from app.sync.models import SyncOp
from app.sync.queries import kept
from app.sync.traces import Doubt, Limits, Point, Shot, Stand, Trace, Visit


@dataclass(frozen=True, kw_only=True)
class Line:
    """One answer as the table shows it; `metres` from the school, `age` of its oldest photo when it was added."""

    trace: Trace
    title: str
    where: str
    answer: str
    photos: int
    metres: int | None
    age: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Traces:
    """All of it."""

    visit: Visit
    lines: Sequence[Line]
    doubts: Sequence[Doubt]
    limits: Limits
    ways: Mapping[Any, int]
    metres: int | None


def limits_of(brigade_id: uuid.UUID) -> Limits:
    """From where on this brigade asks."""
    found = brigade_settings(brigade_id)
    return Limits(
        fast_answers=found.ask_fast_answers, fast_seconds=found.ask_fast_seconds, photo_minutes=found.ask_photo_minutes,
        metres=found.ask_metres, clock_minutes=found.ask_clock_minutes,
    )  # fmt: skip


def may_review(viewer: Viewer, inspection: Inspection) -> bool:
    """Whether the viewer leads the brigade that inspected; what came from paper has left no traces."""
    leads = viewer.may(Permission.WITHDRAW_INSPECTIONS) and inspection.brigade_id in viewer.brigade_ids
    return leads and not inspection.from_paper


def of(inspection: Inspection) -> Traces:
    """What travelled along with this inspection. The caller has looked who may see it."""
    rows = _operations(inspection.id)
    school = db.session.get(School, inspection.school_id)
    visit = Visit(
        began=inspection.started_at,
        school=_point(school.latitude, school.longitude) if school else None,
        answers=[_trace(op, told_at) for op, told_at in rows if op.field == "answer" and op.value],
        shots=_shots(inspection, {op.op_id: op.at for op, _told_at in rows}),
        stands=[s for op, _told_at in rows if (s := _stand(op)) is not None],
    )
    limits = limits_of(inspection.brigade_id)
    ways: dict[Any, int] = {}
    for one in visit.answers:
        ways[one.via] = ways.get(one.via, 0) + 1
    return Traces(
        visit=visit, lines=_lines(inspection, visit, rows), doubts=traces.doubts(visit, limits), limits=limits, ways=ways,
        metres=_away(visit, [one.point for one in visit.stands]),
    )  # fmt: skip


def _operations(target_id: uuid.UUID) -> list[tuple[AnswerOp, datetime | None]]:
    """What stands or stood, in its order, each with what the tablet's own clock said."""
    found = db.session.execute(
        sa.select(AnswerOp, SyncOp.at)
        .outerjoin(SyncOp, SyncOp.op_id == AnswerOp.op_id)
        .where(AnswerOp.target_id == target_id, AnswerOp.rev.is_not(None), AnswerOp.status == OpStatus.APPLIED)
        .order_by(AnswerOp.rev)
    )
    return [(row[0], row[1]) for row in found]


def _point(latitude: Any, longitude: Any) -> Point | None:
    return None if latitude is None or longitude is None else (float(latitude), float(longitude))


def _trace(op: AnswerOp, told_at: datetime | None) -> Trace:
    return Trace(item=op.item, place=op.place, at=op.at, via=op.via, device=op.device, told_at=told_at)


def _stand(op: AnswerOp) -> Stand | None:
    if op.item != VISIT or op.field != "position" or not isinstance(op.value, Mapping):
        return None
    point = _point(op.value.get("latitude"), op.value.get("longitude"))
    return None if point is None else Stand(point=point, accuracy_m=float(op.value.get("accuracy_m") or 0), at=op.at)


def _shots(inspection: Inspection, added: Mapping[uuid.UUID, datetime]) -> list[Shot]:
    other = sa.orm.aliased(Photo)
    elsewhere = (
        sa.select(other.id)
        .where(other.original_sha256 == Photo.original_sha256, other.target_id != Photo.target_id)
        .exists()
    )
    found = db.session.execute(
        sa.select(Photo, elsewhere)
        .where(Photo.target_id == inspection.id, Photo.withdrawn_at.is_(None))
        .order_by(Photo.added_at, Photo.id)
    )
    return [
        Shot(
            item=p.item, place=p.place, taken_at=p.taken_at, added_at=added.get(p.id, p.added_at),
            point=_point(p.latitude, p.longitude), elsewhere=bool(again),
        )
        for p, again in found
    ]  # fmt: skip


def _away(visit: Visit, points: Sequence[Point]) -> int | None:
    if visit.school is None or not points:
        return None
    return round(max(traces.metres(visit.school, one) for one in points))


def _lines(inspection: Inspection, visit: Visit, rows: Sequence[tuple[AnswerOp, Any]]) -> list[Line]:
    """The answers that stand, in the order of their times."""
    last = {(op.item, op.place): op for op, _told_at in rows if op.field == "answer"}
    told = {(one.item, one.place): one for one in visit.answers}
    places = kept.place_names({op.place for op in last.values()})
    return sorted(
        (_line(inspection, visit, op, told[key], places) for key, op in last.items() if op.value),
        key=lambda line: line.trace.at,
    )


def _line(inspection: Inspection, visit: Visit, op: AnswerOp, trace: Trace, places: Mapping[str, str]) -> Line:
    shots = [one for one in visit.shots if (one.item, one.place) == (op.item, op.place)]
    points = [one.point for one in shots if one.point is not None]
    before = [one.point for one in visit.stands if one.at <= trace.at]
    said = wording.OUTCOMES if op.value in set(Outcome) else wording.ANSWERS
    return Line(
        trace=trace, title=kept.title_of(inspection, op.item), where=places.get(op.place, ""), answer=str(said.get(op.value, op.value)),
        photos=len(shots), metres=_away(visit, points or before[-1:]),
        age=max((one.age for one in shots if one.age is not None), default=None),
    )  # fmt: skip
