"""Reading packs and calendars: the checklist in force, a pinned version, the days of a place."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.regulations.models import Calendar, CalendarDay, CalendarYear, DutyRule, PackVersion, Term
from app.regulations.rules import calendars as rules
from app.regulations.rules.checklist import Checklist

DEFAULT_PACK = "cn-school"
READ = "calendars read"
IN_FORCE = "versions in force"

#: Published versions never change, so a process keeps what it has read.
_checklists: dict[uuid.UUID, Checklist] = {}


def checklist(version_id: uuid.UUID) -> Checklist:
    """The checklist of a pack version, from memory after the first time. Raises NoResultFound for an unknown id."""
    known = _checklists.get(version_id)
    if known is None:
        row = db.session.get_one(PackVersion, version_id)
        known = _checklists[version_id] = Checklist(json.loads(row.content), row.sha256, row.id)
    return known


def current_checklist(code: str = DEFAULT_PACK) -> Checklist:
    """The newest version of a pack that is valid today; before the first one is valid, the first one."""
    read: dict[Any, uuid.UUID] = db.session.info.setdefault(IN_FORCE, {})
    key = (code, clock.today())
    if key not in read:
        read[key] = _in_force(code)
    return checklist(read[key])


def _in_force(code: str) -> uuid.UUID:
    version_id: uuid.UUID | None = db.session.scalar(
        sa.select(PackVersion.id)
        .where(PackVersion.code == code)
        .order_by(
            (PackVersion.valid_from <= clock.today()).desc(),
            sa.case((PackVersion.valid_from <= clock.today(), -PackVersion.version), else_=PackVersion.version),
        )
        .limit(1)
    )
    if version_id is None:
        raise LookupError(f"no pack {code}: run `flask packs load`")
    return version_id


def texts(lang: str, code: str = DEFAULT_PACK) -> Mapping[str, Mapping[str, Any]]:
    """All words of the pack in force in one language, by item code."""
    return current_checklist(code).texts(lang)


def pack_versions(_viewer: Viewer) -> Sequence[PackVersion]:
    """Every loaded version without its content, newest first; packs are the same for everybody who may see them."""
    return db.session.scalars(
        sa.select(PackVersion)
        .options(sa.orm.defer(PackVersion.content))
        .order_by(PackVersion.code, PackVersion.version.desc())
    ).all()


def pack_version(_viewer: Viewer, code: str, version: int) -> PackVersion | None:
    """One loaded version."""
    return db.session.scalar(
        sa.select(PackVersion)
        .options(sa.orm.defer(PackVersion.content))
        .where(PackVersion.code == code, PackVersion.version == version)
    )


def current_ids() -> set[uuid.UUID]:
    """The versions in force today, one of each pack."""
    rows = db.session.execute(
        sa.select(PackVersion.code, PackVersion.id)
        .where(PackVersion.valid_from <= clock.today())
        .order_by(PackVersion.version)
    )
    return set(dict(list(rows)).values())


def duty_rules(version_id: uuid.UUID) -> Sequence[DutyRule]:
    """What a school owes how often under a pack version."""
    return db.session.scalars(
        sa.select(DutyRule).where(DutyRule.pack_version_id == version_id).order_by(DutyRule.code)
    ).all()


def _is_for(area_code: str | None) -> Any:
    """Calendars of the country, of the area, and of the areas it lies in."""
    return sa.or_(Calendar.area_code.is_(None), Calendar.area_code.in_(_above(area_code) if area_code else []))


def _pending(calendar: Calendar, entered: set[tuple[int, str]], filled: set[int], years: range) -> list[rules.Pending]:
    return [
        rules.Pending(
            expected["name"],
            date.fromisoformat(f"{year}-{expected['from']}"),
            date.fromisoformat(f"{year}-{expected['to']}"),
        )
        for year in years
        if year not in filled
        for expected in calendar.expects
        if (year, expected["name"]) not in entered
    ]


def _read_layers(condition: Any) -> list[tuple[str | None, rules.DayLayer]]:
    """The layers that a condition names, each with its area, national first."""
    told = db.session.execute(
        sa.select(Calendar, CalendarYear)
        .outerjoin(CalendarYear, CalendarYear.calendar_id == Calendar.id)
        .where(condition)
        .order_by(Calendar.area_code)
    ).all()
    rows = list(dict.fromkeys(calendar for calendar, _year in told))
    years = [year for _calendar, year in told if year is not None]
    ids = [row.id for row in rows]
    days = db.session.scalars(
        sa.select(CalendarDay).where(CalendarDay.calendar_id.in_(ids), CalendarDay.withdrawn_at.is_(None))
    ).all()
    span = range(clock.today().year - 5, clock.today().year + 6)
    layers = []
    for row in sorted(rows, key=lambda c: c.area_code or ""):
        filled = {y.year for y in years if y.calendar_id == row.id and y.is_filled}
        own = [d for d in days if d.calendar_id == row.id]
        layer = rules.DayLayer(
            layer=rules.Layer(row.layer.value),
            name=row.name,
            days={d.day: rules.MarkedDay(d.is_working, d.name) for d in own},
            filled_years=frozenset(filled),
            pending=tuple(_pending(row, {(d.day.year, d.name) for d in own}, filled, span)),
        )
        layers.append((row.area_code, layer))
    return layers


def _layers(condition: Any) -> tuple[rules.DayLayer, ...]:
    return tuple(layer for _area, layer in _read_layers(condition))


def _above(area_code: str) -> list[str]:
    """An area and those it lies in."""
    return [area_code[:n] for n in (2, 4, 6, 9, 12) if n <= len(area_code)]


def _terms(area_code: str | None, school_id: uuid.UUID | None) -> tuple[rules.Term, ...]:
    """A school's own terms where it keeps some, else those of its area or the areas above."""
    rows = db.session.scalars(
        sa.select(Term)
        .where(
            Term.withdrawn_at.is_(None),
            sa.or_(
                Term.school_id == school_id if school_id else sa.false(),
                Term.area_code.in_(_above(area_code) if area_code else []),
            ),
            sa.or_(Term.school_id.is_(None), Term.school_id == school_id),
        )
        .order_by(Term.starts_on)
    ).all()
    own = [t for t in rows if t.school_id is not None]
    return tuple(rules.Term(t.name, t.starts_on, t.ends_on) for t in own or rows)


