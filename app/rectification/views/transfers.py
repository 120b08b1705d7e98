"""Handing a finding over to another authority, its answer; and the number of the penalty case."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import made
from app.core.extensions import db
from app.core.forms import Form
from app.core.i18n import localised
from app.core.web import found
from app.rectification import record_forms as forms
from app.rectification.models.findings import Finding
from app.rectification.models.transfers import Transfer
from app.rectification.order_forms import PenaltyForm
from app.rectification.queries import findings as finding_queries
from app.rectification.queries import records
from app.rectification.rules.records import AuthorityKind, RecordKind
from app.rectification.service import transfers as service
from app.rectification.views import records as shared
from app.rectification.views.blueprint import bp
from app.schools import queries as schools

_STEPS: dict[str, shared.Step] = {
    "reply": (
        forms.ReplyForm,
        lambda record, form: service.keep_reply(viewer, record, replied_on=form.replied_on.data, text=form.text.data),
    ),
}


def _own_finding(finding_id: uuid.UUID) -> Finding:
    finding = found(finding_queries.get(viewer, finding_id)).finding
    if finding.brigade_id not in viewer.brigade_ids:
        abort(403)
    return finding


@bp.route("/findings/<uuid:finding_id>/transfer", methods=["GET", "POST"])
@requires(Permission.DRAFT_ORDERS)
def new_transfer(finding_id: uuid.UUID) -> ResponseReturnValue:
    """Hand a finding over to the authority that is competent for it."""
    finding = _own_finding(finding_id)
    form = forms.TransferForm(text=localised(finding.text, finding.text_en))
    if form.validate_on_submit():
        record = made(
            form,
            lambda: service.transfer(
                viewer,
                finding=finding,
                authority=AuthorityKind(form.authority.data),
                authority_name=form.authority_name.data or "",
                sent_on=forms.as_day(form.sent_on.data),
                text=form.text.data or "",
            ),
        )
        if record is not None:
            flash(_("移送函正在制作。"))
            return redirect(url_for(".transfer", transfer_id=record.id))
    school = found(schools.get(viewer, finding.school_id))
    page = render_template("rectification/records/new_transfer.html", form=form, finding=finding, school=school)
    return page, 422 if request.method == "POST" else 200


def _page(record: Transfer, *, given: dict[str, Form] | None = None, status: int = 200) -> ResponseReturnValue:
    own = record.brigade_id in viewer.brigade_ids
    acts = ("reply",) if own and viewer.may(Permission.DRAFT_ORDERS) else ()
    page = render_template(
        "rectification/records/transfer.html",
        finding=found(finding_queries.get(viewer, record.finding_id)).finding,
        **shared.shown(RecordKind.TRANSFER, record, _STEPS, acts, given=given),
    )
    return page, status


@bp.get("/transfers/<uuid:transfer_id>")
@requires(Permission.SEE_ORDERS)
def transfer(transfer_id: uuid.UUID) -> ResponseReturnValue:
    """To whom, when, with which words, what was answered."""
    return _page(found(records.get(Transfer, viewer, transfer_id)))


@bp.post("/transfers/<uuid:transfer_id>")
@requires(Permission.DRAFT_ORDERS)
def answer_transfer(transfer_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the other authority's answer."""
    return shared.act(Transfer, transfer_id, _STEPS, _page, url_for(".transfer", transfer_id=transfer_id))


@bp.post("/transfers/<uuid:transfer_id>/scans")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def keep_transfer_scan(transfer_id: uuid.UUID) -> ResponseReturnValue:
    """Keep a scan with it."""
    address = url_for(".transfer", transfer_id=transfer_id)
    return shared.keep(RecordKind.TRANSFER, Transfer, transfer_id, _page, address, needs=Permission.SERVE_ORDERS)


@bp.post("/findings/<uuid:finding_id>/penalty")
@requires(Permission.DRAFT_ORDERS)
def link_finding_penalty(finding_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the number of the penalty case that follows a finding."""
    finding = _own_finding(finding_id)
    form = PenaltyForm()
    if form.validate():
        service.link_penalty(viewer, finding, number=form.penalty_number.data or "")
        db.session.commit()
        flash(_("处罚案号已保存。"))
    else:
        flash(_("处罚案号太长，没有保存。"), "warning")
    return redirect(url_for(".show", finding_id=finding_id))
