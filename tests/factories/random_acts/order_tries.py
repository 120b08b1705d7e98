"""What can be tried with an order: from its draft to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.inspections.models import Inspection
from app.organisations.models import Brigade
from app.rectification.models.findings import Finding, RecheckResult
from app.rectification.models.orders import Order, OrderItem, PortalLink, ServiceAttempt
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import IN_FORCE, IN_PREPARATION, FindingAct, OrderAct, OrderState
from app.rectification.rules.orders import OrderKind, ServiceMethod
from app.rectification.service import approving, drafting, issuing, links, serving
from tests.factories.pictures import strokes
from tests.factories.random_acts.die import Die, Try


class OrderTries(Die):
    """Tries of acts on orders."""

    def _on_order(self, name: str, states: frozenset[OrderState]) -> Order | None:
        wanted = Order.state.in_(states) if self.likely(0.9) else sa.true()
        found: Order | None = self.some(Order, wanted)
        return found

    def _step(self, order: Order, act: OrderAct, call: Callable[[], Any], *on_findings: FindingAct) -> Try:
        return Try(call, frozenset({act}), frozenset(on_findings), order)

    def try_draft(self, name: str) -> Try | None:
        """A draft by hand for some findings, of one school or mixed."""
        on_one = sa.select(OrderItem.finding_id).join(Order).where(Order.state != OrderState.VOID)
        failed = sa.select(RecheckResult.finding_id).where(RecheckResult.outcome != RecheckOutcome.CORRECTED)
        free = sa.and_(Finding.closed_on.is_(None), sa.or_(Finding.id.not_in(on_one), Finding.id.in_(failed)))
        first = self.some(Finding, free if self.likely() else sa.true())
        if first is None:
            return None
        beside = Finding.school_id == first.school_id if self.likely() else sa.true()
        more = [self.some(Finding, beside, free) for _n in range(self.die.randint(0, 2))]
        found = list({f.id: f for f in [first, *more] if f}.values())
        visit = db.session.get_one(Inspection, found[0].inspection_id)
        assert visit.second_id is not None
        return Try(
            lambda: drafting.draft(
                self.cast.viewer(name),
                kind=self.die.choice(list(OrderKind)),
                findings=found,
                officers=(visit.lead_id, visit.second_id or visit.lead_id),
                visited_on=found[0].found_on,
                inspection_id=found[0].inspection_id,
            )
        )

    def try_edit(self, name: str) -> Try | None:
        """Other dates on a draft."""
        order = self._on_order(name, frozenset({OrderState.DRAFT}))
        if order is None:
            return None
        days = {f.id: self.day(-2, 30) for _i, f in drafting.items_of(order) if self.likely(0.5)}
        return self._step(order, OrderAct.EDIT, lambda: drafting.edit(self.cast.viewer(name), order, deadlines=days))

    def try_submit(self, name: str) -> Try | None:
        """On its road of approval."""
        order = self._on_order(name, frozenset({OrderState.DRAFT}))
        return order and self._step(order, OrderAct.SUBMIT, lambda: drafting.submit(self.cast.viewer(name), order))

    def try_review(self, name: str) -> Try | None:
        """The legal reviewer's word."""
        order = self._on_order(name, frozenset({OrderState.LEGAL_REVIEW}))
        return order and self._step(
            order, OrderAct.PASS_REVIEW, lambda: approving.pass_review(self.cast.viewer(name), order)
        )

    def try_approve(self, name: str) -> Try | None:
        """The leader's."""
        order = self._on_order(name, frozenset({OrderState.APPROVAL}))
        return order and self._step(order, OrderAct.APPROVE, lambda: approving.approve(self.cast.viewer(name), order))

    def try_send_back(self, name: str) -> Try | None:
        """Back to the officers."""
        order = self._on_order(name, frozenset({OrderState.APPROVAL, OrderState.LEGAL_REVIEW}))
        return order and self._step(
            order,
            OrderAct.RETURN,
            lambda: approving.send_back(self.cast.viewer(name), order, reason=self.words()),
        )

    def try_deputy(self, name: str) -> Try | None:
        """Somebody stands in for the leader."""
        who = self.die.choice(sorted(self.cast.people))
        return Try(
            lambda: approving.name_deputy(
                self.cast.viewer(name), person_id=self.cast.people[who], from_on=self.day(-2, 2), to_on=self.day(-1, 9)
            )
        )

    def try_discard(self, name: str) -> Try | None:
        """Give a draft up."""
        order = self._on_order(name, IN_PREPARATION)
        return order and self._step(
            order, OrderAct.DISCARD, lambda: drafting.discard(self.cast.viewer(name), order, reason=self.words())
        )

    def try_issue(self, name: str) -> Try | None:
        """Number and paper."""
        order = self._on_order(name, frozenset({OrderState.APPROVED}))
        return order and self._step(
            order, OrderAct.ISSUE, lambda: issuing.issue(self.cast.viewer(name), order), FindingAct.ORDER
        )

    def try_serve(self, name: str) -> Try | None:
        """Hand it over, one way or another, with or without what proves it."""
        order = self._on_order(name, frozenset({OrderState.ISSUED}))
        if order is None:
            return None
        method = self.die.choice([ServiceMethod.HAND, *ServiceMethod])
        given = serving.Service(
            method=method,
            to_name="白玛" if self.likely(0.9) else "",
            strokes=strokes() if self.likely(0.9) else "",
            witness_name="达瓦" if self.likely() else "",
            reason="拒收" if self.likely() else "",
            tracking="EMS1" if self.likely() else "",
            second_by_id=self.cast.people[self.die.choice(["ivo", "ines", "oskar", "olga"])] if self.likely() else None,
            at=None if self.likely() else clock.now() - timedelta(hours=self.die.randint(-2, 72)),
        )
        return self._step(
            order, OrderAct.SERVE, lambda: serving.serve(self.cast.viewer(name), order, given), FindingAct.SERVE
        )

    def try_confirm(self, name: str) -> Try | None:
        """The post was delivered, or the school says by its link that it has it."""
        attempt = self.some(ServiceAttempt, ServiceAttempt.confirmed_at.is_(None) if self.likely(0.9) else sa.true())
        order = self.some(Order, Order.id == attempt.order_id) if attempt else None
        if order is None:
            return None
        by = self.die.choice(["门卫", " "])

        def call() -> None:
            if attempt.method is ServiceMethod.LINK:
                serving.confirm_by_link(self.sender(name, drafting.items_of(order)[0][1], order), order, name=by)
            else:
                serving.confirm_post(self.cast.viewer(name), order, attempt, on=clock.now(), by=by)

        return self._step(order, OrderAct.SERVE, call, FindingAct.SERVE)

    def try_receipt(self, name: str) -> Try | None:
        """Print the proof of service: it takes a number too."""
        attempt = self.some(ServiceAttempt)
        order = self.some(Order, Order.id == attempt.order_id) if attempt else None
        return order and Try(lambda: issuing.print_receipt(self.cast.viewer(name), order, attempt))

    def try_void(self, name: str) -> Try | None:
        """Void an order, or put another in its place."""
        order = self._on_order(name, IN_FORCE)
        if order is None:
            return None
        act = issuing.void if self.likely(0.5) else issuing.replace
        return self._step(
            order,
            OrderAct.VOID,
            lambda: act(self.cast.viewer(name), order, reason=self.words()),
            FindingAct.VOID_ORDER,
        )

    def try_link(self, name: str) -> Try | None:
        """A link for the school, or its end."""
        order = self._on_order(name, IN_FORCE)
        link = self.some(PortalLink) if self.likely(0.3) else None
        if link is not None:
            of_link = db.session.get_one(Order, link.order_id)
            return Try(lambda: links.revoke(self.cast.viewer(name), of_link, link))
        return order and Try(lambda: links.make(self.cast.viewer(name), order))

    def try_road(self, _name: str) -> Try | None:
        """The brigade sets another road of approval: whatever is under way keeps going by the table."""
        roads = ["none", "leader", *["legal_leader"] * 5]
        chosen = {"approval_limited": self.die.choice(roads), "approval_immediate": self.die.choice(roads)}
        brigade = db.session.get_one(Brigade, self.cast.brigade_id)

        def call() -> None:
            brigade.settings = {**brigade.settings, **chosen}
            db.session.flush()

        return Try(call)
