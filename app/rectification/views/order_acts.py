"""What is done with an order from its page: each act locks the order's row, takes one step and commits once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import segno
from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.rectification import order_forms as forms
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import Extension, Order, PortalLink, ServiceAttempt
from app.rectification.queries import deadlines
from app.rectification.queries import orders as queries
from app.rectification.rules.orders import EvidenceAnswer, ServiceMethod
from app.rectification.service import (
    approving,
    drafting,
    escalating,
    evidence,
    extending,
    extension_papers,
    issuing,
    links,
    serving,
    steps,
)
from app.rectification.views.blueprint import bp
from app.rectification.views.orders import NO_SCHOOL_DAY, case_page
from app.schools.models import School


def _locked(order_id: uuid.UUID) -> Order:
    """The order, if the viewer may see it and belongs to its brigade, with its row held."""
    order = found(queries.get(viewer, order_id))
    if order.brigade_id not in viewer.brigade_ids:
        abort(403)
    return steps.lock(order.id)


def _act(
    order_id: uuid.UUID, act: Callable[[Order], Any], *, done: str, name: str = "", form: Any = None
) -> ResponseReturnValue:
    """Do it and go back to the case file; a refusal comes back as a sentence with what was typed."""
    order = _locked(order_id)
    given = {name: form} if form is not None else {}
    if form is not None and not form.validate():
        return case_page(order, status=422, **given)
    try:
        act(order)
    except steps.NotYours:
        abort(403)
    except DomainError as refused:
        db.session.rollback()
        if form is not None:
            form.add_problem(refused)
        return case_page(found(queries.get(viewer, order_id)), problem=refused, status=422, **given)
    db.session.commit()
    flash(done)
    return redirect(url_for(".order", order_id=order_id))


def _with_reason(order_id: uuid.UUID, act: Callable[..., Any], *, done: str, name: str) -> ResponseReturnValue:
    """An act that wants a reason; `name` is its form on the case file."""
    form = forms.ReasonForm()
    return _act(order_id, lambda o: act(viewer, o, reason=form.reason.data or ""), done=done, name=name, form=form)


def _with_remark(order_id: uuid.UUID, act: Callable[..., Any], *, done: str) -> ResponseReturnValue:
    """An act to which something may be remarked."""
    form = forms.RemarkForm()
    return _act(order_id, lambda o: act(viewer, o, remark=form.remark.data or ""), done=done, name="remark", form=form)


def _typed_day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DomainError(_("“%(text)s”不是日期，请按 2026-11-22 的样子填写。", text=text), field="deadline") from None


def _ask_about(order: Order, changed: list[tuple[Finding, date | None]]) -> None:
    """A new date that is no school day stands only when the officer says so. It never moves by itself."""
    asked = deadlines.doubts(db.session.get_one(School, order.school_id), changed, earliest=order.visited_on)
    if any(request.form.get(f"confirm.{key}") != doubt.day.isoformat() for key, doubt in asked.items()):
        sentence = _("有期限落在不上课的日子。请改期；确定要定这一天的，请在该项下勾选后再保存。")
        raise DomainError(sentence, field="deadline", code=NO_SCHOOL_DAY)


@bp.post("/orders/<uuid:order_id>/edit")
@requires(Permission.DRAFT_ORDERS)
def edit_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Set the dates and words of a draft."""
    form = forms.DraftWords()

    def act(order: Order) -> None:
        items = drafting.items_of(order)
        given = {
            finding.id: _typed_day(request.form[f"deadline.{finding.id}"])
            for _item, finding in items
            if f"deadline.{finding.id}" in request.form
        }
        _ask_about(order, [(f, given[f.id]) for item, f in items if given.get(f.id) not in (None, item.deadline)])
        drafting.edit(
            viewer,
            order,
            deadlines=given,
            problem_text=form.problem_text.data or "",
            national_number=form.national_number.data or "",
            pad_number=form.pad_number.data,
            reasons={finding.id: request.form.get(f"why.{finding.id}", "") for _item, finding in items},
        )

    return _act(order_id, act, done=_("草稿已保存。"), name="words", form=form)


@bp.post("/orders/<uuid:order_id>/submit")
@requires(Permission.DRAFT_ORDERS)
def submit_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Send a draft on its road of approval."""
    return _act(order_id, lambda order: drafting.submit(viewer, order), done=_("已提交。"))


@bp.post("/orders/<uuid:order_id>/discard")
@requires(Permission.DRAFT_ORDERS)
def discard_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Give up a paper that has no number yet."""
    return _with_reason(order_id, drafting.discard, done=_("草稿已撤销。"), name="discard")


