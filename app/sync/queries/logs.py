"""At which schools this person may log drills and trainings on the tablet, with what there is to choose at each; a constant number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.i18n import localised
from app.inspections import queries as inspections
from app.logbook import queries as logbook
from app.planning import queries as planning
from app.planning.models import Visit, VisitState
from app.schools import queries as schools
from app.schools.models import Building, School, SchoolStatus

MOST = 40


def _of_the_day(viewer: Viewer) -> list[School]:
    """Schools of the visits that are due and of unfinished drafts."""
    visits, drafts = planning.today_of(viewer, most=60), inspections.unfinished_of(viewer, most=60)
    return [*(line.school for line in visits), *(line.school for line in drafts)]


def schools_to_log_for(viewer: Viewer, *, also: Sequence[uuid.UUID] = ()) -> list[School]:
    """A school's own people: theirs. The brigade: those of the day, and those asked for."""
    wanted = set(viewer.school_ids) if viewer.is_school else set(also[:MOST])
    named = db.session.scalars(sa.select(School).where(School.id.in_(wanted), schools.visible(viewer))).all()
    found = {school.id: school for school in [*named, *([] if viewer.is_school else _of_the_day(viewer))]}
    mine = [one for one in found.values() if schools.serves(viewer, one) and one.status is not SchoolStatus.MERGED]
    return sorted(mine, key=lambda school: school.sort_name)[:MOST]


def choices(viewer: Viewer, listed: Sequence[School]) -> list[dict[str, Any]]:
    """The schools as the tablet lists them, with their buildings and visits."""
    ids = [school.id for school in listed]
    houses: dict[uuid.UUID, list[list[str]]] = {key: [] for key in ids}
    rows = db.session.execute(
        sa.select(Building.school_id, Building.id, Building.name)
        .where(Building.school_id.in_(ids), Building.retired_on.is_(None))
        .order_by(Building.position, Building.name)
    )
    for school_id, key, name in rows:
        houses[school_id].append([str(key), name])
    visits = {} if viewer.is_school else _visits(ids)
    return [
        {
            "id": str(school.id), "title": localised(school.name, school.name_en), "building": houses[school.id],
            "visit": visits.get(school.id, []),
        }
        for school in listed
    ]  # fmt: skip


def _visits(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[list[str]]]:
    place = sa.func.row_number().over(partition_by=Visit.school_id, order_by=(Visit.planned_on.desc(), Visit.id))
    ranked = (
        sa.select(Visit.id, place.label("place"))
        .where(Visit.school_id.in_(ids), Visit.state != VisitState.CANCELLED)
        .subquery()
    )
    found: dict[uuid.UUID, list[list[str]]] = {}
    query = sa.select(Visit).join(ranked, ranked.c.id == Visit.id).where(ranked.c.place <= logbook.MOST_VISITS)
    for visit in db.session.scalars(query.order_by(Visit.planned_on.desc(), Visit.id)):
        found.setdefault(visit.school_id, []).append([str(visit.id), logbook.visit_words(visit)])
    return found
