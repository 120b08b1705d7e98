"""Days of making as nameplates and lists give them: often only year and month."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from app.equipment.rules.extinguishers import base_day

_SIGNS = re.compile(r"^(\d{4})[-/.年 ]{1,2}(\d{1,2})(?:[-/.月 ]{1,2}(\d{1,2})日?|月)?(?:[ T]00:00(?::00)?)?$")
_SOLID = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")


class NotADay(ValueError):
    """The text is neither a day nor a month."""


def month_or_day(text: str) -> tuple[date, bool]:
    """The day, and whether only its month was given (then it is the 1st, the cautious reading). Raises NotADay.

    Reads 2016-09, 2016.9, 2016年9月, 201609, 2016-09-15, 2016/9/15, 2016年9月15日, 20160915, in full width too.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _SIGNS.match(plain) or _SOLID.match(plain)
    if match is None:
        raise NotADay(text)
    year, month, day = match.groups()
    try:
        return base_day(int(year), int(month), int(day) if day else None), day is None
    except ValueError:
        raise NotADay(text) from None


def as_typed(day: date | None, is_month: bool) -> str:
    """The text that reads back as the same."""
    if day is None:
        return ""
    return f"{day:%Y-%m}" if is_month else day.isoformat()