@bp.post("/orders/<uuid:order_id>/review")
@requires(Permission.REVIEW_ORDERS)
def review_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """The legal reviewer's word."""
    return _with_remark(order_id, approving.pass_review, done=_("审核已通过。"))


@bp.post("/orders/<uuid:order_id>/approve")
@requires(Permission.APPROVE_ORDERS, Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def approve_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """The leader's word, or that of who stands in; the table of steps says whose it may be."""
    return _with_remark(order_id, approving.approve, done=_("已同意。"))


@bp.post("/orders/<uuid:order_id>/return")
@requires(Permission.APPROVE_ORDERS, Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def return_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the officers, with what is to be mended."""
    return _with_reason(order_id, approving.send_back, done=_("已退回。"), name="return")


@bp.post("/orders/<uuid:order_id>/issue")
@requires(Permission.ISSUE_DOCUMENTS)
def issue_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Number, paper, dates in force."""
    return _act(order_id, lambda order: issuing.issue(viewer, order), done=_("已签发，文书正在制作。"))


@bp.post("/orders/<uuid:order_id>/preview")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS, Permission.APPROVE_ORDERS)
def preview_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """How the paper would look."""
    job_id = issuing.preview(viewer, _locked(order_id))
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job_id))


@bp.post("/orders/<uuid:order_id>/serve")
@requires(Permission.SERVE_ORDERS)
def serve_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Keep one way of handing the order over."""
    people = accounts.colleagues(viewer, roles=serving.SERVERS)
    form = forms.ServiceForm(colleagues=[p for p in people if p.id != viewer.person_id])
    scan = request.files.get("signature.scan")

    def act(order: Order) -> None:
        service = serving.Service(
            method=ServiceMethod(form.method.data),
            to_name=form.to_name.data or "",
            to_post=form.to_post.data or "",
            strokes=request.form.get("signature.strokes", ""),
            scan=scan.read() if scan else b"",
            scan_name=(scan.filename or "") if scan else "",
            witness_name=form.witness_name.data or "",
            witness_post=form.witness_post.data or "",
            reason=form.reason.data or "",
            tracking=form.tracking.data or "",
            second_by_id=forms.as_id(form.second_by_id.data),
            at=form.moment(),
        )
        serving.serve(viewer, order, service, attempt_id=forms.as_id(form.key.data))

    return _act(order_id, act, done=_("送达情况已登记。"), name="serve", form=form)


@bp.post("/orders/<uuid:order_id>/services/<uuid:attempt_id>/delivered")
@requires(Permission.SERVE_ORDERS)
def confirm_post(order_id: uuid.UUID, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """The post was delivered."""
    form = forms.DeliveredForm()

    def act(order: Order) -> None:
        attempt = _of_order(ServiceAttempt, attempt_id, order)
        day = form.on.data
        moment = clock.now() if day == clock.today() else max(attempt.at, clock.start_of(day))
        serving.confirm_post(viewer, order, attempt, on=moment, by=form.by.data or "")

    return _act(order_id, act, done=_("已登记签收。"), name="delivered", form=form)


def _of_order(table: Any, key: uuid.UUID, order: Order) -> Any:
    row = db.session.get(table, key)
    return found(row if row is not None and row.order_id == order.id else None)


@bp.post("/orders/<uuid:order_id>/services/<uuid:attempt_id>/receipt")
@requires(Permission.SERVE_ORDERS)
def print_receipt(order_id: uuid.UUID, attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Print the proof of service."""

    def act(order: Order) -> None:
        issuing.print_receipt(viewer, order, _of_order(ServiceAttempt, attempt_id, order))

    return _act(order_id, act, done=_("送达回证正在制作。"))


@bp.post("/orders/<uuid:order_id>/approval-sheet")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS, Permission.APPROVE_ORDERS)
def print_approval(order_id: uuid.UUID) -> ResponseReturnValue:
    """Print the sheet of approval."""
    return _act(order_id, lambda order: issuing.print_approval(viewer, order), done=_("审批表正在制作。"))


@bp.post("/orders/<uuid:order_id>/void")
@requires(Permission.VOID_ORDERS)
def void_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Declare an issued order void."""
    return _with_reason(order_id, issuing.void, done=_("文书已作废。"), name="void")


@bp.post("/orders/<uuid:order_id>/replace")
@requires(Permission.VOID_ORDERS)
def replace_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Void an issued order and draft another in its place."""
    form = forms.ReasonForm()
    made: list[Order] = []

    def act(order: Order) -> None:
        made.append(issuing.replace(viewer, order, reason=form.reason.data or ""))

    answer = _act(order_id, act, done=_("原文书已作废，请核对新草稿。"), name="replace", form=form)
    return redirect(url_for(".order", order_id=made[0].id)) if made else answer


