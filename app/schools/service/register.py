"""Registering schools, changing and closing them; keeping what they are found by."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.core import clock
from app.core.errors import CONSTRAINT_SENTENCES, DomainError
from app.core.extensions import db
from app.core.spelling import sort_key
from app.organisations.queries import current_code
from app.schools.models import School, SchoolStatus, SearchTerm
from app.schools.rules.matching import clues_of
from app.schools.rules.search import identity_of, terms_of
from app.schools.service.changes import apply, note, plain
from app.schools.service.past import remember

CONSTRAINT_SENTENCES.update(
    {"uq_school_source_code": "这个代码已经登记在另一所学校。", "not_own_parent": "学校不能是自己的分校。"}
)
_CHUNK = 1000


class LooksLikeAnother(DomainError):
    """A school being registered looks like one that is there; whoever knows better says so and goes on."""

    def __init__(self, schools: Sequence[School]) -> None:
        names = "、".join(school.name for school in schools[:3])
        super().__init__(
            _("登记册中已有相似的学校：%(names)s。如确是另一所学校，请勾选确认后再保存。", names=names), code="similar"
        )
        self.schools = schools


def create_school(by: Any, *, brigade_id: uuid.UUID, is_sure: bool = False, **values: Any) -> School:
    """Register a school of a brigade. Refuses one that looks like another until `is_sure`."""
    values = _checked(None, brigade_id, values)
    if not is_sure:
        alike = _alike(brigade_id, values)
        if alike:
            raise LooksLikeAnother(alike)
    school = School(brigade_id=brigade_id, **values)
    school.facilities = school.facilities or []
    db.session.add(school)
    db.session.flush()
    index_schools([school])
    note(by, "register_school", school.id, name=school.name, area=school.area_code)
    return school


def edit_school(by: Any, school: School, **values: Any) -> dict[str, list[Any]]:
    """Change what is known of a school; returns column → [old, new], empty when nothing differs."""
    _at_work(school)
    changes = apply(school, _checked(school, school.brigade_id, values))
    if not changes:
        return changes
    school.identity = identity_of(name=school.name, area_code=school.area_code, address=school.address)
    school.sort_name, school.changed_at = sort_key(school.name), clock.now()
    remember(school, changes)
    db.session.flush()
    if {"name", "name_bo", "name_en", "external_code"} & changes.keys():
        index_schools([school])
    note(by, "change_school", school.id, changes=changes)
    return changes


def suspend(by: Any, school: School, *, reason: str) -> None:
    """A school stops for a while; it stays in lists."""
    _set_status(by, school, SchoolStatus.SUSPENDED, "suspend_school", reason)


def close(by: Any, school: School, *, reason: str) -> None:
    """A school is given up for good. Its records stay; lists leave it out unless asked."""
    _set_status(by, school, SchoolStatus.CLOSED, "close_school", reason)


def reopen(by: Any, school: School, *, reason: str) -> None:
    """A school that stopped or was given up works again."""
    if school.status == SchoolStatus.MERGED:
        raise DomainError(_("这所学校已并入另一所学校，请先撤销合并。"))
    _set_status(by, school, SchoolStatus.OPEN, "reopen_school", reason)


def _set_status(by: Any, school: School, status: SchoolStatus, action: str, reason: str) -> None:
    if school.status == SchoolStatus.MERGED:
        raise DomainError(_("这所学校已并入另一所学校，请在并入后的学校上操作。"))
    if not reason.strip():
        raise DomainError(_("请写明原因。"), field="reason")
    if school.status == status:
        return
    changes = {"status": [plain(school.status), plain(status)]}
    school.status, school.changed_at = status, clock.now()
    db.session.flush()
    note(by, action, school.id, changes=changes, reason=reason.strip())


def _at_work(school: School) -> None:
    if school.status == SchoolStatus.MERGED:
        raise DomainError(_("这所学校已并入另一所学校，请在并入后的学校上操作。"))


def _checked(school: School | None, brigade_id: uuid.UUID, values: dict[str, Any]) -> dict[str, Any]:
    """Values with the area's code of today. Refuses an unknown area, a parent that cannot be one, a code that is taken."""
    code = current_code(values["area_code"]) if "area_code" in values else school and school.area_code
    if code is None:
        raise DomainError(_("没有这个行政区划代码。"), field="area_code")
    parent_id = values.get("parent_id")
    if parent_id is not None:
        parent = db.session.get(School, parent_id)
        if parent is None or parent.brigade_id != brigade_id or (school and parent.id == school.id):
            raise DomainError(_("请选择本大队的另一所学校作为上级学校。"), field="parent_id")
        has_campuses = school and db.session.scalar(sa.select(School.id).where(School.parent_id == school.id).limit(1))
        if parent.parent_id is not None or has_campuses:
            raise DomainError(_("分校不能再有分校。"), field="parent_id")
    external = values.get("external_code")
    if external:
        same = sa.select(School.id).where(School.source == values.get("source"), School.external_code == external)
        if school is not None:
            same = same.where(School.id != school.id)
        if db.session.scalar(same):
            raise DomainError(_("这个代码已经登记在另一所学校。"), field="external_code")
    return {**values, "area_code": code} if "area_code" in values else values


def _alike(brigade_id: uuid.UUID, values: dict[str, Any]) -> list[School]:
    """Schools of the brigade that may be the same: by name equal but for typing, or by telephone."""
    wanted = {clue for clue in clues_of(values) if clue[0] != "same_phone"}
    rows = db.session.execute(
        sa.select(School.id, School.name, School.area_code).where(
            School.brigade_id == brigade_id, School.status != SchoolStatus.MERGED
        )
    )
    found = [row.id for row in rows if wanted & set(clues_of({"name": row.name, "area_code": row.area_code}))]
    return list(db.session.scalars(sa.select(School).where(School.id.in_(found[:5])))) if found else []


def note_visit(school_id: uuid.UUID, *, day: date) -> None:
    """Remember the day of a school's last visit; an earlier one changes nothing."""
    db.session.execute(
        sa.update(School)
        .where(School.id == school_id, sa.or_(School.last_visited_on.is_(None), School.last_visited_on < day))
        .values(last_visited_on=day)
    )


def term_rows(schools: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """Rows of what schools are found by, for bulk inserts; wants id, name, name_bo, name_en and external_code."""
    for school in schools:
        terms = terms_of(
            names=[school.name, school.name_bo or "", school.name_en or ""], codes=[school.external_code or ""]
        )
        for term, weight in terms.items():
            yield {"term": term, "school_id": school.id, "weight": weight}


def index_schools(schools: Sequence[Any]) -> None:
    """Write anew what these schools are found by."""
    for start in range(0, len(schools), _CHUNK):
        part = schools[start : start + _CHUNK]
        db.session.execute(sa.delete(SearchTerm).where(SearchTerm.school_id.in_([school.id for school in part])))
        rows = list(term_rows(part))
        if rows:
            db.session.execute(sa.insert(SearchTerm), rows)


def reindex_all() -> int:
    """Write anew what all schools are found by; returns how many schools there are."""
    rows = db.session.execute(
        sa.select(School.id, School.name, School.name_bo, School.name_en, School.external_code)
    ).all()
    index_schools(rows)
    return len(rows)
