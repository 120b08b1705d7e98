"""Logging a training, and filling in later what was left empty."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.logbook import service as logbook
from app.schools.models import School
from app.trainings.models import Audience, Training, TrainingForm, TrainingSession
from app.trainings.service.sessions import must_lie_ahead


@dataclass(frozen=True, kw_only=True)
class NewTraining:
    """A session as it was held. `hours` are class hours; numbers of people, never names."""

    audience: Audience
    form: TrainingForm
    held_at: datetime
    hours: Decimal
    attended: int
    topics: str
    expected: int | None = None
    visit_id: uuid.UUID | None = None
    trainer: str = ""
    materials: str = ""
    outcome: str = ""
    notes: str = ""
    reflections: str = ""
    quiz_taken: int | None = None
    quiz_passed: int | None = None
    session_id: uuid.UUID | None = None


def _check(new: NewTraining, school: School) -> None:
    logbook.check_moment(new.held_at)
    if new.session_id is None:
        return
    session = db.session.get(TrainingSession, new.session_id, with_for_update=True)
    if session is None or session.school_id != school.id:
        raise DomainError(_("没有这次培训计划。"), code="unknown_session")
    must_lie_ahead(session)


def log(
    viewer: Viewer,
    *,
    school: School,
    training_id: uuid.UUID,
    new: NewTraining,
    photos: Sequence[logbook.NewPhoto] = (),
) -> Training:
    """Keep a training as held at a school, with its photos. The same id twice keeps it once."""
    known = logbook.known(Training, training_id, school)
    if known is not None:
        return known
    _check(new, school)
    logbook.refuse_twice(viewer, Training, school, asdict(new))
    training = Training(id=training_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    logbook.keep(viewer, training, photos, sort="audience", about=new.audience.value)
    return training


#: What may be filled in after a training was logged.
LATER = ("expected", "trainer", "materials", "outcome", "notes", "reflections")


def amend(viewer: Viewer, training: Training, *, said: Mapping[str, str | int | None]) -> list[str]:
    """Fill in what was left empty; what was written stands. Returns what was filled in."""
    if training.withdrawn_at is not None:
        raise DomainError(_("记录已撤回。"), code="withdrawn")
    filled = [name for name in LATER if said.get(name) and getattr(training, name) in ("", None)]
    for name in filled:
        setattr(training, name, said[name])
    if filled:
        db.session.flush()
        audit.record(viewer, "amend_training", subject="training", subject_id=training.id, detail={"fields": filled})
    return filled
