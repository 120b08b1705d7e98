"""What waits for somebody: drafts, signatures, papers, re-checks; and what was done last."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.documents import queries as papers
from app.documents.models import DocumentState, IssuedDocument
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.planning.models import Visit, VisitState
from app.rectification.queries import findings
from app.rectification.queries.findings import Choice, Line
from app.schools import queries as schools
from app.schools.models import School


class Kind(enum.StrEnum):
    """Why an inspection is on the page."""

    DRAFT = "draft"
    SIGNING = "signing"
    UNPRINTED = "unprinted"
    RECENT = "recent"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class InspectionLine:
    """An inspection as home pages show it."""

    kind: Kind
    id: uuid.UUID
    school_name: str
    school_name_en: str
    is_recheck: bool
    is_mine: bool
    started_at: datetime
    failed: int
    passed: int


_SHOWN = {Kind.DRAFT: 8, Kind.SIGNING: 8, Kind.UNPRINTED: 8, Kind.RECENT: 6, Kind.FAILED: 5}


def _of(viewer: Viewer, kind: Kind, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    mine = sa.or_(Inspection.lead_id == viewer.person_id, Inspection.second_id == viewer.person_id)
    chosen = (
        sa.select(
            sa.literal(kind.value).label("kind"),
            Inspection.id,
            School.name,
            School.name_en,
            (Inspection.kind == InspectionKind.RECHECK).label("is_recheck"),
            sa.func.coalesce(mine, sa.false()).label("is_mine"),
            Inspection.started_at.label("started_at"),
            Inspection.failed,
            Inspection.passed,
        )
        .join(School, School.id == Inspection.school_id)
        .where(schools.visible(viewer), *conditions)
        .order_by(
            *([] if kind is Kind.RECENT else [sa.func.coalesce(mine, sa.false()).desc()]), Inspection.started_at.desc()
        )
        .limit(_SHOWN[kind])
        .subquery(kind.value)
    )
    return sa.select(chosen)


def _failed_papers(viewer: Viewer) -> sa.Select[Any]:
    """Papers whose making failed, with what is printed on them in place of the school, among the inspections: one query."""
    chosen = (
        sa.select(
            sa.literal(Kind.FAILED.value).label("kind"),
            IssuedDocument.id,
            (IssuedDocument.title + " " + IssuedDocument.number).label("name"),
            IssuedDocument.school_name.label("name_en"),
            sa.false().label("is_recheck"),
            sa.false().label("is_mine"),
            IssuedDocument.made_at.label("started_at"),
            sa.literal(0).label("failed"),
            sa.literal(0).label("passed"),
        )
        .where(papers.visible(viewer), IssuedDocument.state == DocumentState.FAILED)
        .order_by(IssuedDocument.made_at, IssuedDocument.id)
        .limit(_SHOWN[Kind.FAILED])
        .subquery(Kind.FAILED.value)
    )
    return sa.select(chosen)


def inspections(viewer: Viewer) -> dict[Kind, list[InspectionLine]]:
    """Drafts and records that wait for signatures (the viewer's brigade only), signed ones without a paper, the last of 90 days."""
    ours = Inspection.brigade_id.in_(viewer.brigade_ids)
    paper = sa.exists().where(IssuedDocument.subject_kind == "inspection", IssuedDocument.subject_id == Inspection.id)
    recent = clock.start_of(clock.today() - timedelta(days=30))
    lately = clock.start_of(clock.today() - timedelta(days=90))
    state = Inspection.state
    chosen = [
        _of(viewer, Kind.DRAFT, ours, state == InspectionState.DRAFT),
        _of(viewer, Kind.SIGNING, ours, state == InspectionState.SIGNING),
        _of(viewer, Kind.UNPRINTED, ours, state == InspectionState.SIGNED, Inspection.started_at >= recent, ~paper),
        _of(viewer, Kind.RECENT, state == InspectionState.SIGNED, Inspection.started_at >= lately),
    ]
    if viewer.may(Permission.REVOKE_DOCUMENTS):
        chosen.append(_failed_papers(viewer))
    shown: dict[Kind, list[InspectionLine]] = {kind: [] for kind in Kind}
    for kind, key, name, name_en, is_recheck, is_mine, started_at, failed, passed in db.session.execute(
        sa.union_all(*chosen)
    ):
        shown[Kind(kind)].append(
            InspectionLine(
                kind=Kind(kind),
                id=key,
                school_name=name,
                school_name_en=name_en,
                is_recheck=bool(is_recheck),
                is_mine=bool(is_mine),
                started_at=started_at,
                failed=failed,
                passed=passed,
            )
        )
    return shown


@dataclass(frozen=True, kw_only=True)
class VisitLine:
    """A planned outing."""

    id: uuid.UUID
    school_id: uuid.UUID
    school_name: str
    school_name_en: str
    planned_on: date
    purpose: str


def visits(viewer: Viewer, *, only_mine: bool, most: int = 8) -> list[VisitLine]:
    """Outings planned up to a week ahead and not over, the earliest first."""
    query = (
        sa.select(Visit.id, Visit.school_id, School.name, School.name_en, Visit.planned_on, Visit.purpose)
        .join(School, School.id == Visit.school_id)
        .where(
            Visit.brigade_id.in_(viewer.brigade_ids),
            Visit.state.in_([VisitState.PLANNED, VisitState.UNDER_WAY]),
            Visit.planned_on <= clock.today() + timedelta(days=7),
        )
    )
    if only_mine:
        query = query.where(sa.or_(Visit.lead_id == viewer.person_id, Visit.second_id == viewer.person_id))
    rows = db.session.execute(query.order_by(Visit.planned_on, Visit.id).limit(most))
    return [
        VisitLine(id=key, school_id=school, school_name=name, school_name_en=name_en, planned_on=day, purpose=purpose)
        for key, school, name, name_en, day, purpose in rows
    ]


def rechecks(viewer: Viewer, *, most: int = 8) -> Sequence[Line]:
    """Findings that wait for the brigade's re-check, the most urgent first."""
    return findings.listing(viewer, Choice(state="awaiting"), size=most).rows
