"""From outbox rows to notices, and from notices to messages: at most one digest per person and day, urgent ones at once."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

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
#: Notices looked at in one piece of work.
PIECE = 1_000
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


def bundle(*, urgent: bool) -> int:
    """Put the urgent notices, or those for the digest, that may go now into messages; returns how many. Commits by piece."""
    done, after = 0, None
    while True:
        query = sa.select(Notice).where(Notice.bundled_at.is_(None), Notice.urgent.is_(urgent))
        if after is not None:
            query = query.where(Notice.id > after)
        piece = db.session.scalars(query.order_by(Notice.id).limit(PIECE).with_for_update(skip_locked=True)).all()
        if piece:
            after = piece[-1].id
            done += _bundle(piece, Kind.URGENT if urgent else Kind.DIGEST)
        db.session.commit()
        if len(piece) < PIECE:
            return done


def _bundle(notices: Sequence[Notice], kind: Kind) -> int:
    known, standing = readers(n.person_id for n in notices if n.person_id), Standing(notices)
    done = 0
    for recipient, theirs in _grouped(notices).items():
        if recipient.person_id:
            done += _for_person(kind, recipient, known.get(recipient.person_id), theirs, standing)
        elif recipient.brigade_id:
            done += _for_group(kind, recipient, theirs, standing)
        else:
            done += _for_call(recipient, theirs, standing)
    db.session.flush()
    return done


class Recipient(NamedTuple):
    """Whom a notice or message is for; one of the three."""

    person_id: uuid.UUID | None
    brigade_id: uuid.UUID | None
    school_id: uuid.UUID | None


def _recipient(row: Notice | Message) -> Recipient:
    return Recipient(row.person_id, row.brigade_id, row.school_id)


class Standing:
    """The messages that matter to what these recipients may get today: open ones, and those of today. One query.

    Their rows are locked: whoever sends one meanwhile is waited for, so that nothing is put into what has just gone.
    """

    def __init__(self, notices: Iterable[Notice]) -> None:
        notices, today = list(notices), clock.today()
        sent = sa.and_(Message.sent_at >= clock.start_of(today), Message.sent_at < clock.end_of(today))
        query = sa.select(Message).where(
            sa.or_(
                Message.person_id.in_({n.person_id for n in notices if n.person_id}),
                Message.brigade_id.in_({n.brigade_id for n in notices if n.brigade_id}),
                Message.school_id.in_({n.school_id for n in notices if n.school_id}),
            ),
            sa.or_(Message.state.in_(OPEN), Message.day == today, sent),
        )
        query = query.order_by(Message.id).with_for_update().execution_options(populate_existing=True)
        self._of: dict[Recipient, list[Message]] = {}
        for message in db.session.scalars(query):
            self._of.setdefault(_recipient(message), []).append(message)

    def open_digest(self, recipient: Recipient) -> Message | None:
        """The digest that has not gone."""
        return next((m for m in self._digests(recipient) if m.state in OPEN), None)

    def had_one_today(self, recipient: Recipient) -> bool:
        """Whether a digest is of today, or went today."""
        today = clock.today()
        return any(m.day == today or (m.sent_at and clock.day_of(m.sent_at) == today) for m in self._digests(recipient))

    def open_call(self, recipient: Recipient) -> Message | None:
        """The line of the call list that waits."""
        return next((m for m in self._of.get(recipient, ()) if m.state is State.WAITING), None)

    def add(self, message: Message) -> None:
        """Count a new message in."""
        self._of.setdefault(_recipient(message), []).append(message)

    def _digests(self, recipient: Recipient) -> list[Message]:
        return [m for m in self._of.get(recipient, ()) if m.kind is Kind.DIGEST]


def _grouped(notices: Iterable[Notice]) -> dict[Recipient, list[Notice]]:
    groups: dict[Recipient, list[Notice]] = {}
    for one in notices:
        groups.setdefault(_recipient(one), []).append(one)
    return groups


def _attach(notices: Sequence[Notice], message: Message | None) -> int:
    for one in notices:
        one.bundled_at = clock.now()
        one.message_id = message.id if message else None
    return len(notices)


def _new(
    kind: Kind,
    channel: Channel,
    recipient: Recipient,
    notices: Sequence[Notice],
    standing: Standing,
    language: str = "",
) -> Message:
    message = Message(
        id=new_id(),
        person_id=recipient.person_id,
        brigade_id=recipient.brigade_id,
        school_id=recipient.school_id,
        house_id=next((one.house_id for one in notices if one.house_id), None),
        kind=kind,
        day=clock.today(),
        channel=channel,
        language=language,
        state=State.WAITING,
        in_doubt=False,
    )
    db.session.add(message)
    db.session.flush()
    standing.add(message)
    return message


def _for_person(
    kind: Kind, recipient: Recipient, reader: Reader | None, notices: Sequence[Notice], standing: Standing
) -> int:
    able = reader.roads() if reader else []
    if reader is None or not able:
        return _attach(notices, None)  # gone, or they find it on their page
    if not may_go(clock.now(), clock.today(), kind, reader.wishes):
        return 0
    return _put(kind, able[0], recipient, notices, standing, reader.language)


def _for_group(kind: Kind, recipient: Recipient, notices: Sequence[Notice], standing: Standing) -> int:
    if not may_go(clock.now(), clock.today(), kind, Wishes()):
        return 0
    area = db.session.scalar(sa.select(Brigade.area_code).where(Brigade.id == recipient.brigade_id)) or ""
    able = channels.groups(area)
    return _put(kind, able[0], recipient, notices, standing) if able else _attach(notices, None)


def _put(
    kind: Kind,
    channel: Channel,
    recipient: Recipient,
    notices: Sequence[Notice],
    standing: Standing,
    language: str = "",
) -> int:
    """Into a message of its own when urgent, else into the recipient's digest of today, if it still takes something."""
    if kind is Kind.URGENT:
        return _attach(notices, _new(kind, channel, recipient, notices, standing, language))
    digest, carried = _digest_of_today(recipient, standing)
    if digest is None:
        if standing.had_one_today(recipient):
            return 0
        digest = _new(kind, channel, recipient, notices, standing, language)
    elif digest.day != clock.today() or digest.in_doubt or digest.state is not State.WAITING:
        return 0
    return _attach([*carried, *notices], digest)


def _digest_of_today(recipient: Recipient, standing: Standing) -> tuple[Message | None, Sequence[Notice]]:
    """The recipient's digest that has not gone, made today's; and the notices of one that only perhaps has gone.

    One that nobody can have seen takes in what is new. One in doubt keeps its words for the day; on a later day it is
    replaced, and what it said goes into that day's digest.
    """
    digest = standing.open_digest(recipient)
    if digest is None or digest.day == clock.today() or digest.state is State.SENDING:
        return digest, ()
    if standing.had_one_today(recipient):
        return digest, ()
    if not digest.in_doubt:
        digest.day, digest.next_try_at = clock.today(), clock.now()
        return digest, ()
    digest.state = State.REPLACED
    return None, db.session.scalars(sa.select(Notice).where(Notice.message_id == digest.id)).all()


def _for_call(recipient: Recipient, notices: Sequence[Notice], standing: Standing) -> int:
    """One line of the call list per school until it has been called; what comes later the same day makes another."""
    call = standing.open_call(recipient)
    if call is None:
        kind = Kind.URGENT if standing.had_one_today(recipient) else Kind.DIGEST
        call = _new(kind, Channel.CALL, recipient, notices, standing)
    return _attach(notices, call)
