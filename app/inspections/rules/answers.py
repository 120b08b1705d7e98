"""What stands on each row: the officer's word, or what a reading, choice or date says by itself."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.fieldwork.rules import Folded, Register, Via
from app.inspections.rules.fields import WORST_FIRST, Answer
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType, Item, Scope
from app.regulations.rules.verdicts import Verdict, is_within_a_year, verdict

#: The faults that are still open at a school, by item and place.
Held = Collection[tuple[str, str]]
NONE_HELD: Held = frozenset()
NAMES = ("answer", "note", "where", "reading", "choice", "date", "text", "fault", "spot", "deadline", "sample")


@dataclass(frozen=True, kw_only=True)
class Said:
    """Everything said on one row. `answer` is what counts; `given` whether an officer said it, else the reading did.

    `judged` is what the reading or choice means by itself; an answer against it needs a note.
    """

    answer: str = ""
    given: bool = False
    judged: Verdict | None = None
    note: str = ""
    where: str = ""
    reading: str = ""
    choice: str = ""
    date: str = ""
    text: str = ""
    faults: tuple[str, ...] = ()
    spot: bool = False
    deadline: str = ""
    via: Via | None = None
    at: datetime | None = None
    by_id: uuid.UUID | None = None
    rev: int = 0
    contested: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Nothing has been said yet."""
        return not self.answer

    @property
    def against_reading(self) -> bool:
        """The officer decided otherwise than the figure says; allowed, with a reason."""
        if not self.given or self.judged is None:
            return False
        return (self.answer == Answer.FAIL) != (self.judged is Verdict.FAIL)


def as_number(text: str) -> float | None:
    """A reading as a number."""
    try:
        return float(Decimal(text))
    except InvalidOperation:
        return None


def judge(item: Item, row: Row, *, reading: str, choice: str, day: str, has_photo: bool, today: date) -> Verdict | None:
    """What a reading, choice, date or photo says by itself."""
    if item.answer_type is AnswerType.NUMBER and reading:
        return verdict(item, as_number(reading), row.bounds)
    if item.answer_type is AnswerType.CHOICE and choice:
        return verdict(item, choice)
    if item.answer_type is AnswerType.DATE and day:
        if item.computed_by == "calc.within_365_days":
            return Verdict.PASS if is_within_a_year(date.fromisoformat(day), today) else Verdict.FAIL
        return Verdict.PASS
    if item.answer_type is AnswerType.PHOTO and has_photo:
        return Verdict.PASS
    return None


def _worst(register: Register | None) -> str:
    if register is None:
        return ""
    values = [str(register.value or ""), *(str(op.value or "") for op in register.contested)]
    return min(values, key=lambda v: WORST_FIRST.index(v) if v in WORST_FIRST else len(WORST_FIRST))


def _derived(judged: Verdict | None) -> str:
    return "" if judged is None else str(Answer.FAIL if judged is Verdict.FAIL else Answer.PASS)


def _newest(registers: Iterable[Register]) -> Register | None:
    return max(registers, key=lambda r: r.rev, default=None)


def said_on(row: Row, folded: Folded, checklist: Checklist, *, has_photo: bool, today: date) -> Said:
    """What stands on a row."""
    registers = {
        name: register for name in NAMES if (register := folded.register(row.item, row.place, name)) is not None
    }
    if not registers and not has_photo:
        return Said()

    def value(name: str, otherwise: Any) -> Any:
        return registers[name].value if name in registers else otherwise

    item = checklist.by_code.get(row.item)
    reading, choice, day = str(value("reading", "")), str(value("choice", "")), str(value("date", ""))
    judged = (
        judge(item, row, reading=reading, choice=choice, day=day, has_photo=has_photo, today=today) if item else None
    )
    explicit = _worst(registers.get("answer"))
    word = (
        registers.get("answer")
        if explicit
        else _newest(r for n, r in registers.items() if n in ("reading", "choice", "date"))
    )
    return Said(
        answer=explicit or _derived(judged),
        given=bool(explicit),
        judged=judged,
        note=str(value("note", "") or ""),
        where=str(value("where", "") or ""),
        reading=reading,
        choice=choice,
        date=day,
        text=str(value("text", "") or ""),
        faults=tuple(value("fault", ()) or ()),
        spot=bool(value("spot", False)),
        deadline=str(value("deadline", "") or ""),
        via=word.op.via if word else None,
        at=word.op.at if word else None,
        by_id=word.op.by_id if word else None,
        rev=max((r.rev for r in registers.values()), default=0),
        contested=tuple(name for name, r in registers.items() if r.contested),
    )


def said_on_all(
    rows: Iterable[Row], folded: Folded, checklist: Checklist, *, with_photo: Collection[str], today: date
) -> dict[str, Said]:
    """What stands on every row, by form name; `with_photo` are the names of rows that have one."""
    return {row.name: said_on(row, folded, checklist, has_photo=row.name in with_photo, today=today) for row in rows}


def sampled(folded: Folded) -> frozenset[str]:
    """Pieces that the officers chose for readings and tests."""
    return frozenset(
        place for (_item, place, name), register in folded.registers.items() if name == "sample" and register.value
    )


def may_be_bulk(row: Row, said: Said, *, held: Held = NONE_HELD) -> bool:
    """Whether 本区其余合格 may answer a row: not answered, not critical, nothing to measure, no fault open there."""
    asks_more = row.bounds is not None
    return said.is_open and not row.critical and not asks_more and not is_held(row, held)


def is_held(row: Row, held: Held) -> bool:
    """A fault is still open there: of a piece any, else the row's own item at its place."""
    if row.piece is not None:
        return any(place == row.place for _item, place in held)
    return any((code, row.place) in held for code in row.codes)


def needs_own_word(row: Row, checklist: Checklist) -> bool:
    """Items that want a figure, choice, date, text or photo, and what people are asked, are never answered in bulk."""
    item = checklist.by_code.get(row.item)
    return item is not None and (item.answer_type is not AnswerType.PASS_FAIL_NA or item.scope is Scope.PERSON)


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a set of rows is: `open_pieces` were not seen, `open_items` not answered, `critical_open` must be looked at one by one."""

    all: int = 0
    done: int = 0
    passed: int = 0
    failed: int = 0
    not_applicable: int = 0
    not_checked: int = 0
    open_pieces: int = 0
    open_items: int = 0
    critical_open: int = 0
    bulk: int = 0


def count(rows: Sequence[Row], said: Mapping[str, Said]) -> Counts:
    """Counts over some rows."""
    answers = [(row, said[row.name]) for row in rows]
    how = [s.answer for _row, s in answers]
    still = [row for row, s in answers if s.is_open]
    return Counts(
        all=len(rows),
        done=len(rows) - len(still),
        passed=how.count(Answer.PASS),
        failed=how.count(Answer.FAIL),
        not_applicable=how.count(Answer.NA),
        not_checked=how.count(Answer.NOT_CHECKED),
        open_pieces=sum(row.is_piece for row in still),
        open_items=sum(not row.is_piece for row in still),
        critical_open=sum(row.critical for row in still),
        bulk=sum(s.via is Via.BULK and not s.is_open for _row, s in answers),
    )
