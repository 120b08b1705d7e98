"""What a higher level answers about a case that it was asked to supervise (督办)."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.rectification import order_forms as forms
from app.rectification.models.orders import OrderEvent
from app.rectification.queries import escalations, orders
from app.rectification.service import escalating, steps
from app.rectification.views.blueprint import bp


@bp.post("/orders/<uuid:order_id>/escalations/<uuid:event_id>")
@requires(Permission.ANSWER_ESCALATIONS)
def answer_escalation(order_id: uuid.UUID, event_id: uuid.UUID) -> ResponseReturnValue:
    """Keep an answer, with the day by which the level wants to hear again."""
    order = found(orders.get(viewer, order_id))
    event = db.session.get(OrderEvent, event_id)
    if event is None or event.order_id != order.id or event.act != "escalate":
        abort(404)
    if not escalations.is_asked(viewer, order, event):
        abort(403)
    form = forms.EscalationAnswerForm()
    back = redirect(url_for(".order", order_id=order.id, _anchor="escalations"))
    if not form.validate_on_submit():
        for errors in form.errors.values():
            flash(str(errors[0]), "error")
        return back
    try:
        escalating.answer(viewer, steps.lock(order.id), event, text=form.text.data or "", due=form.due.data)
    except DomainError as refused:
        db.session.rollback()
        flash(refused.message, "error")
        return back
    db.session.commit()
    flash(_("督办意见已发给大队。"))
    return back
