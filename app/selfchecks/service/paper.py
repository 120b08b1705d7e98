"""A round that was walked with the paper sheet, entered afterwards and marked so."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.selfchecks.models import PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.queries.patrols import Walk
from app.selfchecks.rules.rounds import Origin, stops_of
from app.selfchecks.service import walking


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One point as the sheet says: seen or not, its time where one is written, what was wrong."""

    point: str
    seen: bool
    at: time | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class PaperRound:
    """The sheet."""

    day: date
    began: time
    done_by: str
    lines: Sequence[PaperLine]
    reason: str = ""


def _moment(sheet: PaperRound, at: time | None) -> datetime | None:
    """A time of the sheet; what is before its beginning is of the next day, as at night."""
    if at is None:
        return None
    day = sheet.day if at >= sheet.began else sheet.day + timedelta(days=1)
    return datetime.combine(day, at, clock.ZONE)


def enter(viewer: Viewer, route: PatrolRoute, *, round_id: uuid.UUID, sheet: PaperRound) -> PatrolRound:
    """Keep a round from paper. Times are those of the sheet or none; the same id twice keeps it once."""
    known = db.session.get(PatrolRound, round_id)
    if known is not None:
        if known.route_id != route.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    began = datetime.combine(sheet.day, sheet.began, clock.ZONE)
    if began > clock.now():
        raise DomainError(_("时间不能晚于现在。"), field="began", code="future")
    if not any(line.seen for line in sheet.lines):
        raise DomainError(_("请至少填写一个巡查点。"), code="nothing_seen")
    stops = walking.kept_stops(route)
    of = PatrolRound(
        id=round_id, school_id=route.school_id, route_id=route.id, kind=route.kind, name=route.name, stops=stops,
        done_by=sheet.done_by, started_at=began, started_by_id=viewer.person_id, from_paper=True,
    )  # fmt: skip
    db.session.add(of)
    db.session.flush()
    here = {stop.point for stop in stops_of(stops)}
    seen = {line.point: _line(viewer, of, sheet, line) for line in sheet.lines if line.seen and line.point in here}
    db.session.flush()
    walk = Walk(round=of, seen=seen)
    walking.keep_todos(walk)
    walking.finish(viewer, walk, reason=sheet.reason)
    detail = {"route": route.name, "day": sheet.day.isoformat()}
    audit.record(viewer, "enter_patrol", subject="patrol_round", subject_id=of.id, detail=detail)
    return of


def _line(viewer: Viewer, of: PatrolRound, sheet: PaperRound, line: PaperLine) -> PatrolSeen:
    at = _moment(sheet, line.at)
    if at is not None and at > clock.now():
        raise DomainError(_("时间不能晚于现在。"), field="began", code="future")
    row = PatrolSeen(
        id=uuid.uuid5(of.id, line.point), round_id=of.id, point_id=uuid.UUID(line.point), origin=Origin.PAPER,
        seen_at=at, fine=not line.problem, text=line.problem, by_id=viewer.person_id,
    )  # fmt: skip
    db.session.add(row)
    return row
