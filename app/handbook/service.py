"""Putting people into posts, handing over, ending; receiving a handbook on the page or on paper."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import insert_ignore
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import SignerRole, TargetKind
from app.fieldwork.service import Hand
from app.handbook.models import HandbookReceipt, HandbookText, PostHolder
from app.handbook.queries import Station
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class NewReceipt:
    """How a handbook was received: signed on the page today, or on paper some day with a photo of the sheet."""

    id: uuid.UUID
    on_paper: bool
    received_on: date
    hand: Hand


def _record(viewer: Viewer, act: str, subject_id: uuid.UUID, school_id: uuid.UUID, **detail: object) -> None:
    audit.record(viewer, act, subject="post_holder", subject_id=subject_id, detail={"school": str(school_id), **detail})
    db.session.flush()


def appoint(viewer: Viewer, *, school: School, post: str, name: str, from_day: date) -> PostHolder:
    """Put somebody into a post. The same name that is in it already stays as it is."""
    name = name.strip()
    if not name:
        raise DomainError(_("请填写姓名。"), field="name", code="name_missing")
    if from_day > clock.today() + timedelta(days=366):
        raise DomainError(_("到任日期最多可以填一年以后。"), field="from_day", code="too_far")
    known = db.session.scalar(
        sa.select(PostHolder).where(
            PostHolder.school_id == school.id,
            PostHolder.post == post,
            PostHolder.name == name,
            PostHolder.to_day.is_(None),
        )
    )
    if known is not None:
        return known
    row = PostHolder(school_id=school.id, post=post, name=name, from_day=from_day, made_by_id=viewer.person_id)
    db.session.add(row)
    db.session.flush()
    _record(viewer, "appoint_holder", row.id, school.id, post=post)
    return row


def end(viewer: Viewer, holder: PostHolder, *, on: date) -> None:
    """Note the last day of somebody in a post. Twice changes nothing."""
    if holder.ended_at is not None:
        return
    if on < holder.from_day:
        raise DomainError(_("离任日期不能早于到任日期。"), field="to_day", code="too_early")
    if on > clock.today() + timedelta(days=366):
        raise DomainError(_("离任日期最多可以填一年以后。"), field="to_day", code="too_far")
    holder.to_day, holder.ended_at, holder.ended_by_id = on, clock.now(), viewer.person_id
    db.session.flush()
    _record(viewer, "end_holder", holder.id, holder.school_id, post=holder.post)


def hand_over(viewer: Viewer, holder: PostHolder, *, school: School, on: date, to: str) -> PostHolder | None:
    """Note the last day of somebody, and who is in the post from the day after; nobody where no name is given."""
    end(viewer, holder, on=on)
    if not to.strip():
        return None
    return appoint(viewer, school=school, post=holder.post, name=to, from_day=on + timedelta(days=1))


def receive(viewer: Viewer, holder: PostHolder, station: Station, *, new: NewReceipt) -> HandbookReceipt:
    """Note that somebody has read and received the handbook as it reads today, with their signature. The same id twice is one."""
    known = db.session.get(HandbookReceipt, new.id)
    if known is not None:
        if known.holder_id != holder.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    if new.received_on > clock.today():
        raise DomainError(_("签收日期不能晚于今天。"), field="received_on", code="too_late")
    if new.received_on < holder.from_day:
        raise DomainError(_("签收日期不能早于到任日期。"), field="received_on", code="too_early")
    if holder.to_day is not None and new.received_on > holder.to_day:
        raise DomainError(_("此人已经离任，不能再签收。"), code="left")
    _keep_text(station)
    row = HandbookReceipt(
        id=new.id,
        school_id=holder.school_id,
        post=holder.post,
        holder_id=holder.id,
        text_sha256=station.sha256,
        received_on=new.received_on,
        on_paper=new.on_paper,
        entered_by_id=viewer.person_id,
    )
    db.session.add(row)
    db.session.flush()
    fieldwork.sign(
        kind=TargetKind.HANDBOOK,
        target_id=row.id,
        role=SignerRole.SCHOOL,
        hand=new.hand,
        content_sha256=station.sha256,
    )
    _record(viewer, "receive_handbook", holder.id, holder.school_id, post=holder.post, text=station.sha256)
    return row


def _keep_text(station: Station) -> None:
    """The words that are received, once."""
    row = {"sha256": station.sha256, "content": station.text, "kept_at": clock.now()}
    db.session.flush()
    db.session.execute(insert_ignore(HandbookText).values(**row))


def withdraw_receipt(viewer: Viewer, receipt: HandbookReceipt, *, reason: str) -> None:
    """Take a receipt back that was entered by mistake, with the reason. Twice does no harm."""
    if receipt.withdrawn_at is not None:
        return
    if not reason.strip():
        raise DomainError(_("请写明理由。"), field="reason", code="reason_missing")
    receipt.withdrawn_at, receipt.withdrawn_reason = clock.now(), reason.strip()[:300]
    receipt.withdrawn_by_id = viewer.person_id
    db.session.flush()
    _record(viewer, "withdraw_handbook_receipt", receipt.holder_id, receipt.school_id, reason=reason.strip())
