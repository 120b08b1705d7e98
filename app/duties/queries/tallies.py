"""The grid of a district: each school's year as it was counted, and which of them no longer hold."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.duties.models import DutyChange, DutyTally
from app.duties.queries import facts
from app.duties.queries.standing import Cell, cell
from app.duties.rules.counting import Standing
from app.duties.rules.tallies import Months, added, nothing, rank, tallies, worst
from app.regulations import queries as regulations
from app.regulations.queries import current_checklist
from app.regulations.rules.calendars import Calendar
from app.schools import queries as schools
from app.schools.models import School, SchoolKind, SchoolStatus
from app.schools.queries import register

#: All that count together, in the place of a duty.
ALL = ""
_APP = Path(__file__).resolve().parents[2]
#: The code that counts: figures of an older one do not hold.
_COUNTED_BY = ("duties/rules/*.py", "duties/queries/*.py", "duties/recount.py", "regulations/rules/*.py")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which schools the grid of a district shows, which duty of theirs (all by default), and whether by name."""

    search: str = ""
    kind: str = ""
    duty: str = ALL
    by_name: bool = False


@dataclass(frozen=True)
class Line:
    """A school's year of the duty that was chosen. `months` is what counts, `told` what only informs; None: to be counted."""

    school_id: uuid.UUID
    name: str
    name_en: str
    sort_name: str
    months: Months | None
    told: Months | None = None

    @cached_property
    def cells(self) -> list[Cell]:
        """The twelve months. Where nothing counts, what only informs."""
        both = zip(tallies(self.months or nothing()), tallies(self.told or nothing()), strict=True)
        return [cell(told, informs=True) if counted.worst is None else cell(counted) for counted, told in both]


@cache
def _counted_by() -> str:
    found = hashlib.sha256()
    for pattern in _COUNTED_BY:
        for path in sorted(_APP.glob(pattern)):
            found.update(path.read_bytes())
    return found.hexdigest()


def _days_of(calendar: Calendar) -> str:
    marked = [[str(d), day.working] for layer in calendar.layers for d, day in (*sorted(layer.days.items()),)]
    return f"{marked}{[(str(term.start), str(term.end), term.name) for term in calendar.terms]}"


def keys_of(
    found: Mapping[uuid.UUID, tuple[Calendar, Mapping[str, date]]], year: int, *, today: date
) -> dict[uuid.UUID, str]:
    """By what each school's year is counted beside its own facts: the day, the code, the rules, its calendar, what was taken on."""
    common = f"{today} {year} {_counted_by()} {current_checklist().sha256}"
    made: dict[tuple[int, int], str] = {}
    keys = {}
    for school_id, (calendar, adopted) in found.items():
        pair = (id(calendar), id(adopted))
        if pair not in made:
            taken_on = sorted((code, str(since)) for code, since in adopted.items())
            made[pair] = hashlib.sha256(f"{common} {_days_of(calendar)} {taken_on}".encode()).hexdigest()
        keys[school_id] = made[pair]
    return keys


def _chosen(viewer: Viewer, choice: Choice) -> Iterable[sa.ColumnElement[bool]]:
    yield School.status == SchoolStatus.OPEN
    if choice.kind in SchoolKind.__members__.values():
        yield School.kind == SchoolKind(choice.kind)
    if choice.search.strip():
        yield register.named(viewer, choice.search)


def _kept(conditions: Iterable[sa.ColumnElement[bool]], year: int, duty: str) -> Sequence[Any]:
    """Open schools, the key of what is kept of each, and its months: of all duties, or of one and of what of it only informs."""
    whole, own, told = aliased(DutyTally), aliased(DutyTally), aliased(DutyTally)

    def of(tally: Any, code: str, informs: bool) -> sa.ColumnElement[bool]:
        return sa.and_(tally.school_id == School.id, tally.year == year, tally.duty == code, tally.informs.is_(informs))

    query = sa.select(
        School.id, School.name, School.name_en, School.sort_name, School.area_code, School.brigade_id, whole.key
    ).outerjoin(whole, of(whole, ALL, False))  # fmt: skip
    if duty == ALL:
        query = query.add_columns(whole.months, sa.null())
    else:
        query = query.add_columns(own.months, told.months)
        query = query.outerjoin(own, of(own, duty, False)).outerjoin(told, of(told, duty, True))
    return db.session.execute(query.where(*conditions)).all()


def _lines(conditions: Iterable[sa.ColumnElement[bool]], year: int, duty: str) -> list[Line]:
    """These schools with what still holds of what is kept. The marks are read before: a count meanwhile takes them away."""
    changed = set(db.session.scalars(sa.select(DutyChange.school_id).distinct()))
    rows = _kept(conditions, year, duty)
    calendars = regulations.calendars_of({row.id: row.area_code for row in rows})
    adopted = facts.adopted({row.brigade_id for row in rows})
    keys = keys_of({r.id: (calendars[r.id], adopted[r.brigade_id]) for r in rows}, year, today=clock.today())
    found = []
    for school_id, name, name_en, sort_name, _area, _brigade, key, months, told in rows:
        holds = key == keys[school_id] and school_id not in changed and None not in changed
        found.append(Line(school_id, name, name_en, sort_name, months or nothing() if holds else None, told))
    return found


def read(viewer: Viewer, choice: Choice, year: int) -> list[Line]:
    """What is kept of the viewer's open schools, in seven queries however many they are; a text to search by takes three more at most."""
    return _lines([schools.visible(viewer), *_chosen(viewer, choice)], year, choice.duty)


def stale_of_all(year: int) -> list[uuid.UUID]:
    """The open schools whose year is to be counted, whoever may see them."""
    lines = _lines([School.status == SchoolStatus.OPEN], year, ALL)
    return [line.school_id for line in lines if line.months is None]


def with_counted(
    lines: Sequence[Line], counted: Mapping[uuid.UUID, Mapping[tuple[str, bool], Months]], duty: str
) -> list[Line]:
    """The lines with what was counted just now in its place."""
    return [
        replace(line, months=of.get((duty, False), nothing()), told=of.get((duty, True)))
        if (of := counted.get(line.school_id)) is not None
        else line
        for line in lines
    ]


@dataclass(frozen=True)
class Grid:
    """A district's year: one page of its schools, all of them together, and how many are coloured by each standing."""

    page: paging.Page[Line]
    schools: int
    together: list[Cell]
    sums: Mapping[Standing, int]


def grid(lines: Sequence[Line], choice: Choice, *, months: Sequence[int], key: str | None, size: int = 50) -> Grid:
    """The lines as a grid, the worst first or by name; `months` are those whose colours are counted."""

    def place(line: Line) -> tuple[Any, ...]:
        by_rank = () if choice.by_name else rank(line.months or nothing())
        return (*by_rank, line.sort_name, str(line.school_id))

    places = {line.school_id: place(line) for line in lines}
    ordered = sorted(lines, key=lambda line: places[line.school_id])
    sums: dict[Standing, int] = {}
    for line in lines:
        if (standing := worst(line.months or nothing(), months)) is not None:
            sums[standing] = sums.get(standing, 0) + 1
    whole = Line(uuid.UUID(int=0), "", "", "", added(line.months or nothing() for line in lines),
                 added(line.told for line in lines if line.told))  # fmt: skip
    page = paging.cut(ordered, place=lambda line: places[line.school_id], key=key, size=size)
    return Grid(page, len(lines), whole.cells, sums)
