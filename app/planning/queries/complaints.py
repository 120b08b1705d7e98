"""Finding complaints; the viewer comes first. Nothing here reads who complained."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.organisations.models import Brigade
from app.planning.models.complaints import Complaint, ComplaintEvent, ComplaintPhoto, number_of
from app.planning.models.visits import Visit, VisitState
from app.planning.rules import complaints as rules
from app.planning.rules.complaints import CLOCK_RUNS, ComplaintKind, ComplaintState, Counted, Intake
from app.regulations.queries import workdays_of
from app.regulations.rules import clocks
from app.regulations.rules.clocks import Due
from app.schools.models import School

#: More complaints than this never wait at once; a flood is cut here rather than slow every page.
MOST_RUNNING = 500
_inspection = sa.table(
    "inspection",
    sa.column("id", sa.Uuid()),
    sa.column("visit_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("started_at", sa.DateTime()),
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A complaint with its school, until when somebody must have been on site, and who goes there."""

    complaint: Complaint
    school: School | None
    due: Due
    area_code: str
    officers: tuple[uuid.UUID, ...] = ()

    @property
    def runs(self) -> bool:
        """Whether the clock still runs."""
        return self.complaint.state in CLOCK_RUNS

    @property
    def is_late(self) -> bool:
        """Nobody was there in time, or nobody is there yet and the time is over."""
        at = self.complaint.stopped_at or clock.now()
        return self.due.is_late(at, clock.day_of(at))


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to. `to_do` is what is not closed."""

    text: str = ""
    state: ComplaintState | None = None
    kind: ComplaintKind | None = None
    intake: Intake | None = None
    school_id: uuid.UUID | None = None
    late: bool = False
    to_do: bool = False


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Complaint: those of the viewer's own brigades, and only for who may see complaints."""
    if not viewer.may(Permission.SEE_COMPLAINTS):
        return sa.false()
    return Complaint.brigade_id.in_(viewer.brigade_ids)


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(Complaint, School, Brigade.area_code, Visit.lead_id, Visit.second_id)
        .outerjoin(School, School.id == Complaint.school_id)
        .outerjoin(Visit, Visit.id == Complaint.visit_id)
        .join(Brigade, Brigade.id == Complaint.brigade_id)
        .where(visible(viewer))
    )


def _line(row: Sequence[Any]) -> Line:
    complaint, school, area_code, *officers = row
    return Line(
        complaint=complaint,
        school=school,
        due=due_of(complaint, area_code),
        area_code=area_code,
        officers=tuple(one for one in officers if one),
    )


def due_of(complaint: Complaint, area_code: str | None) -> Due:
    """Until when somebody must be on site, by the calendar of the brigade's area."""
    return clocks.due_of(rules.clock_of(complaint.kind), complaint.received_at, workdays_of(area_code))


def get(viewer: Viewer, complaint_id: uuid.UUID) -> Complaint | None:
    """A complaint, if the viewer may see it."""
    return db.session.scalar(sa.select(Complaint).where(Complaint.id == complaint_id, visible(viewer)))


def locked(viewer: Viewer, complaint_id: uuid.UUID) -> Complaint | None:
    """The same, held until the act is committed, as it stands now."""
    query = sa.select(Complaint).where(Complaint.id == complaint_id, visible(viewer))
    return db.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def line(viewer: Viewer, complaint_id: uuid.UUID) -> Line | None:
    """One complaint with its school and its clock."""
    row = db.session.execute(_lines(viewer).where(Complaint.id == complaint_id)).one_or_none()
    return _line(row) if row else None


def listing(viewer: Viewer, wanted: Wanted, *, key: str | None = None) -> paging.Page[Line]:
    """One page of complaints, the latest first."""
    query = _lines(viewer).where(*_conditions(viewer, wanted))
    found = paging.page(query, keys=[(Complaint.received_at, True), (Complaint.id, True)], key=key, scalars=False)
    return paging.Page([_line(row) for row in found.rows], found.next_key, found.previous_key)


