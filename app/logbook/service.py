"""Keeping an entry of a log, adding photos to it, withdrawing it with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.core.formats import full_date, moment
from app.core.pictures import Prepared
from app.fieldwork import service as fieldwork
from app.logbook.models import Entry
from app.schools.models import School

MOST_PHOTOS = 9
Kept = TypeVar("Kept", bound=Entry)
#: File name and bytes, and the pictures made of them where that was done before.
NewPhoto = tuple[str, bytes] | tuple[str, bytes, Prepared]


#: How far a person's clock may go before the machine's.
CLOCKS_DIFFER = timedelta(minutes=15)
#: What is older than so many years is a slip of the year; old logs come in as a list, where every day is looked at.
OLDEST_YEARS = 10


def check_moment(held_at: datetime) -> None:
    """Refuse what has not been held yet, and what cannot have been held in that year."""
    if clock.day_of(held_at) > clock.today():
        raise DomainError(_("日期不能晚于今天。"), field="day", code="future")
    if held_at > clock.now() + CLOCKS_DIFFER and not current_app.config.get("XF_TODAY"):
        raise DomainError(_("这个时间还没有到，请在举行以后再登记。"), field="time", code="not_yet")
    earliest = date(clock.today().year - OLDEST_YEARS, 1, 1)
    if clock.day_of(held_at) < earliest:
        said = _("%(day)s 以前的请核对年份；确是早年的记录，请整批导入旧台账。", day=full_date(earliest))
        raise DomainError(said, field="day", code="too_old")


def known(table: type[Kept], entry_id: uuid.UUID, school: School) -> Kept | None:
    """The entry with the sender's id, where it was kept before: the same id twice keeps it once."""
    entry = db.session.get(table, entry_id)
    if entry is not None and entry.school_id != school.id:
        raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
    return entry


def refuse_twice(viewer: Viewer, table: type[Entry], school: School, said: Mapping[str, Any]) -> None:
    """Refuse what the same person has logged word for word already: the page was gone back to, and sent once more."""
    same = sa.select(table).where(
        table.school_id == school.id,
        table.logged_by_id == viewer.person_id,
        table.held_at == said["held_at"],
        table.withdrawn_at.is_(None),
    )
    for entry in db.session.scalars(same):
        if all(getattr(entry, name) == value for name, value in said.items()):
            when = moment(entry.logged_at)
            told = _(
                "同样的内容已于 %(when)s 登记，没有再记一遍。如果确是另一次，请改正时间或写明不同之处。", when=when
            )
            raise DomainError(told, code="said_twice")


def keep(viewer: Viewer, entry: Entry, photos: Sequence[NewPhoto], *, sort: str, about: str) -> None:
    """Keep an entry with its photos; the audit says of which sort it is (`sort` = `about`)."""
    db.session.add(entry)
    db.session.flush()
    add_photos(viewer, entry, photos)
    detail = {"school": str(entry.school_id), sort: about, "photos": len(photos)}
    audit.record(viewer, f"log_{entry.target.value}", subject=entry.target.value, subject_id=entry.id, detail=detail)
    db.session.flush()


def add_photos(viewer: Viewer, entry: Entry, photos: Sequence[NewPhoto]) -> None:
    """Keep photos of an entry; the same picture twice is kept once."""
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    if entry.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能再添加照片。"), field="photos", code="withdrawn")
    for name, content, *ready in photos:
        try:
            fieldwork.add_photo(
                viewer,
                photo_id=uuid.uuid5(entry.id, digest(content)),
                kind=entry.target,
                target_id=entry.id,
                content=content,
                name=name,
                ready=ready[0] if ready else None,
            )
        except DomainError as refused:
            refused.field = refused.field or "photos"
            raise


def may_withdraw(viewer: Viewer, entry: Entry) -> bool:
    """Whoever logged it, or the brigade that answers for the school."""
    return entry.withdrawn_at is None and (entry.logged_by_id == viewer.person_id or not viewer.is_school)


def withdraw(viewer: Viewer, entry: Entry, *, reason: str) -> None:
    """Take an entry back with a reason; it stays on record and counts no more."""
    if not may_withdraw(viewer, entry):
        raise DomainError(_("记录已撤回，或不是您登记的，不能撤回。"), code="not_yours")
    if not reason.strip():
        raise DomainError(_("请写明撤回理由。"), field="reason", code="reason_missing")
    entry.withdrawn_at, entry.withdrawn_reason = clock.now(), reason.strip()
    db.session.flush()
    detail = {"reason": reason.strip()}
    audit.record(
        viewer, f"withdraw_{entry.target.value}", subject=entry.target.value, subject_id=entry.id, detail=detail
    )
