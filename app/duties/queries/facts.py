"""What was done at schools, and what they were when: the facts from which duties are counted."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill
from app.duties.models import DutyAdoption, DutyRecord
from app.duties.rules.counting import Done
from app.duties.rules.duties import Duty, Phase, Source
from app.regulations.queries import current_checklist
from app.regulations.rules.applicability import school_types
from app.schools.models import Building, BuildingUse, School, SchoolPast
from app.trainings.models import Training

#: What was done, by where it is recorded and of which kind: days and amounts in order.
Deeds = Mapping[tuple[Source, str], Sequence[Done]]


def duties_in_force() -> list[Duty]:
    """The duty rules of the pack in force, in its order."""
    return [Duty(content) for content in current_checklist().content.get("duties", ())]


def _done(held_at: datetime, logged_at: datetime, amount: Decimal = Decimal(1)) -> Done:
    return Done(clock.day_of(held_at), amount, clock.day_of(logged_at))


def _held(table: Any, ids: Collection[uuid.UUID], first: date, *columns: Any) -> Iterable[Any]:
    """Rows of a log from a day on, as columns; withdrawn ones do not count."""
    query = sa.select(table.school_id, table.held_at, table.logged_at, *columns)
    return db.session.execute(
        query.where(table.school_id.in_(ids), table.held_at >= clock.start_of(first), table.withdrawn_at.is_(None))
        .order_by(table.held_at)
    )  # fmt: skip


def deeds(
    ids: Collection[uuid.UUID], first: date, sources: Collection[Source] = tuple(Source)
) -> dict[uuid.UUID, Deeds]:
    """What these schools did from a day on, in a query for each place where it is recorded (self-checks and reports are one)."""
    found: dict[uuid.UUID, dict[tuple[Source, str], list[Done]]] = {key: defaultdict(list) for key in ids}
    if Source.DRILL in sources:
        for school_id, held, logged, kind in _held(Drill, ids, first, Drill.kind):
            found[school_id][Source.DRILL, kind.value].append(_done(held, logged))
    if Source.TRAINING in sources:
        for school_id, held, logged, audience, hours in _held(Training, ids, first, Training.audience, Training.hours):
            found[school_id][Source.TRAINING, audience.value].append(_done(held, logged, hours or Decimal(0)))
    if Source.SELF_CHECK in sources:
        for school_id, held, logged, duty in _held(DutyRecord, ids, first, DutyRecord.duty):
            found[school_id][Source.SELF_CHECK, duty].append(_done(held, logged))
    return {key: dict(kinds) for key, kinds in found.items()}


def done_for(duty: Duty, deeds: Deeds) -> list[Done]:
    """Those of a school's deeds that count for a duty: as so many times, or with their class hours."""
    source = Source.SELF_CHECK if duty.source is Source.REPORT else duty.source
    found = [done for kind in duty.counted for done in deeds.get((source, kind), ())]
    if source is Source.TRAINING and not duty.counts_hours:
        return [Done(done.day, Decimal(1), done.entered) for done in found]
    return found


def _facilities(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """What stands at schools as far as it is on record: pumps, tanks, kitchens, basements."""
    rows = db.session.execute(
        sa.select(Building.school_id, Building.facilities, Building.use, Building.floors_below).where(
            Building.school_id.in_(ids), Building.retired_on.is_(None)
        )
    )
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for school_id, facilities, use, below in rows:
        found[school_id] |= set(facilities or ())
        found[school_id] |= {"kitchen"} if use is BuildingUse.CANTEEN else set()
        found[school_id] |= {"basement"} if below else set()
    return found


def _traits(kind: str, *, is_boarding: bool, is_key_unit: bool, facilities: set[str]) -> frozenset[str]:
    flag = {"key_unit"} if is_key_unit else set()
    return frozenset(school_types(kind, is_boarding=is_boarding) | flag | (facilities - {"key_unit"}))


def phases_of(schools: Sequence[School]) -> dict[uuid.UUID, tuple[Phase, ...]]:
    """What each school was since when, in two queries; it begins on the day it came on record."""
    ids = [school.id for school in schools]
    facilities = _facilities(ids)
    pasts: dict[uuid.UUID, list[SchoolPast]] = defaultdict(list)
    query = sa.select(SchoolPast).where(SchoolPast.school_id.in_(ids)).order_by(SchoolPast.until, SchoolPast.id)
    for past in db.session.scalars(query):
        pasts[past.school_id].append(past)
    found = {}
    for school in schools:
        since, phases = clock.day_of(school.made_at), []
        states: list[SchoolPast | School] = [*pasts[school.id], school]
        for was in states:
            traits = _traits(
                was.kind.value,
                is_boarding=was.is_boarding,
                is_key_unit=was.is_key_unit,
                facilities=facilities[school.id] | set(school.facilities or ()),
            )
            phases.append(Phase(since, traits))
            since = was.until if isinstance(was, SchoolPast) else since
        found[school.id] = tuple(phases)
    return found


def adopted(brigade_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, date]]:
    """Which rules that only inform each brigade has taken on, and since when."""
    found: dict[uuid.UUID, dict[str, date]] = {key: {} for key in brigade_ids}
    rows = db.session.scalars(
        sa.select(DutyAdoption).where(DutyAdoption.brigade_id.in_(brigade_ids), DutyAdoption.ended_on.is_(None))
    )
    for row in rows:
        found[row.brigade_id][row.duty] = row.since
    return found
