"""Signing a frozen inspection; with the last signature everything that follows happens in the same transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as people
from app.accounts import service as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment.service.checks import note_check
from app.fieldwork import queries as fieldwork
from app.fieldwork import service as signing
from app.fieldwork.rules import SignerRole
from app.fieldwork.service import Hand
from app.inspections import papers, queries, records
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.records import Record
from app.inspections.rules.fields import PIECE, Answer
from app.planning import service as planning
from app.planning.models import Visit
from app.rectification.rules.findings import Handling, RecheckOutcome, Severity
from app.rectification.service import drafting
from app.rectification.service import findings as rectification
from app.rectification.service.findings import InspectionFacts, NewFinding, RecheckReading
from app.schools.service import note_visit

#: Tries of the second officer's password in a window.
TRIES, WINDOW_S = 8, 300


def second_officer(viewer: Viewer, inspection: Inspection, *, password: str) -> Person:
    """The second officer, who is here with their own sign-in or their own password. Raises DomainError otherwise."""
    person = db.session.get(Person, inspection.second_id) if inspection.second_id else None
    if person is None:
        raise DomainError(_("还没有第二名检查人员。"), field="second")
    if viewer.person_id == person.id:
        return person
    if person.id not in {officer.id for officer in people.colleagues(viewer, roles=planning.OFFICERS)}:
        raise DomainError(
            _("%(name)s已不是本大队的检查人员。请返回修改，另选一名同事。", name=person.name), field="second"
        )
    if not password:
        raise DomainError(_("请第二名检查人员输入自己的密码确认。"), field="second")
    if not accounts.password_matches(person, password):
        raise DomainError(_("第二名检查人员的密码不正确。"), field="second")
    return person


def _check_signable(inspection: Inspection) -> None:
    if inspection.state is InspectionState.DRAFT:
        raise DomainError(_("检查还没有完成，请先在复核页完成。"), code="draft")
    if inspection.state is InspectionState.WITHDRAWN:
        raise DomainError(_("这份检查已撤回，不能签名。"), code="withdrawn")


def sign(viewer: Viewer, inspection: Inspection, hands: Mapping[SignerRole, Hand]) -> bool:
    """Set these signatures; with the last one the record is signed. Returns whether it is signed now.

    The row is locked by the caller. A role that has signed before is left as it is, so a resent form does no harm.
    """
    _check_signable(inspection)
    if inspection.state is InspectionState.SIGNED:
        return True
    for role, hand in hands.items():
        _check_hand(inspection, role, hand)
        made = signing.sign(
            kind=queries.target_kind(inspection),
            target_id=inspection.id,
            role=role,
            hand=hand,
            content_sha256=inspection.record_sha256 or "",
        )
        if made is not None:
            detail = {"role": role.value, "refused": hand.refused, "sha256": inspection.record_sha256}
            audit.record(viewer, "sign_inspection", subject="inspection", subject_id=inspection.id, detail=detail)
    if missing(inspection):
        return False
    _complete(viewer, inspection)
    return True


def _check_hand(inspection: Inspection, role: SignerRole, hand: Hand) -> None:
    if role is SignerRole.LEAD and hand.person_id != inspection.lead_id:
        raise DomainError(_("检查人员（一）须由带队人员本人签名。"), field="lead")
    if role is SignerRole.SECOND and hand.person_id != inspection.second_id:
        raise DomainError(_("检查人员（二）须由第二名检查人员本人签名。"), field="second")
    if role in (SignerRole.SCHOOL, SignerRole.WITNESS) and not hand.name:
        raise DomainError(_("请填写签名人的姓名。"), field=role.value)
    if role is SignerRole.SCHOOL and hand.refused and not hand.reason:
        raise DomainError(_("请写明拒绝签名的原因。"), field="school")


def missing(inspection: Inspection) -> list[SignerRole]:
    """Who has still to sign: two officers, and the school's person or, when that one refuses, a witness."""
    signed = {s.role: s for s in fieldwork.signatures_of(inspection.id)}
    wanted = [SignerRole.LEAD, SignerRole.SECOND, SignerRole.SCHOOL]
    school = signed.get(SignerRole.SCHOOL)
    if school is not None and school.refused:
        wanted.append(SignerRole.WITNESS)
    return [role for role in wanted if role not in signed]


# what follows from the last signature --------------------------------------------------------------------------


def _facts(inspection: Inspection, record: Record) -> InspectionFacts:
    assert inspection.second_id is not None
    seen_at = record.started_at if inspection.from_paper else record.finished_at
    return InspectionFacts(
        id=inspection.id,
        school_id=inspection.school_id,
        brigade_id=inspection.brigade_id,
        seen_at=seen_at,
        officer_ids=(inspection.lead_id, inspection.second_id),
    )


def _id(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def new_finding(content: Mapping[str, Any]) -> NewFinding:
    """A finding of the record as rectification opens it."""
    return NewFinding(
        item_code=content["item_code"],
        target_id=content["target_id"],
        equipment_id=_id(content["equipment_id"]),
        building_id=_id(content["building_id"]),
        place_label=content["place_label"],
        category=content["category"],
        record_section=content["record_section"],
        text=content["text"],
        text_en=content["text_en"],
        measure=content["measure"],
        measure_en=content["measure_en"],
        note=content["note"],
        reading=content["reading"],
        violation_code=content["violation_code"],
        basis=list(content["basis"]),
        severity=Severity(content["severity"]),
        handling=Handling(content["handling"]),
        deadline=date.fromisoformat(content["deadline"]) if content["deadline"] else None,
        corrected_on_spot=content["corrected_on_spot"],
        has_photo_before=content["has_photo_before"],
        has_photo_after=content["has_photo_after"],
    )


def piece_verdicts(rows: Sequence[Mapping[str, Any]]) -> dict[uuid.UUID, str]:
    """What the record says of each piece: failed when any of its questions failed."""
    verdicts: dict[uuid.UUID, str] = {}
    for row in rows:
        if row["item"] != PIECE and "at_place" not in row:
            continue
        key = uuid.UUID(row["place"])
        if row["answer"] == Answer.FAIL or (row["answer"] == Answer.PASS and key not in verdicts):
            verdicts[key] = str(row["answer"])
    return verdicts


def _complete(viewer: Viewer, inspection: Inspection) -> None:
    record = records.read(inspection)
    facts = _facts(inspection, record)
    inspection.state, inspection.signed_at = InspectionState.SIGNED, clock.now()
    db.session.flush()
    if inspection.kind is InspectionKind.RECHECK:
        readings = [
            RecheckReading(
                finding_id=uuid.UUID(row["place"]), outcome=RecheckOutcome(row["answer"]), note=row.get("note", "")
            )
            for row in record.rows
        ]
        rectification.apply_recheck(viewer, inspection=facts, results=readings)
    else:
        found = rectification.open_findings(
            viewer, inspection=facts, findings=[new_finding(f) for f in record.findings]
        )
        drafting.draft_from_inspection(viewer, facts, found)
        day = clock.day_of(facts.seen_at)
        note_check(piece_verdicts(record.rows), on=day, inspection_id=inspection.id)
    note_visit(inspection.school_id, day=clock.day_of(facts.seen_at))
    if inspection.visit_id:
        planning.finish(db.session.get_one(Visit, inspection.visit_id))
    papers.issue_record(viewer, inspection)
    detail = {"sha256": inspection.record_sha256, "findings": len(record.findings)}
    audit.record(viewer, "inspection_signed", subject="inspection", subject_id=inspection.id, detail=detail)
    db.session.flush()
