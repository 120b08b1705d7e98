"""What becomes of what a tablet sends: states, reasons, clocks, and what a file is called. Pure."""

from __future__ import annotations

import enum
import re
from datetime import datetime, timedelta

PROTO = MIN_PROTO = 1
MOST_OPS = 200
LARGEST_BODY = 8 * 1024 * 1024
LARGEST_PIECE = 1024 * 1024
LARGEST_BLOB = 20 * 1024 * 1024
#: What nobody went on with; what is whole and no operation names.
PIECES_KEPT, UNNAMED_KEPT = timedelta(days=14), timedelta(days=30)
GRANT_LASTS = timedelta(days=14)
#: How old a sign-in may be that still opens a tablet without its PIN.
JUST_SIGNED_IN = timedelta(minutes=15)
#: A tablet with work on it that was not heard of for so long may be lost.
QUIET_AFTER = timedelta(days=2)
#: More than this beside our clock is no clock; then its times say nothing.
WILDEST_CLOCK = timedelta(days=3660)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class OpState(enum.StrEnum):
    """What became of an operation of a tablet; what is not applied is kept until a person has dealt with it."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    HELD = "held"
    REJECTED = "rejected"


class Reason(enum.StrEnum):
    """Why an operation is held or rejected."""

    UNKNOWN_TARGET = "unknown_target"
    FILE_MISSING = "file_missing"
    FILES_MISSING = "files_missing"
    INCOMPLETE = "incomplete"
    CONTESTED = "contested"
    UNSEEN_CHANGES = "unseen_changes"
    NOT_FINALISED = "not_finalised"
    NOT_AS_SIGNED = "not_as_signed"
    UNPROVEN = "unproven"
    NOT_YOURS = "not_yours"
    FROZEN = "frozen"
    WITHDRAWN = "withdrawn"
    UNKNOWN_SCHOOL = "unknown_school"
    UNKNOWN_CHECKLIST = "unknown_checklist"
    REFUSED = "refused"
    OP_ID_REUSED = "op_id_reused"
    BAD_OPERATION = "bad_operation"
    BAD_VALUE = "bad_value"
    TOO_LONG = "too_long"
    BAD_PICTURE = "bad_picture"
    KIND_NOT_YET = "kind_not_yet"
    POISONED = "poisoned"


#: Held operations that go through by themselves when what they wait for has come.
GO_ON_ALONE = frozenset({Reason.UNKNOWN_TARGET, Reason.FILE_MISSING, Reason.FILES_MISSING, Reason.NOT_FINALISED})
#: The tablet deals with these itself (finishes the rows, sends anew); nobody else need look.
OWN_BUSINESS = GO_ON_ALONE | {Reason.INCOMPLETE, Reason.CONTESTED, Reason.UNSEEN_CHANGES}


def is_sha256(text: object) -> bool:
    """Whether it is the name of a file."""
    return isinstance(text, str) and bool(_SHA256.fullmatch(text))


def offset(server_now: datetime, client_now: datetime | None) -> timedelta:
    """How far the tablet's clock is behind ours; none where it says nothing."""
    if client_now is None or client_now.tzinfo is None:
        return timedelta(0)
    found = server_now - client_now
    return found if abs(found) < WILDEST_CLOCK else timedelta(0)


def corrected(at: datetime | None, *, offset: timedelta, server_now: datetime) -> datetime:
    """The moment of an act by our clock; never later than now."""
    if at is None or at.tzinfo is None:
        return server_now
    try:
        return min(at + offset, server_now)
    except OverflowError:
        return server_now


def is_quiet(last_seen: datetime, *, waiting: int, now: datetime) -> bool:
    """Whether a tablet that still holds work has not been heard of for too long."""
    return waiting > 0 and now - last_seen > QUIET_AFTER
