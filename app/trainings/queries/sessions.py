"""Finding sessions, and the people on their lists."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.core.jobs import Job
from app.documents import queries as papers
from app.documents.models import IssuedDocument
from app.schools import queries as schools
from app.schools.models import School
from app.trainings.models import Attendee, QuizTry, Training, TrainingSession
from app.trainings.rules import attendance as rules
from app.trainings.rules.completeness import Meter, Proof, meter


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """A session with its school, and the training that it became."""

    session: TrainingSession
    school: School
    training_id: uuid.UUID | None = None

    @property
    def is_past(self) -> bool:
        """Whether its time has come."""
        return self.session.starts_at < clock.now()


def _lines(viewer: Viewer) -> Any:
    held = sa.and_(Training.session_id == TrainingSession.id, Training.withdrawn_at.is_(None))
    return (
        sa.select(TrainingSession, School, Training.id)
        .join(School, School.id == TrainingSession.school_id)
        .outerjoin(Training, held)
        .where(schools.at_visible(viewer, TrainingSession.school_id))
    )


def _line(row: Any) -> SessionLine:
    return SessionLine(session=row[0], school=row[1], training_id=row[2])


def get(viewer: Viewer, session_id: uuid.UUID) -> SessionLine | None:
    """One session."""
    row = db.session.execute(_lines(viewer).where(TrainingSession.id == session_id)).first()
    return _line(row) if row else None


#: How long a session that nobody logged is shown among those to come.
SHOWN_BACK = timedelta(days=60)


def waiting(viewer: Viewer, *, school_id: uuid.UUID | None = None, most: int = 100) -> list[SessionLine]:
    """Sessions that lie ahead or wait to be logged, the earliest first."""
    query = _lines(viewer).where(
        TrainingSession.called_off_at.is_(None),
        Training.id.is_(None),
        TrainingSession.starts_at >= clock.now() - SHOWN_BACK,
    )
    if school_id:
        query = query.where(TrainingSession.school_id == school_id)
    return [_line(row) for row in db.session.execute(query.order_by(TrainingSession.starts_at).limit(most))]


def by_token(token: str) -> tuple[TrainingSession, School] | None:
    """The session that people sign in for at this address."""
    row = db.session.execute(
        sa.select(TrainingSession, School)
        .join(School, School.id == TrainingSession.school_id)
        .where(TrainingSession.token_sha256 == rules.token_hash(token))
    ).first()
    return (row[0], row[1]) if row else None


@dataclass
class Person:
    """Somebody on a list, with their attempts at the quiz."""

    attendee: Attendee
    percents: list[int] = field(default_factory=list)

    @property
    def best(self) -> int | None:
        """The attempt that counts."""
        return rules.best(self.percents)


def _with_results(found: Sequence[Attendee]) -> list[Person]:
    tries = sa.select(QuizTry.attendee_id, QuizTry.percent).where(QuizTry.attendee_id.in_([one.id for one in found]))
    percents: dict[uuid.UUID, list[int]] = defaultdict(list)
    for key, percent in db.session.execute(tries.order_by(QuizTry.number)):
        percents[key].append(percent)
    return [Person(one, percents[one.id]) for one in found]


def people(session_id: uuid.UUID, *, key: str | None = None, size: int = 50) -> paging.Page[Person]:
    """One page of the people on a list, in the order in which they came."""
    query = sa.select(Attendee).where(Attendee.session_id == session_id, Attendee.withdrawn_at.is_(None))
    found = paging.page(query, keys=[(Attendee.signed_at, False), (Attendee.id, False)], key=key, size=size)
    return paging.Page(_with_results(found.rows), found.next_key, found.previous_key)


def everybody(session_id: uuid.UUID) -> list[Person]:
    """All people on a list, in two queries."""
    query = sa.select(Attendee).where(Attendee.session_id == session_id, Attendee.withdrawn_at.is_(None))
    return _with_results(db.session.scalars(query.order_by(Attendee.signed_at, Attendee.id)).all())


def attendee(session_id: uuid.UUID, attendee_id: uuid.UUID) -> Attendee | None:
    """One person on a list, also when taken off."""
    return db.session.scalar(sa.select(Attendee).where(Attendee.id == attendee_id, Attendee.session_id == session_id))


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Figures of a list: who is on it, how many took and passed the quiz, what they thought of it (1 to 5)."""

    signed: int = 0
    examined: int = 0
    passed: int = 0
    tries: int = 0
    rated: int = 0
    rating: float | None = None


def outcome_of(session: TrainingSession | None) -> Outcome:
    """The figures of one session, in two queries."""
    if session is None:
        return Outcome()
    standing = sa.and_(Attendee.session_id == session.id, Attendee.withdrawn_at.is_(None))
    best = (
        sa.select(sa.func.max(QuizTry.percent).label("best"), sa.func.count().label("tries"))
        .join(Attendee, Attendee.id == QuizTry.attendee_id)
        .where(standing)
        .group_by(QuizTry.attendee_id)
        .subquery()
    )
    mark = session.pass_percent if session.pass_percent is not None else 101
    examined, passed, tries = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(sa.case((best.c.best >= mark, 1))), sa.func.sum(best.c.tries))
    ).one()
    signed, rated, rating = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(Attendee.feedback), sa.func.avg(Attendee.feedback)).where(standing)
    ).one()
    return Outcome(
        signed=signed,
        examined=examined,
        passed=passed,
        tries=int(tries or 0),
        rated=rated,
        rating=float(rating) if rating is not None else None,
    )


def certificates_job(viewer: Viewer, job_id: uuid.UUID, *, kind: str) -> Job | None:
    """A batch of certificates that this viewer asked for."""
    return db.session.scalar(sa.select(Job).where(Job.id == job_id, Job.made_by == viewer.person_id, Job.kind == kind))


def certificates_of(viewer: Viewer, found: Sequence[Person]) -> dict[uuid.UUID, IssuedDocument]:
    """The latest certificate of each of these people that stands."""
    held = papers.about(viewer, "training_attendee", {one.attendee.id for one in found}, only_valid=True)
    return {one.subject_id: one for one in reversed(held)}


def meter_of(training: Training, session: TrainingSession | None, outcome: Outcome) -> Meter:
    """How complete a training is."""
    return meter(
        Proof(
            audience=training.audience,
            held_at=training.held_at,
            planned_at=session.made_at if session else None,
            has_time=training.has_time,
            hours=training.hours,
            expected=training.expected,
            attended=training.attended,
            signed=outcome.signed,
            topics=training.topics,
            materials=training.materials,
            notes=training.notes,
            reflections=training.reflections,
            outcome=training.outcome,
            examined=outcome.examined or training.quiz_taken or 0,
        )
    )


def session_of(training: Training) -> TrainingSession | None:
    """The session that a training was planned as, or that keeps its names."""
    return db.session.get(TrainingSession, training.session_id) if training.session_id else None
