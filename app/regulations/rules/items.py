"""One checklist item as the pack states it, frozen: question, answer, limits, clauses, faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class AnswerType(StrEnum):
    """What the officer gives as an answer."""

    PASS_FAIL_NA = "pass_fail_na"  # noqa: S105
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"
    TEXT = "text"
    PHOTO = "photo"


class Evidence(StrEnum):
    """How sure the source of a clause or figure is."""

    FOUND = "found"
    KNOWLEDGE = "knowledge"
    UNSURE = "unsure"
    PROPOSAL = "proposal"


class Severity(StrEnum):
    """How grave a failed item is; the order of the members is from grave to slight."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Handling(StrEnum):
    """What becomes of a failed item."""

    SPOT = "spot"
    ORDER_IMMEDIATE = "order_immediate"
    ORDER_LIMITED = "order_limited"
    ADVISE = "advise"
    TRANSFER = "transfer"
    RECORD = "record"


class Scope(StrEnum):
    """What an answer hangs on."""

    ASSET = "asset"
    POINT = "point"
    ROOM = "room"
    EXIT = "exit"
    STAIR = "stair"
    FLOOR = "floor"
    BUILDING = "building"
    SYSTEM = "system"
    SITE = "site"
    SCHOOL = "school"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Text:
    """One text in both languages of the pack."""

    zh: str
    en: str

    def in_language(self, lang: str) -> str:
        """The text for a language tag: English for `en…`, else Chinese."""
        return self.en if lang.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Clause:
    """A legal or technical source with the mark how sure it is."""

    ref: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Deadline:
    """Days proposed for a correction, with the mark where the figure comes from."""

    days: int
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Violation:
    """The breach of law a failed item stands for."""

    code: str
    text: Text
    clause: Clause | None
    route: str | None
    notice_item: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """Bounds that hold where all of `when` is true (an empty `when` always)."""

    when: tuple[tuple[str, Any], ...]
    bounds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice item."""

    value: str
    text: Text
    fails: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault chip: what is wrong, what to do, and what follows in law and time."""

    key: str
    text: Text
    measure: Text
    severity: Severity
    handling: Handling
    deadline: Deadline | None
    violation: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the checklist."""

    code: str
    category: str
    text: Text
    tier: str
    scope: Scope
    of: tuple[str, ...]
    area: str
    record_section: str
    applies_to: str
    needs: str | None
    answer_type: AnswerType
    unit: str | None
    limits: tuple[Limit, ...]
    choices: tuple[Choice, ...]
    severity: Severity
    handling: Handling
    deadline: Deadline | None
    violation: str
    basis: tuple[Clause, ...]
    photo: str
    self_check: str | None
    computed_by: str | None
    method: Text | None
    note: Text | None
    faults: tuple[Fault, ...]

    @property
    def is_core(self) -> bool:
        """Part of the short visit."""
        return self.tier == "core"

    @property
    def is_critical(self) -> bool:
        """Touches a life route or a whole system; never answered in bulk."""
        return self.severity is Severity.CRITICAL

    @property
    def is_settled(self) -> bool:
        """At least one source is more than unsure or a proposal; otherwise the item's limits only inform."""
        return any(c.evidence in (Evidence.FOUND, Evidence.KNOWLEDGE) for c in self.basis)

    def fault(self, key: str) -> Fault | None:
        """The fault chip of that key."""
        return next((f for f in self.faults if f.key == key), None)


BOUND_KEYS = ("min", "max", "hard_max", "target_max")


def text_from(content: Mapping[str, Any]) -> Text:
    """The `zh` and `en` of a piece of pack content."""
    return Text(zh=content["zh"], en=content["en"])


def clause_from(content: Mapping[str, Any]) -> Clause:
    """A clause of pack content."""
    return Clause(ref=content["ref"], evidence=Evidence(content["evidence"]))


def violation_from(code: str, content: Mapping[str, Any]) -> Violation:
    """A violation of the pack's table."""
    basis = content.get("basis")
    return Violation(
        code=code,
        text=text_from(content),
        clause=clause_from(basis) if basis else None,
        route=content.get("route"),
        notice_item=content.get("notice_item"),
    )


def _deadline_from(content: Mapping[str, Any] | None) -> Deadline | None:
    return Deadline(**content) if content else None


def _limits_from(answer: Mapping[str, Any]) -> tuple[Limit, ...]:
    entries = [{"when": {}, **{k: answer[k] for k in BOUND_KEYS if k in answer}}, *answer.get("limits", ())]
    limits = (
        Limit(
            when=tuple(sorted(e["when"].items())),
            bounds=tuple((k, float(e[k])) for k in BOUND_KEYS if k in e),
        )
        for e in entries
    )
    return tuple(limit for limit in limits if limit.bounds)


def _fault_from(content: Mapping[str, Any], item: Mapping[str, Any]) -> Fault:
    handling = content.get("handling", item["handling"])
    return Fault(
        key=content["key"],
        text=text_from(content),
        measure=text_from(content["measure"]),
        severity=Severity(content.get("severity_on_fail", item["severity_on_fail"])),
        handling=Handling(handling),
        deadline=_deadline_from(content.get("deadline", item.get("deadline"))),
        violation=content.get("violation", item["violation"]),
    )


def item_from(content: Mapping[str, Any]) -> Item:
    """An item of pack content, faults completed with what the item itself says."""
    answer = content["answer"]
    return Item(
        code=content["code"],
        category=content["category"],
        text=text_from(content),
        tier=content["tier"],
        scope=Scope(content["scope"]),
        of=tuple(content.get("of", ())),
        area=content["area"],
        record_section=content["record_section"],
        applies_to=content["applies_to"],
        needs=content.get("needs"),
        answer_type=AnswerType(answer["type"]),
        unit=answer.get("unit"),
        limits=_limits_from(answer),
        choices=tuple(Choice(c["value"], text_from(c), c["fails"]) for c in answer.get("choices", ())),
        severity=Severity(content["severity_on_fail"]),
        handling=Handling(content["handling"]),
        deadline=_deadline_from(content.get("deadline")),
        violation=content["violation"],
        basis=tuple(clause_from(c) for c in content["basis"]),
        photo=content["photo"],
        self_check=content.get("self_check"),
        computed_by=content.get("computed_by"),
        method=text_from(content["method"]) if "method" in content else None,
        note=text_from(content["note"]) if "note" in content else None,
        faults=tuple(_fault_from(f, content) for f in content.get("faults", ())),
    )
