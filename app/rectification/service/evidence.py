"""What a school sends about a finding, and what an officer says of it. Neither ever closes one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import service as fieldwork
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import Evidence, Finding
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import events, locks, looks, senders, steps
from app.rectification.service.events import Sender

#: The most photos of one form without script; with script each is sent by itself, and so many may belong together.
MOST_PHOTOS = 9
MOST_TOGETHER = 30
#: How photos that a school sends are marked among those of a finding.
SENT = "evidence"


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
    known = _known(finding, evidence_id)
    if known is not None:
        return Sent(evidence=known)
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束，不需要再上传整改材料。"), code="closed")
    early = photos_of(finding, evidence_id) if evidence_id else []
    if not note and not photos and not early:
        raise DomainError(_("请上传整改照片，或写明整改情况。"), field="photos", code="empty")
    if cost is not None and cost < 0:
        raise DomainError(_("费用不能小于零。"), field="cost", code="cost")
    if len(photos) > MOST_PHOTOS:
        raise _too_many(MOST_PHOTOS)
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
    events.note_finding(sender, "send_evidence", finding.id, photos=len(early) + len(photos) - len(refused))
    audit.record(
        sender,
        "send_evidence",
        subject="finding",
        subject_id=finding.id,
        detail={
            "evidence": str(evidence.id),
            "photos": len(early) + len(photos) - len(refused),
            "asks_recheck": asks_recheck,
        },
    )
    return Sent(evidence=evidence, refused=refused)


def _too_many(most: int) -> DomainError:
    return DomainError(_("一次最多上传 %(most)d 张照片，请分次上传。", most=most), field="photos", code="too_many")


def _known(finding: Finding, evidence_id: uuid.UUID | None) -> Evidence | None:
    known = db.session.get(Evidence, evidence_id) if evidence_id else None
    if known is not None and known.finding_id != finding.id:
        raise DomainError(_("这一页已用于别的问题，请刷新后再报送。"), code="other_finding")
    return known


def photos_of(finding: Finding, evidence_id: uuid.UUID) -> list[Photo]:
    """The photos that have arrived for a sending, whether its words have or not."""
    query = sa.select(Photo).where(
        Photo.target_kind == TargetKind.FINDING, Photo.target_id == finding.id, Photo.place == str(evidence_id)
    )
    return list(db.session.scalars(query.where(Photo.withdrawn_at.is_(None)).order_by(Photo.added_at, Photo.id)))


def arrived(finding: Finding, evidence_id: uuid.UUID) -> tuple[int, bool]:
    """How many photos of a sending are kept, and whether its words have come too."""
    return len(photos_of(finding, evidence_id)), db.session.get(Evidence, evidence_id) is not None


def keep_photo(
    sender: Viewer | Sender, *, finding: Finding, evidence_id: uuid.UUID, photo_id: uuid.UUID, name: str, content: bytes
) -> Photo:
    """Keep one photo of a sending, before its words come; both ids are the sender's. Sent again, it is kept once.

    A photo with the same bytes in the same sending is the same photo, whatever its id. The finding's row is held, so that
    a sending that is repeated while the first still arrives waits for it.
    """
    senders.check_finding(sender, finding)
    locks.hold_findings([finding.id])
    known = _known(finding, evidence_id)
    if finding.closed_on is not None:
        raise DomainError(_("这个问题已经结束，不需要再上传整改材料。"), code="closed")
    if known is not None and known.answer is not None:
        raise DomainError(_("这份材料已经答复过，请重新报送。"), code="answered")
    own_id = uuid.uuid5(evidence_id, str(photo_id))
    kept = photos_of(finding, evidence_id)
    if len(kept) >= MOST_TOGETHER and own_id not in {photo.id for photo in kept}:
        raise _too_many(MOST_TOGETHER)
    return _add_photo(sender, finding.id, evidence_id, photo_id=own_id, name=name, content=content)


def _add_photos(sender: Viewer | Sender, evidence: Evidence, photos: Sequence[tuple[str, bytes]]) -> list[str]:
    refused = []
    for number, (name, content) in enumerate(photos):
        try:
            own_id = uuid.uuid5(evidence.id, str(number))
            _add_photo(sender, evidence.finding_id, evidence.id, photo_id=own_id, name=name, content=content)
        except DomainError as problem:
            refused.append(problem.message)
    if photos and len(refused) == len(photos):
        raise DomainError("\n".join(refused), field="photos", code="photo")
    return refused


def _add_photo(
    sender: Viewer | Sender,
    finding_id: uuid.UUID,
    evidence_id: uuid.UUID,
    *,
    photo_id: uuid.UUID,
    name: str,
    content: bytes,
) -> Photo:
    return fieldwork.add_photo(
        None if isinstance(sender, Sender) else sender,
        photo_id=photo_id,
        kind=TargetKind.FINDING,
        target_id=finding_id,
        item=SENT,
        place=str(evidence_id),
        content=content,
        name=name,
    )


def answer_evidence(viewer: Viewer, *, evidence: Evidence, answer: EvidenceAnswer, reason: str = "") -> None:
    """Say to the school whether what it sent will do, or send it back with a reason. The finding stays open either way."""
    finding = db.session.get_one(Finding, evidence.finding_id)
    steps.require(viewer, finding.brigade_id, Permission.ANSWER_EVIDENCE)
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