def _conditions(viewer: Viewer, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    for column, value in (
        (Complaint.state, wanted.state),
        (Complaint.kind, wanted.kind),
        (Complaint.intake, wanted.intake),
        (Complaint.school_id, wanted.school_id),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.to_do:
        found.append(Complaint.state.in_(rules.OPEN))
    if wanted.late:
        found.append(Complaint.id.in_([one.complaint.id for one in running(viewer) if one.is_late]))
    if wanted.text.strip():
        found.append(_says(wanted.text.strip()))
    return found


def _says(text: str) -> sa.ColumnElement[bool]:
    """Search in what is not protected: the number, the school, what was said, the other office."""
    columns = (Complaint.text, Complaint.about, Complaint.place, Complaint.office, Complaint.office_number, School.name)
    return sa.or_(*(column.icontains(text, autoescape=True) for column in columns), _number_is(text))


def _number_is(text: str) -> sa.ColumnElement[bool]:
    year, sign, serial = text.partition("-")
    if sign and year.isdecimal() and serial.isdecimal() and len(text) < 16:
        return sa.and_(Complaint.year == int(year), Complaint.serial == int(serial))
    return sa.false()


def all_running() -> list[tuple[Complaint, str, Due]]:
    """The same of every brigade, with the school's name: for the reminders of the day, which nobody looks at."""
    query = (
        sa.select(Complaint, School.name, Brigade.area_code)
        .outerjoin(School, School.id == Complaint.school_id)
        .join(Brigade, Brigade.id == Complaint.brigade_id)
        .where(Complaint.state.in_(CLOCK_RUNS))
        .order_by(Complaint.received_at, Complaint.id)
    )
    return [(row[0], row[1] or row[0].about, due_of(row[0], row[2])) for row in db.session.execute(query)]


def running(viewer: Viewer, *, most: int = MOST_RUNNING) -> list[Line]:
    """Complaints for which nobody has been on site yet, the oldest first."""
    query = _lines(viewer).where(Complaint.state.in_(CLOCK_RUNS)).order_by(Complaint.received_at, Complaint.id)
    return [_line(row) for row in db.session.execute(query.limit(most))]


class Clocked(NamedTuple):
    """What the clock of a complaint goes by and says, without the rest of it."""

    id: uuid.UUID
    number: str
    kind: ComplaintKind
    about: str
    received_at: datetime
    brigade_id: uuid.UUID
    school: str
    school_en: str
    area_code: str
    officers: tuple[uuid.UUID, ...]


def clocked(viewer: Viewer) -> Iterator[Clocked]:
    """Complaints whose clock runs, the oldest first, in one query."""
    one = Complaint
    query = (
        sa.select(one.year, one.serial, one.id, one.kind, one.about, one.received_at, one.brigade_id)
        .add_columns(School.name, School.name_en, Brigade.area_code, Visit.lead_id, Visit.second_id)
        .outerjoin(School, School.id == one.school_id)
        .outerjoin(Visit, Visit.id == one.visit_id)
        .join(Brigade, Brigade.id == one.brigade_id)
        .where(visible(viewer), one.state.in_(CLOCK_RUNS))
        .order_by(one.received_at, one.id)
        .limit(MOST_RUNNING)
    )
    for (
        year,
        serial,
        key,
        kind,
        about,
        received_at,
        brigade_id,
        name,
        name_en,
        area_code,
        *officers,
    ) in db.session.execute(query):
        yield Clocked(
            key, number_of(year, serial), kind, about, received_at, brigade_id, name or "", name_en or "", area_code,
            tuple(one for one in officers if one),
        )  # fmt: skip


def events_of(complaint_id: uuid.UUID) -> Sequence[ComplaintEvent]:
    """The timeline, the latest first."""
    return db.session.scalars(
        sa.select(ComplaintEvent)
        .where(ComplaintEvent.complaint_id == complaint_id)
        .order_by(ComplaintEvent.at.desc(), ComplaintEvent.id.desc())
    ).all()


def photos_of(complaint_id: uuid.UUID) -> Sequence[ComplaintPhoto]:
    """The photos that came with it."""
    return db.session.scalars(
        sa.select(ComplaintPhoto).where(ComplaintPhoto.complaint_id == complaint_id).order_by(ComplaintPhoto.position)
    ).all()


def count_photos(complaint_id: uuid.UUID) -> int:
    """How many photos it has."""
    of = ComplaintPhoto.complaint_id == complaint_id
    return db.session.scalar(sa.select(sa.func.count()).select_from(ComplaintPhoto).where(of)) or 0


def photo(viewer: Viewer, complaint_id: uuid.UUID, position: int) -> ComplaintPhoto | None:
    """One photo of a complaint that the viewer may see."""
    return db.session.scalar(
        sa.select(ComplaintPhoto)
        .join(Complaint, Complaint.id == ComplaintPhoto.complaint_id)
        .where(ComplaintPhoto.complaint_id == complaint_id, ComplaintPhoto.position == position, visible(viewer))
    )


def beside(complaint: Complaint) -> Sequence[Complaint]:
    """The complaint that this one repeats, and those that repeat it."""
    near = [Complaint.duplicate_of_id == complaint.id]
    if complaint.duplicate_of_id is not None:
        near.append(Complaint.id == complaint.duplicate_of_id)
    return db.session.scalars(sa.select(Complaint).where(sa.or_(*near)).order_by(Complaint.received_at)).all()


def accepted_beside(complaint: Complaint) -> Sequence[Complaint]:
    """Accepted complaints of the same group that still wait for a visit."""
    root = complaint.duplicate_of_id or complaint.id
    return db.session.scalars(
        sa.select(Complaint)
        .where(
            sa.or_(Complaint.id == root, Complaint.duplicate_of_id == root),
            Complaint.id != complaint.id,
            Complaint.state == ComplaintState.ACCEPTED,
        )
        .order_by(Complaint.id)
    ).all()


def has_duplicates(complaint_id: uuid.UUID) -> bool:
    """Whether other complaints repeat this one."""
    of = sa.exists().where(Complaint.duplicate_of_id == complaint_id)
    return bool(db.session.scalar(sa.select(of)))


def root_of(complaint: Complaint) -> Complaint:
    """The first of the complaints that say the same."""
    return db.session.get(Complaint, complaint.duplicate_of_id) or complaint if complaint.duplicate_of_id else complaint


def alike(viewer: Viewer, complaint: Complaint, *, most: int = 20) -> Sequence[Complaint]:
    """Other complaints about the same school that this one may repeat, the latest first."""
    if complaint.school_id is None:
        return []
    return db.session.scalars(
        sa.select(Complaint)
        .where(
            visible(viewer),
            Complaint.school_id == complaint.school_id,
            Complaint.id != complaint.id,
            Complaint.duplicate_of_id.is_(None),
        )
        .order_by(Complaint.received_at.desc())
        .limit(most)
    ).all()


@dataclass(frozen=True, kw_only=True)
class Outing:
    """The visit at which a complaint is checked, its officers, and the inspection that was made there."""

    visit: Visit
    officers: tuple[str, ...]
    inspection_id: uuid.UUID | None


def outing_of(complaint: Complaint) -> Outing | None:
    """The visit for this complaint. Inspections stand above planning, so theirs is read by the table's name."""
    if complaint.visit_id is None:
        return None
    lead, second = sa.orm.aliased(Person), sa.orm.aliased(Person)
    inspection = (
        sa.select(_inspection.c.id)
        .where(_inspection.c.visit_id == Visit.id, _inspection.c.state != "withdrawn")
        .order_by(_inspection.c.started_at)
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(Visit, lead.name, second.name, inspection)
        .join(lead, lead.id == Visit.lead_id)
        .outerjoin(second, second.id == Visit.second_id)
        .where(Visit.id == complaint.visit_id)
    ).one()
    return Outing(visit=row[0], officers=tuple(name for name in row[1:3] if name), inspection_id=row[3])


def visits_since(complaint: Complaint, *, most: int = 10) -> Sequence[Visit]:
    """Visits to the school that began after the complaint came in."""
    if complaint.school_id is None:
        return []
    return db.session.scalars(
        sa.select(Visit)
        .where(
            Visit.school_id == complaint.school_id,
            Visit.brigade_id == complaint.brigade_id,
            Visit.state.in_([VisitState.UNDER_WAY, VisitState.DONE]),
            Visit.started_at >= complaint.received_at,
        )
        .order_by(Visit.started_at)
        .limit(most)
    ).all()


def from_the_wall(complaint_id: uuid.UUID, school_id: uuid.UUID) -> Complaint | None:
    """A complaint from this school's wall, for who holds the address of its receipt."""
    return db.session.scalar(
        sa.select(Complaint).where(
            Complaint.id == complaint_id, Complaint.school_id == school_id, Complaint.intake == Intake.WALL
        )
    )


def years_of(viewer: Viewer) -> list[int]:
    """Years in which the viewer's brigades got complaints, and this one, the latest first."""
    known = db.session.scalars(sa.select(Complaint.year).where(Complaint.brigade_id.in_(viewer.brigade_ids)).distinct())
    return sorted({*known, clock.today().year}, reverse=True)


def counted(viewer: Viewer, year: int) -> list[Counted]:
    """The complaints of a year as figures only. Who may count need not be allowed to read any."""
    month = sa.extract("month", _at_school(Complaint.received_at))
    columns = (month, Complaint.kind, Complaint.intake, Complaint.outcome)
    rows = db.session.execute(
        sa.select(*columns, sa.func.count())
        .where(Complaint.brigade_id.in_(viewer.brigade_ids), Complaint.year == year)
        .group_by(*columns)
    )
    return [Counted(int(row[0]), row[1], row[2], row[3], row[4]) for row in rows]


def _at_school(column: Any) -> Any:
    """A moment as the clock on the school's wall shows it, for both databases."""
    if db.engine.dialect.name == "postgresql":
        return sa.func.timezone(str(clock.ZONE), column)
    return sa.func.datetime(column, "+8 hours", type_=sa.DateTime())
