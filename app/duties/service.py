"""Recording what was done for a duty; letting a rule count that otherwise only informs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import full_date
from app.duties.models import DutyAdoption, DutyRecord
from app.duties.queries.facts import duties_in_force
from app.duties.rules.duties import Duty, Source
from app.logbook import service as logbook
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class NewRecord:
    """A patrol, check or test as done."""

    duty: str
    held_at: datetime
    visit_id: uuid.UUID | None = None
    done_by: str = ""
    found_faults: bool = False
    notes: str = ""


def recorded_here() -> dict[str, Duty]:
    """The duties that are recorded by themselves, not as drills or trainings, by code."""
    return {duty.code: duty for duty in duties_in_force() if duty.source in (Source.SELF_CHECK, Source.REPORT)}


def log(
    viewer: Viewer, *, school: School, record_id: uuid.UUID, new: NewRecord, photos: Sequence[tuple[str, bytes]] = ()
) -> DutyRecord:
    """Keep what was done, with photos as (file name, bytes). The same id twice keeps it once."""
    known = logbook.known(DutyRecord, record_id, school)
    if known is not None:
        return known
    if new.duty not in recorded_here():
        raise DomainError(_("请选择做了哪一项。"), field="duty", code="unknown_duty")
    earliest = date(clock.day_of(school.made_at).year, 1, 1)
    if clock.day_of(new.held_at) < earliest:
        said = _("%(day)s 以前不在可查看的年度内，登记了也不会计入，请核对日期。", day=full_date(earliest))
        raise DomainError(said, field="day", code="before_the_grid")
    logbook.check_moment(new.held_at)
    if new.found_faults and not new.notes.strip():
        raise DomainError(_("发现问题时请写明问题和处理情况。"), field="notes", code="faults_without_words")
    logbook.refuse_twice(viewer, DutyRecord, school, asdict(new))
    record = DutyRecord(id=record_id, school_id=school.id, logged_by_id=viewer.person_id, **asdict(new))
    logbook.keep(viewer, record, photos, sort="duty", about=new.duty)
    return record


def _informing(code: str) -> Duty:
    duty = next((one for one in duties_in_force() if one.code == code), None)
    if duty is None or not duty.only_informs:
        raise DomainError(_("这项职责本来就计入，不需要采用。"), code="not_informing")
    return duty


def _in_force(brigade_id: uuid.UUID, code: str) -> DutyAdoption | None:
    return db.session.scalar(
        sa.select(DutyAdoption).where(
            DutyAdoption.brigade_id == brigade_id, DutyAdoption.duty == code, DutyAdoption.ended_on.is_(None)
        )
    )


def adopt(viewer: Viewer, *, brigade_id: uuid.UUID, code: str) -> DutyAdoption:
    """Let a rule that only informs count from today on. Twice keeps the first day."""
    _informing(code)
    known = _in_force(brigade_id, code)
    if known is not None:
        return known
    row = DutyAdoption(brigade_id=brigade_id, duty=code, since=clock.today(), by_id=viewer.person_id)
    db.session.add(row)
    db.session.flush()
    audit.record(viewer, "adopt_duty", subject="brigade", subject_id=brigade_id, detail={"duty": code})
    return row


def drop(viewer: Viewer, *, brigade_id: uuid.UUID, code: str) -> None:
    """Let a rule only inform again; when nothing was taken on, nothing happens."""
    known = _in_force(brigade_id, code)
    if known is None:
        return
    known.ended_on, known.ended_by_id = clock.today(), viewer.person_id
    db.session.flush()
    audit.record(viewer, "drop_duty", subject="brigade", subject_id=brigade_id, detail={"duty": code})
