"""Receiving a handbook: signed on the page, or on paper with a photo of the sheet; taking a receipt back."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.db import new_id
from app.core.i18n import language_tag
from app.core.web import found
from app.fieldwork.service import Hand
from app.handbook import queries, service
from app.handbook.forms import ReasonForm, ReceiptForm
from app.handbook.paper import duties_of
from app.handbook.service import NewReceipt
from app.handbook.views import bp
from app.handbook.views.posts import kept_holder


def _hand(name: str) -> Hand:
    """What was drawn, or the photo of the signed sheet."""
    scan = request.files.get("signature.scan")
    return Hand(
        name=name,
        strokes=request.form.get("signature.strokes", ""),
        scan=scan.read() if scan is not None and scan.filename else b"",
        scan_name=scan.filename or "" if scan is not None else "",
        device=(request.user_agent.string or "")[:64],
    )


@bp.route("/handbook/holders/<uuid:post_holder_id>/receipt", methods=["GET", "POST"])
@requires(Permission.LOG_DUTIES)
def receive(post_holder_id: uuid.UUID) -> ResponseReturnValue:
    """The words of the handbook, and where whoever holds the post signs below them."""
    holder, school = kept_holder(post_holder_id)
    station = found(queries.desk(school).station(holder.post))
    form = ReceiptForm(key=str(new_id()))
    if form.validate_on_submit():
        hand = _hand(holder.name)
        new = NewReceipt(id=form.receipt_id(), on_paper=not hand.strokes, received_on=form.received_on.data, hand=hand)
        if made(form, lambda: service.receive(viewer, holder, station, new=new)) is not None:
            flash(_("已签收。"))
            return redirect(url_for(".post", school_id=school.id, post_code=station.post.code))
        holder, school = kept_holder(post_holder_id)
        station = found(queries.desk(school).station(holder.post))
    duties, rules = duties_of(station, language_tag())
    page = render_template(
        "handbook/receive.html",
        form=form,
        holder=holder,
        school=school,
        station=station,
        duties=duties,
        rules=rules,
        strokes=request.form.get("signature.strokes", ""),
    )
    return page, 422 if form.errors or form.form_errors else 200


@bp.route("/handbook/receipts/<uuid:handbook_receipt_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.LOG_DUTIES)
def withdraw(handbook_receipt_id: uuid.UUID) -> ResponseReturnValue:
    """Take a receipt back that was entered by mistake."""
    receipt, _school = found(queries.receipt(viewer, handbook_receipt_id))
    holder, school = kept_holder(receipt.holder_id)
    form, code = ReasonForm(), receipt.post
    if form.validate_on_submit() and done(
        form, lambda: service.withdraw_receipt(viewer, receipt, reason=form.reason.data or "")
    ):
        flash(_("已撤回，理由已存档。"))
        return redirect(url_for(".post", school_id=school.id, post_code=code))
    page = render_template(
        "handbook/withdraw.html", form=form, holder=holder, school=school, post=queries.post_named(code)
    )
    return page, 422 if form.errors else 200
