"""What people do with findings: officers open and re-check them, schools send evidence, the leader withdraws."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.findings import Finding, RecheckResult
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import ClosedHow, Handling, RecheckOutcome, Severity
from app.rectification.service import closing, events, locks, steps


@dataclass(frozen=True, kw_only=True)
class InspectionFacts:
    """What findings need to know of the inspection or re-check they come from. `seen_at`: when the officers finished."""

    id: uuid.UUID
    school_id: uuid.UUID
    brigade_id: uuid.UUID
    seen_at: datetime
    officer_ids: tuple[uuid.UUID, uuid.UUID]


@dataclass(frozen=True, kw_only=True)
class NewFinding:
    """A failed item at one place, as the officers decided it. `basis`: clauses with their evidence marks, as in the pack."""

    item_code: str
    target_id: str = ""
    equipment_id: uuid.UUID | None = None
    building_id: uuid.UUID | None = None
    place_label: str = ""
    category: str
    record_section: str = ""
    text: str
    text_en: str = ""
    measure: str = ""
    measure_en: str = ""
    note: str = ""
    reading: str = ""
    violation_code: str = ""
    basis: list[dict[str, Any]] = field(default_factory=list)
    severity: Severity
    handling: Handling
    deadline: date | None = None
    corrected_on_spot: bool = False
    has_photo_before: bool = False
    has_photo_after: bool = False


@dataclass(frozen=True, kw_only=True)
class RecheckReading:
    """How a re-check found one finding again."""

    finding_id: uuid.UUID
    outcome: RecheckOutcome
    note: str = ""


def check_finding(new: NewFinding, *, found_on: date) -> None:
    """Refuse a finding that could not stand: corrected without both photos, to be put right without a date, due before found."""
    if new.corrected_on_spot and not (new.has_photo_before and new.has_photo_after):
        raise DomainError(_("当场改正须有改正前、改正后的照片：%(text)s", text=new.text), code="photos_missing")
    if new.corrected_on_spot:
        return
    if new.deadline is None and new.handling in rules.NEEDS_DEADLINE:
        raise DomainError(_("请确定改正期限：%(text)s", text=new.text), field="deadline", code="deadline_missing")
    if new.deadline is not None and new.deadline < found_on:
        raise DomainError(
            _("改正期限不能早于检查日期：%(text)s", text=new.text), field="deadline", code="deadline_early"
        )


def _check_officers(viewer: Viewer, inspection: InspectionFacts) -> None:
    steps.require(viewer, inspection.brigade_id, Permission.INSPECT)
    if len(set(inspection.officer_ids)) != 2:
        raise DomainError(_("须由两名不同的检查人员共同检查并签名。"), code="two_officers")


def finding_of(inspection: InspectionFacts, new: NewFinding) -> Finding:
    """The row that a failed item of a signed inspection becomes. Asks no database."""
    found_on = clock.day_of(inspection.seen_at)
    finding = Finding(
        id=rules.finding_id(inspection.id, new.item_code, new.target_id),
        school_id=inspection.school_id,
        brigade_id=inspection.brigade_id,
        inspection_id=inspection.id,
        found_on=found_on,
        deadline=None if new.corrected_on_spot else new.deadline,
        **{name: getattr(new, name) for name in _COPIED},
    )
    if new.corrected_on_spot:
        finding.closed_on, finding.closed_how = found_on, ClosedHow.SPOT
        finding.closed_by_id = inspection.officer_ids[0]
    return finding


_COPIED = (
    "item_code", "target_id", "equipment_id", "building_id", "place_label", "category", "record_section", "text", "text_en",
    "measure", "measure_en", "note", "reading", "violation_code", "basis", "severity", "handling",
)  # fmt: skip


def open_findings(viewer: Viewer, *, inspection: InspectionFacts, findings: Sequence[NewFinding]) -> list[Finding]:
    """Open what a signed inspection found; what was corrected before the officers' eyes is closed at once. DOMAIN §2.8.

    The same inspection twice opens nothing twice. Returns the findings in the order given.
    """
    _check_officers(viewer, inspection)
    found_on = clock.day_of(inspection.seen_at)
    for new in findings:
        check_finding(new, found_on=found_on)
    ids = [rules.finding_id(inspection.id, new.item_code, new.target_id) for new in findings]
    known = {f.id: f for f in db.session.scalars(sa.select(Finding).where(Finding.inspection_id == inspection.id))}
    for key, new in zip(ids, findings, strict=True):
        if key in known:
            continue
        known[key] = finding = finding_of(inspection, new)
        db.session.add(finding)
        audit.record(
            viewer,
            "open_finding",
            subject="finding",
            subject_id=finding.id,
            detail={"inspection": str(inspection.id), "item": new.item_code, "spot": new.corrected_on_spot},
        )
    db.session.flush()
    return [known[key] for key in ids]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """What a drill taught: what is wrong, what is to be done, who at the school sees to it by when."""

    id: uuid.UUID
    drill_id: uuid.UUID
    school_id: uuid.UUID
    brigade_id: uuid.UUID
    building_id: uuid.UUID | None = None
    found_on: date
    item_code: str
    category: str
    record_section: str
    place_label: str
    text: str
    measure: str
    owner: str
    deadline: date


def open_lesson(viewer: Viewer, lesson: Lesson) -> Finding:
    """Follow a lesson of a drill as a finding: minor, without an order, struck off as any other. The same twice opens one.

    The school may open it against itself; only two officers who look again strike it off.
    """
    key = rules.finding_id(lesson.drill_id, lesson.item_code, str(lesson.id))
    known = db.session.get(Finding, key)
    if known is not None:
        return known
    if lesson.deadline < lesson.found_on:
        raise DomainError(_("改进期限不能早于演练日期。"), field="due_on", code="deadline_early")
    finding = Finding(
        id=key,
        target_id=str(lesson.id),
        severity=Severity.MINOR,
        handling=Handling.ADVISE,
        **{name: getattr(lesson, name) for name in _OF_LESSON},
    )
    db.session.add(finding)
    detail = {"drill": str(lesson.drill_id), "item": lesson.item_code, "spot": False}
    audit.record(viewer, "open_finding", subject="finding", subject_id=key, detail=detail)
    db.session.flush()
    return finding


_OF_LESSON = (
    "drill_id", "school_id", "brigade_id", "building_id", "found_on", "item_code", "category", "record_section",
    "place_label", "text", "measure", "owner", "deadline",
)  # fmt: skip


def apply_recheck(
    viewer: Viewer, *, inspection: InspectionFacts, results: Sequence[RecheckReading]
) -> list[RecheckResult]:
    """Keep what a signed re-check by two officers says; what is corrected is struck off (销号), the rest stays open.

    The same re-check twice changes nothing. A finding closed meanwhile keeps how it was closed.
    """
    _check_officers(viewer, inspection)
    wanted = {result.finding_id for result in results}
    findings = locks.hold_findings(wanted)
    if any(f.school_id != inspection.school_id for f in findings.values()) or len(findings) != len(wanted):
        raise DomainError(_("复查的问题不属于这所学校，请重新选择。"), code="other_school")
    known = {
        r.finding_id: r
        for r in db.session.scalars(sa.select(RecheckResult).where(RecheckResult.inspection_id == inspection.id))
    }
    for result in results:
        if result.finding_id not in known:
            known[result.finding_id] = _keep_result(viewer, inspection, findings[result.finding_id], result)
    db.session.flush()
    closing.settle(wanted)
    return [known[result.finding_id] for result in results]


def _keep_result(
    viewer: Viewer, inspection: InspectionFacts, finding: Finding, result: RecheckReading
) -> RecheckResult:
    seen_on = clock.day_of(inspection.seen_at)
    kept = RecheckResult(
        inspection_id=inspection.id,
        finding_id=finding.id,
        outcome=result.outcome,
        note=result.note,
        seen_on=seen_on,
        seen_at=inspection.seen_at,
    )
    db.session.add(kept)
    if result.outcome == RecheckOutcome.CORRECTED and finding.closed_on is None:
        finding.closed_on, finding.closed_how, finding.recheck_id = seen_on, ClosedHow.RECHECK, inspection.id
        finding.closed_by_id = inspection.officer_ids[0]
    detail = {"recheck": str(inspection.id), "outcome": result.outcome.value}
    events.note_finding(viewer, "recheck", finding.id, **detail)
    audit.record(viewer, "recheck_finding", subject="finding", subject_id=finding.id, detail=detail)
    return kept


def withdraw(viewer: Viewer, *, finding: Finding, reason: str) -> None:
    """Take a finding back with a reason; it stays on record. Only for the leader, by policy."""
    if not reason.strip():
        raise DomainError(_("请写明撤回理由。"), field="reason", code="reason_missing")
    steps.require(viewer, finding.brigade_id, Permission.WITHDRAW_FINDINGS)
    locks.hold_findings([finding.id])
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束，不能撤回。"), code="closed")
    finding.closed_on, finding.closed_how = clock.today(), ClosedHow.WITHDRAWN
    finding.closed_reason, finding.closed_by_id = reason.strip(), viewer.person_id
    db.session.flush()
    events.note_finding(viewer, "withdraw_finding", finding.id, reason=reason.strip())
    closing.settle([finding.id])
    audit.record(
        viewer, "withdraw_finding", subject="finding", subject_id=finding.id, detail={"reason": reason.strip()}
    )
