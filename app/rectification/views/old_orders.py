"""Orders of former years from a brigade's own list: upload, columns, check, decide, accept, report."""

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
from app.core.acts import done
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import safe_back
from app.core.web import found
from app.imports import pages
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.columns import ColumnsForm
from app.imports.models import ImportRun, ImportState, Verdict
from app.planning.service import OFFICERS
from app.rectification import old_order_words as words
from app.rectification.models.orders import Order
from app.rectification.old_order_forms import (
    AcceptForm,
    DeadlineForm,
    StrikeOffForm,
    UploadForm,
    decision_form,
    mapping_form,
)
from app.rectification.queries import old_orders as queries
from app.rectification.queries import orders as order_queries
from app.rectification.rules.machine import IN_FORCE
from app.rectification.service import old_order_acts as acts
from app.rectification.service import old_orders as service
from app.rectification.views.blueprint import bp
from app.schools.queries import register


def _run(run_id: uuid.UUID) -> ImportRun:
    return pages.run_of(service.KIND, run_id)


@bp.route("/orders/import", methods=["GET", "POST"])
@requires(Permission.IMPORT_ORDERS)
def old_orders() -> ResponseReturnValue:
    """Bring a list in; and the lists of before."""
    form = UploadForm()
    if form.validate_on_submit():
        brigade_id = viewer.own_brigade_id or abort(403)
        run = pages.taken_in(
            form, lambda name, data: service.start(viewer, brigade_id=brigade_id, file_name=name, data=data)
        )
        if run is not None:
            return redirect(url_for("rectification.old_columns", run_id=run.id))
    page = render_template("rectification/old/imports.html", form=form, runs=lists.latest(viewer, service.KIND))
    return page, 422 if form.errors else 200


@bp.route("/orders/import/<uuid:run_id>/columns", methods=["GET", "POST"])
@requires(Permission.IMPORT_ORDERS)
def old_columns(run_id: uuid.UUID) -> ResponseReturnValue:
    """Say what each column is, then have every row checked."""
    run = _run(run_id)
    if not pages.can_be_mapped(run):
        return redirect(url_for("rectification.old_run", run_id=run.id))
    form = mapping_form(run.options["headings"], run.mapping["columns"])()
    if form.validate_on_submit() and done(form, lambda: _take_columns(run, form)):
        return redirect(url_for("rectification.old_run", run_id=run.id))
    return render_template("rectification/old/columns.html", form=form, run=_run(run_id)), 422 if form.errors else 200


def _take_columns(run: ImportRun, form: ColumnsForm) -> None:
    service.set_mapping(run, columns=form.columns())
    importing.ask_check(viewer, run, service.KIND)


@bp.get("/orders/import/<uuid:run_id>")
@requires(Permission.IMPORT_ORDERS)
def old_run(run_id: uuid.UUID) -> ResponseReturnValue:
    """How far a list is, what was found in its rows, what became of them."""
    run = _run(run_id)
    if run.state is ImportState.READ:
        return redirect(url_for("rectification.old_columns", run_id=run.id))
    verdict = pages.asked_verdict()
    job = lists.job_of(run)
    busy = pages.is_busy(run, job)
    rows = lists.rows(run, verdict=verdict, key=request.args.get("page"))
    schools = _schools_of(rows.rows)
    return render_template(
        "rectification/old/run.html",
        run=run,
        job=job,
        busy=busy,
        refresh=2 if busy else 0,
        rows=rows,
        schools=schools,
        verdict=verdict,
        undecided=queries.undecided(run) if run.state is ImportState.CHECKED else 0,
        form=decision_form(rows.rows, schools)() if run.state is ImportState.CHECKED else None,
        accept=AcceptForm(),
        words=words,
        Verdict=Verdict,
    )


def _schools_of(rows: Any) -> dict[str, str]:
    ids = {uuid.UUID(match[0]) for row in rows for match in row.matches}
    ids |= {row.target_id for row in rows if row.target_id}
    return {str(key): school.name for key, school in register.by_ids(viewer, ids).items()}


