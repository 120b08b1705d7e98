"""A draft of a school's own check with all its rows: the sheet of an inspection, cut down to what the list asks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionKind
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import Row, rows_of
from app.inspections.sheet import Sheet, facts_of_school, ground_of
from app.organisations.models import Brigade
from app.regulations import queries as regulations
from app.regulations.post_lists import post_lists
from app.regulations.rules.checklist import Checklist
from app.schools.models import School
from app.selfchecks.models import OwnCheck
from app.selfchecks.queries import checks as queries
from app.selfchecks.rules.checks import CheckForm, monthly_items, rows_for


@dataclass(kw_only=True)
class OwnSheet(Sheet):
    """One own check with its rows. Its `inspection` stands in for one and is never kept: the rows, answers and forms are the same."""

    own: OwnCheck

    @property
    def kind(self) -> TargetKind:
        """What its operations belong to."""
        return TargetKind.OWN_CHECK


def stand_in(own: OwnCheck, *, brigade_id: uuid.UUID) -> Inspection:
    """What the filling of an inspection asks of one, for an own check. Never added to a session."""
    return Inspection(
        id=own.id, kind=InspectionKind.INSPECTION, school_id=own.school_id, brigade_id=brigade_id, tier="full", scope={},
        pack_version_id=own.pack_version_id, started_at=own.started_at, from_paper=False, rev=own.rev,
        lead_id=own.started_by_id,
    )  # fmt: skip


def _rows(own: OwnCheck, school: School, ground: Ground, checklist: Checklist) -> list[Row]:
    facts = facts_of_school(school, ground, checklist)
    rows = rows_of(checklist, ground, facts=facts, tier="full", day=clock.day_of(own.started_at))
    if own.form is CheckForm.MONTHLY:
        return rows_for(rows, set(monthly_items(checklist)))
    post = post_lists(checklist.code)[own.form.value]
    houses = {house.id for house in ground.houses if house.use in post.buildings} if post.buildings else None
    return rows_for(rows, set(post.items), houses=houses, pieces=False)


def of(own: OwnCheck) -> OwnSheet:
    """The sheet of an own check."""
    school = db.session.get_one(School, own.school_id)
    checklist = regulations.checklist(own.pack_version_id)
    ground = ground_of(school.id, day=clock.day_of(own.started_at), checklist=checklist)
    return OwnSheet(
        own=own,
        inspection=stand_in(own, brigade_id=school.brigade_id),
        school=school,
        brigade=db.session.get_one(Brigade, school.brigade_id),
        checklist=checklist,
        ground=ground,
        rows=_rows(own, school, ground, checklist),
        ops=fieldwork.ops_of(own.id),
        photos=fieldwork.photos_of(TargetKind.OWN_CHECK, [own.id]),
    )


def load(viewer: Viewer, check_id: uuid.UUID, *, locked: bool = False) -> OwnSheet | None:
    """The sheet of an own check that the viewer may see."""
    own = queries.get(viewer, check_id, locked=locked)
    return of(own) if own else None
