"""What older lists say of times and numbers: read only where there is one way to read it. Pure; no guess is ever made.

`3 mins 20 seconds`, `3分20秒` and `200秒` mean one thing. `2:05` is minutes and seconds where the column is of a drill's time, as
people write it and as the log itself shows it. `70-79 seconds`, `约2分钟`, `2.5` and `105` (minutes? seconds?) are kept as they
were typed, with the reason why they are not taken.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass


class Doubt(enum.StrEnum):
    """Why a typed time or number is not taken."""

    RANGE = "range"
    ABOUT = "about"
    NO_UNIT = "no_unit"
    TOO_LONG = "too_long"
    IMPOSSIBLE = "impossible"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, the value it surely means, and where there is none, why."""

    text: str = ""
    value: int | None = None
    doubt: Doubt | None = None


_HOURS = r"(?:小时|时|hours?|hrs?|h)"
_MINUTES = r"(?:分钟|分|minutes?|mins?|min\.|m|'|′)"
_SECONDS = r"(?:秒钟|秒|seconds?|secs?|sec\.|s|\"|″|'')"
_IN_WORDS = re.compile(
    rf"(?:(?P<h>\d{{1,3}})\s*{_HOURS}\s*(?:and|,)?\s*)?(?:(?P<m>\d{{1,4}})\s*{_MINUTES}\s*(?:and|,)?\s*)?(?:(?P<s>\d{{1,6}})\s*{_SECONDS})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,3}):(?P<s>\d{2})(?:\.0+)?")
_RANGE = re.compile(r"\d\s*\D{0,8}?\s*(?:-|–|—|~|～|至|到|to|or|或|/)\s*\d", re.IGNORECASE)
_ABOUT = re.compile(
    r"约|大约|左右|多|余|近|不到|以内|以上|超过|<|>|≤|≥|\+|about|approx|around|less|more|over|under|nearly|almost|~|\?|？",
    re.I,
)
_BARE = re.compile(r"\d+(?:\.\d+)?")


def read_elapsed(text: str, *, longest_s: int) -> Typed:
    """How many seconds a cell surely means; empty where nothing was typed."""
    typed = text.strip()
    plain = unicodedata.normalize("NFKC", typed).strip().rstrip("。.")
    if not plain:
        return Typed(typed, None, Doubt.UNREADABLE if typed else None)
    found = _CLOCK.fullmatch(plain) or _IN_WORDS.fullmatch(plain)
    if found is None:
        return Typed(typed, None, _why(plain))
    hours, minutes, seconds = (found[name] for name in ("h", "m", "s"))
    if (minutes and seconds and int(seconds) > 59) or (hours and int(minutes or 0) > 59):
        return Typed(typed, None, Doubt.IMPOSSIBLE)
    value = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return Typed(typed, value) if value <= longest_s else Typed(typed, None, Doubt.TOO_LONG)


def _why(plain: str) -> Doubt:
    if _RANGE.search(plain):
        return Doubt.RANGE
    if _ABOUT.search(plain):
        return Doubt.ABOUT
    return Doubt.NO_UNIT if _BARE.fullmatch(plain) else Doubt.UNREADABLE


_COUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,7})\s*(?:人|名|people|persons|pupils|students)?(?:\.0+)?", re.IGNORECASE)


def read_count(text: str, *, most: int) -> Typed:
    """How many people a cell surely means."""
    typed = text.strip()
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        return Typed()
    found = _COUNT.fullmatch(plain)
    if found is None:
        doubt = _why(plain)
        return Typed(typed, None, Doubt.UNREADABLE if doubt is Doubt.NO_UNIT else doubt)
    value = int(found[1].replace(",", ""))
    return Typed(typed, value) if value <= most else Typed(typed, None, Doubt.TOO_LONG)