@bp.post("/orders/import/<uuid:run_id>/decisions")
@requires(Permission.IMPORT_ORDERS)
def old_decisions(run_id: uuid.UUID) -> ResponseReturnValue:
    """Keep which schools are meant in the rows of one page."""
    run = _run(run_id)
    rows = lists.rows_numbered(run, pages.rows_named())
    form = decision_form(rows, _schools_of(rows))()
    if not form.validate():
        raise DomainError(_("有的决定不在可选范围内，没有保存。请刷新后重选。"))
    service.decide(run, decisions=form.decisions())
    db.session.commit()
    flash(_("决定已保存。"))
    return redirect(safe_back(request.form.get("back"), url_for("rectification.old_run", run_id=run_id)))


def _act(run_id: uuid.UUID, act: Callable[[ImportRun], Any]) -> ResponseReturnValue:
    return pages.act(service.KIND, run_id, act, url_for("rectification.old_run", run_id=run_id))


@bp.post("/orders/import/<uuid:run_id>/accept")
@requires(Permission.IMPORT_ORDERS)
def old_accept(run_id: uuid.UUID) -> ResponseReturnValue:
    """Write the list, whole or only its good rows."""
    form = AcceptForm()

    def act(run: ImportRun) -> None:
        service.accept(viewer, run, only_good=bool(form.only_good.data), take_readable=bool(form.take_readable.data))
        importing.ask_write(viewer, run, service.KIND)

    return _act(run_id, act)


@bp.post("/orders/import/<uuid:run_id>/again")
@requires(Permission.IMPORT_ORDERS)
def old_again(run_id: uuid.UUID) -> ResponseReturnValue:
    """Back to the columns."""
    return _act(run_id, importing.again)


@bp.post("/orders/import/<uuid:run_id>/withdraw")
@requires(Permission.IMPORT_ORDERS)
def old_withdraw(run_id: uuid.UUID) -> ResponseReturnValue:
    """Give the list up; nothing was written."""
    return _act(run_id, lambda run: importing.withdraw(viewer, run, service.KIND))


@bp.get("/orders/import/<uuid:run_id>/report.<any(xlsx, csv):kind>")
@requires(Permission.IMPORT_ORDERS)
def old_report(run_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """What was found in every row and what became of it, to take away."""
    run = _run(run_id)
    content = words.report(lists.all_rows(run), kind=kind)
    return pages.to_take_away(content, kind=kind, name=f"orders-import-{run.made_at:%Y%m%d}")


def _old_order(order_id: uuid.UUID) -> Order:
    """An open order from an older list of the viewer's own brigade."""
    order = found(order_queries.get(viewer, order_id))
    if not order.imported:
        abort(404)
    if order.brigade_id not in viewer.brigade_ids or order.state not in IN_FORCE:
        abort(403)
    return order


@bp.route("/orders/<uuid:order_id>/old", methods=["GET", "POST"])
@requires(Permission.INSPECT)
def old_order(order_id: uuid.UUID) -> ResponseReturnValue:
    """Say which day the deadline of an old order is, or strike it off by a re-check on paper."""
    order = _old_order(order_id)
    colleagues = [one for one in accounts.colleagues(viewer, roles=OFFICERS) if one.id != viewer.person_id]
    asked = request.form.get("act", "")
    deadline = DeadlineForm(formdata=request.form if asked == "deadline" else None, day=order.next_deadline)
    strike = StrikeOffForm(formdata=request.form if asked == "strike_off" else None, colleagues=colleagues)
    form = strike if asked == "strike_off" else deadline
    if request.method == "POST" and form.validate():
        try:
            _do_old(order, deadline, strike, asked)
            db.session.commit()
            flash(_("已登记。"))
            return redirect(url_for("rectification.order", order_id=order_id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
            order = _old_order(order_id)
    page = render_template("rectification/old/order.html", order=order, deadline=deadline, strike=strike, words=words)
    return page, 422 if form.errors else 200


def _do_old(order: Order, deadline: DeadlineForm, strike: StrikeOffForm, asked: str) -> None:
    if asked == "strike_off":
        second_id = uuid.UUID(strike.second_id.data)
        acts.strike_off(viewer, order, on=found(strike.on.data), second_id=second_id, reason=strike.reason.data or "")
    else:
        acts.confirm_deadline(viewer, order, day=found(deadline.day.data))
