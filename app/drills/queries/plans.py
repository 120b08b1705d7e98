"""Finding drill plans and what was tapped, as far as the viewer may see the school."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import paging
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.drills.models import Drill, DrillLesson, DrillPlan, DrillTap
from app.drills.rules import live
from app.drills.rules.plans import PlanState
from app.rectification.models.findings import Finding
from app.schools import queries as schools
from app.schools.models import Building, School


@dataclass(frozen=True, kw_only=True)
class PlanLine:
    """A plan as lists show it; `drill_id` once it was held to its end."""

    plan: DrillPlan
    school_name: str
    school_name_en: str
    building: Building | None
    drill_id: uuid.UUID | None


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(DrillPlan, School.name, School.name_en, Building, Drill.id)
        .join(School, School.id == DrillPlan.school_id)
        .outerjoin(Building, Building.id == DrillPlan.building_id)
        .outerjoin(Drill, Drill.plan_id == DrillPlan.id)
        .where(schools.at_visible(viewer, DrillPlan.school_id))
    )


def _line(row: Sequence[Any]) -> PlanLine:
    return PlanLine(plan=row[0], school_name=row[1], school_name_en=row[2], building=row[3], drill_id=row[4])


def get(viewer: Viewer, plan_id: uuid.UUID) -> PlanLine | None:
    """One plan."""
    row = db.session.execute(_lines(viewer).where(DrillPlan.id == plan_id)).first()
    return _line(row) if row else None


def listing(
    viewer: Viewer, *, school_id: uuid.UUID | None = None, state: str = "", key: str | None = None
) -> paging.Page[PlanLine]:
    """One page of plans, the latest first; withdrawn ones only when asked for."""
    query = _lines(viewer)
    wanted = PlanState(state) if state in set(PlanState) else None
    query = query.where(DrillPlan.state == wanted if wanted else DrillPlan.state != PlanState.WITHDRAWN)
    if school_id:
        query = query.where(DrillPlan.school_id == school_id)
    found = paging.page(query, keys=[(DrillPlan.planned_at, True), (DrillPlan.id, True)], key=key, scalars=False)
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def open_of_school(viewer: Viewer, school_id: uuid.UUID, *, most: int = 5) -> list[PlanLine]:
    """Plans of a school whose drill is still to come or under way, the next one first."""
    query = _lines(viewer).where(
        DrillPlan.school_id == school_id, DrillPlan.state != PlanState.WITHDRAWN, DrillPlan.finished_at.is_(None)
    )
    return [_line(row) for row in db.session.execute(query.order_by(DrillPlan.planned_at, DrillPlan.id).limit(most))]


def waiting(viewer: Viewer) -> int:
    """How many plans wait for the viewer's brigade."""
    query = sa.select(sa.func.count(DrillPlan.id)).where(
        DrillPlan.state == PlanState.SUBMITTED, schools.at_visible(viewer, DrillPlan.school_id)
    )
    return db.session.scalar(query) or 0


def last_of_school(school_id: uuid.UUID) -> DrillPlan | None:
    """The plan that a school wrote last; the next one begins from it."""
    query = sa.select(DrillPlan).where(DrillPlan.school_id == school_id).order_by(DrillPlan.made_at.desc())
    return db.session.scalars(query.limit(1)).first()


def version(viewer: Viewer, plan_id: uuid.UUID) -> int | None:
    """How often a plan was tapped; None where it is not the viewer's to see."""
    query = sa.select(DrillPlan.version).where(DrillPlan.id == plan_id, schools.at_visible(viewer, DrillPlan.school_id))
    return db.session.scalar(query)


def taps(plan: DrillPlan) -> Sequence[DrillTap]:
    """Every tap, as they came in."""
    return db.session.scalars(sa.select(DrillTap).where(DrillTap.plan_id == plan.id).order_by(DrillTap.number)).all()


def taps_by_id(plan: DrillPlan) -> dict[uuid.UUID, DrillTap]:
    """Every tap by the sender's id."""
    return {tap.op_id: tap for tap in taps(plan)}


def taken_elsewhere(plan: DrillPlan, op_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the ids that name a tap of another drill."""
    query = sa.select(DrillTap.op_id).where(DrillTap.op_id.in_(list(op_ids)), DrillTap.plan_id != plan.id)
    return set(db.session.scalars(query))


def standing(plan: DrillPlan, kept: Iterable[DrillTap]) -> live.Standing:
    """What the taps come to."""
    return live.standing(plan.class_lines, plan.guide_lines, (tap.plain for tap in kept))


def drill_of(plan: DrillPlan) -> Drill | None:
    """The record of a drill that was held after this plan."""
    return db.session.scalar(sa.select(Drill).where(Drill.plan_id == plan.id))


def papers(plan: DrillPlan) -> Sequence[IssuedDocument]:
    """The plan's papers, also those still being made, the newest first; for whoever sees the plan."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.subject_kind == "drill_plan", IssuedDocument.subject_id == plan.id
    )
    return db.session.scalars(query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id)).all()


def lessons(drill: Drill) -> list[tuple[DrillLesson, Finding | None]]:
    """What was learnt from a drill, with the finding of each."""
    rows = db.session.execute(
        sa.select(DrillLesson, Finding)
        .outerjoin(Finding, Finding.id == DrillLesson.finding_id)
        .where(DrillLesson.drill_id == drill.id)
        .order_by(DrillLesson.made_at, DrillLesson.id)
    )
    return [(row[0], row[1]) for row in rows]


def earlier(drill: Drill, *, most: int = 8) -> Sequence[Drill]:
    """This drill and those before it in the same building, of kinds that empty it, the oldest first."""
    rows = db.session.scalars(
        sa.select(Drill)
        .where(
            Drill.school_id == drill.school_id,
            Drill.building_id == drill.building_id if drill.building_id else Drill.building_id.is_(None),
            Drill.kind == drill.kind,
            Drill.held_at <= drill.held_at,
            Drill.withdrawn_at.is_(None),
        )
        .order_by(Drill.held_at.desc(), Drill.id.desc())
        .limit(most)
    ).all()
    return rows[::-1]
