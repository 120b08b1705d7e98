"""Which school of the register a row of a list is, and which it may be: nothing is ever taken for the same in silence."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.spelling import plain_text
from app.schools.rules.lists import ReadRow, Remark
from app.schools.rules.search import identity_of, similar_name

#: Columns of the register that a list may change.
COMPARED = (
    "name", "name_bo", "name_en", "kind", "area_code", "address", "is_boarding", "is_key_unit", "phone", "responsible_person",
    "responsible_phone", "safety_manager", "safety_manager_phone", "pupils", "boarders", "staff", "note",
)  # fmt: skip
_MOST_MATCHES = 5
_MOST_SHARING = 3


@dataclass(frozen=True)
class Known:
    """A school of the register as far as matching needs it; `values` are the compared columns."""

    id: uuid.UUID
    codes: tuple[tuple[str, str], ...]
    identities: tuple[str, ...]
    merged_into_id: uuid.UUID | None
    is_closed: bool
    changed_at: str
    values: dict[str, Any]

    def has_code_of(self, source: str | None) -> bool:
        """Whether whoever made this source's codes gave this school one."""
        return bool(source) and any(of == source for of, _code in self.codes)


@dataclass
class Found:
    """What checking says of a row. `matches` are (school, why) that it may be; `changes` old and new values."""

    row: ReadRow
    verdict: str
    remarks: list[Remark] = field(default_factory=list)
    target_id: uuid.UUID | None = None
    matches: list[tuple[uuid.UUID, str]] = field(default_factory=list)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    seen: str = ""
    """When the school that the row is was last changed, as far as checking saw."""


def phone_key(phone: str) -> str:
    """The digits of a phone number when there are enough to tell lines apart, else nothing."""
    digits = re.sub(r"\D", "", plain_text(phone))
    return digits[-8:] if len(digits) >= 7 else ""


class Register:
    """The schools that are already there, ready to be asked for each row of a list."""

    def __init__(self, schools: Iterable[Known], *, codes_elsewhere: Iterable[tuple[str, str]] = ()) -> None:
        self.elsewhere = set(codes_elsewhere)
        self.by_code: dict[tuple[str, str], Known] = {}
        self.by_identity: dict[str, Known] = {}
        self._by_clue: dict[tuple[str, str], list[Known]] = {}
        for school in schools:
            for code in school.codes:
                self.by_code[code] = school
            for identity in school.identities:
                if school.merged_into_id is None or identity not in self.by_identity:
                    self.by_identity[identity] = school
            if school.merged_into_id is None:
                for clue in clues_of(school.values):
                    self._by_clue.setdefault(clue, []).append(school)

    def likely(self, content: dict[str, Any]) -> list[tuple[Known, str]]:
        """Schools that resemble what a row says, each with the strongest reason."""
        found: dict[uuid.UUID, tuple[Known, str]] = {}
        for clue in clues_of(content):
            alike = self._by_clue.get(clue, [])
            if clue[0] == "same_phone" and len(alike) > _MOST_SHARING:
                continue  # the telephone of an office, not of a school
            for school in alike[: _MOST_MATCHES * 4]:
                found.setdefault(school.id, (school, clue[0]))
        return list(found.values())[: _MOST_MATCHES * 4]


def clues_of(values: dict[str, Any]) -> list[tuple[str, str]]:
    """What makes two schools look alike, the strongest first: the same name, a similar one in the same area, one phone."""
    clues = [("same_name", plain_text(values["name"]))]
    similar = similar_name(values["name"])
    if len(similar) > 1:
        clues.append(("similar_name", f"{values.get('area_code', '')}|{similar}"))
    for name in ("phone", "responsible_phone"):
        key = phone_key(values.get(name) or "")
        if key:
            clues.append(("same_phone", key))
    return clues


def identity_of_row(row: ReadRow) -> str:
    """What a row is known by when it has no code."""
    content = row.content
    return identity_of(name=content["name"], area_code=content.get("area_code", ""), address=content.get("address", ""))


