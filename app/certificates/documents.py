"""What a 消防安全检查结果告知单 prints. It is no licence and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, declare


@dataclass(frozen=True, kw_only=True)
class ScopeLine:
    """What was checked of one section: items, results, pieces of equipment looked at."""

    section: str
    checked: int
    passed: int
    failed: int
    not_applicable: int
    sampled: str = ""


@dataclass(frozen=True, kw_only=True)
class ResultFinding:
    """One finding as the school is told of it. `state` is a short phrase: 已当场改正, 责令限期改正 …"""

    number: int
    where: str
    text: str
    clause: str = ""
    state: str
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class OpenOrder:
    """An order of an earlier or this visit that is not yet struck off."""

    number: str
    text: str
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class InspectionResult:
    """Everything the notice prints: date, scope, items, findings, open orders."""

    school: str
    school_bo: str = ""
    address: str = ""
    visited_at: datetime
    form: str
    record_number: str = ""
    checklist: str
    scope: tuple[ScopeLine, ...]
    findings: tuple[ResultFinding, ...] = ()
    corrected: int = 0
    open_orders: tuple[OpenOrder, ...] = ()
    officers: tuple[str, ...] = ()
    not_checked: tuple[str, ...] = ()
    issued_on: date

    @property
    def checked(self) -> int:
        """How many items were checked in all sections."""
        return sum(line.checked for line in self.scope)

    @classmethod
    def sample(cls, language: str) -> InspectionResult:
        """An invented result with two findings, one put right on the spot."""
        from app.certificates import samples

        return samples.result(language)


RESULT = declare(
    DocumentKind(
        code="inspection_result",
        title=_l("消防安全检查结果告知单"),
        template="documents/inspection_result.html",
        context=InspectionResult,
        numbering="{code_word}消检告字〔{year}〕第{serial:04d}号",
        copies=_l("本告知单一式两份，一份交被检查单位，一份存档。"),
    )
)
