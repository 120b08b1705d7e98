"""Taking a step of the table with an order: the one place where its state changes."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import queries as organisations
from app.organisations.settings import Approval
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem
from app.rectification.queries import deputies
from app.rectification.queries.findings import inspection_table
from app.rectification.rules.machine import OrderAct, OrderState, OrderStep, order_acts, order_step
from app.rectification.rules.orders import OrderKind
from app.rectification.service import events, locks


class NotYours(DomainError):
    """The table knows the step, but not for this person."""


def road_of(order: Order) -> Approval:
    """The road of approval that the brigade has set for this kind of order. It matters to a draft only."""
    if order.state is not OrderState.DRAFT:
        return Approval.LEGAL_LEADER
    settings = organisations.brigade_settings(order.brigade_id)
    chosen = settings.approval_immediate if order.kind is OrderKind.IMMEDIATE else settings.approval_limited
    return Approval(chosen)


def is_finder(viewer: Viewer, order: Order) -> bool:
    """Whether the viewer was one of the two officers of the visit, or of one that found an item of the order."""
    if viewer.person_id in (order.lead_id, order.second_id):
        return True
    if order.state not in (OrderState.LEGAL_REVIEW, OrderState.APPROVAL):
        return False
    visit = inspection_table.c
    query = (
        sa.select(OrderItem.id)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .join(inspection_table, visit.id == Finding.inspection_id)
        .where(
            OrderItem.order_id == order.id,
            sa.or_(visit.lead_id == viewer.person_id, visit.second_id == viewer.person_id),
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def require(viewer: Viewer, brigade_id: uuid.UUID, permission: Permission) -> None:
    """Refuse whoever does not hold the permission in the brigade."""
    if not viewer.may(permission) or brigade_id not in viewer.brigade_ids:
        raise NotYours(_("您的岗位不能办理这一步。"), code="role")


def may_sample(viewer: Viewer, brigade_id: uuid.UUID) -> bool:
    """Whether the viewer looks a second time at what was struck off: the leader, or who stands in."""
    if brigade_id not in viewer.brigade_ids:
        return False
    return viewer.may(Permission.SAMPLE_CLOSURES) or deputies.is_deputy(viewer, brigade_id)


def acts_of(viewer: Viewer, order: Order) -> tuple[OrderAct, ...]:
    """What the viewer may do with an order now."""
    if order.imported or order.brigade_id not in viewer.brigade_ids:
        return ()
    held = set(viewer.permissions)
    if (
        order.state is OrderState.APPROVAL
        and Permission.APPROVE_ORDERS not in held
        and deputies.is_deputy(viewer, order.brigade_id)
    ):
        held.add(Permission.APPROVE_ORDERS)
    return order_acts(order.state, road_of(order), permissions=held, is_finder=is_finder(viewer, order))


def lock(order_id: uuid.UUID) -> Order:
    """The order as it stands now, with its findings before it, held until the act is committed."""
    return locks.hold_order(order_id)


def check(viewer: Viewer | None, order: Order, act: OrderAct) -> OrderStep:
    """The step, if it may be taken now. `viewer` is None where the program itself takes it.

    Raises DomainError when the table has no such step now, NotYours when it is somebody else's.
    """
    step = order_step(order.state, act, road_of(order), served=order.served_at is not None)
    if step is None or (viewer is None) != (step.needs is None):
        raise DomainError(_("这份文书的状态已经变化，不能这样操作，请刷新页面后再看。"), code="state")
    if viewer is not None and act not in acts_of(viewer, order):
        if step.not_finder and is_finder(viewer, order):
            raise NotYours(_("参加检查的人员不能审核、审批自己的文书，请由其他负责人或代理人办理。"), code="finder")
        raise NotYours(_("您的岗位不能办理这一步。"), code="role")
    return step


def take(viewer: Viewer | None, order: Order, act: OrderAct, **detail: str) -> None:
    """Take the step, or refuse it as `check` does."""
    step = check(viewer, order, act)
    before, order.state = order.state, step.to
    if act is not OrderAct.EDIT:
        events.note(viewer, act.value, order, finding_id=None, **detail)
    audit.record(
        viewer,
        f"order_{act.value}",
        subject="order",
        subject_id=order.id,
        detail={("name" if key == "to" else key): said for key, said in detail.items() if said}
        | {"from": before.value, "to": step.to.value},
    )
