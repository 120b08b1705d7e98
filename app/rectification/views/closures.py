"""The leader's sample of what was struck off in a month."""

from __future__ import annotations

import uuid
from datetime import date

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.organisations import queries as organisations
from app.rectification.closure_forms import CheckForm
from app.rectification.queries import closures as queries
from app.rectification.rules import sampling as rules
from app.rectification.service import sampling, steps
from app.rectification.views.blueprint import bp

#: The months that can be looked at.
MONTHS = 12


def _month(text: str | None, months: list[date]) -> date:
    return next((month for month in months if f"{month:%Y-%m}" == text), months[0])


def _page(
    month: date,
    *,
    problem: DomainError | None = None,
    given: tuple[uuid.UUID, CheckForm] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    brigade_id = found(viewer.own_brigade_id)
    sample = queries.sample_of(brigade_id, month)
    rows = queries.sampled(viewer, sample) if sample else []
    page = render_template(
        "rectification/closures.html",
        months=rules.months_before(clock.today(), MONTHS),
        month=month,
        sample=sample,
        rows=rows,
        count=len(sample.pool) if sample else queries.pool_size(brigade_id, month),
        percent=sample.percent if sample else organisations.brigade_settings(brigade_id).sample_percent,
        forms={one.row.id: CheckForm(formdata=None, prefix=f"s{one.row.position}") for one in rows}
        | ({given[0]: given[1]} if given else {}),
        may=steps.may_sample(viewer, brigade_id),
        me=viewer.person_id,
        problem=problem,
    )
    return page, status


@bp.get("/closures")
@requires(Permission.SAMPLE_CLOSURES, Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def closures() -> ResponseReturnValue:
    """What was struck off in a month, and the sample of it."""
    return _page(_month(request.args.get("month"), rules.months_before(clock.today(), MONTHS)))


@bp.post("/closures")
@requires(Permission.SAMPLE_CLOSURES, Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def draw_closures() -> ResponseReturnValue:
    """Draw the sample of a month."""
    month = _month(request.form.get("month"), rules.months_before(clock.today(), MONTHS))
    try:
        sampling.draw(viewer, month=month)
    except steps.NotYours:
        abort(403)
    except DomainError as refused:
        db.session.rollback()
        return _page(month, problem=refused, status=422)
    db.session.commit()
    flash(_("已抽取。"))
    return redirect(url_for(".closures", month=f"{month:%Y-%m}"))


@bp.post("/closures/<uuid:sampled_id>")
@requires(Permission.SAMPLE_CLOSURES, Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def check_closure(sampled_id: uuid.UUID) -> ResponseReturnValue:
    """Say whether a closure holds."""
    row, sample = found(queries.get(viewer, sampled_id))
    month = sample.month
    form = CheckForm(prefix=f"s{row.position}")
    if not form.validate():
        return _page(month, given=(sampled_id, form), status=422)
    try:
        sampling.check(
            viewer,
            row,
            is_true=form.answer.data == "true",
            remark=form.remark.data or "",
            photos=form.photos.chosen(),
        )
    except steps.NotYours:
        abort(403)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(month, given=(sampled_id, form), status=422)
    db.session.commit()
    flash(_("核实结果已登记。"))
    return redirect(url_for(".closures", month=f"{month:%Y-%m}"))
