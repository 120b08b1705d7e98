"""What a school sends about a finding, and what an officer says of it. Neither ever closes one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import Evidence, Finding
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import events, looks, senders, steps
from app.rectification.service.events import Sender

#: The most photos of one sending.
MOST_PHOTOS = 9


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was kept of a sending, and a sentence for each photo that could not be kept."""

    evidence: Evidence
    refused: Sequence[str] = ()


def send_evidence(
    sender: Viewer | Sender,
    *,
    finding: Finding,
    note: str = "",
    done_by: str = "",
    cost: Decimal | None = None,
    photos: Sequence[tuple[str, bytes]] = (),
    asks_recheck: bool = False,
    evidence_id: uuid.UUID | None = None,
) -> Sent:
    """Keep what the school sends about an open finding: `photos` as (file name, bytes), a note, a request for the re-check.

    It never closes a finding. Sending the same id twice keeps it once. A photo that cannot be read does not hold up the
    others; when none can be, nothing is kept.
    """
    senders.check_finding(sender, finding)
    known = db.session.get(Evidence, evidence_id) if evidence_id else None
    if known is not None and known.finding_id == finding.id:
        return Sent(evidence=known)
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束，不需要再上传整改材料。"), code="closed")
    if not note and not photos:
        raise DomainError(_("请上传整改照片，或写明整改情况。"), field="photos", code="empty")
    if cost is not None and cost < 0:
        raise DomainError(_("费用不能小于零。"), field="cost", code="cost")
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    evidence = Evidence(
        id=evidence_id or new_id(),
        finding_id=finding.id,
        sent_by_id=sender.person_id,
        sent_by_name=sender.name,
        link_id=sender.link_id if isinstance(sender, Sender) else None,
        note=note,
        done_by=done_by,
        cost=cost,
        asks_recheck=asks_recheck,
    )
    db.session.add(evidence)
    refused = _add_photos(sender, evidence, photos)
    db.session.flush()
    if asks_recheck:
        looks.plan_rechecks(finding.school_id)
        events.note_finding(sender, "apply_recheck", finding.id)
    events.note_finding(sender, "send_evidence", finding.id, photos=len(photos) - len(refused))
    audit.record(
        sender,
        "send_evidence",
        subject="finding",
        subject_id=finding.id,
        detail={"evidence": str(evidence.id), "photos": len(photos) - len(refused), "asks_recheck": asks_recheck},
    )
    return Sent(evidence=evidence, refused=refused)


def _add_photos(sender: Viewer | Sender, evidence: Evidence, photos: Sequence[tuple[str, bytes]]) -> list[str]:
    refused = []
    for number, (name, content) in enumerate(photos):
        try:
            _add_photo(sender, evidence, number=number, name=name, content=content)
        except DomainError as problem:
            refused.append(problem.message)
    if photos and len(refused) == len(photos):
        raise DomainError("\n".join(refused), field="photos", code="photo")
    return refused


def _add_photo(sender: Viewer | Sender, evidence: Evidence, *, number: int, name: str, content: bytes) -> None:
    fieldwork.add_photo(
        sender if isinstance(sender, Viewer) else None,
        photo_id=uuid.uuid5(evidence.id, str(number)),
        kind=TargetKind.FINDING,
        target_id=evidence.finding_id,
        item="evidence",
        place=str(evidence.id),
        content=content,
        name=name,
    )


def answer_evidence(viewer: Viewer, *, evidence: Evidence, answer: EvidenceAnswer, reason: str = "") -> None:
    """Say to the school whether what it sent will do, or send it back with a reason. The finding stays open either way."""
    finding = db.session.get_one(Finding, evidence.finding_id)
    steps.require(viewer, finding.brigade_id, "answer_evidence")
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束。"), code="closed")
    if evidence.answer is not None:
        if evidence.answer is answer:
            return
        raise DomainError(_("这份材料已经答复过。"), code="answered")
    if answer is EvidenceAnswer.RETURNED and not reason.strip():
        raise DomainError(_("请写明退回原因，学校才知道还缺什么。"), field="reason", code="reason_missing")
    evidence.answer, evidence.answered_at, evidence.answered_by_id = answer, clock.now(), viewer.person_id
    evidence.answer_reason = reason.strip()
    db.session.flush()
    events.note_finding(viewer, f"evidence_{answer.value}", finding.id, reason=reason.strip())
    audit.record(
        viewer,
        "answer_evidence",
        subject="finding",
        subject_id=finding.id,
        detail={"evidence": str(evidence.id), "answer": answer.value, "reason": reason.strip()},
    )
