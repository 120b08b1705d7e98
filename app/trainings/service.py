"""Logging a training, adding photos to it, withdrawing it with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.schools.models import School
from app.trainings.models import Audience, Training, TrainingForm

MOST_PHOTOS = 9


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
    photos: Sequence[tuple[str, bytes]] = (),
) -> Training:
    """Keep a training as held at a school, with photos as (file name, bytes). The same id twice keeps it once."""
    known = db.session.get(Training, training_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    _check(new)
    training = Training(id=training_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    db.session.add(training)
    db.session.flush()
    add_photos(viewer, training=training, photos=photos)
    audit.record(
        viewer,
        "log_training",
        subject="training",
        subject_id=training.id,
        detail={"school": str(school.id), "audience": new.audience.value, "photos": len(photos)},
    )
    db.session.flush()
    return training


def add_photos(viewer: Viewer, *, training: Training, photos: Sequence[tuple[str, bytes]]) -> None:
    """Keep photos of a training; the same picture twice is kept once."""
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    if training.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能再添加照片。"), field="photos", code="withdrawn")
    for name, content in photos:
        try:
            fieldwork.add_photo(
                viewer,
                photo_id=uuid.uuid5(training.id, digest(content)),
                kind=TargetKind.TRAINING,
                target_id=training.id,
                content=content,
                name=name,
            )
        except DomainError as refused:
            refused.field = refused.field or "photos"
            raise


def may_withdraw(viewer: Viewer, training: Training) -> bool:
    """Whoever logged it, or the brigade that answers for the school."""
    return training.withdrawn_at is None and (training.logged_by_id == viewer.person_id or not viewer.is_school)


def withdraw(viewer: Viewer, *, training: Training, reason: str) -> None:
    """Take a record back with a reason; it stays on record and counts no more."""
    if not may_withdraw(viewer, training):
        raise DomainError(_("记录已撤回，或不是您登记的，不能撤回。"), code="not_yours")
    if not reason.strip():
        raise DomainError(_("请写明撤回理由。"), field="reason", code="reason_missing")
    training.withdrawn_at, training.withdrawn_reason = clock.now(), reason.strip()
    db.session.flush()
    audit.record(
        viewer, "withdraw_training", subject="training", subject_id=training.id, detail={"reason": reason.strip()}
    )
