"""The list of schools: search, filters, pages; and which schools look like one another."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.accounts.queries.staff import register_school_search
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.paging import Page, page
from app.organisations.models import Area
from app.schools.models import School, SchoolKind, SchoolStatus, SearchTerm
from app.schools.queries import groups, visible
from app.schools.rules import search
from app.schools.rules.matching import clues_of

_LAST = "\U0010ffff"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the list is narrowed to. `unvisited` are schools without a visit since the first of January; `group`: see groups."""

    text: str = ""
    kind: SchoolKind | None = None
    area_code: str = ""
    status: SchoolStatus | None = None
    boarding: bool = False
    key_unit: bool = False
    unvisited: bool = False
    group: str = ""
    brigade_id: uuid.UUID | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether anything at all is asked for."""
        return self != Wanted()


def year_begins() -> date:
    """The first of January of this year, where the schools are."""
    return clock.today().replace(month=1, day=1)


def _conditions(viewer: Viewer, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    found = [visible(viewer)]
    if wanted.status is not None:
        found.append(School.status == wanted.status)
    else:
        found.append(School.status.in_([SchoolStatus.OPEN, SchoolStatus.SUSPENDED]))
    if wanted.kind is not None:
        found.append(School.kind == wanted.kind)
    if wanted.area_code:
        found.append(School.area_code.startswith(wanted.area_code, autoescape=True))
    if wanted.group:
        found.append(groups.condition(wanted.group))
    if wanted.brigade_id is not None:
        found.append(School.brigade_id == wanted.brigade_id)
    if wanted.boarding:
        found.append(School.is_boarding.is_(True))
    if wanted.key_unit:
        found.append(School.is_key_unit.is_(True))
    if wanted.unvisited:
        found.append(sa.or_(School.last_visited_on.is_(None), School.last_visited_on < year_begins()))
    return found


def _begins(forms: Iterable[str]) -> sa.ColumnElement[bool]:
    return sa.or_(*[sa.and_(SearchTerm.term >= form, SearchTerm.term < form + _LAST) for form in forms])


def _ranked(words: Sequence[Sequence[str]]) -> tuple[sa.Subquery, list[sa.ColumnElement[bool]]]:
    """Schools that the first word finds, with the rank of the best find; and the conditions of the other words."""
    exact = sa.case((SearchTerm.term.in_(words[0]), 0), else_=1)
    rank = sa.func.min(SearchTerm.weight * 2 + exact).label("rank")
    first = (
        sa.select(SearchTerm.school_id, rank).where(_begins(words[0])).group_by(SearchTerm.school_id).subquery("first")
    )
    others: list[sa.ColumnElement[bool]] = [
        School.id.in_(sa.select(SearchTerm.school_id).where(_begins(word))) for word in words[1:]
    ]
    return first, others


def find(viewer: Viewer, wanted: Wanted, *, key: str | None = None, size: int = 50) -> Page[School]:
    """One page of the schools a viewer may see; with a text, the best finds first. Three queries at most."""
    conditions = _conditions(viewer, wanted)
    if not wanted.text.strip():
        query = sa.select(School).where(*conditions)
        return page(query, keys=[(School.sort_name, False), (School.id, False)], key=key, size=size)
    found: Page[School] = Page([], None, None)
    for words in search.tries(wanted.text):
        found = _search(conditions, words, key, size)
        if found.rows:
            break
    return found


def _search(
    conditions: list[sa.ColumnElement[bool]], words: Sequence[Sequence[str]], key: str | None, size: int
) -> Page[School]:
    first, others = _ranked(words)
    query = sa.select(School).join(first, first.c.school_id == School.id).where(*conditions, *others)
    keys = [(first.c.rank, False), (School.sort_name, False), (School.id, False)]
    return page(query, keys=keys, key=key, size=size)


def count(viewer: Viewer, wanted: Wanted) -> int:
    """How many schools the filters leave (the text is not counted)."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(School).where(*_conditions(viewer, wanted))) or 0


