"""Finding findings, as far as the viewer may see their schools."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import holds, unindexed
from app.core.extensions import db
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.rectification import standing
from app.rectification.models.findings import ClosedHow, Evidence, Finding, RecheckResult, Severity
from app.rectification.models.orders import ItemHolder, OrderItem
from app.rectification.queries import repeats
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import Facts, Standing, State
from app.regulations.queries import workdays_of
from app.regulations.rules.calendars import Reckoned
from app.schools import queries as schools
from app.schools.models import School

#: What is read of inspections, which stand above: whose they are.
inspection_table = sa.table(
    "inspection",
    sa.column("id", sa.Uuid()),
    sa.column("lead_id", sa.Uuid()),
    sa.column("second_id", sa.Uuid()),
)
_FAR = date(9999, 12, 31)
SEVERITY_ORDER = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A finding as lists show it: with its school's name and how it stands today.

    `repeated`: when the same was found at the same place before, where that was asked for.
    """

    finding: Finding
    school_name: str
    school_name_en: str
    area_code: str
    facts: Facts
    standing: Standing
    repeated: date | None = None

    @property
    def awaits_recheck(self) -> bool:
        """Whether the brigade's clock runs."""
        return rules.awaits_recheck(self.facts, clock.today())


def recheck_due(line: Line) -> Reckoned | None:
    """The last day for the re-check by the calendar as it stands now; None while no clock counts."""
    return rules.recheck_due(line.facts, workdays_of(line.area_code)) if line.awaits_recheck else None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which findings a list shows.

    `state` is a state, `unsettled` for all that are not closed, `awaiting` a re-check, `near` due within the brigade's
    days, `struck_off` by a re-check this month, or empty for all.
    """

    state: str = "unsettled"
    school_id: uuid.UUID | None = None
    severity: str = ""
    colour: str = ""
    mine: bool = False
    search: str = ""
    sort: str = "deadline"


SORTS: dict[str, list[tuple[Any, bool]]] = {
    "deadline": [(sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date())), False)],
    "found": [(Finding.found_on, True)],
    "school": [(School.sort_name, False), (sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date())), False)],
    "severity": [
        (sa.case({s.value: n for s, n in SEVERITY_ORDER.items()}, value=sa.cast(Finding.severity, sa.String)), False),
        (sa.func.coalesce(Finding.deadline, sa.literal(_FAR, sa.Date())), False),
    ],
}


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Finding: of a school that the viewer may see."""
    return schools.at_visible(viewer, Finding.school_id)


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the findings that the viewer may see."""
    return set(db.session.scalars(sa.select(Finding.id).where(Finding.id.in_(list(ids)), visible(viewer))))


def _lines(viewer: Viewer | None) -> Any:
    seen = visible(viewer) if viewer is not None else sa.true()
    return (
        sa.select(Finding, School.name, School.name_en, School.area_code)
        .join(School, School.id == Finding.school_id)
        .where(seen)
    )


def _line(row: Sequence[Any]) -> Line:
    finding, school_name, school_name_en, area_code = row
    known = standing.facts_of(finding)
    return Line(
        finding=finding,
        school_name=school_name,
        school_name_en=school_name_en,
        area_code=area_code,
        facts=known,
        standing=standing.standing_of(finding, known),
    )


def _conditions(viewer: Viewer, choice: Choice) -> list[sa.ColumnElement[bool]]:
    today = clock.today()
    found: list[sa.ColumnElement[bool]] = []
    if choice.state == "unsettled":
        found.append(Finding.closed_on.is_(None))
    elif choice.state == "awaiting":
        found.append(standing.awaits_recheck(today))
    elif choice.state == "near":
        found.append(standing.is_near(today))
    elif choice.state == "struck_off":
        found += [Finding.closed_how == ClosedHow.RECHECK, Finding.closed_on >= today.replace(day=1)]
    elif choice.state in State.__members__.values():
        found.append(standing.state(today) == choice.state)
    if choice.school_id:
        found.append(Finding.school_id == choice.school_id)
    if choice.severity in Severity.__members__.values():
        found.append(Finding.severity == Severity(choice.severity))
    if choice.colour in rules.Colour.__members__.values():
        found.append(standing.colour_rank(today) == rules.RANK[rules.Colour(choice.colour)])
    if choice.mine:
        own = sa.or_(inspection_table.c.lead_id == viewer.person_id, inspection_table.c.second_id == viewer.person_id)
        found.append(Finding.inspection_id.in_(sa.select(inspection_table.c.id).where(own)))
    for word in choice.search.split():
        # Thousands of schools are searched once, not once for each of their findings.
        named = sa.select(School.id).where(holds(School.name, word))
        columns = (Finding.text, Finding.text_en, Finding.place_label, Finding.note, Finding.item_code)
        found.append(
            sa.or_(
                unindexed(Finding.school_id).in_(named),
                *(holds(column, word) for column in columns),
            )
        )
    return found


def listing(viewer: Viewer, choice: Choice, *, key: str | None = None, size: int = 50) -> paging.Page[Line]:
    """One page of findings with how each stands, in one query."""
    found = paging.page(
        sa.select(Finding.id)
        .outerjoin(School, School.id == Finding.school_id)
        .where(*_conditions(viewer, choice), visible(viewer)),
        shown=_lines(None),
        keys=[*SORTS.get(choice.sort, SORTS["deadline"]), (Finding.id, False)],
        key=key,
        size=size,
        scalars=False,
    )
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def everything(viewer: Viewer, choice: Choice, *, most: int) -> list[Line]:
    """The whole list for an export, at most so many."""
    order = [column.desc() if down else column.asc() for column, down in SORTS.get(choice.sort, SORTS["deadline"])]
    query = _lines(viewer).where(*_conditions(viewer, choice)).order_by(*order, Finding.id).limit(most)
    return [_line(row) for row in db.session.execute(query)]


def count(viewer: Viewer, choice: Choice) -> int:
    """How many findings a choice has."""
    query = sa.select(sa.func.count()).select_from(Finding)
    return db.session.scalar(query.where(*_conditions(viewer, choice), visible(viewer))) or 0


def schools_with_findings(viewer: Viewer, *, most: int = 500) -> list[tuple[uuid.UUID, str]]:
    """Schools with open findings, by name, for the filter of the list."""
    query = (
        sa.select(School.id, School.name)
        .where(schools.visible(viewer), sa.exists().where(Finding.school_id == School.id, Finding.closed_on.is_(None)))
        .order_by(School.sort_name)
        .limit(most)
    )
    return [(key, name) for key, name in db.session.execute(query)]


def get(viewer: Viewer, finding_id: uuid.UUID) -> Line | None:
    """One finding with how it stands."""
    row = db.session.execute(_lines(viewer).where(Finding.id == finding_id)).first()
    return _line(row) if row else None


def of_school(viewer: Viewer, school_id: uuid.UUID, *, closed: int = 0) -> list[Line]:
    """A school's open findings, the most urgent first; then so many of its closed ones, the last closed first."""
    shown: sa.ColumnElement[bool] = Finding.closed_on.is_(None)
    if closed:
        last = (
            sa.select(Finding.id)
            .where(Finding.school_id == school_id, Finding.closed_on.is_not(None))
            .order_by(Finding.closed_on.desc(), Finding.id)
            .limit(closed)
        )
        shown = sa.or_(shown, Finding.id.in_(last))
    query = _lines(viewer).where(Finding.school_id == school_id, shown)
    order = (Finding.closed_on.is_not(None), Finding.closed_on.desc(), SORTS["deadline"][0][0], Finding.id)
    return [_line(row) for row in db.session.execute(query.order_by(*order))]


