"""Starting an inspection or a re-check, and who takes part."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.inspections import queries
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.planning import service as planning
from app.planning.models import Visit, VisitKind
from app.regulations import queries as regulations
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What a draft that was begun on a tablet brings: when by our clock, the checklist it was resolved by, and the tablet.

    `officers` are the inspectors of the brigade, where the caller has asked for them.
    """

    begun_at: datetime
    device: str
    clock_offset_s: float | None = None
    pack_version_id: uuid.UUID | None = None
    officers: Collection[uuid.UUID] | None = None


TIERS = ("core", "full")
#: How long ago a paper may have been filled in.
OLDEST_PAPER = timedelta(days=60)


def _started_at(paper_day: date | None) -> datetime:
    if paper_day is None:
        return clock.now()
    if paper_day > clock.today():
        raise DomainError(_("纸质检查表的日期不能晚于今天。"), field="paper_day")
    if paper_day < clock.today() - OLDEST_PAPER:
        raise DomainError(_("纸质检查表超过 60 天，请联系大队内勤。"), field="paper_day")
    if paper_day == clock.today():
        return clock.now()
    return datetime.combine(paper_day, time(10), clock.ZONE)


def _form_of(visit: Visit, form: InspectionForm) -> InspectionForm:
    """A visit for a complaint is no spot check, whatever the page proposed."""
    if visit.kind is VisitKind.COMPLAINT and form is InspectionForm.SPOT_CHECK:
        return InspectionForm.COMPLAINT
    return form


def _check_findings(viewer: Viewer, school: School, findings: Sequence[uuid.UUID]) -> list[str]:
    rows = queries.findings_by_id([str(f) for f in findings])
    if not rows:
        raise DomainError(_("请选择至少一个要复查的问题。"), field="findings")
    if any(f.school_id != school.id for f in rows):
        raise DomainError(_("复查的问题不属于这所学校，请重新选择。"), field="findings")
    if any(f.closed_on is not None for f in rows):
        raise DomainError(_("选中的问题里有已经结束的，请重新选择。"), field="findings")
    return [str(f.id) for f in rows]


def start(
    viewer: Viewer,
    *,
    school: School,
    inspection_id: uuid.UUID | None = None,
    kind: InspectionKind = InspectionKind.INSPECTION,
    form: InspectionForm = InspectionForm.SPOT_CHECK,
    tier: str = "core",
    second_id: uuid.UUID | None = None,
    accompanying: str = "",
    accompanying_post: str = "",
    visit: Visit | None = None,
    paper_day: date | None = None,
    findings: Sequence[uuid.UUID] = (),
    brought: Brought | None = None,
) -> Inspection:
    """Begin a draft; the viewer leads. The same `inspection_id` twice begins one.

    `paper_day` says that the draft is entered from paper filled in on that day; `findings` are what a re-check looks at.
    `brought`: begun on a tablet; then the school may have been merged away in between.
    """
    known = db.session.get(Inspection, inspection_id) if inspection_id else None
    if known is not None:
        if known.school_id != school.id or known.lead_id != viewer.person_id:
            raise DomainError(_("这个操作编号已用于别的内容。"))
        return known
    if not viewer.may(Permission.INSPECT):
        raise DomainError(_("您的岗位不能进行消防监督检查。"))
    planning.check_school(viewer, school, merged_too=brought is not None)
    of_brigade = brought.officers if brought else None
    planning.check_officers(viewer, lead_id=viewer.person_id, second_id=second_id, known=of_brigade)
    if tier not in TIERS:
        raise DomainError(_("请选择检查范围。"), field="tier")
    is_recheck = kind is InspectionKind.RECHECK
    scope = {"findings": _check_findings(viewer, school, findings)} if is_recheck else {}
    started_at = brought.begun_at if brought and paper_day is None else _started_at(paper_day)
    outing = planning.start(
        viewer, school=school, lead_id=viewer.person_id, second_id=second_id, visit=visit, arrived_at=started_at,
        merged_too=brought is not None,
    )  # fmt: skip
    inspection = Inspection(
        kind=kind,
        form=InspectionForm.RECHECK if is_recheck else _form_of(outing, form),
        visit_id=outing.id,
        school_id=school.id,
        brigade_id=school.brigade_id,
        pack_version_id=(brought and brought.pack_version_id) or regulations.current_checklist().version_id,
        tier=tier,
        scope=scope,
        lead_id=viewer.person_id,
        second_id=second_id,
        accompanying=accompanying or school.safety_manager,
        accompanying_post=accompanying_post,
        started_at=started_at,
        from_paper=paper_day is not None,
        clock_offset_s=brought.clock_offset_s if brought else None,
        device=brought.device if brought else "",
    )
    if inspection_id:
        inspection.id = inspection_id
    db.session.add(inspection)
    db.session.flush()
    detail = {"school": str(school.id), "kind": kind.value, "tier": tier, "from_paper": inspection.from_paper}
    audit.record(viewer, "start_inspection", subject="inspection", subject_id=inspection.id, detail=detail)
    return inspection


def check_draft(inspection: Inspection) -> None:
    """Refuse to change what is no draft any more."""
    if inspection.state is not InspectionState.DRAFT:
        raise DomainError(_("这份检查已不是草稿，不能再改。"), code="frozen")


def set_people(
    viewer: Viewer,
    inspection: Inspection,
    *,
    second_id: uuid.UUID | None,
    accompanying: str,
    accompanying_post: str,
    officers: Collection[uuid.UUID] | None = None,
) -> None:
    """Say who the second officer is and who of the school walks along. `officers`: the brigade's inspectors, where known."""
    check_draft(inspection)
    planning.check_officers(viewer, lead_id=inspection.lead_id, second_id=second_id, known=officers)
    changed = (second_id, accompanying, accompanying_post) != (
        inspection.second_id, inspection.accompanying, inspection.accompanying_post,
    )  # fmt: skip
    if not changed:
        return
    inspection.second_id = second_id
    inspection.accompanying, inspection.accompanying_post = accompanying, accompanying_post
    db.session.flush()
    detail = {"second": str(second_id or ""), "accompanying": accompanying}
    audit.record(viewer, "set_people", subject="inspection", subject_id=inspection.id, detail=detail)


def join(viewer: Viewer, inspection: Inspection) -> None:
    """Take part as the second officer where none is named yet."""
    check_draft(inspection)
    if viewer.person_id in (inspection.lead_id, inspection.second_id):
        return
    if inspection.second_id is not None:
        raise DomainError(_("这次检查已有两名检查人员。"))
    planning.check_officers(viewer, lead_id=inspection.lead_id, second_id=viewer.person_id)
    inspection.second_id = viewer.person_id
    db.session.flush()
    audit.record(viewer, "join_inspection", subject="inspection", subject_id=inspection.id)


def abandon(viewer: Viewer, inspection: Inspection, *, reason: str) -> None:
    """Give up a draft, with a reason; nothing of it is deleted."""
    check_draft(inspection)
    if not reason.strip():
        raise DomainError(_("请写明作废原因。"), field="reason")
    inspection.state, inspection.withdrawn_reason = InspectionState.WITHDRAWN, reason.strip()
    inspection.withdrawn_at, inspection.withdrawn_by_id = clock.now(), viewer.person_id
    db.session.flush()
    detail = {"reason": reason.strip()}
    audit.record(viewer, "abandon_inspection", subject="inspection", subject_id=inspection.id, detail=detail)
