"""Finding questions at the schools that the viewer may see, and the answers that all schools of a brigade may read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.db import holds
from app.core.extensions import db
from app.questions.models import PublicAnswer, Question, QuestionPost
from app.questions.rules import QuestionKind, State
from app.schools import queries as schools
from app.schools.models import School

#: What a list may be narrowed to, beside the states: what waits for the brigade, and what of it is late.
WAITING, LATE = "waiting", "late"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question with its school and who asked."""

    question: Question
    school: School
    asker: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which questions a list shows."""

    text: str = ""
    state: str = ""
    kind: str = ""
    school_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """One post with who it was."""

    post: QuestionPost
    by: str


def _lines(viewer: Viewer) -> Any:
    return (
        sa.select(Question, School, Person.name)
        .join(School, School.id == Question.school_id)
        .join(Person, Person.id == Question.asked_by_id)
        .where(schools.at_visible(viewer, Question.school_id), sa.true() if _may(viewer) else sa.false())
    )


def _may(viewer: Viewer) -> bool:
    return viewer.may(Permission.SEE_QUESTIONS)


def _line(row: Any) -> Line:
    return Line(question=row[0], school=row[1], asker=row[2])


def get(viewer: Viewer, question_id: uuid.UUID) -> Line | None:
    """One question."""
    row = db.session.execute(_lines(viewer).where(Question.id == question_id)).first()
    return _line(row) if row else None


def held(viewer: Viewer, question_id: uuid.UUID) -> Line | None:
    """One question for an act: nobody else changes it until this transaction ends."""
    db.session.scalar(sa.select(Question.id).where(Question.id == question_id).with_for_update())
    return get(viewer, question_id)


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those whose photos the viewer may see."""
    return {row[0].id for row in db.session.execute(_lines(viewer).where(Question.id.in_(list(ids))))}


def said_about(question_id: uuid.UUID) -> list[Said]:
    """Everything said and done, in its order."""
    rows = db.session.execute(
        sa.select(QuestionPost, Person.name)
        .join(Person, Person.id == QuestionPost.by_id)
        .where(QuestionPost.question_id == question_id)
        .order_by(QuestionPost.at, QuestionPost.id)
    )
    return [Said(post=row[0], by=row[1]) for row in rows]


def is_waiting() -> sa.ColumnElement[bool]:
    """As `rules.WAITING` says it."""
    return sa.and_(Question.answered_at.is_(None), Question.closed_at.is_(None))


def _in_state(state: str, today: date) -> sa.ColumnElement[bool]:
    """As `rules.state_of` and `rules.is_late` say it; what cannot be read narrows nothing."""
    conditions: dict[str, sa.ColumnElement[bool]] = {
        WAITING: is_waiting(),
        LATE: sa.and_(is_waiting(), Question.due_on < today),
        State.OPEN.value: sa.and_(is_waiting(), Question.reopened_at.is_(None)),
        State.REOPENED.value: sa.and_(is_waiting(), Question.reopened_at.is_not(None)),
        State.ANSWERED.value: sa.and_(Question.answered_at.is_not(None), Question.closed_at.is_(None)),
        State.CLOSED.value: Question.closed_at.is_not(None),
    }
    return conditions.get(state, sa.true())


def _holding(word: str) -> sa.ColumnElement[bool]:
    """The word stands in the title, in the school's name or in anything that was said."""
    named = sa.select(School.id).where(holds(School.name, word))
    said = sa.select(QuestionPost.question_id).where(holds(QuestionPost.words, word))
    return sa.or_(holds(Question.title, word), Question.school_id.in_(named), Question.id.in_(said))


def listing(viewer: Viewer, wanted: Wanted, *, key: str | None = None) -> paging.Page[Line]:
    """One page: what waits by its day, the rest by what moved last."""
    query = _lines(viewer).where(_in_state(wanted.state, clock.today()))
    if wanted.kind in set(QuestionKind):
        query = query.where(Question.kind == QuestionKind(wanted.kind))
    if wanted.school_id:
        query = query.where(Question.school_id == wanted.school_id)
    for word in wanted.text.split()[:5]:
        query = query.where(_holding(word))
    first = (Question.due_on, False) if wanted.state in (WAITING, LATE) else (Question.moved_at, True)
    page = paging.page(query, keys=[first, (Question.id, first[1])], key=key, size=30, scalars=False)
    return paging.Page([_line(row) for row in page.rows], page.next_key, page.previous_key)


def counts(viewer: Viewer, school_id: uuid.UUID | None = None) -> tuple[int, int]:
    """How many wait for an answer, and how many of them are late."""
    query = sa.select(sa.func.count(), sa.func.count(sa.case((Question.due_on < clock.today(), 1)))).where(
        is_waiting(), schools.at_visible(viewer, Question.school_id)
    )
    if school_id:
        query = query.where(Question.school_id == school_id)
    waiting, late = db.session.execute(query).one()
    return waiting, late


def _of_brigades(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of the viewer's brigades, or of the brigades of their own schools."""
    if viewer.is_school:
        return PublicAnswer.brigade_id.in_(sa.select(School.brigade_id).where(School.id.in_(viewer.school_ids)))
    return PublicAnswer.brigade_id.in_(viewer.brigade_ids or [uuid.UUID(int=0)])


def public(viewer: Viewer, *, text: str = "", key: str | None = None) -> paging.Page[PublicAnswer]:
    """One page of the answers for all schools, the latest first."""
    query = sa.select(PublicAnswer).where(_of_brigades(viewer), PublicAnswer.withdrawn_at.is_(None))
    for word in text.split()[:5]:
        query = query.where(sa.or_(holds(PublicAnswer.question, word), holds(PublicAnswer.answer, word)))
    return paging.page(query, keys=[(PublicAnswer.made_at, True), (PublicAnswer.id, True)], key=key, size=20)


def public_answer(viewer: Viewer, answer_id: uuid.UUID) -> PublicAnswer | None:
    """One of them, also when withdrawn."""
    return db.session.scalar(sa.select(PublicAnswer).where(PublicAnswer.id == answer_id, _of_brigades(viewer)))


def public_from(question_id: uuid.UUID) -> Sequence[PublicAnswer]:
    """What was made public from one question and stands."""
    query = sa.select(PublicAnswer).where(PublicAnswer.question_id == question_id, PublicAnswer.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(PublicAnswer.made_at)).all()
