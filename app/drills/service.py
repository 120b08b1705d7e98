"""Logging a drill, adding photos to it, withdrawing it with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest
from app.drills import rules, words
from app.drills.models import Drill, DrillKind
from app.drills.rules import Figures
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import TargetKind
from app.schools.models import School

MOST_PHOTOS = 9


@dataclass(frozen=True, kw_only=True)
class NewDrill:
    """A drill as it was held. Seconds from the signal; numbers of people, never names."""

    kind: DrillKind
    held_at: datetime
    building_id: uuid.UUID | None = None
    visit_id: uuid.UUID | None = None
    led_by: str = ""
    scenario: str = ""
    weather: str = ""
    first_out_s: int | None = None
    last_out_s: int | None = None
    counted_s: int | None = None
    expected: int | None = None
    present: int | None = None
    accounted: int = 0
    observers: str = ""
    problems: str = ""
    notes: str = ""


def _check(new: NewDrill) -> None:
    if new.held_at > clock.end_of(clock.today()):
        raise DomainError(_("演练时间不能晚于今天。"), field="day", code="future")
    figures = Figures(
        first_out_s=new.first_out_s, last_out_s=new.last_out_s, counted_s=new.counted_s, accounted=new.accounted
    )
    for mistake in rules.mistakes(figures):
        name, sentence = words.MISTAKES[mistake]
        raise DomainError(str(sentence), field=name, code=mistake.value)


def log(
    viewer: Viewer, *, school: School, drill_id: uuid.UUID, new: NewDrill, photos: Sequence[tuple[str, bytes]] = ()
) -> Drill:
    """Keep a drill as held at a school, with photos as (file name, bytes). The same id twice keeps it once."""
    known = db.session.get(Drill, drill_id)
    if known is not None:
        if known.school_id != school.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    _check(new)
    drill = Drill(id=drill_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    db.session.add(drill)
    db.session.flush()
    add_photos(viewer, drill=drill, photos=photos)
    audit.record(
        viewer,
        "log_drill",
        subject="drill",
        subject_id=drill.id,
        detail={"school": str(school.id), "kind": new.kind.value, "photos": len(photos)},
    )
    db.session.flush()
    return drill


def add_photos(viewer: Viewer, *, drill: Drill, photos: Sequence[tuple[str, bytes]]) -> None:
    """Keep photos of a drill; the same picture twice is kept once."""
    if len(photos) > MOST_PHOTOS:
        raise DomainError(
            _("一次最多上传 %(most)d 张照片，请分次上传。", most=MOST_PHOTOS), field="photos", code="too_many"
        )
    if drill.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能再添加照片。"), field="photos", code="withdrawn")
    for name, content in photos:
        try:
            fieldwork.add_photo(
                viewer,
                photo_id=uuid.uuid5(drill.id, digest(content)),
                kind=TargetKind.DRILL,
                target_id=drill.id,
                content=content,
                name=name,
            )
        except DomainError as refused:
            refused.field = refused.field or "photos"
            raise


def may_withdraw(viewer: Viewer, drill: Drill) -> bool:
    """Whoever logged it, or the brigade that answers for the school."""
    return drill.withdrawn_at is None and (drill.logged_by_id == viewer.person_id or not viewer.is_school)


def withdraw(viewer: Viewer, *, drill: Drill, reason: str) -> None:
    """Take a record back with a reason; it stays on record and counts no more."""
    if not may_withdraw(viewer, drill):
        raise DomainError(_("记录已撤回，或不是您登记的，不能撤回。"), code="not_yours")
    if not reason.strip():
        raise DomainError(_("请写明撤回理由。"), field="reason", code="reason_missing")
    drill.withdrawn_at, drill.withdrawn_reason = clock.now(), reason.strip()
    db.session.flush()
    audit.record(viewer, "withdraw_drill", subject="drill", subject_id=drill.id, detail={"reason": reason.strip()})