@bp.post("/orders/<uuid:order_id>/penalty")
@requires(Permission.DRAFT_ORDERS)
def link_penalty(order_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the number of the penalty case that follows."""
    form = forms.PenaltyForm()
    number = form.penalty_number.data or ""
    return _act(
        order_id,
        lambda o: drafting.link_penalty(viewer, o, number=number),
        done=_("处罚案号已保存。"),
        name="penalty",
        form=form,
    )


@bp.post("/orders/<uuid:order_id>/escalate")
@requires(Permission.DRAFT_ORDERS)
def escalate_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Ask a higher level to supervise a stubborn case."""

    def act(order: Order) -> None:
        escalating.escalate(
            viewer,
            order,
            finding_id=forms.as_id(request.form.get("finding")),
            to=request.form.get("to", "")[:80],
            reason=request.form.get("reason", "")[:300],
            level=forms.level_of(request.form.get("level")),
        )

    return _act(order_id, act, done=_("已登记提请督办。"))


@bp.post("/orders/<uuid:order_id>/links")
@requires(Permission.SERVE_ORDERS)
def make_link(order_id: uuid.UUID) -> ResponseReturnValue:
    """A new link for the school; its address is shown this once."""
    order = _locked(order_id)
    try:
        link, token = links.make(viewer, order)
    except DomainError as refused:
        db.session.rollback()
        return case_page(found(queries.get(viewer, order_id)), problem=refused, status=422)
    db.session.commit()
    address = f"{current_app.config['SETTINGS'].base_url}/p/{token}"
    drawn = segno.make(address, error="m", micro=False).svg_data_uri(scale=6, border=4)
    return render_template("rectification/orders/link.html", order=order, link=link, address=address, qr=drawn)


@bp.post("/orders/<uuid:order_id>/links/<uuid:link_id>/revoke")
@requires(Permission.SERVE_ORDERS)
def revoke_link(order_id: uuid.UUID, link_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link useless at once."""
    return _act(
        order_id,
        lambda order: links.revoke(viewer, order, _of_order(PortalLink, link_id, order)),
        done=_("链接已撤销。"),
    )


@bp.post("/orders/<uuid:order_id>/evidence/<uuid:evidence_id>")
@requires(Permission.ANSWER_EVIDENCE)
def answer_evidence(order_id: uuid.UUID, evidence_id: uuid.UUID) -> ResponseReturnValue:
    """Accept what the school sent, or send it back with a reason."""
    form = forms.AnswerForm()
    answer = EvidenceAnswer.RETURNED if request.form.get("answer") == "returned" else EvidenceAnswer.ACCEPTED

    def act(order: Order) -> None:
        sent = found(db.session.get(Evidence, evidence_id))
        found(next((i for i, f in drafting.items_of(order) if f.id == sent.finding_id), None))
        evidence.answer_evidence(viewer, evidence=sent, answer=answer, reason=form.reason.data or "")

    return _act(order_id, act, done=_("已答复学校。"), name="answer", form=form)


@bp.post("/orders/<uuid:order_id>/extensions/<uuid:extension_id>")
@requires(Permission.DECIDE_EXTENSIONS)
def decide_extension(order_id: uuid.UUID, extension_id: uuid.UUID) -> ResponseReturnValue:
    """Grant more time or refuse it."""
    form = forms.DecideForm()

    def act(order: Order) -> None:
        extending.decide(
            viewer,
            _of_order(Extension, extension_id, order),
            granted=request.form.get("answer") == "granted",
            deadline=form.deadline.data,
            reason=form.reason.data or "",
        )

    return _act(order_id, act, done=_("延期申请已答复。"), name="decide", form=form)


@bp.post("/orders/<uuid:order_id>/extensions/<uuid:extension_id>/paper")
@requires(Permission.SERVE_ORDERS)
def print_extension(order_id: uuid.UUID, extension_id: uuid.UUID) -> ResponseReturnValue:
    """Print the answer to a request for more time."""

    def act(order: Order) -> None:
        extension_papers.print_decision(viewer, order, _of_order(Extension, extension_id, order))

    return _act(order_id, act, done=_("延期答复书正在制作。"))
