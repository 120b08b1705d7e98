"""Walking a round: beginning it, ticking points, ending it. A whole round fulfils the duty that its route is walked for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.duties import service as duties
from app.equipment.rules import tags
from app.equipment.service.labels import sentence
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.logbook.service import MOST_PHOTOS
from app.schools.models import School
from app.selfchecks.models import PatrolPoint, PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.queries import patrols
from app.selfchecks.queries.patrols import Walk
from app.selfchecks.rules.rounds import DUTIES, LEFT_AFTER, Origin, Stop, code_in
from app.selfchecks.rules.todos import TodoSource
from app.selfchecks.service import todos

#: A phone whose clock is further off says nothing about when it was.
OFF_BY = timedelta(days=2)


@dataclass(frozen=True, kw_only=True)
class Ticked:
    """What is said of a point. `code` is what its label says, where that was scanned (`scanned`) or typed."""

    fine: bool
    text: str = ""
    code: str = ""
    scanned: bool = False
    device_at: datetime | None = None


def device_moment(text: str) -> datetime | None:
    """What the phone's clock says, from a page with script; None where it says nothing or cannot be."""
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        return None
    return said if said.tzinfo is not None and abs(said - clock.now()) < OFF_BY else None


def kept_stops(route: PatrolRoute) -> list[dict[str, str]]:
    """The points of a route as a round keeps them."""
    points = {str(one.id): one for one in patrols.points_of(route.school_id)}
    return [{"point": p, "name": points[p].name, "where": points[p].where} for p in route.stops if p in points]