def named(viewer: Viewer, text: str) -> sa.ColumnElement[bool]:
    """A condition on School for the lists of other features: what the text finds here it finds there. Three queries at most."""
    for words in search.tries(text):
        condition = sa.and_(*[School.id.in_(sa.select(SearchTerm.school_id).where(_begins(word))) for word in words])
        if db.session.scalar(sa.select(School.id).where(visible(viewer), condition).limit(1)):
            return condition
    return sa.false()


def _ids_of(viewer: Viewer, text: str, most: int) -> list[uuid.UUID]:
    return [school.id for school in find(viewer, Wanted(text=text), size=most).rows]


register_school_search(_ids_of)


def _all(viewer: Viewer, wanted: Wanted) -> Iterator[sa.Select[School]]:
    """What filters and text leave, by each way to look for the text; the first that finds any counts."""
    query = sa.select(School).where(*_conditions(viewer, wanted))
    if not wanted.text.strip():
        yield query
    for words in search.tries(wanted.text):
        first, others = _ranked(words)
        yield query.join(first, first.c.school_id == School.id).where(*others)


def number_of(viewer: Viewer, wanted: Wanted) -> int:
    """How many schools filters and text leave, as `find` finds them."""
    for query in _all(viewer, wanted):
        chosen = query.with_only_columns(School.id).subquery()
        number = db.session.scalar(sa.select(sa.func.count()).select_from(chosen)) or 0
        if number:
            return number
    return 0


def everything(viewer: Viewer, wanted: Wanted, *, most: int) -> Sequence[School]:
    """All schools that filters and text leave, as `find` finds them, by name."""
    for query in _all(viewer, wanted):
        found = db.session.scalars(query.order_by(School.sort_name, School.id).limit(most)).all()
        if found:
            return found
    return []


def areas_in_use(viewer: Viewer) -> Sequence[Area]:
    """Areas in which the viewer has schools, to filter by."""
    codes = sa.select(School.area_code).where(visible(viewer)).distinct()
    return db.session.scalars(sa.select(Area).where(Area.code.in_(codes)).order_by(Area.code)).all()


def by_ids(viewer: Viewer, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, School]:
    """Schools by id, those of them that the viewer may see."""
    rows = db.session.scalars(sa.select(School).where(School.id.in_(list(ids)), visible(viewer)))
    return {school.id: school for school in rows}


def alike(viewer: Viewer, *, most: int = 100) -> list[tuple[School, School, str]]:
    """Pairs of schools at work that may be one and the same: equal but for typing, or one telephone. Two queries."""
    at_work = sa.and_(visible(viewer), School.status.in_([SchoolStatus.OPEN, SchoolStatus.SUSPENDED]))
    rows = db.session.scalars(sa.select(School).where(at_work).order_by(School.sort_name, School.id)).all()
    return _pairs(rows, most)


def _pairs(rows: Sequence[School], most: int) -> list[tuple[School, School, str]]:
    by_clue: dict[tuple[str, str], list[School]] = {}
    for school in rows:
        for clue in clues(school):
            by_clue.setdefault(clue, []).append(school)
    found: dict[tuple[uuid.UUID, uuid.UUID], tuple[School, School, str]] = {}
    for (why, _text), same in by_clue.items():
        if why == "same_phone" and len(same) > 3:
            continue
        for other in same[1:4]:
            if not _are_campuses(same[0], other):
                found.setdefault((same[0].id, other.id), (same[0], other, why))
    return list(found.values())[:most]


def clues(school: School) -> list[tuple[str, str]]:
    """What a school has in common with a double of it."""
    return clues_of(
        {
            "name": school.name,
            "area_code": school.area_code,
            "phone": school.phone,
            "responsible_phone": school.responsible_phone,
        }
    )


def _are_campuses(one: School, other: School) -> bool:
    """A branch and its school, or two branches, are known to be two."""
    return (
        one.parent_id == other.id
        or other.parent_id == one.id
        or bool(one.parent_id and one.parent_id == other.parent_id)
    )
