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
from app.regulations.rules.items import AnswerType, Item
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
        "result",
        (
            ("item", "is", RECHECK), ("answer", "in", [Outcome.PARTLY.value, Outcome.NOT_CORRECTED.value]),
            ("note", "is", ""), ("photos", "is", False),
        ),
    ),
)  # fmt: skip
OF_THE_FORM = frozenset({"open", "number", "future"})
_TESTS: Mapping[str, Callable[[Any, Any, Facts], bool]] = {
    "is": lambda fact, value, _facts: fact == value,
    "in": lambda fact, value, _facts: fact in value,
    "has": lambda fact, value, _facts: value in fact,
    "empty": lambda fact, value, _facts: (len(fact) == 0) is value,
    "odd": lambda fact, value, _facts: fact != "" and re.match(value, fact) is None,
    "before": lambda fact, value, facts: fact != "" and fact < facts[value],
    "after": lambda fact, value, facts: fact != "" and fact > facts[value],
}


def facts_of(row: Row, said: Said, *, slots: Collection[str], day: date, today: date) -> dict[str, Any]:
    """What the tests ask about a row; `slots` are those of its photos."""
    return {
        "item": row.item, "piece": row.is_piece, "answer": str(said.answer), "note": said.note, "faults": list(said.faults),
        "reading": said.reading, "date": said.date, "deadline": said.deadline, "against": said.against_reading, "spot": said.spot,
        "both": {slot == "after" for slot in slots} == {True, False}, "photos": bool(slots), "day": day.isoformat(),
        "today": today.isoformat(),
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
