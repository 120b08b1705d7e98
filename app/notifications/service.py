"""What people do about messages: tell others, read, set how to be told, try again, note a call."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import insert_ignore, new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.notifications.models import Delivery, Message, Notice, Outbox, Preference
from app.notifications.rules import Channel, Outcome, State, Wishes


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def tell(
    event: str,
    *,
    person_ids: Collection[uuid.UUID] = (),
    school_id: uuid.UUID | None = None,
    brigade_id: uuid.UUID | None = None,
    roles: Collection[Role] = (),
    subject: tuple[str, uuid.UUID | str] = ("", ""),
    data: Mapping[str, Any],
    urgent: bool = False,
    key: str,
    due_at: datetime | None = None,
    fresh: bool = False,
) -> None:
    """Leave word of something in the act's own transaction; the same `key` is told once, however often it is called.

    Told are: these people; at `school_id` its principal and safety officers of the day it is sent (or its call list);
    at `brigade_id` those who hold one of `roles` (leader and office when none is named) and the brigade's group chats
    (when no role and no person is named). Dates in `data` are dates, everything else text or figures; no pupils' names.
    `fresh`: the key holds a new id, so nothing is looked up, and nothing of the act is flushed yet.
    """
    row: dict[str, Any] = {
        "id": new_id(),
        "key": key,
        "event": event,
        "subject_kind": subject[0],
        "subject_id": str(subject[1]),
        "person_ids": [str(one) for one in dict.fromkeys(person_ids)],
        "school_id": school_id,
        "brigade_id": brigade_id,
        "roles": sorted(role.value for role in roles),
        "data": {name: _plain(value) for name, value in data.items()},
        "urgent": urgent,
        "made_at": clock.now(),
        "due_at": due_at or clock.now(),
    }
    if fresh:
        db.session.add(Outbox(**row))
        return
    db.session.flush()
    db.session.execute(insert_ignore(Outbox).values(**row))


def read(viewer: Viewer, *, notice: Notice) -> None:
    """Note that the viewer has opened one of their notices."""
    if notice.read_at is None:
        notice.read_at = clock.now()
    db.session.flush()


def read_all(viewer: Viewer) -> None:
    """Note that the viewer has seen all their notices."""
    unread = sa.update(Notice).where(Notice.person_id == viewer.person_id, Notice.read_at.is_(None))
    db.session.execute(unread.values(read_at=clock.now()))


def prefer(viewer: Viewer, *, language: str, channel: str, wishes: Wishes) -> Preference:
    """Set how the viewer wants to be told."""
    found = db.session.get(Preference, viewer.person_id)
    if found is None:
        found = Preference(person_id=viewer.person_id)
        db.session.add(found)
    found.language, found.channel, found.changed_at = language, channel, clock.now()
    found.quiet_from, found.quiet_to = wishes.quiet_from, wishes.quiet_to
    found.weekends, found.urgent_waits = wishes.weekends, wishes.urgent_waits
    db.session.flush()
    return found


def try_again(viewer: Viewer, *, message: Message) -> None:
    """Send a message that waits or failed at the next round of the worker, over every road again."""
    if message.channel is Channel.CALL or message.state not in (State.WAITING, State.FAILED):
        raise DomainError(_("这条消息已经送出或正在发送，不需要重试。"))
    message.state, message.next_try_at, message.closed = State.WAITING, clock.now(), []
    audit.record(viewer, "message_try_again", subject="message", subject_id=message.id)
    db.session.flush()


def to_call_list(message: Message) -> int:
    """Put what a message says on the call list of its people's schools; returns how many lines that made."""
    schools = _schools_of(message)
    if not schools:
        return 0
    lines = db.session.execute(
        sa.select(Notice.outbox_id, Notice.house_id, Notice.urgent).where(Notice.message_id == message.id)
    ).all()
    for outbox_id, house_id, urgent in lines:
        for school_id in schools:
            row = {"id": new_id(), "outbox_id": outbox_id, "school_id": school_id, "house_id": house_id}
            db.session.execute(insert_ignore(Notice).values(**row, urgent=urgent, made_at=clock.now()))
    return len(lines)


def _schools_of(message: Message) -> list[uuid.UUID]:
    """The schools that the message's lines were told to; none where it went to the brigade's own people."""
    query = (
        sa.select(Outbox.school_id)
        .join(Notice, Notice.outbox_id == Outbox.id)
        .where(Notice.message_id == message.id, Outbox.school_id.is_not(None))
        .distinct()
    )
    return [one for one in db.session.scalars(query) if one]


def by_phone(viewer: Viewer, *, message: Message) -> None:
    """Give up sending what has not gone, and call the school instead."""
    if message.channel is Channel.CALL or message.state not in (State.WAITING, State.FAILED):
        raise DomainError(_("这条消息已经送出或正在发送，不能转为电话通知。"))
    if not to_call_list(message):
        raise DomainError(_("这条消息不是发给学校的，不能转为电话通知。"))
    message.state, message.reason = State.FAILED, "by_phone"
    audit.record(viewer, "message_by_phone", subject="message", subject_id=message.id)
    db.session.flush()


def note_call(viewer: Viewer, *, message: Message, spoke_to: str) -> None:
    """Note that the school was told by telephone, and who took the call."""
    if message.channel is not Channel.CALL or message.state is not State.WAITING:
        raise DomainError(_("这通电话已经登记过。"))
    message.tries += 1
    message.state, message.sent_at, message.reason = State.SENT, clock.now(), ""
    db.session.add(
        Delivery(
            message_id=message.id,
            number=message.tries,
            channel=Channel.CALL,
            begun_at=clock.now(),
            ended_at=clock.now(),
            outcome=Outcome.BY_HAND,
            said=spoke_to,
            by_id=viewer.person_id,
            by_name=viewer.name,
        )
    )
    audit.record(viewer, "message_call", subject="message", subject_id=message.id, detail={"spoke_to": spoke_to})
    db.session.flush()


def tell_myself(viewer: Viewer) -> None:
    """A message to the viewer at once, to see whether the road works."""
    tell("test", person_ids=[viewer.person_id], data={"name": viewer.name}, urgent=True, key=f"test:{new_id()}")