def of_period(viewer: Viewer, school_id: uuid.UUID, since: date, until: date) -> list[Line]:
    """What a school, or one merged into it, had open at any time from a day to a day, in the order in which it was found."""
    query = _lines(viewer).where(
        Finding.school_id.in_(schools.family_ids(school_id)),
        Finding.found_on <= until,
        sa.or_(Finding.closed_on.is_(None), Finding.closed_on >= since),
    )
    return [_line(row) for row in db.session.execute(query.order_by(Finding.found_on, Finding.id))]


def lines_of_order(viewer: Viewer | None, order_id: uuid.UUID) -> list[tuple[OrderItem, Line, ItemHolder | None]]:
    """The items of an order in their order on the paper, with their findings as they stand and who has each in hand.

    `viewer` is None for somebody who came by the link to this very order.
    """
    last = (
        sa.select(ItemHolder.id)
        .where(ItemHolder.order_item_id == OrderItem.id)
        .order_by(ItemHolder.given_at.desc(), ItemHolder.id.desc())
        .limit(1)
        .correlate(OrderItem)
        .scalar_subquery()
    )
    query = (
        _lines(viewer)
        .add_columns(OrderItem, ItemHolder, repeats.last_time())
        .join(OrderItem, OrderItem.finding_id == Finding.id)
        .outerjoin(ItemHolder, ItemHolder.id == last)
        .where(OrderItem.order_id == order_id)
        .order_by(OrderItem.position)
    )
    rows = db.session.execute(query)
    return [(row[-3], replace(_line(row[:-3]), repeated=row[-1]), row[-2]) for row in rows]