def calendars_of(schools: Mapping[uuid.UUID, str]) -> dict[uuid.UUID, rules.Calendar]:
    """The days and terms of many schools (id → area) in three queries; schools with the same days share one object."""
    codes = {code for area in schools.values() for code in _above(area)}
    layers = _read_layers(sa.or_(Calendar.area_code.is_(None), Calendar.area_code.in_(codes)))
    told = db.session.execute(
        sa.select(Term.area_code, Term.school_id, Term.name, Term.starts_on, Term.ends_on)
        .where(Term.withdrawn_at.is_(None), sa.or_(Term.school_id.is_not(None), Term.area_code.in_(codes)))
        .order_by(Term.starts_on)
    ).all()
    made: dict[Any, rules.Calendar] = {}
    found = {}
    for school_id, area in schools.items():
        above = set(_above(area))
        terms = [t for t in told if t.school_id == school_id]
        terms = terms or [t for t in told if t.school_id is None and t.area_code in above]
        held = [n for n, (code, _layer) in enumerate(layers) if code is None or code in above]
        key = (*held, *(tuple(t) for t in terms))
        if key not in made:
            made[key] = rules.Calendar(
                tuple(layers[n][1] for n in held), tuple(rules.Term(t.name, t.starts_on, t.ends_on) for t in terms)
            )
        found[school_id] = made[key]
    return found


def calendar_of(area_code: str | None, *, school_id: uuid.UUID | None = None) -> rules.Calendar:
    """The days of a place: nation, region, terms. Read once per transaction; edits forget what was read."""
    read: dict[Any, rules.Calendar] = db.session.info.setdefault(READ, {})
    key = (area_code, school_id)
    if key not in read:
        read[key] = rules.Calendar(_layers(_is_for(area_code)), _terms(area_code, school_id))
    return read[key]


def workdays_of(area_code: str | None) -> rules.Calendar:
    """The working days of a place without the terms of its schools, for pages that only reckon working days."""
    read: dict[Any, rules.Calendar] = db.session.info.setdefault(READ, {})
    if (area_code, None) in read:
        return read[(area_code, None)]
    key = (area_code, "workdays")
    if key not in read:
        read[key] = rules.Calendar(_layers(_is_for(area_code)))
    return read[key]


