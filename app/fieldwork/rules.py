"""How answers grow from operations: what meets what, and what stands when all are folded. Pure."""

from __future__ import annotations

import enum
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


class TargetKind(enum.StrEnum):
    """What an operation, photo or signature belongs to."""

    INSPECTION = "inspection"
    RECHECK = "recheck"
    DRILL = "drill"
    TRAINING = "training"
    SELFCHECK = "selfcheck"
    FINDING = "finding"
    TASK = "task"
    OWN_CHECK = "own_check"
    QUESTION = "question"
    HANDBOOK = "handbook"


class Via(enum.StrEnum):
    """How an answer was given. One bulk act stands for many rows and is recorded as such."""

    TAP = "tap"
    SCAN = "scan"
    PIECE = "piece"
    BULK = "bulk"
    TYPE = "type"
    PAPER = "paper"


class OpStatus(enum.StrEnum):
    """What became of an operation. A conflict is kept beside the answer it met until a person settles it."""

    APPLIED = "applied"
    CONFLICT = "conflict"
    SETTLED = "settled"
    HELD = "held"
    REJECTED = "rejected"


class SignerRole(enum.StrEnum):
    """As what somebody signs."""

    LEAD = "lead"
    SECOND = "second"
    SCHOOL = "school"
    WITNESS = "witness"


#: Fields whose contributions add up instead of replacing each other.
NOTE, PHOTO = "note", "photo"
#: The longest value of one field, in characters of its JSON.
LONGEST_VALUE = 4000

Key = tuple[str, str, str]
"""Item, place, field: the address of one register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Op:
    """One operation as it stands in the log. `rev` is None unless it was applied."""

    op_id: uuid.UUID
    item: str
    place: str
    field: str
    value: Any
    base_rev: int
    rev: int | None
    status: OpStatus
    at: datetime
    by_id: uuid.UUID
    via: Via
    device: str = ""

    @property
    def key(self) -> Key:
        """The register it is about."""
        return (self.item, self.place, self.field)


@dataclass(frozen=True, slots=True)
class Register:
    """The value that stands, who gave it, when and how; `contested` are other values that came from behind."""

    value: Any
    rev: int
    op: Op
    contested: tuple[Op, ...] = ()


@dataclass(frozen=True)
class Folded:
    """All registers of a draft. `rev` is the last revision that was applied."""

    registers: Mapping[Key, Register] = field(default_factory=dict)
    rev: int = 0

    def register(self, item: str, place: str, name: str) -> Register | None:
        """The register, or None where nobody wrote."""
        return self.registers.get((item, place, name))

    def value(self, item: str, place: str, name: str, otherwise: Any = None) -> Any:
        """The value that stands."""
        found = self.registers.get((item, place, name))
        return otherwise if found is None else found.value

    @property
    def contested(self) -> dict[Key, Register]:
        """Registers that a person has to settle before anything can be finished."""
        return {key: register for key, register in self.registers.items() if register.contested}


def canonical(value: Any) -> str:
    """A value as JSON text that is equal exactly when the values are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def same_sender(one: Op, by_id: uuid.UUID, device: str) -> bool:
    """Whether the same hand on the same page or tablet wrote both: then the later word simply replaces the earlier."""
    return bool(device) and one.device == device and one.by_id == by_id


def meets(current: Register | None, *, name: str, value: Any, base_rev: int, by_id: uuid.UUID, device: str) -> OpStatus:
    """What becomes of an operation that meets this register.

    Another value written without having seen the one that stands is kept beside it; notes and photos add up.
    """
    if current is None or base_rev >= current.rev or name in (NOTE, PHOTO):
        return OpStatus.APPLIED
    if canonical(value) == canonical(current.value) or same_sender(current.op, by_id, device):
        return OpStatus.APPLIED
    return OpStatus.CONFLICT


def _note(before: Register | None, op: Op) -> str:
    text = str(op.value or "")
    if before is None or op.base_rev >= before.rev or same_sender(before.op, op.by_id, op.device):
        return text
    kept = str(before.value or "")
    return kept if text in kept.split("\n") or not text else (f"{kept}\n{text}" if kept else text)


def fold(ops: Iterable[Op], *, upto: int | None = None) -> Folded:
    """The registers that the operations leave, up to a revision when one is given (what a page showed then)."""
    ops = list(ops)
    applied = [(op.rev, op) for op in ops if op.rev is not None and (upto is None or op.rev <= upto)]
    registers: dict[Key, Register] = {}
    last = 0
    for rev, op in sorted(applied, key=lambda pair: pair[0]):
        value = _note(registers.get(op.key), op) if op.field == NOTE else op.value
        registers[op.key] = Register(value, rev, op)
        last = rev
    for op in ops:
        if op.status is OpStatus.CONFLICT and op.key in registers:
            current = registers[op.key]
            registers[op.key] = replace(current, contested=(*current.contested, op))
    return Folded(registers, last)


def unkeepable(value: Any) -> bool:
    """Whether a value holds what no database keeps as text: NUL, or half of a surrogate pair."""
    text = canonical(value)
    if "\\u0000" in text or "\x00" in text:
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
