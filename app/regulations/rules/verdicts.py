"""Pass, warn or fail: what an answer says by itself; the officer may decide otherwise with a reason."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.regulations.rules.items import AnswerType, Item
from app.regulations.rules.limits import Bounds


class Verdict(StrEnum):
    """The judgement of a reading or choice."""

    PASS = "pass"  # noqa: S105
    WARN = "warn"
    FAIL = "fail"


def _verdict_of_number(value: float, bounds: Bounds) -> Verdict:
    if bounds.min is not None and value < bounds.min:
        return Verdict.FAIL
    if bounds.hard_max is not None and value > bounds.hard_max:
        return Verdict.FAIL
    if bounds.max is not None and value > bounds.max:
        return Verdict.FAIL if bounds.hard_max is None else Verdict.WARN
    if bounds.target_max is not None and value > bounds.target_max:
        return Verdict.WARN
    return Verdict.PASS


def verdict(item: Item, value: Any, bounds: Bounds | None = None) -> Verdict | None:
    """What a reading or choice means; None where only a person can say (text, photo, date, 合格 / 不合格).

    Above `max` fails, unless a `hard_max` holds beside it: then `max` warns and `hard_max` fails. `target_max`
    never fails. Where every source of the item is unsure or a proposal, a reading warns at most.
    """
    if value is None:
        return None
    if item.answer_type is AnswerType.NUMBER:
        judged = _verdict_of_number(float(value), bounds or Bounds())
        return Verdict.WARN if judged is Verdict.FAIL and not item.is_settled else judged
    if item.answer_type is AnswerType.CHOICE:
        choice = next((c for c in item.choices if c.value == value), None)
        if choice is None:
            return None
        return Verdict.FAIL if choice.fails else Verdict.PASS
    return None


def is_within_a_year(done: date, today: date) -> bool:
    """The yearly full test of fire facilities (消防法第十六条) was done within the last 365 days."""
    return today - timedelta(days=365) <= done <= today


def damage_ratio(defective: int, installed: int) -> float | None:
    """Share of defective pieces in percent; None where none are installed."""
    return round(100 * defective / installed, 1) if installed else None
