"""Which rules that only inform the brigade lets count."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.extensions import db
from app.duties import service
from app.duties.queries import facts, records
from app.duties.views import bp
from app.regulations.queries import current_checklist


@bp.get("/admin/duties")
@requires(Permission.ADOPT_DUTIES)
def rules() -> ResponseReturnValue:
    """The rules that only inform, and since when this brigade lets them count."""
    if viewer.own_brigade_id is None:
        abort(404)
    informing = [duty for duty in facts.duties_in_force() if duty.only_informs]
    return render_template(
        "duties/rules.html",
        duties=informing,
        adopted=records.adoptions(viewer.own_brigade_id),
        checklist=current_checklist(),
    )


def _back(said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said)
    return redirect(url_for(".rules"))


@bp.post("/admin/duties/<duty_code>/adopt")
@requires(Permission.ADOPT_DUTIES)
def adopt(duty_code: str) -> ResponseReturnValue:
    """Let a rule count from today on."""
    if viewer.own_brigade_id is None:
        abort(404)
    service.adopt(viewer, brigade_id=viewer.own_brigade_id, code=duty_code)
    return _back(_("已采用，从今天起开始的周期计入完成情况。"))


@bp.post("/admin/duties/<duty_code>/drop")
@requires(Permission.ADOPT_DUTIES)
def drop(duty_code: str) -> ResponseReturnValue:
    """Let a rule only inform again."""
    if viewer.own_brigade_id is None:
        abort(404)
    service.drop(viewer, brigade_id=viewer.own_brigade_id, code=duty_code)
    return _back(_("已停止采用，这项职责只作提示。"))