def differences(old: dict[str, Any], content: dict[str, Any]) -> dict[str, list[Any]]:
    """What a row says otherwise than the register: column → [old, new]. An empty cell says nothing; a guess changes nothing."""
    return {
        name: [old[name], content[name]]
        for name in COMPARED
        if name in content and content[name] != old[name] and not (name == "kind" and content.get("kind_guessed"))
    }


def check(rows: Sequence[ReadRow], register: Register) -> Iterable[Found]:
    """Judge each row against the register and the rows before it, in their order."""
    before = _Before()
    for row in rows:
        if row.skipped is not None:
            yield Found(row, "skipped", [row.skipped])
        elif row.errors:
            yield Found(row, "error", [*row.errors, *row.notices])
        else:
            yield _judge(row, register, before)


class _Before:
    """The rows already judged: by code, by identity, by what resembles."""

    def __init__(self) -> None:
        self.by_key: dict[tuple[str, ...], ReadRow] = {}
        self.by_clue: dict[tuple[str, str], ReadRow] = {}
        self.shared: Counter[tuple[str, str]] = Counter()

    def alike(self, content: dict[str, Any]) -> list[tuple[str, ReadRow]]:
        """Earlier rows that resemble this one, with the reason; a telephone that many share is none."""
        return [
            (clue[0], self.by_clue[clue])
            for clue in clues_of(content)
            if clue in self.by_clue and (clue[0] != "same_phone" or self.shared[clue] <= _MOST_SHARING)
        ]

    def add(self, row: ReadRow, key: tuple[str, ...]) -> None:
        self.by_key[key] = row
        for clue in clues_of(row.content):
            self.by_clue.setdefault(clue, row)
            self.shared[clue] += 1


def _judge(row: ReadRow, register: Register, before: _Before) -> Found:
    content = row.content
    code, source = content.get("external_code"), content.get("source")
    identity = identity_of_row(row)
    key = ("code", source or "", code) if code else ("identity", identity)
    earlier = before.by_key.get(key)
    if earlier is not None:
        return _repeated(row, earlier)
    before_clues = before.alike(content)
    before.add(row, key)
    if code and (source or "", code) in register.elsewhere:
        return Found(row, "error", [("code_elsewhere", {"code": code}), *row.notices])
    known = register.by_code.get((source or "", code)) if code else register.by_identity.get(identity)
    if known is not None:
        return _known(row, known)
    return _unknown(row, register, before_clues)


def _repeated(row: ReadRow, earlier: ReadRow) -> Found:
    same = {k: v for k, v in row.content.items() if k in COMPARED} == {
        k: v for k, v in earlier.content.items() if k in COMPARED
    }
    number = {"row": str(earlier.number)}
    if same:
        return Found(row, "duplicate", [("repeats_row", number), *row.notices])
    return Found(row, "error", [("contradicts_row", number), *row.notices])


def _known(row: ReadRow, known: Known) -> Found:
    if known.merged_into_id is not None:
        return Found(row, "unchanged", [("is_merged", {}), *row.notices], target_id=known.merged_into_id)
    remarks = list(row.notices)
    if known.is_closed:
        remarks.append(("is_closed", {}))
    changes = differences(known.values, row.content)
    return Found(row, "changed" if changes else "unchanged", remarks, known.id, changes=changes, seen=known.changed_at)


def _unknown(row: ReadRow, register: Register, before_clues: list[tuple[str, ReadRow]]) -> Found:
    """A row that is in the register under no code or name of its own: new, unless it resembles something."""
    content, remarks = row.content, list(row.notices)
    held: list[tuple[uuid.UUID, str]] = []
    is_likely = False
    for school, why in register.likely(content):
        # Two codes of one source are two schools to those who gave the codes; that is worth a word, not a stop.
        if school.has_code_of(content.get("source")):
            remarks.append(("like_known", {"why": why, "name": school.values["name"]}))
        else:
            held.append((school.id, why))
    for why, other in before_clues:
        if any(code == "like_row" and about["row"] == str(other.number) for code, about in remarks):
            continue
        remarks.append(("like_row", {"why": why, "row": str(other.number), "name": other.name}))
        is_likely |= not content.get("source") or other.content.get("source") != content["source"]
    return Found(row, "likely" if held or is_likely else "new", remarks, matches=held[:_MOST_MATCHES])
