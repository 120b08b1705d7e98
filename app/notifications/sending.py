"""Sending what waits: each message is taken under a lease, tried once, and what came of it is written down.

A worker that dies between sending and writing leaves an attempt that was begun. When its lease runs out the attempt
counts as doubtful, and the message goes again under the same id (Message-ID, Idempotency-Key), so that a receiver that
has it can tell.
"""

from __future__ import annotations

import time
import uuid

import sqlalchemy as sa

from app.accounts.models import Person
from app.core import clock
from app.core.db import only_reading
from app.core.extensions import db
from app.notifications import channels, texts
from app.notifications.channels import Letter
from app.notifications.models import Delivery, Message, Notice, Outbox
from app.notifications.recipients import Reader, readers
from app.notifications.rules import (
    GIVE_UP,
    LEASE,
    Answer,
    Channel,
    Outcome,
    Reason,
    State,
    Wishes,
    after_quiet,
    may_go,
    next_try,
)
from app.notifications.service import to_call_list
from app.organisations.models import Brigade

MOST_AT_ONCE = 500
#: Seconds after which a round of sending lets the worker do something else.
ROUND_S = 20.0
#: What says that the gateway itself cannot be used now, whoever the message is for.
GATEWAY_DOWN = frozenset(
    {
        Reason.NO_CONNECTION,
        Reason.NO_SUCH_HOST,
        Reason.NOT_TRUSTED,
        Reason.TIMEOUT,
        Reason.SIGN_IN_REFUSED,
        Reason.TOO_MANY,
    }
)


def _ready() -> sa.ColumnElement[bool]:
    now = clock.now()
    waits = sa.and_(Message.state == State.WAITING, Message.next_try_at <= now)
    left = sa.and_(Message.state == State.SENDING, Message.lease_until < now)
    return sa.and_(Message.channel != Channel.CALL, sa.or_(waits, left))


def send_waiting(*, most: int = MOST_AT_ONCE) -> int:
    """Try every message that is due, once each; returns how many were tried. Commits by itself.

    A gateway that does not answer is left alone until the next round, and a round ends when its time is up: the worker
    has papers to print too.
    """
    with only_reading():
        query = sa.select(Message.id, Message.channel).where(_ready())
        due = db.session.execute(query.order_by(Message.next_try_at, Message.id).limit(most)).all()
        db.session.rollback()
    until, down, tried = time.monotonic() + ROUND_S, set[Channel](), 0
    for message_id, channel in due:
        if channel in down or time.monotonic() > until:
            continue
        answer = send_one(message_id)
        tried += answer is not None
        if answer is not None and answer.reason in GATEWAY_DOWN:
            down.add(channel)
    return tried


def send_one(message_id: uuid.UUID) -> Answer | None:
    """Try one message, unless another worker has it or it must wait; commits before and after. What came of it."""
    message = _take(message_id)
    if message is None:
        db.session.rollback()
        return None
    address, letter, gateway = _prepare(message)
    if not address or not gateway or letter is None:
        # Nothing was begun: the road is gone since the message was made.
        _without_road(message)
        db.session.commit()
        return None
    channel = message.channel
    db.session.add(Delivery(message_id=message.id, number=message.tries, channel=channel, address=address))
    db.session.commit()  # from here to the answer nothing of the database may be held
    answer = channels.send(channel, gateway, letter)
    settle(message_id, answer)
    return answer


def _take(message_id: uuid.UUID) -> Message | None:
    message = db.session.scalar(
        sa.select(Message).where(Message.id == message_id, _ready()).with_for_update(skip_locked=True)
    )
    if message is None:
        return None
    if message.state is State.SENDING:
        _note_death(message)
    reader = _reader(message)
    wishes = reader.wishes if reader else Wishes()
    if not may_go(clock.now(), clock.today(), message.kind, wishes):
        message.state, message.next_try_at = State.WAITING, after_quiet(clock.now(), wishes)
        db.session.commit()
        return None
    message.state, message.lease_until = State.SENDING, clock.now() + LEASE
    message.tries += 1
    return message


