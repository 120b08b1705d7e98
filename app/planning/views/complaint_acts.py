"""What is done with a complaint: a form each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import acts
from app.core.extensions import db
from app.core.web import found
from app.planning.forms import complaints as forms
from app.planning.forms.visits import chosen
from app.planning.models.complaints import Complaint
from app.planning.queries import complaints as queries
from app.planning.queries import visits
from app.planning.rules.complaints import ComplaintKind, ReplyChannel
from app.planning.service import complainants, replies
from app.planning.service import complaints as service
from app.planning.service.visits import OFFICERS
from app.planning.views.blueprint import bp
from app.planning.views.complaints import schools_named, show_page
from app.schools import queries as schools


def _get(complaint_id: uuid.UUID) -> Complaint:
    return found(queries.get(viewer, complaint_id))


def _do(
    complaint_id: uuid.UUID, form: forms.ActForm, act: Callable[[Complaint], Any], done: str
) -> ResponseReturnValue:
    """Judge the form, do the act once, and go back to the page; a refusal stands beside its field."""
    _get(complaint_id)
    if not (form.validate() and acts.done(form, lambda: act(found(queries.locked(viewer, complaint_id))))):
        return show_page(complaint_id, refused=form, status=422)
    flash(done)
    return redirect(url_for("planning.complaint", complaint_id=complaint_id))


def _with_reason(
    complaint_id: uuid.UUID, form: forms.ActForm, act: Callable[..., Any], done: str
) -> ResponseReturnValue:
    """An act that wants nothing but a reason."""
    return _do(complaint_id, form, lambda c: act(viewer, c, reason=form["reason"].data or ""), done)


@bp.post("/complaints/<uuid:complaint_id>/complainant")
@requires(Permission.KEEP_COMPLAINTS)
def show_complainant(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Who complained, on this answer only; that it was looked at is written down."""
    person = complainants.show(viewer, _get(complaint_id))
    db.session.commit()
    return show_page(complaint_id, person=person)


@bp.post("/complaints/<uuid:complaint_id>/accept")
@requires(Permission.KEEP_COMPLAINTS)
def accept_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Take it on."""
    form = forms.AcceptForm()
    return _do(
        complaint_id, form, lambda c: service.accept(viewer, c, kind=ComplaintKind(form.kind.data)), _("投诉已受理。")
    )


@bp.post("/complaints/<uuid:complaint_id>/transfer")
@requires(Permission.KEEP_COMPLAINTS)
def transfer_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Hand it to the office that answers for it."""
    form = forms.TransferForm()
    return _do(
        complaint_id,
        form,
        lambda c: service.transfer(viewer, c, to=form.to.data or "", reason=form.reason.data or ""),
        _("投诉已移送。请把移送情况答复投诉人。"),
    )


@bp.post("/complaints/<uuid:complaint_id>/reject")
@requires(Permission.KEEP_COMPLAINTS)
def reject_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Not take it on, with a reason."""
    return _with_reason(complaint_id, forms.RejectForm(), service.reject, _("已登记不受理。请把原因答复投诉人。"))


@bp.post("/complaints/<uuid:complaint_id>/retake")
@requires(Permission.KEEP_COMPLAINTS)
def retake_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Take it back after all."""
    return _with_reason(complaint_id, forms.RetakeForm(), service.retake, _("投诉已收回办理。"))


@bp.post("/complaints/<uuid:complaint_id>/plan")
@requires(Permission.INSPECT)
def plan_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Plan the visit at which it is checked."""
    complaint = _get(complaint_id)
    school = found(schools.get(viewer, complaint.school_id)) if complaint.school_id else None
    if school is None or not visits.may_visit(viewer, school):
        abort(403)
    form = forms.PlanForm(colleagues=accounts.colleagues(viewer, roles=OFFICERS))
    return _do(
        complaint_id,
        form,
        lambda c: service.plan(
            viewer,
            c,
            school=found(schools.get(viewer, found(c.school_id))),
            planned_on=found(form.planned_on.data),
            lead_id=uuid.UUID(form.lead_id.data),
            second_id=chosen(form.second_id.data),
            visit_id=chosen(form.visit_id.data),
        ),
        _("核查已列入出行计划。"),
    )


@bp.post("/complaints/<uuid:complaint_id>/checked")
@requires(Permission.KEEP_COMPLAINTS)
def complaint_checked(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Say at which visit it was already checked."""
    complaint = _get(complaint_id)
    form = forms.CheckedForm(visits=queries.visits_since(complaint))
    return _do(
        complaint_id,
        form,
        lambda c: service.was_checked_at(viewer, c, found(visits.get(viewer, found(chosen(form.visit_id.data))))),
        _("已登记为现场核查。"),
    )


@bp.post("/complaints/<uuid:complaint_id>/link")
@requires(Permission.KEEP_COMPLAINTS)
def link_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Say that it repeats another one."""
    complaint = _get(complaint_id)
    form = forms.LinkForm(others=queries.alike(viewer, complaint))
    return _do(
        complaint_id,
        form,
        lambda c: service.link(viewer, c, _get(found(chosen(form.first_id.data)))),
        _("已并联，两件投诉都保留，分别答复。"),
    )


@bp.post("/complaints/<uuid:complaint_id>/reply")
@requires(Permission.KEEP_COMPLAINTS)
def reply_to_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Write down what the complainant was told."""
    form = forms.ReplyForm()
    return _do(
        complaint_id,
        form,
        lambda c: service.reply(
            viewer,
            c,
            text=form.text.data or "",
            on=found(form.on.data),
            channel=ReplyChannel(form.channel.data),
            outcome=form.found(),
        ),
        _("答复已登记。"),
    )


@bp.post("/complaints/<uuid:complaint_id>/reply-paper")
@requires(Permission.KEEP_COMPLAINTS)
def print_reply(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Print the answer that was written down."""
    paper = replies.print_reply(viewer, found(queries.locked(viewer, complaint_id)))
    db.session.commit()
    return redirect(url_for("documents.show", document_id=paper.id))


@bp.post("/complaints/<uuid:complaint_id>/close")
@requires(Permission.KEEP_COMPLAINTS)
def close_complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """File it."""
    return _do(complaint_id, forms.CloseForm(), lambda c: service.close(viewer, c), _("投诉已办结。"))


@bp.route("/complaints/<uuid:complaint_id>/school", methods=["GET", "POST"])
@requires(Permission.KEEP_COMPLAINTS)
def complaint_school(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Say which school of the register is meant."""
    complaint = _get(complaint_id)
    if request.method == "POST":
        school = found(schools.get(viewer, found(chosen(request.form.get("school")))))
        service.name_school(viewer, complaint, school)
        db.session.commit()
        flash(_("已指明学校。"))
        return redirect(url_for("planning.complaint", complaint_id=complaint_id))
    q = request.args.get("q", complaint.about)
    return render_template("planning/complaint_school.html", complaint=complaint, q=q, schools=schools_named(q))
