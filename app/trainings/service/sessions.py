"""Planning a session, changing it while it lies ahead, calling it off."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools.models import School
from app.trainings.models import Audience, Training, TrainingForm, TrainingSession


@dataclass(frozen=True, kw_only=True)
class NewSession:
    """A session that is to be held. `hours` are class hours; `pass_percent` where there is a quiz to pass."""

    audience: Audience
    form: TrainingForm
    starts_at: datetime
    hours: Decimal
    topics: str
    expected: int | None = None
    trainer: str = ""
    materials: str = ""
    is_half_day: bool = False
    pass_percent: int | None = None


def _record(viewer: Viewer, act: str, session: TrainingSession, **detail: object) -> None:
    about = {"school": str(session.school_id), **detail}
    audit.record(viewer, act, subject="training_session", subject_id=session.id, detail=about)
    db.session.flush()


def _check(viewer: Viewer, new: NewSession) -> None:
    if new.starts_at < clock.start_of(clock.today()):
        raise DomainError(_("计划的时间不能早于今天；已经办过的培训请直接登记。"), field="day", code="past")
    if new.is_half_day and viewer.is_school:
        raise DomainError(_("每周半日宣传由消防救援大队安排。"), field="is_half_day", code="brigades_own")


def plan(viewer: Viewer, *, school: School, session_id: uuid.UUID, new: NewSession) -> TrainingSession:
    """Plan a session at a school. The same id twice plans it once."""
    known = db.session.get(TrainingSession, session_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    _check(viewer, new)
    session = TrainingSession(id=session_id, school_id=school.id, made_by_id=viewer.person_id, **asdict(new))
    db.session.add(session)
    db.session.flush()
    _record(viewer, "plan_training", session, audience=new.audience.value)
    return session


def held_as(session: TrainingSession) -> Training | None:
    """The training that this session became."""
    return db.session.scalar(
        sa.select(Training).where(Training.session_id == session.id, Training.withdrawn_at.is_(None))
    )


def must_lie_ahead(session: TrainingSession) -> None:
    """Refuse what goes only while a session was neither held nor called off."""
    if session.called_off_at is not None:
        raise DomainError(_("这次培训已取消。"), code="called_off")
    if held_as(session) is not None:
        raise DomainError(_("这次培训已登记，请在培训记录中补充。"), code="held")


def change(viewer: Viewer, session: TrainingSession, *, new: NewSession) -> None:
    """Change what was planned; what it was before stays in the audit."""
    must_lie_ahead(session)
    if new.starts_at != session.starts_at:
        _check(viewer, new)
    before = {name: str(getattr(session, name)) for name in asdict(new) if getattr(session, name) != getattr(new, name)}
    for name, value in asdict(new).items():
        setattr(session, name, value)
    db.session.flush()
    if before:
        _record(viewer, "change_training_plan", session, before=before)


def call_off(viewer: Viewer, session: TrainingSession, *, reason: str) -> None:
    """Call a session off with a reason; it stays on record. Twice does no harm."""
    if session.called_off_at is not None:
        return
    must_lie_ahead(session)
    if not reason.strip():
        raise DomainError(_("取消培训须写明理由。"), field="reason", code="reason_missing")
    session.called_off_at, session.called_off_reason = clock.now(), reason.strip()
    session.sign_in_closed_at = session.sign_in_closed_at or (clock.now() if session.token_sha256 else None)
    _record(viewer, "call_off_training", session, reason=reason.strip())


def for_names(viewer: Viewer, training: Training) -> TrainingSession:
    """The session of a training that was logged without one, so that names can be kept; made afterwards it is no plan."""
    if training.session_id is not None:
        return db.session.get_one(TrainingSession, training.session_id)
    if training.withdrawn_at is not None:
        raise DomainError(_("记录已撤回。"), code="withdrawn")
    if training.hours is None:
        raise DomainError(_("旧记录没有确切的学时，不能录入名单和发证书。"), code="hours_unknown")
    session = TrainingSession(
        id=uuid.uuid5(training.id, "session"),
        school_id=training.school_id,
        audience=training.audience,
        form=training.form,
        starts_at=training.held_at,
        hours=training.hours,
        expected=training.expected,
        topics=training.topics,
        trainer=training.trainer,
        materials=training.materials,
        made_by_id=viewer.person_id,
    )
    db.session.add(session)
    db.session.flush()
    training.session_id = session.id
    _record(viewer, "keep_training_names", session, training=str(training.id))
    return session
