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


_DIGITS = {
    "半": 0.5,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_AMOUNT = r"(\d{1,5}(?:\.\d{1,2})?|[半一两二三四五六七八九十])"
_HALF = "(半)?"
_PARTS = (
    (rf"{_AMOUNT}\s*个?{_HALF}\s*(?:小时|钟头|hours?|hrs?\.?|h){_HALF}", 3600),
    (rf"{_AMOUNT}\s*个?{_HALF}\s*(?:分钟|分|minutes?|mins?\.?|m|'|′){_HALF}", 60),
    (rf"{_AMOUNT}\s*{_HALF}\s*(?:秒钟|秒|seconds?|secs?\.?|s|\"|″|''){_HALF}", 1),
)
_DURATION = re.compile(r"\s*(?:and|,|零)?\s*".join(f"(?:{part})?" for part, _unit in _PARTS), re.IGNORECASE)
_CLOCK_FACE = re.compile(r"\d{1,3}(?::\d{2}){1,2}")


def read_duration(text: str, *, longest_s: int, bare_s: int | None = None) -> Typed:
    """How many seconds a cell surely means, where hours are as likely as minutes.

    `2:05` may be either and is not taken, nor `02:05:00`, which is what a spreadsheet makes of it. `bare_s`: what one of a
    bare number is, where the column says it.
    """
    typed = text.strip()
    plain = unicodedata.normalize("NFKC", typed).strip().rstrip("。.")
    if not plain:
        return Typed(typed, None, Doubt.UNREADABLE if typed else None)
    if bare_s and _BARE.fullmatch(plain):
        return _sensible(typed, round(float(plain) * bare_s), longest_s)
    if _CLOCK_FACE.fullmatch(plain):
        return Typed(typed, None, Doubt.NO_UNIT)
    found = _DURATION.fullmatch(plain)
    if found is None:
        return Typed(typed, None, _why(plain))
    said = [found.groups()[first : first + 3] for first in (0, 3, 6)]
    return _summed(typed, said, longest_s)


def _summed(typed: str, said: list[tuple[str | None, ...]], longest_s: int) -> Typed:
    """Hours, minutes and seconds together; a fraction or a half goes only with one of them."""
    given = [one for one in said if one[0] is not None]
    broken = [one for one in given if "." in (one[0] or "") or one[1] or one[2]]
    if broken and (len(given) > 1 or broken[0][0] == "半" or (broken[0][1] and broken[0][2])):
        return Typed(typed, None, Doubt.UNREADABLE)
    parts = [_amount(*one) for one in said]
    if any(part >= 60 and any(parts[:index]) for index, part in enumerate(parts)):
        return Typed(typed, None, Doubt.IMPOSSIBLE)
    return _sensible(typed, round(sum(part * unit for part, unit in zip(parts, (3600, 60, 1), strict=True))), longest_s)


def _amount(amount: str | None, half: str | None, after: str | None) -> float:
    if amount is None:
        return 0
    return (_DIGITS[amount] if amount in _DIGITS else float(amount)) + (0.5 if half or after else 0)


def _sensible(typed: str, value: int, longest_s: int) -> Typed:
    if value <= 0:
        return Typed(typed, None, Doubt.IMPOSSIBLE)
    return Typed(typed, value) if value <= longest_s else Typed(typed, None, Doubt.TOO_LONG)


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
