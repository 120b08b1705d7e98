"""Finding notices and messages: one's own, those of the office's brigade, the call list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock, paging
from app.core.extensions import db
from app.notifications import channels, texts
from app.notifications.models import Delivery, Message, Notice, Outbox, Preference
from app.notifications.recipients import school_rows
from app.notifications.rules import Channel, State, masked
from app.notifications.texts import Line
from app.organisations.models import Brigade


@dataclass(frozen=True, kw_only=True)
class Told:
    """A notice as its reader's page shows it."""

    notice: Notice
    line: Line


def inbox(viewer: Viewer, *, key: str | None = None, size: int = 30) -> paging.Page[Told]:
    """What the viewer was told, the newest first, in one query."""
    query: Any = sa.select(Notice, Outbox).join(Outbox, Outbox.id == Notice.outbox_id)
    found = paging.page(
        query.where(Notice.person_id == viewer.person_id),
        keys=[(Notice.id, True)],
        key=key,
        size=size,
        scalars=False,
    )
    rows = [Told(notice=notice, line=texts.line(outbox)) for notice, outbox in found.rows]
    return paging.Page(rows, found.next_key, found.previous_key)


def own_notice(viewer: Viewer, notice_id: uuid.UUID) -> tuple[Notice, str] | None:
    """One of the viewer's notices with the page it leads to."""
    row = db.session.execute(
        sa.select(Notice, Outbox)
        .join(Outbox, Outbox.id == Notice.outbox_id)
        .where(Notice.id == notice_id, Notice.person_id == viewer.person_id)
    ).first()
    return (row[0], texts.page_of(row[1])) if row else None


def preference(viewer: Viewer) -> Preference:
    """What the viewer has set, or what is proposed."""
    found = db.session.get(Preference, viewer.person_id)
    return found or Preference(
        person_id=viewer.person_id,
        language="",
        channel="",
        quiet_from=21,
        quiet_to=8,
        weekends=True,
        urgent_waits=False,
    )


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message as the office's log shows it: to whom, at which school or brigade."""

    message: Message
    name: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which messages the log shows."""

    state: str = ""
    channel: str = ""
    search: str = ""


def _sent(viewer: Viewer) -> Any:
    name = sa.func.coalesce(Person.name, school_rows.c.name, Brigade.name)
    return (
        sa.select(Message, name)
        .outerjoin(Person, Person.id == Message.person_id)
        .outerjoin(school_rows, school_rows.c.id == Message.school_id)
        .outerjoin(Brigade, Brigade.id == Message.brigade_id)
        .where(Message.house_id.in_(viewer.brigade_ids))
    )


def _as_sent(row: Sequence[object]) -> Sent:
    message, name = row
    assert isinstance(message, Message)
    return Sent(message=message, name=str(name), address="" if message.address == "*" else masked(message.address))


def log(viewer: Viewer, choice: Choice, *, key: str | None = None, size: int = 50) -> paging.Page[Sent]:
    """Messages in the name of the viewer's brigades, the newest first; calls have their own list."""
    query = _sent(viewer).where(Message.channel != Channel.CALL)
    if choice.state in State.__members__.values():
        query = query.where(Message.state == State(choice.state))
    if choice.channel in Channel.__members__.values():
        query = query.where(Message.channel == Channel(choice.channel))
    if choice.search:
        query = query.where(Person.name.contains(choice.search, autoescape=True))
    found = paging.page(query, keys=[(Message.id, True)], key=key, size=size, scalars=False)
    return paging.Page([_as_sent(row) for row in found.rows], found.next_key, found.previous_key)


def counts(viewer: Viewer) -> dict[State, int]:
    """How many messages of the last 30 days stand in each state."""
    since = clock.start_of(date.fromordinal(clock.today().toordinal() - 30))
    query = (
        sa.select(Message.state, sa.func.count())
        .where(Message.house_id.in_(viewer.brigade_ids), Message.channel != Channel.CALL, Message.made_at >= since)
        .group_by(Message.state)
    )
    found = dict(db.session.execute(query).all())
    return {state: found.get(state, 0) for state in State}


def get(viewer: Viewer, message_id: uuid.UUID) -> Sent | None:
    """One message of the viewer's brigades."""
    row = db.session.execute(_sent(viewer).where(Message.id == message_id)).first()
    return _as_sent(row) if row else None


def attempts(message_id: uuid.UUID) -> Sequence[Delivery]:
    """What was tried for a message, in order."""
    return db.session.scalars(
        sa.select(Delivery).where(Delivery.message_id == message_id).order_by(Delivery.number)
    ).all()


def lines_of(message_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Line]]:
    """What messages say, line by line, in the viewer's language; one query."""
    rows = db.session.execute(
        sa.select(Notice.message_id, Outbox)
        .join(Outbox, Outbox.id == Notice.outbox_id)
        .where(Notice.message_id.in_(message_ids))
    ).all()
    grouped: dict[uuid.UUID, list[Outbox]] = {}
    for message_id, outbox in rows:
        if message_id:
            grouped.setdefault(message_id, []).append(outbox)
    return {key: [texts.line(one) for one in texts.latest(told)] for key, told in grouped.items()}


@dataclass(frozen=True, kw_only=True)
class Call:
    """One school to call: whom, under which numbers, what to say."""

    message: Message
    school: str
    people: list[tuple[str, str]]
    lines: list[Line]


def calls(viewer: Viewer, *, most: int = 500) -> list[Call]:
    """Schools to be told by telephone, those waiting longest first; two queries."""
    c = school_rows.c
    rows = db.session.execute(
        sa.select(
            Message,
            c.name,
            c.phone,
            c.responsible_person,
            c.responsible_phone,
            c.safety_manager,
            c.safety_manager_phone,
        )
        .join(school_rows, c.id == Message.school_id)
        .where(
            Message.house_id.in_(viewer.brigade_ids), Message.channel == Channel.CALL, Message.state == State.WAITING
        )
        .order_by(Message.id)
        .limit(most)
    ).all()
    said = lines_of([row[0].id for row in rows])
    return [
        Call(
            message=message,
            school=name,
            people=[(who, number) for who, number in ((head, head_no), (safety, safety_no), ("", phone)) if number]
            or [(who, "") for who in (head or safety,) if who],
            lines=said.get(message.id, []),
        )
        for message, name, phone, head, head_no, safety, safety_no in rows
    ]


def untold(viewer: Viewer, *, most: int = 20) -> list[Line]:
    """What reached nobody in the last 30 days, since nobody holds the post it was meant for."""
    since = clock.start_of(date.fromordinal(clock.today().toordinal() - 30))
    query = (
        sa.select(Outbox)
        .where(
            Outbox.brigade_id.in_(viewer.brigade_ids),
            Outbox.sorted_at.is_not(None),
            Outbox.told == 0,
            Outbox.made_at >= since,
        )
        .order_by(Outbox.id.desc())
        .limit(most)
    )
    return [texts.line(one) for one in db.session.scalars(query)]


def roads_set_up(viewer: Viewer) -> list[tuple[Channel, bool]]:
    """Each road, and whether it is set up for the viewer's brigade."""
    area = viewer.own_brigade_area or ""
    open_ = {*channels.personal(), *channels.groups(area)}
    return [(channel, channel in open_) for channel in (*Channel.__members__.values(),) if channel is not Channel.CALL]
