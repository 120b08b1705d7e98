"""Whoever changes what duties are counted from leaves a mark at the school, in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session

from app.core.db import new_id
from app.core.extensions import db
from app.drills.models import Drill
from app.duties.models import DutyChange, DutyRecord
from app.schools.models import Building, School, SchoolPast
from app.trainings.models import Training

_ENTRY = ("school_id", "held_at", "logged_at", "withdrawn_at")
#: What the counting reads of each table. The calendar, the rules, what a brigade took on, a school's area and brigade
#: and the day stand in the key of a tally instead.
READ: dict[type[Any], tuple[str, ...]] = {
    Drill: (*_ENTRY, "kind"),
    Training: (*_ENTRY, "audience", "hours"),
    DutyRecord: (*_ENTRY, "duty"),
    School: ("kind", "is_boarding", "is_key_unit", "facilities", "made_at"),
    SchoolPast: ("school_id", "until", "kind", "is_boarding", "is_key_unit"),
    Building: ("school_id", "use", "floors_below", "facilities", "retired_on"),
}
_BY_TABLE = {table.__tablename__: (table, columns) for table, columns in READ.items()}
_MARKED = "schools marked"


def _mark(session: Any, schools: Iterable[uuid.UUID | None]) -> None:
    """Leave one mark a school and transaction."""
    marked: set[uuid.UUID | None] = session.info.setdefault(_MARKED, set())
    fresh = set(schools) - marked
    if fresh:
        marked |= fresh
        session.connection().execute(sa.insert(DutyChange), [{"id": new_id(), "school_id": one} for one in fresh])


def _schools_of(row: Any) -> set[uuid.UUID]:
    """The school that a row speaks of, and the one that it spoke of before."""
    if isinstance(row, School):
        return {row.id}
    return {row.school_id, *sa.inspect(row).attrs.school_id.history.deleted}


def _has_changed(row: Any) -> bool:
    state = sa.inspect(row)
    return any(state.attrs[name].history.has_changes() for name in READ[type(row)])


def _after_flush(session: Session, _context: Any) -> None:
    # A school that is new has no tally yet.
    fresh = [row for row in session.new if type(row) in READ and not isinstance(row, School)]
    changed = [row for row in session.dirty if type(row) in READ and _has_changed(row)]
    gone = [row for row in session.deleted if type(row) in READ and not isinstance(row, School)]
    _mark(session, (school for row in (*fresh, *changed, *gone) for school in _schools_of(row)))


def _rows(state: ORMExecuteState) -> list[dict[str, Any]]:
    """What a statement is executed with."""
    given: Any = state.parameters
    return list(given) if isinstance(given, (list, tuple)) else [given or {}]


def _columns_set(state: ORMExecuteState) -> set[str]:
    """The columns that an UPDATE sets, by its values or by its rows."""
    statement: Any = state.statement
    return {name for row in _rows(state) for name in row} | set(statement.compile().params)


def _before_statement(state: ORMExecuteState) -> None:
    """A statement that writes many rows at once: marks their schools, or all where it does not name them."""
    statement: Any = state.statement
    if not (state.is_insert or state.is_update or state.is_delete) or statement.table.name not in _BY_TABLE:
        return
    table, columns = _BY_TABLE[statement.table.name]
    if state.is_insert and table is School:
        return
    if state.is_update and not _columns_set(state) & set(columns):
        return
    named = {row.get("school_id") for row in _rows(state)} if state.is_insert else {None}
    _mark(state.session, {None} if None in named else named)


def forget_marked(session: Any, *_ended: Any) -> None:
    """What follows leaves marks again: the transaction has ended, or the marks were taken away in it."""
    session.info.pop(_MARKED, None)


sa.event.listen(db.session, "after_flush", _after_flush)
sa.event.listen(db.session, "do_orm_execute", _before_statement)
for _end in ("after_commit", "after_soft_rollback"):
    sa.event.listen(db.session, _end, forget_marked)
