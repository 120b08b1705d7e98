"""Finding major hazards, sealings and transfers. What has no number yet is the brigade's own affair; scans always are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import paging
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorFinding, MajorHazard
from app.rectification.models.sealing import Sealing, SealingApplication, SealingTerm
from app.rectification.models.trail import RecordEvent, RecordScan
from app.rectification.models.transfers import Transfer
from app.rectification.rules.records import RecordKind
from app.schools import queries as schools
from app.schools.models import School

#: Which table holds the records of a kind.
TABLES: dict[RecordKind, Any] = {
    RecordKind.MAJOR: MajorHazard,
    RecordKind.SEALING: Sealing,
    RecordKind.TRANSFER: Transfer,
}
Row = TypeVar("Row", MajorHazard, Sealing, Transfer)


def visible(table: Any, viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition: of a school the viewer may see, and the brigade's own or with its number."""
    return sa.and_(
        schools.at_visible(viewer, table.school_id),
        sa.or_(table.brigade_id.in_(viewer.brigade_ids), table.number != ""),
    )


def get(table: type[Row], viewer: Viewer, record_id: uuid.UUID) -> Row | None:
    """A record, if the viewer may see it."""
    return db.session.scalar(sa.select(table).where(table.id == record_id, visible(table, viewer)))


@dataclass(frozen=True, kw_only=True)
class RecordLine:
    """A record as lists show it."""

    record: Any
    school: School


def listing(
    table: Any,
    viewer: Viewer,
    *,
    open_states: Collection[Any] | None,
    school_id: uuid.UUID | None = None,
    key: str | None,
    size: int = 50,
) -> paging.Page[RecordLine]:
    """One page of records, the last made first; only those in these states, or all; of one school, or of all."""
    query = sa.select(table, School).join(School, School.id == table.school_id).where(visible(table, viewer))
    if open_states is not None:
        query = query.where(table.state.in_(open_states))
    if school_id is not None:
        query = query.where(table.school_id == school_id)
    found = paging.page(query, keys=[(table.made_at, True), (table.id, True)], key=key, size=size, scalars=False)
    lines = [RecordLine(record=record, school=school) for record, school in found.rows]
    return paging.Page(lines, found.next_key, found.previous_key)


@dataclass(frozen=True, kw_only=True)
class RecordStory:
    """What hangs on a record: its timeline, its scans, its papers, the names of those who acted."""

    events: Sequence[RecordEvent]
    scans: Sequence[RecordScan]
    papers: Sequence[IssuedDocument]
    names: dict[uuid.UUID, str]


def story(kind: RecordKind, record_id: uuid.UUID, people: Collection[uuid.UUID | None] = ()) -> RecordStory:
    """The story of a record (seen already), in four queries."""
    events = db.session.scalars(
        sa.select(RecordEvent)
        .where(RecordEvent.record_kind == kind, RecordEvent.record_id == record_id)
        .order_by(RecordEvent.at.desc(), RecordEvent.id.desc())
    ).all()
    scans = db.session.scalars(
        sa.select(RecordScan)
        .where(RecordScan.record_kind == kind, RecordScan.record_id == record_id)
        .order_by(RecordScan.added_at, RecordScan.id)
    ).all()
    papers = db.session.scalars(
        sa.select(IssuedDocument)
        .where(IssuedDocument.subject_kind == kind.value, IssuedDocument.subject_id == record_id)
        .order_by(IssuedDocument.made_at, IssuedDocument.id)
    ).all()
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_({p for p in people if p})))
    return RecordStory(events=events, scans=scans, papers=papers, names={key: name for key, name in rows})  # noqa: C416


def scan(viewer: Viewer, scan_id: uuid.UUID) -> RecordScan | None:
    """A scan of one of the viewer's own brigade's records."""
    found = db.session.get(RecordScan, scan_id)
    if found is None:
        return None
    table = TABLES[found.record_kind]
    owner = sa.select(table.id).where(
        table.id == found.record_id, visible(table, viewer), table.brigade_id.in_(viewer.brigade_ids)
    )
    return found if db.session.scalar(owner) is not None else None


def findings_of(record: MajorHazard) -> Sequence[Finding]:
    """The findings of a major hazard in their order."""
    query = (
        sa.select(Finding)
        .join(MajorFinding, MajorFinding.finding_id == Finding.id)
        .where(MajorFinding.major_id == record.id)
        .order_by(MajorFinding.position)
    )
    return db.session.scalars(query).all()


def majors_of(viewer: Viewer, finding_id: uuid.UUID) -> Sequence[MajorHazard]:
    """The records of major hazards that a finding is part of."""
    query = (
        sa.select(MajorHazard)
        .join(MajorFinding, MajorFinding.major_id == MajorHazard.id)
        .where(MajorFinding.finding_id == finding_id, visible(MajorHazard, viewer))
        .order_by(MajorHazard.made_at)
    )
    return db.session.scalars(query).all()


def transfers_of(viewer: Viewer, finding_id: uuid.UUID) -> Sequence[Transfer]:
    """To whom a finding was handed over."""
    query = (
        sa.select(Transfer)
        .where(Transfer.finding_id == finding_id, visible(Transfer, viewer))
        .order_by(Transfer.made_at, Transfer.id)
    )
    return db.session.scalars(query).all()


def terms_of(record: Sealing) -> Sequence[SealingTerm]:
    """The renewals of a sealing, in order."""
    query = sa.select(SealingTerm).where(SealingTerm.sealing_id == record.id).order_by(SealingTerm.from_on)
    return db.session.scalars(query).all()


def applications_of(record: Sealing) -> Sequence[SealingApplication]:
    """The applications to lift a sealing, in order."""
    query = (
        sa.select(SealingApplication)
        .where(SealingApplication.sealing_id == record.id)
        .order_by(SealingApplication.recorded_at, SealingApplication.id)
    )
    return db.session.scalars(query).all()