def _note_death(message: Message) -> None:
    message.in_doubt = True
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.message_id == message.id, Delivery.outcome == Outcome.STARTED)
        .values(outcome=Outcome.DOUBTFUL, reason=Reason.WORKER_DIED, ended_at=clock.now())
    )


def _reader(message: Message) -> Reader | None:
    return readers([message.person_id]).get(message.person_id) if message.person_id else None


def _prepare(message: Message) -> tuple[str, Letter | None, str]:
    """Address, letter and gateway of this attempt; in doubt the words and the road stay those of the first."""
    reader = _reader(message)
    if message.person_id and reader is None:
        return "", None, ""
    if reader is not None and not message.in_doubt:
        able = reader.roads(closed=message.closed)
        if not able:
            return "", None, ""
        message.channel = able[0]
    house = db.session.get(Brigade, message.house_id) if message.house_id else None
    if not message.in_doubt or not message.text:
        _write(message, reader, house)
    address = message.address if message.in_doubt else (reader.address(message.channel) if reader else "*")
    message.address = address
    area = db.session.scalar(sa.select(Brigade.area_code).where(Brigade.id == message.brigade_id))
    letter = Letter(
        id=str(message.id),
        to=address,
        title=message.title,
        text=message.text,
        html=message.html,
        again=message.tries > 1,
        extra=_extra(message, reader.person if reader else None),
    )
    return address, letter, channels.gateway(message.channel, area)


def _write(message: Message, reader: Reader | None, house: Brigade | None) -> None:
    told = db.session.scalars(
        sa.select(Outbox).join(Notice, Notice.outbox_id == Outbox.id).where(Notice.message_id == message.id)
    ).all()
    message.language = (reader.language if reader else "") or message.language
    words = texts.compose(
        told,
        channel=message.channel,
        language=message.language,
        house=house.name if house else "",
        name=reader.person.name if reader else "",
    )
    message.title, message.text, message.html = words.title, words.text, words.html


def _extra(message: Message, person: Person | None) -> dict[str, str]:
    if person is None or message.channel is not Channel.WEBHOOK:
        return {}
    return {"username": person.username, "phone": person.phone, "email": person.email, "kind": message.kind.value}


def settle(message_id: uuid.UUID, answer: Answer) -> None:
    """Write down what came of the attempt that is under way, and what follows from it; commits."""
    db.session.rollback()
    message = db.session.scalar(sa.select(Message).where(Message.id == message_id).with_for_update())
    if message is None:
        return
    said = {"outcome": answer.outcome, "reason": answer.reason, "code": answer.code[:40], "said": answer.said[:300]}
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.message_id == message_id, Delivery.number == message.tries)
        .values(ended_at=clock.now(), **said)
    )
    message.lease_until, message.reason = None, answer.reason
    if answer.outcome is Outcome.ACCEPTED:
        message.state, message.sent_at = State.SENT, clock.now()
    elif answer.outcome is Outcome.REJECTED:
        _take_next_road(message)
    else:
        message.in_doubt = message.in_doubt or answer.outcome is Outcome.DOUBTFUL
        message.state, message.next_try_at = State.WAITING, next_try(clock.now(), message.tries)
        if clock.now() - message.made_at > GIVE_UP[message.kind]:
            _give_up(message, Reason.TOO_OLD)
    db.session.commit()


def _take_next_road(message: Message) -> None:
    message.closed = [*message.closed, message.channel.value]
    reader = _reader(message)
    if reader is not None and reader.roads(closed=message.closed) and not message.in_doubt:
        message.state, message.next_try_at = State.WAITING, clock.now()
    else:
        _give_up(message, Reason(message.reason))


def _without_road(message: Message) -> None:
    message.tries -= 1
    message.lease_until = None
    if message.brigade_id is not None:
        message.state, message.reason = State.WAITING, Reason.NOT_SET_UP
        message.next_try_at = next_try(clock.now(), 5)
    else:
        _give_up(message, Reason.NO_ADDRESS)


def _give_up(message: Message, reason: Reason) -> None:
    """Failed, for the office to see; a school's people who cannot be reached are called by telephone."""
    message.state, message.reason = State.FAILED, reason
    to_call_list(message)
