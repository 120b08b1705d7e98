"""Points, routes and rounds of a school's patrols, as far as the viewer may see the school."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.organisations.queries import brigade_settings
from app.regulations import queries as regulations
from app.regulations.rules.calendars import is_school_day
from app.schools import queries as schools
from app.schools.models import School
from app.selfchecks.models import PatrolPoint, PatrolRound, PatrolRoute, PatrolSeen
from app.selfchecks.rules.rounds import Ended, RouteKind, Stop, Watched, ended, gaps, missed, night_of, watched

#: So many nights back are shown.
NIGHTS = 7
#: So many rounds are listed.
MOST_ROUNDS = 40


@dataclass(frozen=True, kw_only=True)
class Walk:
    """A round with what was seen in it, by point."""

    round: PatrolRound
    seen: Mapping[str, PatrolSeen] = field(default_factory=dict)

    @cached_property
    def missed(self) -> tuple[Stop, ...]:
        """The points nobody ticked."""
        return missed(self.round.all_stops, self.seen)

    @property
    def ended(self) -> Ended:
        """How it stands now."""
        return ended(
            started_at=self.round.started_at,
            finished_at=self.round.finished_at,
            missing=len(self.missed),
            now=clock.now(),
        )

    @property
    def is_open(self) -> bool:
        """Whether points may still be ticked."""
        return self.round.finished_at is None

    @property
    def faults(self) -> list[PatrolSeen]:
        """What was not in order, in the order of the route."""
        return [one for stop in self.round.all_stops if (one := self.seen.get(stop.point)) and not one.fine]

    @property
    def stop_names(self) -> Mapping[str, str]:
        """Points by id, in words."""
        return {stop.point: stop.name for stop in self.round.all_stops}

    @property
    def tapped(self) -> int:
        """Points that were only tapped, with neither label nor code."""
        return sum(one.origin.value == "tap" for one in self.seen.values())


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the rounds that the viewer may see."""
    query = sa.select(PatrolRound.id).where(
        PatrolRound.id.in_(list(ids)), schools.at_visible(viewer, PatrolRound.school_id)
    )
    return set(db.session.scalars(query))


def point(viewer: Viewer, point_id: uuid.UUID) -> PatrolPoint | None:
    """A point."""
    return db.session.scalar(
        sa.select(PatrolPoint).where(PatrolPoint.id == point_id, schools.at_visible(viewer, PatrolPoint.school_id))
    )


def point_by_code(viewer: Viewer, code: str) -> PatrolPoint | None:
    """The point that carries a label."""
    return db.session.scalar(
        sa.select(PatrolPoint).where(PatrolPoint.code == code, schools.at_visible(viewer, PatrolPoint.school_id))
    )


def points_of(school_id: uuid.UUID) -> Sequence[PatrolPoint]:
    """A school's points in use, the oldest first."""
    return db.session.scalars(
        sa.select(PatrolPoint)
        .where(PatrolPoint.school_id == school_id, PatrolPoint.retired_at.is_(None))
        .order_by(PatrolPoint.made_at, PatrolPoint.id)
    ).all()


def route(viewer: Viewer, route_id: uuid.UUID) -> PatrolRoute | None:
    """A route."""
    return db.session.scalar(
        sa.select(PatrolRoute).where(PatrolRoute.id == route_id, schools.at_visible(viewer, PatrolRoute.school_id))
    )


def routes_of(school_id: uuid.UUID) -> Sequence[PatrolRoute]:
    """A school's routes in use: daily, night, key places."""
    found = db.session.scalars(
        sa.select(PatrolRoute).where(PatrolRoute.school_id == school_id, PatrolRoute.retired_at.is_(None))
    ).all()
    order = list(RouteKind)
    return sorted(found, key=lambda one: (order.index(one.kind), one.made_at, one.id))