def by_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> list[Line]:
    """These findings, the most urgent first."""
    query = _lines(viewer).where(Finding.id.in_(list(ids)))
    return [_line(row) for row in db.session.execute(query.order_by(SORTS["deadline"][0][0], Finding.id))]


def of_inspection(viewer: Viewer, inspection_id: uuid.UUID) -> list[Line]:
    """Everything that one inspection found, open or closed."""
    query = _lines(viewer).where(Finding.inspection_id == inspection_id).order_by(Finding.id)
    return [_line(row) for row in db.session.execute(query)]


def of_equipment(viewer: Viewer, equipment_id: uuid.UUID, *, most: int = 20) -> list[Line]:
    """What was ever found of a piece of equipment, open ones first."""
    query = (
        _lines(viewer)
        .where(Finding.equipment_id == equipment_id)
        .order_by(Finding.closed_on.is_not(None), Finding.found_on.desc(), Finding.id)
        .limit(most)
    )
    return [_line(row) for row in db.session.execute(query)]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened to a finding after it was found: `evidence` or `recheck`."""

    kind: str
    at: datetime
    thing: Evidence | RecheckResult


@dataclass(frozen=True, kw_only=True)
class Story:
    """What became of a finding: what the school sent, how re-checks saw it, and the names of those who acted."""

    evidence: Sequence[Evidence]
    rechecks: Sequence[RecheckResult]
    names: dict[uuid.UUID, str]
    photos: dict[uuid.UUID, list[Photo]] = field(default_factory=dict)
    before: list[Photo] = field(default_factory=list)
    after: list[Photo] = field(default_factory=list)

    @property
    def events(self) -> list[Event]:
        """What was sent and how it was seen again, in order."""
        sent = [Event(kind="evidence", at=e.sent_at, thing=e) for e in self.evidence]
        seen = [Event(kind="recheck", at=r.seen_at, thing=r) for r in self.rechecks]
        return sorted([*sent, *seen], key=lambda event: event.at)


def stories(findings: Sequence[Finding], *, with_names: bool = True) -> dict[uuid.UUID, Story]:
    """The stories of these findings (seen already), in four queries whatever their number, three without names."""
    ids = [f.id for f in findings]
    sent = db.session.scalars(
        sa.select(Evidence).where(Evidence.finding_id.in_(ids)).order_by(Evidence.sent_at, Evidence.id)
    ).all()
    seen = db.session.scalars(
        sa.select(RecheckResult)
        .where(RecheckResult.finding_id.in_(ids))
        .order_by(RecheckResult.seen_at, RecheckResult.id)
    ).all()
    names = _names(sent, findings) if with_names else {}
    photos = _photos(findings, seen)
    return {
        f.id: Story(
            evidence=[e for e in sent if e.finding_id == f.id],
            rechecks=[r for r in seen if r.finding_id == f.id],
            names=names,
            photos={e.id: _sent_with(photos, f, e) for e in sent if e.finding_id == f.id}
            | {r.id: _taken_at(photos, f, r) for r in seen if r.finding_id == f.id},
            before=[p for p in photos if _is_of(p, f) and p.slot != AFTER],
            after=[p for p in photos if _is_of(p, f) and p.slot == AFTER],
        )
        for f in findings
    }


def _names(sent: Sequence[Evidence], findings: Sequence[Finding]) -> dict[uuid.UUID, str]:
    people = {e.sent_by_id for e in sent if e.sent_by_id and not e.sent_by_name}
    people |= {f.closed_by_id for f in findings if f.closed_by_id}
    if not people:
        return {}
    rows = db.session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(people)))
    return {key: name for key, name in rows}  # noqa: C416


#: The slot of a photo taken after correction on the spot.
AFTER = "after"
#: The item of a photo taken of a whole piece of equipment: it shows each fault found in that piece.
PIECE = "PIECE"


def _is_of(photo: Photo, finding: Finding) -> bool:
    at = (photo.target_id, photo.place) == (finding.inspection_id, finding.target_id)
    return at and photo.item in (finding.item_code, PIECE)


def _sent_with(photos: Sequence[Photo], finding: Finding, evidence: Evidence) -> list[Photo]:
    return [p for p in photos if p.target_id == finding.id and p.place == str(evidence.id)]


def _taken_at(photos: Sequence[Photo], finding: Finding, result: RecheckResult) -> list[Photo]:
    return [p for p in photos if p.target_id == result.inspection_id and p.place == str(finding.id)]


def _photos(findings: Sequence[Finding], rechecks: Sequence[RecheckResult]) -> Sequence[Photo]:
    """Photos that schools sent of these findings, those of the inspections they were found in, those of re-checks."""
    if not findings:
        return []
    ids = [f.id for f in findings]
    own = sa.and_(Photo.target_kind == TargetKind.FINDING, Photo.target_id.in_(ids))
    found = sa.and_(
        Photo.target_kind == TargetKind.INSPECTION,
        Photo.target_id.in_({f.inspection_id for f in findings if f.inspection_id}),
        Photo.item.in_({f.item_code for f in findings} | {PIECE}),
    )
    again = sa.and_(
        Photo.target_kind == TargetKind.RECHECK,
        Photo.target_id.in_({r.inspection_id for r in rechecks}),
        Photo.place.in_([str(key) for key in ids]),
    )
    query = sa.select(Photo).where(sa.or_(own, found, again), Photo.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(Photo.added_at, Photo.id)).all()


@dataclass(frozen=True, kw_only=True)
class LastVisit:
    """The visit that saw some findings last: which inspection or re-check, when, and by which two officers."""

    inspection_id: uuid.UUID
    on: date
    officers: tuple[uuid.UUID, uuid.UUID]


def last_visit(finding_ids: Sequence[uuid.UUID]) -> LastVisit | None:
    """The last signed visit that found or looked again at any of these findings."""
    if not finding_ids:
        return None
    seen = (
        sa.select(Finding.inspection_id.label("id"), Finding.found_on.label("day"))
        .where(Finding.id.in_(finding_ids))
        .union_all(
            sa.select(RecheckResult.inspection_id, RecheckResult.seen_on).where(
                RecheckResult.finding_id.in_(finding_ids)
            )
        )
        .subquery()
    )
    row = db.session.execute(
        sa.select(seen.c.id, seen.c.day, inspection_table.c.lead_id, inspection_table.c.second_id)
        .join(inspection_table, inspection_table.c.id == seen.c.id)
        .order_by(seen.c.day.desc(), seen.c.id.desc())
        .limit(1)
    ).first()
    return LastVisit(inspection_id=row[0], on=row[1], officers=(row[2], row[3])) if row else None
