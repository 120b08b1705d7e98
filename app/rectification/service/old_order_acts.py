"""What is still done with an order that was taken over from an older list: say what its deadline is, strike it off."""

from __future__ import annotations

import uuid
from datetime import date

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.imports.days import FURTHEST
from app.planning.service import check_officers
from app.rectification.models.orders import Order
from app.rectification.rules.machine import IN_FORCE, OrderState
from app.rectification.service import events


def _check(order: Order) -> None:
    if not order.imported or order.state not in IN_FORCE:
        raise DomainError(_("只有从旧清单导入、还没有销号的文书可以这样办理。"))


def confirm_deadline(viewer: Viewer, order: Order, *, day: date) -> None:
    """Say which day the doubtful deadline is, having looked at the paper; from then on the order takes its colour from it."""
    _check(order)
    if order.issued_on and day < order.issued_on:
        raise DomainError(_("改正期限不能早于下发日期。"), field="day")
    if day > clock.today() + FURTHEST:
        raise DomainError(_("改正期限太远，请核对年份。"), field="day")
    if order.next_deadline == day:
        return
    order.next_deadline = day
    events.note(viewer, "confirm_day", order, day=day.isoformat())
    audit.record(viewer, "confirm_old_deadline", subject="order", subject_id=order.id, detail={"day": day.isoformat()})
    db.session.flush()


def strike_off(viewer: Viewer, order: Order, *, on: date, second_id: uuid.UUID, reason: str) -> None:
    """Close it by a re-check that two officers wrote down on paper: who the other one was, when, and where the record is."""
    _check(order)
    check_officers(viewer, lead_id=viewer.person_id, second_id=second_id)
    if on > clock.today() or (order.issued_on and on < order.issued_on):
        raise DomainError(_("复查日期应在下发日期与今天之间。"), field="on")
    if not reason.strip():
        raise DomainError(_("请写明依据，例如复查记录的编号和存放处。"), field="reason")
    order.state, order.closed_on, order.next_deadline = OrderState.CLOSED, on, None
    second = accounts.names_of([second_id])[second_id]
    events.note(viewer, "strike_off_old", order, on=on.isoformat(), second=second, reason=reason.strip())
    detail = {"on": on.isoformat(), "second": str(second_id), "reason": reason.strip()}
    audit.record(viewer, "strike_off_old_order", subject="order", subject_id=order.id, detail=detail)
    db.session.flush()
