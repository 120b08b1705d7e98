"""Laying out a school's points and routes. Nothing is deleted: what is no longer walked is retired."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment.service.labels import fresh_codes
from app.schools.models import Building, Place, School
from app.selfchecks.models import PatrolPoint, PatrolRoute
from app.selfchecks.queries import patrols
from app.selfchecks.rules.rounds import RouteKind

MOST_POINTS, MOST_ROUTES = 120, 12


@dataclass(frozen=True, kw_only=True)
class NewPoint:
    """A point as filled in; `at` is the id of a building or place of the register, or None."""

    name: str
    at: uuid.UUID | None = None
    look_at: str = ""


@dataclass(frozen=True, kw_only=True)
class NewRoute:
    """A route as filled in, its points in order."""

    kind: RouteKind
    name: str
    stops: Sequence[uuid.UUID]


def _changed(viewer: Viewer, school_id: uuid.UUID, **detail: str) -> None:
    db.session.flush()
    audit.record(viewer, "change_patrols", subject="school", subject_id=school_id, detail=detail)


def _put_at(point: PatrolPoint, at: uuid.UUID | None) -> None:
    words = dict(patrols.places_to_choose(point.school_id))
    if at is not None and at not in words:
        raise DomainError(_("这个部位或器材不属于这所学校。"), field="at", code="not_here")
    building = db.session.get(Building, at) if at else None
    place = db.session.get(Place, at) if at and building is None else None
    point.building_id = building.id if building else (place.building_id if place else None)
    point.place_id = place.id if place else None
    point.where = words[at][:160] if at else ""


def _fresh_code() -> str:
    """A code that neither a piece of equipment nor a point carries."""
    while True:
        (code,) = fresh_codes(1)
        if db.session.scalar(sa.select(PatrolPoint.id).where(PatrolPoint.code == code)) is None:
            return code


def add_point(viewer: Viewer, school: School, *, point_id: uuid.UUID, new: NewPoint) -> PatrolPoint:
    """A new point with a code of its own. The same id twice makes one."""
    known = db.session.get(PatrolPoint, point_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    in_use = sa.select(PatrolPoint.name).where(PatrolPoint.school_id == school.id, PatrolPoint.retired_at.is_(None))
    names = db.session.scalars(in_use).all()
    if new.name in names:
        raise DomainError(_("已经有同名的巡查点，请换一个名称。"), field="name", code="name_taken")
    if len(names) >= MOST_POINTS:
        raise DomainError(_("巡查点最多 %(most)d 个，请先停用不用的。", most=MOST_POINTS), code="too_many")
    point = PatrolPoint(
        id=point_id, school_id=school.id, name=new.name, look_at=new.look_at, code=_fresh_code(),
        made_by_id=viewer.person_id,
    )  # fmt: skip
    _put_at(point, new.at)
    db.session.add(point)
    _changed(viewer, school.id, add_point=new.name)
    return point


def change_point(viewer: Viewer, point: PatrolPoint, *, new: NewPoint) -> None:
    """Correct a point's name, place or hint; its label stays good."""
    point.name, point.look_at = new.name, new.look_at
    _put_at(point, new.at)
    _changed(viewer, point.school_id, change_point=new.name)


def retire_point(viewer: Viewer, point: PatrolPoint) -> None:
    """A point that is not walked to any more; it leaves the routes, and rounds of the past keep it."""
    if point.retired_at is not None:
        return
    point.retired_at = clock.now()
    for route in db.session.scalars(
        sa.select(PatrolRoute).where(PatrolRoute.school_id == point.school_id, PatrolRoute.retired_at.is_(None))
    ):
        route.stops = [stop for stop in route.stops if stop != str(point.id)]
    _changed(viewer, point.school_id, retire_point=point.name)


def _checked_stops(school_id: uuid.UUID, stops: Sequence[uuid.UUID]) -> list[str]:
    here = set(
        db.session.scalars(
            sa.select(PatrolPoint.id).where(PatrolPoint.school_id == school_id, PatrolPoint.retired_at.is_(None))
        )
    )
    if not stops:
        raise DomainError(_("请至少选一个巡查点。"), field="stops", code="no_stops")
    if not set(stops) <= here:
        raise DomainError(_("所选的巡查点不属于这所学校或已停用，请刷新后重选。"), field="stops", code="not_here")
    return [str(one) for one in dict.fromkeys(stops)]


def add_route(viewer: Viewer, school: School, *, route_id: uuid.UUID, new: NewRoute) -> PatrolRoute:
    """A new route. The same id twice makes one."""
    known = db.session.get(PatrolRoute, route_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    in_use = sa.select(sa.func.count(PatrolRoute.id)).where(
        PatrolRoute.school_id == school.id, PatrolRoute.retired_at.is_(None)
    )
    if (db.session.scalar(in_use) or 0) >= MOST_ROUTES:
        raise DomainError(_("路线最多 %(most)d 条，请先停用不用的。", most=MOST_ROUTES), code="too_many")
    stops = _checked_stops(school.id, new.stops)
    route = PatrolRoute(
        id=route_id, school_id=school.id, kind=new.kind, name=new.name, stops=stops, made_by_id=viewer.person_id
    )
    db.session.add(route)
    _changed(viewer, school.id, add_route=new.name)
    return route


def change_route(viewer: Viewer, route: PatrolRoute, *, new: NewRoute) -> None:
    """Another name, other points or another order; rounds that were begun keep theirs."""
    route.kind, route.name, route.stops = new.kind, new.name, _checked_stops(route.school_id, new.stops)
    _changed(viewer, route.school_id, change_route=new.name)


def retire_route(viewer: Viewer, route: PatrolRoute) -> None:
    """A route that is not walked any more."""
    if route.retired_at is not None:
        return
    route.retired_at = clock.now()
    _changed(viewer, route.school_id, retire_route=route.name)
