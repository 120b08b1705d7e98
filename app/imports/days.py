"""Days as people type them into lists: which are sure, which seem to mean a day and why that is not sure. Nothing is guessed."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

#: Nothing in a list is older, and no deadline is further off.
OLDEST, FURTHEST = date(1990, 1, 1), timedelta(days=5 * 366)


class Flag(enum.StrEnum):
    """Why a date that somebody typed is not taken as a date."""

    DOTTED = "dotted"
    SERIAL = "serial"
    WORDS = "words"
    TWO_DIGITS = "two_digits"
    INCOMPLETE = "incomplete"
    IMPOSSIBLE = "impossible"
    LUNAR = "lunar"
    UNREADABLE = "unreadable"
    FUTURE = "future"
    OUT_OF_RANGE = "out_of_range"
    BEFORE_ISSUED = "before_issued"


#: The day can be read from these, but a person says so first; none of the others is ever read.
READABLE = frozenset({Flag.DOTTED, Flag.SERIAL, Flag.WORDS})


@dataclass(frozen=True, slots=True)
class Day:
    """A date as it was typed: the day it surely means, or the day it seems to mean and why that is not sure."""

    text: str = ""
    day: date | None = None
    flag: Flag | None = None

    @property
    def clean(self) -> date | None:
        """The day, where nothing is doubtful about it."""
        return None if self.flag else self.day


_CLEAN = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)(?: 00:00:00)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DOTTED = re.compile(r"(\d{4})\s*[.。．、,，\s]\s*(\d{1,2})\s*[.。．、,，\s]\s*(\d{1,2})\s*日?")
_IN_WORDS = re.compile(r"\D*(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:\D+)?|(\d{4})年(\d{1,2})月(\d{1,2})")
_TWO_DIGITS = re.compile(r"\D*\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}(?:\D.*)?")
_INCOMPLETE = re.compile(r"\D*(?:(?:19|20)\d{2}(?:[-/.年]\d{0,2}月?)?|\d{1,2}[-/.月]\d{1,2}日?)\D*")
_LUNAR = re.compile(r"农历|阴历|藏历|初[一二三四五六七八九十]|正月|腊月|冬月|廿")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_FIRST_SERIAL = date(1899, 12, 30)


def read_day(text: str, *, today: date, ahead: bool = False) -> Day:
    """What a cell says of a day. `ahead`: days to come are possible (a deadline). Nothing is mended: what is doubtful is said."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        return Day()
    day, flag = _read(typed)
    if day is not None and flag is None:
        flag = _out_of_range(day, today, ahead)
    return Day(text.strip(), day, flag)


def _out_of_range(day: date, today: date, ahead: bool) -> Flag | None:
    if not OLDEST <= day <= today + FURTHEST:
        return Flag.OUT_OF_RANGE
    return Flag.FUTURE if day > today and not ahead else None


def _read(typed: str) -> tuple[date | None, Flag | None]:
    if _LUNAR.search(typed):
        return None, Flag.LUNAR
    if match := _CLEAN.fullmatch(typed) or _COMPACT.fullmatch(typed):
        return _day(match, None)
    if match := _DOTTED.fullmatch(typed):
        return _day(match, Flag.DOTTED)
    if _SERIAL.fullmatch(typed):
        return _FIRST_SERIAL + timedelta(days=int(float(typed))), Flag.SERIAL
    if match := _IN_WORDS.fullmatch(typed):
        return _day(match, Flag.WORDS)
    if _TWO_DIGITS.fullmatch(typed):
        return None, Flag.TWO_DIGITS
    return None, Flag.INCOMPLETE if _INCOMPLETE.fullmatch(typed) else Flag.UNREADABLE


def _day(match: re.Match[str], flag: Flag | None) -> tuple[date | None, Flag | None]:
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day), flag
    except ValueError:
        return None, Flag.IMPOSSIBLE
