"""Review, freezing, and signatures."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts import service as accounts_service
from app.accounts.access import requires, viewer
from app.accounts.models import Person
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import moment
from app.core.pictures import unpack_ahead
from app.core.web import found
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import SignerRole
from app.fieldwork.service import Hand
from app.inspections import queries, records, sheet, wording
from app.inspections.deadlines import Deadlines
from app.inspections.forms import PeopleForm, as_id
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.presenting import Presenter, RowView
from app.inspections.rules.answers import count
from app.inspections.rules.faults import Problem
from app.inspections.rules.fields import Answer, Outcome
from app.inspections.service import finishing, signing, starting
from app.inspections.sheet import Sheet
from app.inspections.views.blueprint import bp
from app.inspections.views.listing import people_form
from app.rectification.queries import findings as rectification
from app.rectification.queries import repeats
from app.rectification.queries.findings import Line
from app.rectification.rules.deadlines import Doubt


def _fillable(inspection_id: uuid.UUID) -> Inspection:
    inspection = found(queries.get(viewer, inspection_id))
    if not queries.may_fill(viewer, inspection):
        abort(403)
    return inspection


def _addresses_of(current: Sheet) -> dict[str, str]:
    """Where each row stands: its area's page and its place on it."""
    return {
        row.name: f"{page}#row-{row.name.replace('@', '-')}"
        for area in current.areas
        for page in [url_for("inspections.show", inspection_id=current.inspection.id, area=area.key)]
        for row in area.rows
    }


def _unanswered(
    current: Sheet, troubles: Sequence[finishing.Trouble], addresses: Mapping[str, str]
) -> list[tuple[str, int, str]]:
    """What was not looked at, by area: its name, how many rows, and the address of the first."""
    names = {t.row.name for t in troubles if t.row is not None and t.is_unanswered}
    found = []
    for area in current.areas:
        rows = [row.name for row in area.rows if row.name in names]
        if rows:
            found.append((wording.area_name(area, current.checklist), len(rows), addresses[rows[0]]))
    return found


def _rechecked(current: Sheet, presenter: Presenter) -> list[tuple[RowView, Outcome]]:
    """What a re-check says of each finding it has looked at; empty for an inspection."""
    if current.inspection.kind is not InspectionKind.RECHECK:
        return []
    views = [presenter.row(row) for row in current.rows]
    return [(view, Outcome(view.value)) for view in views if view.value in set(Outcome)]


def _doubt(problem: Problem, deadline: str, current: Sheet, deadlines: Deadlines) -> Doubt | None:
    """The question about a problem's date: of the day that the pack leads to, or of the officer's own."""
    if not current.said[problem.row.name].deadline:
        return deadlines.of(problem).doubt
    return deadlines.doubt(date.fromisoformat(deadline), problem)


def _not_settled(current: Sheet) -> list[Line]:
    """Faults from earlier visits that are still open, where the answer says that everything ordered earlier was put right."""
    items = {
        code for row in current.checklist.content["record_rows"] if row["key"] == "earlier" for code in row["items"]
    }
    if not any(row.item in items and current.said[row.name].answer == Answer.PASS for row in current.rows):
        return []
    lines = rectification.of_school(viewer, current.school.id)
    return [line for line in lines if line.finding.inspection_id != current.inspection.id]


def _review(current: Sheet, form: PeopleForm, *, status: int = 200) -> ResponseReturnValue:
    deadlines = Deadlines(current)
    names = accounts.names_of({op.by_id for op in current.ops})
    presenter = Presenter(current, names=names)
    findings = [(problem, records.finding_data(problem, current, deadlines)) for problem in current.problems]
    asked = [
        (problem, doubt)
        for problem, data in findings
        if data["deadline"] and (doubt := _doubt(problem, data["deadline"], current, deadlines)) is not None
    ]
    troubles, addresses = finishing.troubles(current), _addresses_of(current)
    rechecked = _rechecked(current, presenter)
    return (
        render_template(
            "inspections/review.html",
            sheet=current,
            form=form,
            words=wording,
            counts=count(current.rows, current.said),
            troubles=[t for t in troubles if not t.is_unanswered],
            unanswered=_unanswered(current, troubles, addresses),
            addresses=addresses,
            findings=findings,
            asked=asked,
            not_settled=_not_settled(current),
            repeated=repeats.known_faults(current.school.id, without=current.inspection.id) if findings else {},
            samples=records.samples_of(current),
            rechecked=rechecked,
            corrected=sum(outcome is Outcome.CORRECTED for _view, outcome in rechecked),
            views={t.row.name: presenter.row(t.row) for t in troubles if t.row is not None and not t.is_unanswered},
            without_photo=[p for p, data in findings if not data["has_photo_before"]],
            lead=names.get(current.inspection.lead_id) or db.session.get_one(Person, current.inspection.lead_id).name,
        ),
        status,
    )


