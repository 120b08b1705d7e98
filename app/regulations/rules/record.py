"""Rows of the inspection record and the boxes that the answers tick (form after 消防监督检查记录)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.regulations.rules.items import Text, text_from


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as the record sees it: `result` is pass, fail or na; `faults` are chip keys; `value` a choice."""

    code: str
    result: str
    faults: tuple[str, ...] = ()
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a row."""

    key: str
    text: Text
    ticked: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section; `asked` False means that nothing of it was looked at on this visit.

    `unboxed` is the verdict that no box of the row stands for: `pass` where somebody said 合格 and not which of several
    good ones, `na` where the row has no box for 不涉及; else empty.
    """

    key: str
    section: str
    text: Text
    boxes: tuple[Box, ...]
    asked: bool
    unboxed: str = ""


def _references(answer: Given) -> set[str]:
    """What an answer can be named by in `ticked_by`: its failing item, its faults, its value."""
    names = {f"{answer.code}={answer.value}"} if answer.value else set()
    if answer.result == "fail":
        names |= {answer.code} | {f"{answer.code}.{key}" for key in answer.faults}
    return names


def _ticked(option: Mapping[str, Any], answers: Sequence[Given], others_fail: bool) -> bool:
    by = option["ticked_by"]
    if by == "pass":
        return any(a.result == "pass" for a in answers) and not any(a.result == "fail" for a in answers)
    if by == "na":
        return bool(answers) and all(a.result == "na" for a in answers)
    if by == "fail":
        return others_fail
    return any(_references(a) & set(by) for a in answers)


def _row(content: Mapping[str, Any], answers: Sequence[Given]) -> Row:
    named = {name for o in content["options"] if isinstance(o["ticked_by"], list) for name in o["ticked_by"]}
    others_fail = any(a.result == "fail" and not (_references(a) & named) for a in answers)
    boxes = tuple(Box(o["key"], text_from(o), _ticked(o, answers, others_fail)) for o in content["options"])
    left = {a.result for a in answers} if not any(box.ticked for box in boxes) else set()
    return Row(
        key=content["key"],
        section=content["section"],
        text=text_from(content),
        boxes=boxes,
        asked=bool(answers),
        unboxed="pass" if "pass" in left else "na" if "na" in left else "",
    )


def record_rows(rows: Iterable[Mapping[str, Any]], answers: Iterable[Given]) -> tuple[Row, ...]:
    """All rows of the record with their boxes ticked from the answers."""
    by_code: dict[str, list[Given]] = {}
    for answer in answers:
        by_code.setdefault(answer.code, []).append(answer)
    return tuple(_row(row, [a for code in row["items"] for a in by_code.get(code, ())]) for row in rows)
