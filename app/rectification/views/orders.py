"""The list of orders, the case file of one, drafting, and deputies."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.core.panels import rendered_panels
from app.core.tables.reports import write_report
from app.core.web import found
from app.organisations.settings import Approval
from app.rectification import order_forms as forms
from app.rectification import order_words, standing, words
from app.rectification.models.orders import Order
from app.rectification.queries import deadlines
from app.rectification.queries import deputies as deputy_queries
from app.rectification.queries import findings as finding_queries
from app.rectification.queries import orders as queries
from app.rectification.rules.findings import Thresholds, printable_clauses
from app.rectification.rules.machine import IN_FORCE, IN_PREPARATION, OrderAct, OrderState
from app.rectification.rules.orders import OrderKind, next_steps
from app.rectification.service import approving, drafting, steps
from app.rectification.views.blueprint import bp
from app.schools import queries as schools

#: The most rows an export takes in one go.
EXPORT_ROWS = 20_000
#: A date that is no school day was typed and not confirmed.
NO_SCHOOL_DAY = "no_school_day"


def _thresholds() -> Thresholds:
    return standing.thresholds().of(viewer.own_brigade_id)


def _here(endpoint: str, **changes: Any) -> str:
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return url_for(endpoint, **(kept | changes))


def _filter() -> forms.OrderFilter:
    return forms.OrderFilter(request.args, officers=queries.officers(viewer))


@bp.get("/orders")
@requires(Permission.SEE_ORDERS)
def orders() -> ResponseReturnValue:
    """Orders with their state, colour and nearest date; those not ended unless asked otherwise."""
    form = _filter()
    page = queries.listing(viewer, form.choice(), thresholds=_thresholds(), key=request.args.get("page"))
    return render_template(
        "rectification/orders/index.html",
        form=form,
        lines=page.rows,
        next=_here(".orders", page=page.next_key) if page.next_key else "",
        previous=_here(".orders", page=page.previous_key) if page.previous_key else "",
        export=_here(".export_orders"),
        is_filtered=bool(request.query_string),
    )


@bp.get("/orders.xlsx")
@requires(Permission.SEE_ORDERS)
def export_orders() -> ResponseReturnValue:
    """The same list as a spreadsheet in which no cell can turn into a formula."""
    headings = [
        _("文号"), _("文书"), _("学校"), _("状态"), _("颜色"), _("检查日期"), _("签发日期"), _("送达日期"), _("最近期限"), _("项目数"),
        _("已销号"), _("承办人"), _("国家系统文书编号"), _("处罚案号"),
    ]  # fmt: skip
    choice = _filter().choice()
    rows = []
    for line in queries.everything(viewer, choice, thresholds=_thresholds(), most=EXPORT_ROWS):
        order = line.order
        dates = (order.visited_on, order.issued_on, order.served_on, order.next_deadline)
        rows.append(
            [
                order.number,
                str(order_words.KINDS[order.kind]),
                line.school_name,
                str(order_words.STATES[order.state]),
                str(words.COLOURS[line.colour]),
                *dates,
                line.items,
                line.done,
                line.lead,
                order.national_number,
                order.penalty_number,
            ]
        )
    content = write_report(headings, rows, sheet=_("文书清单"))
    answer = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = f"orders-{clock.today().isoformat()}.xlsx"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def case_page(
    order: Order, *, problem: DomainError | None = None, status: int = 200, **given: Any
) -> ResponseReturnValue:
    """The case file of an order; `given` are forms that came back with a mistake."""
    case = queries.case_file(order, viewer)
    acts = steps.acts_of(viewer, order)
    own = order.brigade_id in viewer.brigade_ids
    colleagues = accounts.colleagues(viewer, roles=approving.DEPUTIES) if OrderAct.SERVE in acts else []
    made = {
        "words": forms.DraftWords(obj=order),
        **{act: forms.ReasonForm() for act in ("return", "discard", "void", "replace")},
        "remark": forms.RemarkForm(),
        "serve": forms.ServiceForm(
            colleagues=[p for p in colleagues if p.id != viewer.person_id], to_name=case.school.responsible_person
        ),
        "delivered": forms.DeliveredForm(),
        "answer": forms.AnswerForm(),
        "decide": forms.DecideForm(),
        "penalty": forms.PenaltyForm(obj=order),
    } | given
    for act in ("return", "discard", "void", "replace", "delivered"):
        made[act].stand_apart(act)
    return (
        render_template(
            "rectification/orders/show.html",
            case=case,
            order=order,
            acts={act.value for act in acts},
            asks_nobody=steps.road_of(order) is Approval.NONE,
            has_steps=bool(set(acts) - {OrderAct.EDIT, OrderAct.SERVE}),
            forms=made,
            problem=problem,
            own=own,
            stages=queries.stages(case),
            proposals=_proposals(case) if own else {},
            in_force=order.state in IN_FORCE,
            in_preparation=order.state in IN_PREPARATION,
            clauses={i.line.finding.id: printable_clauses(i.line.finding.basis) for i in case.items},
            OrderKind=OrderKind,
            panels=rendered_panels("order", viewer, case),
            **_days(case),
            confirming=problem is not None and problem.code == NO_SCHOOL_DAY,
        ),
        status,
    )


def _days(case: queries.CaseFile) -> dict[str, Any]:
    """The dates of a draft, as typed or as kept, and the questions they raise."""
    if case.order.state is not OrderState.DRAFT:
        return {"days": {}, "doubts": {}}
    days = {i.line.finding.id: _day_of(i) for i in case.items}
    asked = deadlines.doubts(
        case.school, [(i.line.finding, days[i.line.finding.id]) for i in case.items], earliest=case.order.visited_on
    )
    return {"days": days, "doubts": asked}


def _day_of(item: queries.Item) -> date | None:
    try:
        return date.fromisoformat(request.form.get(f"deadline.{item.line.finding.id}", ""))
    except ValueError:
        return item.item.deadline


def _proposals(case: queries.CaseFile) -> dict[uuid.UUID, Any]:
    """What the program proposes for each item that a re-check found still there."""
    found = {}
    for item in case.open_items:
        seen = item.story.rechecks
        if seen:
            failures = sum(1 for r in seen if r.outcome.value != "corrected")
            is_critical = item.line.finding.severity.value == "critical"
            found[item.line.finding.id] = next_steps(seen[-1].outcome, failures=failures, is_critical=is_critical)
    return found


@bp.get("/orders/<uuid:order_id>")
@requires(Permission.SEE_ORDERS)
def order(order_id: uuid.UUID) -> ResponseReturnValue:
    """The case file of one order: its items, its paper, its road, everything that happened."""
    return case_page(found(queries.get(viewer, order_id)))


@bp.route("/orders/new", methods=["GET", "POST"])
@requires(Permission.DRAFT_ORDERS)
def new_order() -> ResponseReturnValue:
    """Draft an order for findings of a school that are open."""
    school = found(schools.get(viewer, found(forms.as_id(request.values.get("school")))))
    if not schools.serves(viewer, school):
        abort(403)
    lines = finding_queries.of_school(viewer, school.id)
    busy = drafting.covered([line.finding.id for line in lines], IN_PREPARATION)
    free = [line for line in lines if line.finding.id not in busy]
    texts = [
        (line.finding.id, " · ".join(part for part in (_said(line), line.finding.place_label) if part)) for line in free
    ]
    wanted = [str(key) for key in map(forms.as_id, request.args.getlist("finding")) if key]
    form = forms.NewOrder(lines=texts, findings=wanted or None)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            chosen = [line.finding for line in free if line.finding.id in form.chosen()]
            try:
                made = _draft(chosen, OrderKind(form.kind.data))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
            else:
                db.session.commit()
                return redirect(url_for(".order", order_id=made.id))
    return render_template("rectification/orders/new.html", form=form, school=school, lines=free), status


def _said(line: finding_queries.Line) -> str:
    return localised(line.finding.text, line.finding.text_en)


def _draft(chosen: list[Any], kind: OrderKind) -> Order:
    seen = finding_queries.last_visit([finding.id for finding in chosen])
    if seen is None:
        raise DomainError(_("请至少选择一个问题。"), field="findings", code="empty")
    return drafting.draft(
        viewer,
        kind=kind,
        findings=chosen,
        officers=seen.officers,
        inspection_id=seen.inspection_id,
        visited_on=seen.on,
    )


@bp.route("/deputies", methods=["GET", "POST"])
@requires(Permission.NAME_DEPUTIES)
def deputies() -> ResponseReturnValue:
    """Who approves in the leader's place, and naming somebody."""
    people = [p for p in accounts.colleagues(viewer, roles=approving.DEPUTIES) if p.id != viewer.person_id]
    form = forms.DeputyForm(colleagues=people)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                approving.name_deputy(
                    viewer,
                    person_id=uuid.UUID(form.person_id.data),
                    from_on=form.from_on.data,
                    to_on=form.to_on.data,
                )
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
            else:
                db.session.commit()
                flash(_("已指定代理人。"))
                return redirect(url_for(".deputies"))
    page = render_template(
        "rectification/orders/deputies.html", form=form, named=deputy_queries.named(viewer), today=clock.today()
    )
    return page, status


@bp.post("/deputies/<uuid:deputy_id>/end")
@requires(Permission.NAME_DEPUTIES)
def end_deputy(deputy_id: uuid.UUID) -> ResponseReturnValue:
    """End a naming before its day."""
    approving.end_deputy(viewer, found(deputy_queries.get(viewer, deputy_id)))
    db.session.commit()
    flash(_("代理已结束。"))
    return redirect(url_for(".deputies"))


@bp.app_context_processor
def _order_words() -> dict[str, Any]:
    """Templates of other pages print orders with the same words."""
    return {"order_words": order_words}