@bp.get("/inspections/<uuid:inspection_id>/review")
@requires(Permission.INSPECT)
def review(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """What is missing, what contradicts, what was not seen, and the findings to read out."""
    inspection = _fillable(inspection_id)
    if inspection.state is not InspectionState.DRAFT:
        return redirect(url_for("inspections.show", inspection_id=inspection_id))
    return _review(found(sheet.load(viewer, inspection_id)), people_form(inspection))


@bp.post("/inspections/<uuid:inspection_id>/review")
@requires(Permission.INSPECT)
def finalise(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Keep who takes part and freeze the draft, or say what is missing."""
    _fillable(inspection_id)
    inspection = found(queries.locked(viewer, inspection_id))
    if inspection.state is not InspectionState.DRAFT:
        return redirect(url_for("inspections.show", inspection_id=inspection_id))
    form = people_form(inspection)
    if not form.validate_on_submit():
        return _review(found(sheet.load(viewer, inspection_id)), form, status=422)
    try:
        starting.set_people(
            viewer,
            inspection,
            second_id=as_id(form.second_id.data),
            accompanying=form.accompanying.data or "",
            accompanying_post=form.accompanying_post.data or "",
        )
        db.session.commit()
        if request.form.get("do") == "people":
            return redirect(url_for("inspections.review", inspection_id=inspection_id))
        found(queries.locked(viewer, inspection_id))
        finishing.finalise(viewer, found(sheet.load(viewer, inspection_id)))
        db.session.commit()
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _review(found(sheet.load(viewer, inspection_id)), form, status=422)
    return redirect(url_for("inspections.signatures", inspection_id=inspection_id))


@bp.post("/inspections/<uuid:inspection_id>/reopen")
@requires(Permission.INSPECT)
def reopen(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the draft while nobody has signed."""
    _fillable(inspection_id)
    finishing.reopen(viewer, found(queries.locked(viewer, inspection_id)))
    db.session.commit()
    flash(_("已返回修改。改好后请再次复核完成。"))
    return redirect(url_for("inspections.review", inspection_id=inspection_id))


@bp.post("/inspections/<uuid:inspection_id>/abandon")
@requires(Permission.INSPECT)
def abandon(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Give up a draft with a reason."""
    _fillable(inspection_id)
    starting.abandon(viewer, found(queries.locked(viewer, inspection_id)), reason=request.form.get("reason", ""))
    db.session.commit()
    flash(_("草稿已作废，内容仍保留备查。"))
    return redirect(url_for("inspections.index"))


# signatures ----------------------------------------------------------------------------------------------------


def _signed(inspection: Inspection) -> dict[str, dict[str, Any]]:
    return {
        s.role.value: {
            "src": url_for("fieldwork.signature", signature_id=s.id) if s.image_sha256 else "",
            "who": s.name,
            "when": moment(s.signed_at),
            "refused": s.refused,
            "reason": s.reason,
        }
        for s in fieldwork.signatures_of(inspection.id)
    }


def _signatures_page(inspection: Inspection, *, problem: DomainError | None = None) -> str:
    record = records.read(inspection)
    people = {o["role"]: o["name"] for o in record.content["officers"]}
    return render_template(
        "inspections/signatures.html",
        inspection=inspection,
        record=record,
        people=people,
        signed=_signed(inspection),
        missing={role.value for role in signing.missing(inspection)},
        is_lead=viewer.person_id == inspection.lead_id,
        is_second=viewer.person_id == inspection.second_id,
        problem=problem,
        typed={} if problem and problem.code == OTHER_RECORD else request.form,  # those strokes were under another text
        words=wording,
    )


@bp.get("/inspections/<uuid:inspection_id>/signatures")
@requires(Permission.INSPECT)
def signatures(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The findings once more, and a box for each who signs."""
    inspection = _fillable(inspection_id)
    if inspection.state is not InspectionState.SIGNING:
        return redirect(url_for("inspections.show", inspection_id=inspection_id))
    return _signatures_page(inspection)


def _hand(role: str, *, name: str, person_id: uuid.UUID | None = None) -> Hand | None:
    """What the form carried for a role; None when its box was left empty."""
    strokes = request.form.get(f"{role}.strokes", "")
    scan = request.files.get(f"{role}.scan")
    content = scan.read() if scan is not None and scan.filename else b""
    refused = f"{role}.refused" in request.form
    if not (strokes or content or refused):
        return None
    return Hand(
        name=name,
        post=request.form.get(f"{role}.post", "").strip()[:80],
        person_id=person_id,
        strokes=strokes,
        scan=content,
        scan_name=scan.filename or "" if scan is not None else "",
        refused=refused,
        reason=request.form.get(f"{role}.reason", "").strip()[:200],
        device=(request.user_agent.string or "")[:64],
    )


def _unpack_scans() -> None:
    """Photos of ink are read before the record is locked; what cannot be read is said by the act."""
    scans = [scan for role in SignerRole if (scan := request.files.get(f"{role.value}.scan")) and scan.filename]
    unpack_ahead([(scan.filename or "", scan.read()) for scan in scans])
    for scan in scans:
        scan.seek(0)


def _typed_name(role: str) -> str:
    return request.form.get(f"{role}.name", "").strip()[:80]


def _hands(inspection: Inspection) -> dict[SignerRole, Hand]:
    """The boxes that were filled; what an officer signs is theirs by their sign-in or their password."""
    hands: dict[SignerRole, Hand] = {}
    lead = _hand("lead", name=viewer.name, person_id=viewer.person_id)
    if lead is not None:
        hands[SignerRole.LEAD] = lead
    second = _hand("second", name="")
    if second is not None:
        person = signing.second_officer(viewer, inspection, password=request.form.get("second.password", ""))
        hands[SignerRole.SECOND] = dataclasses.replace(second, name=person.name, person_id=person.id)
    for role in (SignerRole.SCHOOL, SignerRole.WITNESS):
        hand = _hand(role.value, name=_typed_name(role.value))
        if hand is not None:
            hands[role] = hand
    return hands


#: What was signed is not what is kept: somebody reopened the record and changed it while the page was open.
OTHER_RECORD = "other_record"


def _tries_of(inspection: Inspection) -> str:
    return f"second:{inspection.second_id}"


def _may_try(inspection: Inspection) -> bool:
    """Count a try of the second officer's password; kept whatever becomes of the act."""
    if not request.form.get("second.password") or viewer.person_id == inspection.second_id:
        return True
    allowed = accounts_service.count_attempt(_tries_of(inspection), most=signing.TRIES, window_s=signing.WINDOW_S)
    db.session.commit()
    return allowed


@bp.post("/inspections/<uuid:inspection_id>/signatures")
@requires(Permission.INSPECT)
def sign(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Set the signatures that were given; with the last one the record is signed and its paper ordered."""
    inspection = _fillable(inspection_id)
    if inspection.state is InspectionState.SIGNED:
        return redirect(url_for("inspections.record", inspection_id=inspection_id))
    _unpack_scans()
    try:
        if not _may_try(inspection):
            raise DomainError(_("尝试次数过多，请 5 分钟后再试。"), field="second")
        inspection = found(queries.locked(viewer, inspection_id))
        if inspection.record_sha256 and request.form.get("record") != inspection.record_sha256:
            raise DomainError(_("检查内容在打开本页以后改过。请看过现在的内容，再重新签名。"), code=OTHER_RECORD)
        hands = _hands(inspection)
        if not hands:
            raise DomainError(_("还没有签名。请在框内签名，或上传纸上签名的照片。"))
        is_signed = signing.sign(viewer, inspection, hands)
        if SignerRole.SECOND in hands and request.form.get("second.password"):
            accounts_service.forget_attempts([_tries_of(inspection)])  # the password was right: only wrong ones add up
        db.session.commit()
    except DomainError as refused:
        db.session.rollback()
        inspection = _fillable(inspection_id)
        if inspection.state is not InspectionState.SIGNING:
            return redirect(url_for("inspections.show", inspection_id=inspection_id))
        return _signatures_page(inspection, problem=refused), 422
    if is_signed:
        flash(_("检查记录已签名，文书正在生成。"))
        return redirect(url_for("inspections.record", inspection_id=inspection_id))
    flash(_("签名已保存。"))
    return redirect(url_for("inspections.signatures", inspection_id=inspection_id))
