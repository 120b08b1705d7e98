"""What keeps a row from being finished, as data: judged at the server, and by a page of the tablet that has no server."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.inspections.rules.answers import Said
from app.inspections.rules.fields import OTHER, PIECE, RECHECK, Answer, Outcome
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType, Handling, Item
from app.regulations.rules.limits import Bounds

Facts = Mapping[str, Any]
NUMBER = r"^[-+]?\d{1,7}(\.\d{1,4})?$"


@dataclass(frozen=True, slots=True)
class Demand:
    """Something is wrong on a row when every test holds: fact, test, and the value it is tested against.

    `before` and `after` compare days with another fact.
    """

    code: str
    wrong: tuple[tuple[str, str, Any], ...]


#: In the order in which they are said. The first three are judged by the form of the checklist as well.
DEMANDS = (
    Demand("open", (("piece", "is", False), ("answer", "is", ""))),
    Demand("number", (("reading", "odd", NUMBER),)),
    Demand("future", (("date", "after", "today"),)),
    Demand("what", (("item", "is", PIECE), ("answer", "is", Answer.FAIL.value), ("faults", "empty", True))),
    Demand("other", (("faults", "has", OTHER), ("note", "is", ""))),
    Demand("against", (("against", "is", True), ("note", "is", ""))),
    Demand("spot", (("answer", "is", Answer.FAIL.value), ("spot", "is", True), ("both", "is", False))),
    Demand("late", (("answer", "is", Answer.FAIL.value), ("deadline", "before", "day"))),
    Demand(
        "at_once",
        (("answer", "is", Answer.FAIL.value), ("spot", "is", False), ("at_once", "is", True), ("deadline", "after", "most")),
    ),
    Demand(
        "far",
        (("answer", "is", Answer.FAIL.value), ("spot", "is", False), ("at_once", "is", False), ("deadline", "after", "most")),
    ),
    Demand(
        "result",
        (
            ("item", "is", RECHECK), ("answer", "in", [Outcome.PARTLY.value, Outcome.NOT_CORRECTED.value]),
            ("note", "is", ""), ("photos", "is", False),
        ),
    ),
)  # fmt: skip
OF_THE_FORM = frozenset({"open", "number", "future"})
#: The demands about the day to put right by.
OF_THE_DEADLINE = frozenset({"late", "at_once", "far"})
#: The longest, in days, for what is ordered put right without delay; the pack proposes up to seven. What needs longer is not at
#: once possible, and is ordered by a time limit (DOMAIN §2.8).
IMMEDIATE_DAYS = 7
_TESTS: Mapping[str, Callable[[Any, Any, Facts], bool]] = {
    "is": lambda fact, value, _facts: fact == value,
    "in": lambda fact, value, _facts: fact in value,
    "has": lambda fact, value, _facts: value in fact,
    "empty": lambda fact, value, _facts: (len(fact) == 0) is value,
    "odd": lambda fact, value, _facts: fact != "" and re.match(value, fact) is None,
    "before": lambda fact, value, facts: fact != "" and fact < facts[value],
    "after": lambda fact, value, facts: fact != "" and fact > facts[value],
}


def days_at_once(checklist: Checklist) -> dict[str, int]:
    """How many days after the visit there may be at most for faults ordered put right on the spot or without delay.

    By `<item>:<fault>`, and by `<item>:` where no fault of the list is named. Others are not in it.
    """
    kinds = {Handling.SPOT: 0, Handling.ORDER_IMMEDIATE: IMMEDIATE_DAYS}
    told = ((f"{item.code}:{key}", how) for item in checklist.items for key, how in _ways(item))
    return {key: kinds[how] for key, how in told if how in kinds}


def _ways(item: Item) -> list[tuple[str, Handling]]:
    return [("", item.handling), *((fault.key, fault.handling) for fault in item.faults)]


def days_for(item: str, faults: Collection[str], at_once: Mapping[str, int]) -> int | None:
    """The days there may be for a row by the faults named on it, the fewest; None where nothing has to be at once."""
    named = [f"{item}:" if fault == OTHER else fault if ":" in fault else f"{item}:{fault}" for fault in faults]
    return min((at_once[key] for key in named or [f"{item}:"] if key in at_once), default=None)


def facts_of(
    row: Row, said: Said, *, slots: Collection[str], day: date, today: date, at_once: Mapping[str, int], within: int
) -> dict[str, Any]:
    """What the tests ask about a row; `slots` are those of its photos, `within` the days a time limit may be long."""
    days = days_for(row.item, said.faults, at_once)
    return {
        "item": row.item, "piece": row.is_piece, "answer": str(said.answer), "note": said.note, "faults": list(said.faults),
        "reading": said.reading, "date": said.date, "deadline": said.deadline, "against": said.against_reading, "spot": said.spot,
        "both": {slot == "after" for slot in slots} == {True, False}, "photos": bool(slots), "day": day.isoformat(),
        "today": today.isoformat(), "at_once": days is not None,
        "most": (day + timedelta(days=within if days is None else days)).isoformat(),
    }  # fmt: skip


def wrong_with(facts: Facts) -> list[str]:
    """The demands that a row does not meet."""
    return [
        one.code for one in DEMANDS if all(_TESTS[test](facts[fact], value, facts) for fact, test, value in one.wrong)
    ]


def judged_by(item: Item, row: Row, *, today: date) -> dict[str, Any] | None:
    """When a reading, choice, date or photo fails by itself, in figures; None where only a person can say."""
    if item.answer_type is AnswerType.NUMBER:
        bounds = row.bounds or Bounds()
        above = bounds.max if bounds.hard_max is None else bounds.hard_max
        limits = {"below": bounds.min, "above": above} if item.is_settled else {"below": None, "above": None}
        return {"field": "reading"} | limits
    if item.answer_type is AnswerType.CHOICE:
        return {"field": "choice", "fails": {c.value: c.fails for c in item.choices}}
    if item.answer_type is AnswerType.DATE:
        within = item.computed_by == "calc.within_365_days"
        span = ((today - timedelta(days=365)).isoformat(), today.isoformat()) if within else ("", "9999")
        return {"field": "date", "from": span[0], "to": span[1]}
    return {"field": "photo"} if item.answer_type is AnswerType.PHOTO else None
