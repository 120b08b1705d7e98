"""When a message may go, when it is tried again, and what an attempt's outcome means: plain values in and out."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock


class Channel(enum.StrEnum):
    """A road to a person (e-mail, SMS, the city's own message platform), to a brigade's group, or a telephone call."""

    EMAIL = "email"
    SMS = "sms"
    WEBHOOK = "webhook"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    CALL = "call"


#: Roads to one person, the first that is open is taken unless the person chose another.
PERSONAL = (Channel.EMAIL, Channel.SMS, Channel.WEBHOOK)
#: Robots of a brigade's group chat.
GROUPS = (Channel.WECOM, Channel.DINGTALK, Channel.FEISHU)
#: What a person chooses who wants nothing but the pages here.
PAGE_ONLY = "page"


class Kind(enum.StrEnum):
    """The one digest of a day, or what cannot wait for it."""

    DIGEST = "digest"
    URGENT = "urgent"


class State(enum.StrEnum):
    """Where a message stands. `replaced`: perhaps delivered, nobody can say; a later digest carries its content again."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    REPLACED = "replaced"


class Outcome(enum.StrEnum):
    """How one attempt ended. `doubtful`: the receiver may have taken it; it is tried again under the same id."""

    STARTED = "started"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    BY_HAND = "by_hand"


class Reason(enum.StrEnum):
    """Why an attempt did not succeed."""

    NONE = ""
    NO_CONNECTION = "no_connection"
    NO_SUCH_HOST = "no_such_host"
    NOT_TRUSTED = "not_trusted"
    TIMEOUT = "timeout"
    CUT_OFF = "cut_off"
    SIGN_IN_REFUSED = "sign_in_refused"
    SENDER_REFUSED = "sender_refused"
    ADDRESS_REFUSED = "address_refused"
    ANSWERED_ERROR = "answered_error"
    TOO_MANY = "too_many"
    NOT_SET_UP = "not_set_up"
    NO_ADDRESS = "no_address"
    WORKER_DIED = "worker_died"
    TOO_OLD = "too_old"
    BY_PHONE = "by_phone"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of an attempt: `code` is the receiver's figure, `said` its words without any secret."""

    outcome: Outcome
    reason: Reason = Reason.NONE
    code: str = ""
    said: str = ""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person has set: hours without messages, weekends without digests, whether urgent ones wait too."""

    quiet_from: int = 21
    quiet_to: int = 8
    weekends: bool = True
    urgent_waits: bool = False


#: A worker that has not finished a sending after so long is taken for dead.
LEASE = timedelta(minutes=5)
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 30, 60, 120))
LONGEST_PAUSE = timedelta(hours=4)
#: After so long without being accepted a message is given up, shown as failed, and goes to the call list.
GIVE_UP = {Kind.URGENT: timedelta(days=3), Kind.DIGEST: timedelta(days=7)}


def next_try(now: datetime, tries: int) -> datetime:
    """When to try again after so many tries."""
    return now + (BACK_OFF[tries - 1] if tries <= len(BACK_OFF) else LONGEST_PAUSE)


def is_quiet(now: datetime, wishes: Wishes) -> bool:
    """Whether the person wants no message at this hour; equal hours mean no quiet at all."""
    hour, begins, ends = clock.local(now).hour, wishes.quiet_from, wishes.quiet_to
    return begins <= hour < ends if begins <= ends else hour >= begins or hour < ends


def may_go(now: datetime, today: date, kind: Kind, wishes: Wishes) -> bool:
    """Whether a message of this kind may leave at this moment."""
    if kind is Kind.URGENT and not wishes.urgent_waits:
        return True
    if is_quiet(now, wishes):
        return False
    return kind is Kind.URGENT or wishes.weekends or today.weekday() < 5


def after_quiet(now: datetime, wishes: Wishes) -> datetime:
    """The next full hour in which the person may be disturbed, for a message that must not go now."""
    hour = clock.local(now)
    for _step in range(24):
        hour = datetime.combine(hour.date(), time(hour.hour), clock.ZONE) + timedelta(hours=1)
        if not is_quiet(hour, wishes):
            break
    return hour


def roads(chosen: str, *, open_: Iterable[Channel], closed: Iterable[str] = ()) -> list[Channel]:
    """The roads to a person in the order to try: the chosen one first, without those that were refused for good."""
    if chosen == PAGE_ONLY:
        return []
    able = [channel for channel in PERSONAL if channel in set(open_) and channel.value not in set(closed)]
    return sorted(able, key=lambda channel: channel.value != chosen)


def masked(address: str) -> str:
    """An e-mail address or phone number as the log shows it: enough to recognise, too little to use."""
    if "@" in address:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{address[:3]}****{address[-4:]}" if len(address) >= 8 else address


def signature(brigade: str) -> str:
    """How an SMS names its sender: 示范区消防救援大队 → 示范区消防."""
    head, found, _rest = brigade.partition("消防")
    return f"{head}{found}" or brigade
