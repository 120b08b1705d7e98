"""From outbox rows to notices, and from notices to messages: at most one digest per person and day, urgent ones at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.db import insert_ignore, new_id
from app.core.extensions import db
from app.notifications import channels
from app.notifications.models import Message, Notice, Outbox
from app.notifications.recipients import Directory, Reader, readers
from app.notifications.rules import Channel, Kind, State, Wishes, may_go
from app.organisations.models import Brigade

BATCH = 200
OPEN = (State.WAITING, State.SENDING)


def sort_outbox() -> int:
    """Turn outbox rows that are due into notices for their people; returns how many rows. The caller commits."""
    told = db.session.scalars(
        sa.select(Outbox)
        .where(Outbox.sorted_at.is_(None), Outbox.due_at <= clock.now())
        .order_by(Outbox.due_at, Outbox.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    if not told:
        return 0
    directory, now = Directory(told), clock.now()
    for one in told:
        rows = list(_notices(one, directory))
        for row in rows:
            db.session.execute(insert_ignore(Notice).values(id=new_id(), made_at=now, urgent=one.urgent, **row))
        one.sorted_at, one.told = now, len(rows)
    db.session.flush()
    return len(told)


def _notices(one: Outbox, directory: Directory) -> Iterable[dict[str, Any]]:
    audience = directory.audience(one)
    common = {"outbox_id": one.id, "house_id": audience.house_id}
    yield from ({**common, "person_id": person_id} for person_id in audience.people)
    if audience.group_id:
        yield {**common, "brigade_id": audience.group_id}
    if audience.call_id:
        yield {**common, "school_id": audience.call_id}


def bundle() -> int:
    """Put notices that may go now into messages; returns how many notices. The caller commits."""
    waiting = db.session.scalars(
        sa.select(Notice).where(Notice.bundled_at.is_(None)).order_by(Notice.id).limit(BATCH * 10)
    ).all()
    done = 0
    known = readers(n.person_id for n in waiting if n.person_id)
    for (kind, person_id, brigade_id, school_id), notices in _grouped(waiting).items():
        if person_id:
            done += _for_person(kind, person_id, known.get(person_id), notices)
        elif brigade_id:
            done += _for_group(kind, brigade_id, notices)
        elif school_id:
            done += _for_call(school_id, notices)
    db.session.flush()
    return done


_Key = tuple[Kind, uuid.UUID | None, uuid.UUID | None, uuid.UUID | None]


def _grouped(notices: Iterable[Notice]) -> dict[_Key, list[Notice]]:
    groups: dict[_Key, list[Notice]] = {}
    for one in notices:
        kind = Kind.URGENT if one.urgent else Kind.DIGEST
        groups.setdefault((kind, one.person_id, one.brigade_id, one.school_id), []).append(one)
    return groups


def _attach(notices: Sequence[Notice], message: Message | None) -> int:
    for one in notices:
        one.bundled_at = clock.now()
        one.message_id = message.id if message else None
    return len(notices)


def _new(kind: Kind, channel: Channel, notices: Sequence[Notice], **more: Any) -> Message:
    house = next((one.house_id for one in notices if one.house_id), None)
    message = Message(id=new_id(), kind=kind, day=clock.today(), channel=channel, house_id=house, **more)
    db.session.add(message)
    db.session.flush()
    return message


def _for_person(kind: Kind, person_id: uuid.UUID, reader: Reader | None, notices: Sequence[Notice]) -> int:
    if reader is None:
        return _attach(notices, None)  # no longer here
    able = reader.roads()
    if not able:
        return _attach(notices, None)  # they find it on their page
    if not may_go(clock.now(), clock.today(), kind, reader.wishes):
        return 0
    if kind is Kind.URGENT:
        message = _new(kind, able[0], notices, person_id=person_id, language=reader.language)
        return _attach(notices, message)
    own = Message.person_id == person_id
    digest, carried = _open_digest(own)
    if not _takes_more(digest, own):
        return 0
    digest = digest or _new(kind, able[0], notices, person_id=person_id, language=reader.language)
    return _attach([*carried, *notices], digest)


def _takes_more(digest: Message | None, own: sa.ColumnElement[bool]) -> bool:
    if digest is None:
        return not _had_one_today(own)
    return digest.day == clock.today() and not digest.in_doubt and digest.state is State.WAITING


def _open_digest(own: sa.ColumnElement[bool]) -> tuple[Message | None, Sequence[Notice]]:
    """The recipient's digest that has not gone, made today's; and the notices of one that only perhaps has gone.

    One that nobody can have seen takes in what is new. One in doubt keeps its words for the day; on a later day it is
    replaced, and what it said goes into that day's digest.
    """
    digest = db.session.scalar(sa.select(Message).where(own, Message.kind == Kind.DIGEST, Message.state.in_(OPEN)))
    if digest is None or digest.day == clock.today() or digest.state is State.SENDING:
        return digest, ()
    if _had_one_today(own):
        return digest, ()
    if not digest.in_doubt:
        digest.day, digest.next_try_at = clock.today(), clock.now()
        return digest, ()
    digest.state = State.REPLACED
    return None, db.session.scalars(sa.select(Notice).where(Notice.message_id == digest.id)).all()


def _had_one_today(own: sa.ColumnElement[bool]) -> bool:
    today = clock.today()
    sent = sa.and_(Message.sent_at >= clock.start_of(today), Message.sent_at < clock.end_of(today))
    query = sa.select(Message.id).where(own, Message.kind == Kind.DIGEST, sa.or_(Message.day == today, sent))
    return db.session.scalar(query.limit(1)) is not None


def _for_group(kind: Kind, brigade_id: uuid.UUID, notices: Sequence[Notice]) -> int:
    if not may_go(clock.now(), clock.today(), kind, Wishes()):
        return 0
    area = db.session.scalar(sa.select(Brigade.area_code).where(Brigade.id == brigade_id)) or ""
    able = channels.groups(area)
    if not able:
        return _attach(notices, None)
    channel = able[0]
    own = sa.and_(Message.brigade_id == brigade_id, Message.channel == channel)
    if kind is Kind.URGENT:
        return _attach(notices, _new(kind, channel, notices, brigade_id=brigade_id))
    digest, carried = _open_digest(own)
    if not _takes_more(digest, own):
        return 0
    digest = digest or _new(kind, channel, notices, brigade_id=brigade_id)
    return _attach([*carried, *notices], digest)


def _for_call(school_id: uuid.UUID, notices: Sequence[Notice]) -> int:
    """One line of the call list per school until it has been called; what comes later the same day makes another."""
    own = sa.and_(Message.school_id == school_id, Message.state == State.WAITING)
    call = db.session.scalar(sa.select(Message).where(own).limit(1))
    if call is None:
        today = sa.select(Message.id).where(Message.school_id == school_id, Message.day == clock.today())
        kind = Kind.URGENT if db.session.scalar(today.limit(1)) else Kind.DIGEST
        call = _new(kind, Channel.CALL, notices, school_id=school_id)
    return _attach(notices, call)
