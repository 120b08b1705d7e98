"""Who came: the address that people sign in at, lists of adults, taking a name off, quiz results, feedback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid
from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import insert_ignore, new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.trainings.models import Attendee, QuizTry, SignedVia, TrainingSession
from app.trainings.rules import attendance as rules
from app.trainings.service.sessions import held_as


def token_of(session: TrainingSession) -> str:
    """The token of the session's present address: made again whenever it is shown, so that only its hash is kept.

    Empty where none is open, or where the server's key has changed since.
    """
    if session.token_sha256 is None:
        return ""
    token = _token(session)
    return token if hmac.compare_digest(rules.token_hash(token), session.token_sha256) else ""


def _token(session: TrainingSession) -> str:
    said = f"training:{session.id}:{session.sign_in_round}".encode()
    signed = hmac.new(str(current_app.config["SECRET_KEY"]).encode(), said, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(signed[:15]).decode()


def _record(viewer: Viewer, act: str, session: TrainingSession, **detail: object) -> None:
    audit.record(viewer, act, subject="training_session", subject_id=session.id, detail=detail)
    db.session.flush()


def _must_keep_names(session: TrainingSession) -> None:
    if session.called_off_at is not None:
        raise DomainError(_("这次培训已取消。"), code="called_off")
    if not rules.keeps_names(session.audience):
        raise DomainError(_("学生只登记人数，不登记姓名。"), code="pupils_have_no_names")


def open_sign_in(viewer: Viewer, session: TrainingSession) -> str:
    """A new address at which people sign in, an hour around the session; an earlier one is useless from now on."""
    _must_keep_names(session)
    window = rules.sign_in_window(session.starts_at, float(session.hours), now=clock.now())
    if window is None:
        raise DomainError(_("培训结束已超过一天，不能再开放签到，请录入名单。"), code="too_late")
    session.sign_in_round += 1
    token = _token(session)
    session.token_sha256, session.sign_in_closed_at = rules.token_hash(token), None
    session.sign_in_from, session.sign_in_until = window
    _record(viewer, "open_training_sign_in", session, round=session.sign_in_round)
    return token


def close_sign_in(viewer: Viewer, session: TrainingSession) -> None:
    """Make the address useless at once; twice does no harm."""
    if session.token_sha256 is None or session.sign_in_closed_at is not None:
        return
    session.sign_in_closed_at = clock.now()
    _record(viewer, "close_training_sign_in", session)


def device_hash(session: TrainingSession, device: str) -> str:
    """A device within one session: two sessions do not know that it was the same."""
    return hashlib.sha256(f"{session.id}:{device}".encode()).hexdigest()


def _standing(session: TrainingSession, *conditions: sa.ColumnElement[bool]) -> Attendee | None:
    return db.session.scalar(
        sa.select(Attendee).where(Attendee.session_id == session.id, Attendee.withdrawn_at.is_(None), *conditions)
    )


def by_device(session: TrainingSession, device: str) -> Attendee | None:
    """Who signed in on this device."""
    return _standing(session, Attendee.device_sha256 == device_hash(session, device)) if device else None


def _count(session: TrainingSession) -> int:
    standing = sa.and_(Attendee.session_id == session.id, Attendee.withdrawn_at.is_(None))
    return db.session.scalar(sa.select(sa.func.count()).select_from(Attendee).where(standing)) or 0


def _add(session: TrainingSession, one: rules.Named, **how: object) -> bool:
    """Put a person on the list, unless the person or the device stands there; says whether it is new."""
    row = {"id": new_id(), "session_id": session.id, "name": one.name, "post": one.post, "person_key": one.key} | how
    return db.session.scalar(insert_ignore(Attendee).values(**row).returning(Attendee.id)) is not None


def sign_in(session: TrainingSession, *, name: str, post: str, device: str) -> Attendee:
    """Sign somebody in at the door. The same device again gives what it gave before, however often it is pressed."""
    _must_keep_names(session)
    state = rules.sign_in_state(session.sign_in_from, session.sign_in_until, session.sign_in_closed_at, now=clock.now())
    known = by_device(session, device)
    if known is not None:
        return known
    if state is not rules.SignIn.OPEN:
        raise DomainError(_("现在不能签到。"), code="not_open")
    if _count(session) >= rules.MOST_NAMES:
        raise DomainError(_("签到人数已达上限，请向培训组织者报名。"), code="too_many")
    one = rules.Named(rules.clean(name), rules.clean(post))
    if not one.name:
        raise DomainError(_("请填写您的姓名。"), field="name", code="name_missing")
    if not _add(session, one, via=SignedVia.CODE, device_sha256=device_hash(session, device)):
        known = by_device(session, device)  # pressed twice at once
        if known is None:
            raise DomainError(
                _("已有同名的人签到。如果不是您本人，请在岗位中写清楚，例如“三年级语文”。"),
                field="post",
                code="same_name",
            )
        return known
    signed = by_device(session, device)
    if signed is None:
        raise RuntimeError("who was signed in is not on the list")
    return signed


def list_adults(viewer: Viewer, session: TrainingSession, *, text: str) -> int:
    """Put the people of a list on record; who stands there already is left as is. Returns how many are new."""
    _must_keep_names(session)
    people, wrong = rules.read_names(text)
    if wrong:
        said = "；".join(wrong[:5])
        raise DomainError(_("这些行看不出姓名：%(lines)s", lines=said), field="names", code="no_name")
    if not people:
        raise DomainError(_("请每行填写一人。"), field="names", code="empty")
    if _count(session) + len(people) > rules.MOST_NAMES:
        raise DomainError(_("名单最多 %(most)d 人。", most=rules.MOST_NAMES), field="names", code="too_many")
    added = sum(_add(session, one, via=SignedVia.LIST, listed_by_id=viewer.person_id) for one in people)
    if added:
        _record(viewer, "list_training_attendees", session, added=added)
    return added


def take_off(viewer: Viewer, attendee: Attendee, *, reason: str) -> None:
    """Take a name off the list with a reason; the row stays. Twice does no harm."""
    if attendee.withdrawn_at is not None:
        return
    if not reason.strip():
        raise DomainError(_("请写明移出名单的理由。"), field="reason", code="reason_missing")
    attendee.withdrawn_at, attendee.withdrawn_by_id = clock.now(), viewer.person_id
    attendee.withdrawn_reason = reason.strip()
    session = db.session.get_one(TrainingSession, attendee.session_id)
    _record(viewer, "take_off_attendee", session, attendee=str(attendee.id), reason=reason.strip())


def enter_results(
    viewer: Viewer, session: TrainingSession, *, pass_percent: int, percents: Mapping[uuid.UUID, int]
) -> int:
    """Keep the pass mark, and how people did in the quiz, each as their next attempt. Returns how many."""
    if pass_percent != session.pass_percent:
        before, session.pass_percent = session.pass_percent, pass_percent
        _record(viewer, "set_training_pass_mark", session, before=before, now=pass_percent)
    standing = sa.and_(Attendee.session_id == session.id, Attendee.withdrawn_at.is_(None))
    known = set(db.session.scalars(sa.select(Attendee.id).where(standing, Attendee.id.in_(list(percents)))))
    tried = dict(
        db.session.execute(
            sa.select(QuizTry.attendee_id, sa.func.max(QuizTry.number))
            .where(QuizTry.attendee_id.in_(known))
            .group_by(QuizTry.attendee_id)
        ).all()
    )
    for key, percent in percents.items():
        if key not in known or not 0 <= percent <= 100:
            raise DomainError(_("成绩应在 0 到 100 之间，且人员在名单上。"), code="bad_result")
        number = tried.get(key, 0) + 1
        db.session.add(QuizTry(attendee_id=key, number=number, percent=percent, entered_by_id=viewer.person_id))
    db.session.flush()
    if percents:
        _record(viewer, "enter_quiz_results", session, people=len(percents))
    return len(percents)


def give_feedback(session: TrainingSession, *, device: str, mark: int, words: str) -> Attendee:
    """What somebody who signed in on this device says of the session; said again it replaces the earlier word."""
    attendee = by_device(session, device)
    if attendee is None:
        raise DomainError(_("请先签到，再评价。"), code="not_signed")
    attendee.feedback, attendee.feedback_words = mark, words.strip()[:300]
    db.session.flush()
    return attendee


def is_held(session: TrainingSession) -> bool:
    """Whether the session was logged as a training."""
    return held_as(session) is not None
