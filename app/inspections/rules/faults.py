"""From a failed row to its findings: one per item, filled from the chips the officer chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.inspections.rules.answers import Said
from app.inspections.rules.fields import OTHER, PIECE, Answer
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import Clause, Deadline, Fault, Handling, Item, Severity, Text

#: From grave to slight: of several chips on one item the gravest road is taken.
_ROADS = (
    Handling.ORDER_IMMEDIATE, Handling.ORDER_LIMITED, Handling.SPOT, Handling.TRANSFER, Handling.ADVISE, Handling.RECORD,
)  # fmt: skip
_GRAVE = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR)


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A fault to choose. `value` is what the form sends: the key, on a piece `<item code>:<key>`."""

    value: str
    item: Item
    fault: Fault


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What fails of one item on one row, before the officer's own date and note."""

    code: str
    row: Row
    category: str
    record_section: str
    faults: tuple[str, ...]
    text: Text
    measure: Text
    severity: Severity
    handling: Handling
    deadline: Deadline | None
    violation: str
    basis: tuple[Clause, ...]
    spot: bool


def chips_of(row: Row, checklist: Checklist) -> tuple[Chip, ...]:
    """The faults a row offers: those of its item, or of all items a piece is looked over for."""
    return tuple(
        Chip(value=f"{code}:{fault.key}" if row.item == PIECE else fault.key, item=item, fault=fault)
        for code in row.codes
        for item in (checklist.by_code[code],)
        for fault in item.faults
    )


def _join(texts: Iterable[Text]) -> Text:
    unique = list(dict.fromkeys(texts))
    return Text(zh="；".join(t.zh for t in unique), en="; ".join(t.en for t in unique))


def _shortest(deadlines: Sequence[Deadline | None]) -> Deadline | None:
    known = [d for d in deadlines if d is not None]
    return min(known, key=lambda d: d.days) if known else None


def _from_chips(row: Row, said: Said, item: Item, faults: Sequence[Fault], checklist: Checklist) -> Problem:
    gravest = min(faults, key=lambda f: (_ROADS.index(f.handling), _GRAVE.index(f.severity)))
    violation = checklist.violations.get(gravest.violation)
    basis = ((violation.clause,) if violation and violation.clause else ()) + item.basis
    return Problem(
        code=item.code,
        row=row,
        category=item.category,
        record_section=item.record_section,
        faults=tuple(f.key for f in faults),
        text=_join(f.text for f in faults),
        measure=_join(f.measure for f in faults),
        severity=min((f.severity for f in faults), key=_GRAVE.index),
        handling=gravest.handling,
        deadline=_shortest([f.deadline for f in faults]),
        violation=gravest.violation,
        basis=tuple(dict.fromkeys(basis)),
        spot=said.spot,
    )


def _in_general(row: Row, said: Said, item: Item, checklist: Checklist, *, code: str, other: bool) -> Problem:
    """No chip fits: the officer's own words, else that the item is not met."""
    violation = checklist.violations.get(item.violation)
    basis = ((violation.clause,) if violation and violation.clause else ()) + (() if code == PIECE else item.basis)
    own = said.note.split("\n")[0].strip() if other else ""
    text = Text(own, own) if own else Text(f"不符合要求：{item.text.zh}", f"Not met: {item.text.en}")
    return Problem(
        code=code,
        row=row,
        category=item.category,
        record_section=item.record_section,
        faults=(OTHER,) if other else (),
        text=text,
        measure=Text("按要求整改", "Put right as required"),
        severity=item.severity,
        handling=item.handling
        if item.handling in _ROADS[:3]
        else Handling.ORDER_LIMITED
        if code == PIECE
        else item.handling,
        deadline=item.deadline,
        violation=item.violation,
        basis=tuple(dict.fromkeys(basis)),
        spot=said.spot,
    )


def problems_of(row: Row, said: Said, checklist: Checklist) -> list[Problem]:
    """The findings that a failed row leads to; none for any other answer."""
    if said.answer != Answer.FAIL or not row.codes:
        return []
    chosen: dict[str, list[Chip]] = {}
    for chip in chips_of(row, checklist):
        if chip.value in said.faults:
            chosen.setdefault(chip.item.code, []).append(chip)
    found = [_from_chips(row, said, chips[0].item, [c.fault for c in chips], checklist) for chips in chosen.values()]
    other = OTHER in said.faults
    if other or not found:
        item = checklist.by_code[row.codes[0]]
        code = PIECE if row.item == PIECE else item.code
        if code not in chosen:
            found.append(_in_general(row, said, item, checklist, code=code, other=other))
    return found