def _locked(route: PatrolRoute) -> PatrolRoute:
    """Two who press the button at once begin one round."""
    return db.session.scalars(
        sa.select(PatrolRoute)
        .where(PatrolRoute.id == route.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def start(
    viewer: Viewer, route: PatrolRoute, *, round_id: uuid.UUID, done_by: str, device_at: datetime | None = None
) -> PatrolRound:
    """Begin a round; where one of this route is on the way, go along with it. The same id twice begins one."""
    route = _locked(route)
    known = db.session.get(PatrolRound, round_id)
    if known is not None:
        if known.route_id != route.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    now = clock.now()
    running = patrols.open_on(route.id, since=now - LEFT_AFTER)
    if running is not None:
        return running
    if route.retired_at is not None:
        raise DomainError(_("这条路线已停用，请选另一条。"), code="retired")
    stops = kept_stops(route)
    if not stops:
        raise DomainError(_("这条路线还没有巡查点，请先添加。"), code="no_stops")
    if not done_by.strip():
        raise DomainError(_("请填写巡查人。"), field="done_by", code="nobody")
    begun = PatrolRound(
        id=round_id, school_id=route.school_id, route_id=route.id, kind=route.kind, name=route.name, stops=stops,
        done_by=done_by.strip(), started_at=now, started_by_id=viewer.person_id, device_at=device_at,
    )  # fmt: skip
    db.session.add(begun)
    db.session.flush()
    detail = {"route": route.name, "points": len(stops)}
    audit.record(viewer, "start_patrol", subject="patrol_round", subject_id=begun.id, detail=detail)
    return begun


def point_meant(walk: Walk, text: str) -> PatrolPoint:
    """The point whose label was scanned or typed. Raises DomainError with a sentence."""
    try:
        code = tags.read(code_in(text))
    except tags.NotATag as problem:
        raise DomainError(sentence(problem), field="code", code="not_a_code") from None
    point = db.session.scalar(
        sa.select(PatrolPoint).where(PatrolPoint.code == code, PatrolPoint.school_id == walk.round.school_id)
    )
    if point is None:
        raise DomainError(_("这个编号不是本校巡查点的标签，请核对。"), field="code", code="unknown_code")
    _stop(walk, point)
    return point


def _stop(walk: Walk, point: PatrolPoint) -> Stop:
    stop = next((one for one in walk.round.all_stops if one.point == str(point.id)), None)
    if stop is None:
        said = _("“%(name)s”不在这条路线上。", name=point.name)
        raise DomainError(said, field="code", code="not_on_route")
    return stop


def _origin(point: PatrolPoint, said: Ticked) -> Origin:
    """Only who has the label's code before them has been there; a mere tap is kept as a tap."""
    try:
        right = bool(said.code) and tags.read(code_in(said.code)) == point.code
    except tags.NotATag:
        right = False
    if not right:
        return Origin.TAP
    return Origin.SCAN if said.scanned else Origin.TYPE


def tick(
    viewer: Viewer, walk: Walk, point: PatrolPoint, *, said: Ticked, photos: Sequence[tuple[str, bytes]] = ()
) -> PatrolSeen:
    """Tick a point of a round on the way (locked by the caller). Twice keeps the first moment; a fault stays a fault."""
    stop, known = _stop(walk, point), walk.seen.get(str(point.id))
    if not walk.is_open:
        if known is not None and known.fine == said.fine and known.text == said.text.strip():
            return known
        raise DomainError(_("这次巡查已经结束，不能再记；请开始新的一次。"), code="finished")
    if clock.now() - walk.round.started_at >= LEFT_AFTER:
        raise DomainError(_("这次巡查开始得太久，不能再记；请结束它，开始新的一次。"), code="left")
    if not said.fine and not said.text.strip():
        raise DomainError(_("发现问题时请写明是什么问题。"), field="text", code="fault_without_words")
    if known is None:
        known = PatrolSeen(
            id=uuid.uuid5(walk.round.id, str(point.id)), round_id=walk.round.id, point_id=point.id,
            origin=_origin(point, said), seen_at=clock.now(), device_at=said.device_at, fine=said.fine,
            text=said.text.strip(), by_id=viewer.person_id,
        )  # fmt: skip
        db.session.add(known)
    elif not said.fine:
        known.fine, known.text = False, said.text.strip()
    db.session.flush()
    _keep_photos(viewer, walk.round, point, photos)
    if not known.fine:
        _to_do(walk.round, stop, known)
    return known


def _keep_photos(viewer: Viewer, of: PatrolRound, point: PatrolPoint, photos: Sequence[tuple[str, bytes]]) -> None:
    """Photos belong to the round, and with it to the record that it fulfils: both have one id."""
    if len(photos) > MOST_PHOTOS:
        said = _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS)
        raise DomainError(said, field="photos", code="too_many")
    for name, content in photos:
        fieldwork.add_photo(
            viewer, photo_id=uuid.uuid5(of.id, f"{point.id}|{digest(content)}"), kind=TargetKind.SELFCHECK,
            target_id=of.id, content=content, name=name, item=str(point.id),
        )  # fmt: skip


def keep_todos(walk: Walk) -> None:
    """What was wrong on a round, as the school's own to-dos."""
    for stop in walk.round.all_stops:
        seen = walk.seen.get(stop.point)
        if seen is not None and not seen.fine:
            _to_do(walk.round, stop, seen)


def _to_do(of: PatrolRound, stop: Stop, seen: PatrolSeen) -> None:
    where = " · ".join(part for part in (stop.where, stop.name) if part)
    todos.found(
        todo_id=uuid.uuid5(seen.id, "todo"), school_id=of.school_id, source=TodoSource.PATROL, source_id=of.id,
        item=stop.point, where=where, text=seen.text,
        found_at=seen.seen_at or of.started_at,
    )  # fmt: skip


def finish(viewer: Viewer, walk: Walk, *, reason: str = "") -> PatrolRound:
    """End a round (locked by the caller). Points that were missed want a reason, and then no duty is fulfilled."""
    of = walk.round
    if of.finished_at is not None:
        return of
    if walk.missed and not reason.strip():
        said = _("还有 %(num)d 个点没有巡查。请补上，或写明没有走到的原因再结束。", num=len(walk.missed))
        raise DomainError(said, field="reason", code="points_missed")
    of.finished_at, of.finished_by_id = clock.now(), viewer.person_id
    of.missed_reason = reason.strip() if walk.missed else ""
    if not walk.missed:
        _fulfil(viewer, walk)
    db.session.flush()
    detail = {"points": len(of.stops), "missed": len(walk.missed), "faults": len(walk.faults)}
    audit.record(viewer, "finish_patrol", subject="patrol_round", subject_id=of.id, detail=detail)
    return of


def _fulfil(viewer: Viewer, walk: Walk) -> None:
    of, names = walk.round, walk.stop_names
    lines = [f"{names[str(one.point_id)]}：{one.text}" for one in walk.faults]
    head = _("%(route)s，%(num)d 个巡查点。", route=of.name, num=len(of.stops))
    record = duties.log(
        viewer,
        school=db.session.get_one(School, of.school_id),
        record_id=of.id,
        new=duties.NewRecord(
            duty=DUTIES[of.kind], held_at=of.started_at, done_by=of.done_by, found_faults=bool(lines),
            notes="\n".join([head, *lines])[:4000],
        ),
    )  # fmt: skip
    of.record_id = record.id