def forget_calendars(*_ended: Any) -> None:
    """Forget what was read of calendars; acts that change days call it, and so does the end of a transaction."""
    db.session.info.pop(READ, None)


def forget_versions(*_ended: Any) -> None:
    """Forget which versions are in force; loading packs calls it, and so does the end of a transaction."""
    db.session.info.pop(IN_FORCE, None)


for _end in ("after_commit", "after_soft_rollback"):
    sa.event.listen(db.session, _end, forget_calendars)
    sa.event.listen(db.session, _end, forget_versions)


def layer_of(calendar: Calendar) -> rules.DayLayer:
    """One calendar alone, as a layer."""
    return _layers(Calendar.id == calendar.id)[0]


def calendars_for(viewer: Viewer) -> Sequence[Calendar]:
    """The country's calendar and those of the viewer's own areas, above and below."""
    areas = sorted({viewer.own_brigade_area, *viewer.area_codes} - {None, ""})  # type: ignore[type-var]
    below = [Calendar.area_code.startswith(code, autoescape=True) for code in areas if code]
    return db.session.scalars(
        sa.select(Calendar)
        .where(sa.or_(*(_is_for(code) for code in areas), *below, Calendar.area_code.is_(None)))
        .order_by(Calendar.area_code.is_not(None), Calendar.area_code)
    ).all()


def calendar_by_code(viewer: Viewer, code: str) -> Calendar | None:
    """One of the viewer's calendars."""
    return next((c for c in calendars_for(viewer) if c.code == code), None)


@dataclass(frozen=True, slots=True)
class YearState:
    """How one year of a calendar stands: complete, and which expected holidays have no dates yet."""

    year: int
    is_filled: bool
    marked_days: int
    pending: tuple[str, ...]


def year_states(calendars: Sequence[Calendar], years: range) -> dict[uuid.UUID, list[YearState]]:
    """The state of these years for each calendar, in two queries."""
    ids = [c.id for c in calendars]
    filled = db.session.execute(
        sa.select(CalendarYear.calendar_id, CalendarYear.year).where(
            CalendarYear.calendar_id.in_(ids), CalendarYear.is_filled
        )
    ).all()
    days = db.session.execute(
        sa.select(CalendarDay.calendar_id, CalendarDay.day, CalendarDay.name).where(
            CalendarDay.calendar_id.in_(ids), CalendarDay.withdrawn_at.is_(None)
        )
    ).all()
    full = {(calendar_id, year) for calendar_id, year in filled}
    entered = {(calendar_id, day.year, name) for calendar_id, day, name in days}
    counts: dict[tuple[uuid.UUID, int], int] = {}
    for calendar_id, day, _name in days:
        counts[calendar_id, day.year] = counts.get((calendar_id, day.year), 0) + 1
    return {
        c.id: [
            YearState(
                year,
                (c.id, year) in full,
                counts.get((c.id, year), 0),
                tuple(
                    e["name"] for e in c.expects if (c.id, year) not in full and (c.id, year, e["name"]) not in entered
                ),
            )
            for year in years
        ]
        for c in calendars
    }


def days_of(calendar: Calendar, year: int) -> Sequence[CalendarDay]:
    """The marked days of one year of a calendar, in order."""
    return db.session.scalars(
        sa.select(CalendarDay)
        .where(
            CalendarDay.calendar_id == calendar.id,
            CalendarDay.withdrawn_at.is_(None),
            CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(CalendarDay.day)
    ).all()


def terms_for(viewer: Viewer) -> Sequence[Term]:
    """The terms of the viewer's areas, newest first; schools' own terms are on their pages."""
    areas = sorted(code for code in {viewer.own_brigade_area, *viewer.area_codes} if code)
    above = [step for code in areas for step in _above(code)]
    below = [Term.area_code.startswith(code, autoescape=True) for code in areas]
    return db.session.scalars(
        sa.select(Term)
        .where(Term.withdrawn_at.is_(None), Term.school_id.is_(None), sa.or_(Term.area_code.in_(above), *below))
        .order_by(Term.starts_on.desc())
        .limit(60)
    ).all()


def term_by_id(viewer: Viewer, term_id: uuid.UUID) -> Term | None:
    """One of the viewer's terms."""
    return next((t for t in terms_for(viewer) if t.id == term_id), None)