def places_to_choose(school_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Buildings and places of the register in words, in two queries."""
    found: list[tuple[uuid.UUID, str]] = []
    names: dict[uuid.UUID | None, str] = {}
    for building in schools.buildings_of(school_id):
        names[building.id] = building.name
        found.append((building.id, building.name))
    for place in schools.places_of(school_id):
        house = names.get(place.building_id)
        found.append((place.id, f"{house} · {place.name}" if house else place.name))
    return found


def seen_in(round_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, PatrolSeen]]:
    """What was ticked in these rounds, by round and point, in one query."""
    found: dict[uuid.UUID, dict[str, PatrolSeen]] = defaultdict(dict)
    for one in db.session.scalars(sa.select(PatrolSeen).where(PatrolSeen.round_id.in_(list(round_ids)))):
        found[one.round_id][str(one.point_id)] = one
    return found


def walk(viewer: Viewer, round_id: uuid.UUID, *, locked: bool = False) -> Walk | None:
    """A round with what was seen; `locked`: nobody else ticks until the transaction ends."""
    query = sa.select(PatrolRound).where(PatrolRound.id == round_id, schools.at_visible(viewer, PatrolRound.school_id))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    return Walk(round=found, seen=seen_in([found.id]).get(found.id, {})) if found else None


def open_on(route_id: uuid.UUID, *, since: datetime) -> PatrolRound | None:
    """The round of a route that is on the way."""
    return db.session.scalar(
        sa.select(PatrolRound)
        .where(
            PatrolRound.route_id == route_id,
            PatrolRound.finished_at.is_(None),
            PatrolRound.from_paper.is_(False),
            PatrolRound.started_at > since,
        )
        .order_by(PatrolRound.started_at.desc())
        .limit(1)
    )


def open_with(school_id: uuid.UUID, point_id: uuid.UUID, *, since: datetime) -> list[Walk]:
    """The rounds on the way at a school that pass a point, those still wanting it first, in two queries."""
    rounds = db.session.scalars(
        sa.select(PatrolRound)
        .where(
            PatrolRound.school_id == school_id,
            PatrolRound.finished_at.is_(None),
            PatrolRound.from_paper.is_(False),
            PatrolRound.started_at > since,
        )
        .order_by(PatrolRound.started_at.desc())
    ).all()
    wanted = str(point_id)
    passing = [one for one in rounds if any(stop.point == wanted for stop in one.all_stops)]
    seen = seen_in([one.id for one in passing])
    walks = [Walk(round=one, seen=seen.get(one.id, {})) for one in passing]
    return sorted(walks, key=lambda one: wanted in one.seen)


@dataclass(frozen=True, kw_only=True)
class Patrols:
    """How the patrols of a school stand."""

    routes: Sequence[PatrolRoute]
    walks: Sequence[Walk]
    nights: Sequence[Watched]
    key_gaps: Sequence[Watched]

    @cached_property
    def on_the_way(self) -> dict[uuid.UUID, Walk]:
        """The open round of each route."""
        return {one.round.route_id: one for one in reversed(self.walks) if one.ended is Ended.WALKING}

    def last_of(self, route: PatrolRoute) -> Walk | None:
        """The last round of a route."""
        return next((one for one in self.walks if one.round.route_id == route.id), None)


def of_school(school: School) -> Patrols:
    """Routes, the rounds of the last eight days and the nights, in a handful of queries however many they are."""
    now = clock.now()
    routes = routes_of(school.id)
    rounds = db.session.scalars(
        sa.select(PatrolRound)
        .where(
            PatrolRound.school_id == school.id,
            PatrolRound.started_at >= clock.start_of(clock.day_of(now) - timedelta(days=NIGHTS)),
        )
        .order_by(PatrolRound.started_at.desc(), PatrolRound.id.desc())
    ).all()
    seen = seen_in([one.id for one in rounds])
    walks = [Walk(round=one, seen=seen.get(one.id, {})) for one in rounds]
    return Patrols(
        routes=routes,
        walks=walks,
        nights=_nights(school, routes, walks, now) if any(r.kind is RouteKind.NIGHT for r in routes) else (),
        key_gaps=_key_days(walks, now),
    )


def _whole(walks: Sequence[Walk], kind: RouteKind) -> list[datetime]:
    return [one.round.started_at for one in walks if one.round.kind is kind and one.ended is Ended.WHOLE]


def _nights(school: School, routes: Sequence[PatrolRoute], walks: Sequence[Walk], now: datetime) -> list[Watched]:
    """The last nights, the latest first: those before a school day, and any in which somebody walked."""
    settings = brigade_settings(school.brigade_id)
    calendar = regulations.calendar_of(school.area_code, school_id=school.id)
    began = min(clock.day_of(r.made_at) for r in routes if r.kind is RouteKind.NIGHT)
    times, today, found = _whole(walks, RouteKind.NIGHT), clock.day_of(now), []
    for back in range(NIGHTS):
        night = night_of(
            today - timedelta(days=back), opens=settings.night_patrol_from, closes=settings.night_patrol_to
        )
        if night.opens > now or night.day < began:
            continue
        one = watched(night, times, now=now)
        if one.times or is_school_day(night.day, calendar):
            found.append(one)
    return found


def _key_days(walks: Sequence[Walk], now: datetime) -> list[Watched]:
    """Days on which key places were patrolled more than once with too long between; when they are in use nobody knows here."""
    times, found = _whole(walks, RouteKind.KEY), []
    for day in sorted({clock.day_of(one) for one in times}, reverse=True):
        of_day = tuple(sorted(one for one in times if clock.day_of(one) == day))
        between = gaps(of_day)
        if between:
            night = night_of(day, opens=0, closes=23)
            found.append(Watched(night, of_day, between, is_over=day < clock.day_of(now)))
    return found
