"""Logging a training."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.logbook import service as logbook
from app.schools.models import School
from app.trainings.models import Audience, Training, TrainingForm


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


def _check(new: NewTraining) -> None:
    if new.held_at > clock.end_of(clock.today()):
        raise DomainError(_("培训时间不能晚于今天。"), field="day", code="future")


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
    _check(new)
    training = Training(id=training_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    logbook.keep(viewer, training, photos, sort="audience", about=new.audience.value)
    return training
