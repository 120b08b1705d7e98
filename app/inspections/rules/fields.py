"""The fields of a row, and which values make sense in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """What an officer says of a row. `not_checked` is said of a whole area that was not reached, never of one row."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    NA = "na"
    NOT_CHECKED = "not_checked"


class Outcome(StrEnum):
    """What a re-check says of one finding."""

    CORRECTED = "corrected"
    PARTLY = "partly"
    NOT_CORRECTED = "not_corrected"


#: One 合格 for a whole piece; its own items come beside it when it is sampled.
PIECE = "PIECE"
#: A finding that is looked at again.
RECHECK = "RECHECK"
#: What belongs to the visit and to no row (position of the tablet).
VISIT = "VISIT"
#: The chip for a fault that the pack does not name.
OTHER = "other"

#: From bad to good: while values contradict each other the worse one counts.
WORST_FIRST = (
    Answer.FAIL, Outcome.NOT_CORRECTED, Outcome.PARTLY, Answer.PASS, Outcome.CORRECTED, Answer.NA, Answer.NOT_CHECKED, "",
)  # fmt: skip
LONGEST_NOTE = 2000
_NUMBER = re.compile(r"^[-+]?\d{1,7}(\.\d{1,4})?$")


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest


def is_number(text: str) -> bool:
    """Whether a reading is a plain decimal number."""
    return bool(_NUMBER.match(text))


def _is_day(value: Any) -> bool:
    if value == "":
        return True
    try:
        date.fromisoformat(value)
    except (TypeError, ValueError):
        return False
    return True


def _is_faults(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 60 and all(_is_text(v, 60) for v in value)


def _is_position(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return False
    numbers = [value.get(k) for k in ("latitude", "longitude", "accuracy_m")]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return False
    latitude, longitude, accuracy = (float(str(n)) for n in numbers)
    return abs(latitude) <= 90 and abs(longitude) <= 180 and 0 <= accuracy < 1e6


_ANSWERS = {"", *Answer}
_OUTCOMES = {"", *Outcome}
_CHECKS: Mapping[str, Any] = {
    "note": lambda v: _is_text(v, LONGEST_NOTE),
    "where": lambda v: _is_text(v, 120),
    "reading": lambda v: _is_text(v, 20),
    "choice": lambda v: _is_text(v, 60),
    "date": _is_day,
    "text": lambda v: _is_text(v, 500),
    "fault": _is_faults,
    "spot": lambda v: isinstance(v, bool),
    "deadline": _is_day,
    "sample": lambda v: isinstance(v, bool),
    "photo": lambda v: isinstance(v, Mapping),
    "position": _is_position,
}


def makes_sense(item: str, field: str, value: Any) -> bool:
    """Whether a field of a row can hold this value."""
    if field == "answer":
        return value in (_OUTCOMES if item == RECHECK else _ANSWERS)
    if field == "position" and item != VISIT:
        return False
    check = _CHECKS.get(field)
    return check is not None and bool(check(value))


def row_name(item: str, place: str = "") -> str:
    """The form name of a row: `<item code>`, or `<item code>@<equipment or place id>`."""
    return f"{item}@{place}" if place else item


def split_name(name: str) -> tuple[str, str]:
    """Item and place of a row's form name."""
    item, _, place = name.partition("@")
    return item, place
