"""Issuing an order and handing it over: number and paper once, and each way of service with its proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.orders import PortalLink
from app.rectification.queries import links as link_queries
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import ServiceMethod
from app.rectification.service import (
    approving,
    drafting,
    issuing,
    links,
    serving,
)
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import orders


def test_an_order_has_its_number_and_paper_once(cast: Cast) -> None:
    order = orders.approved(cast)
    paper = issuing.issue(cast.viewer("ines"), order)
    assert (order.state, order.number) == (OrderState.ISSUED, paper.number)
    assert paper.number.endswith("第0001号")
    assert issuing.issue(cast.viewer("ines"), order).id == paper.id
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(IssuedDocument).where(IssuedDocument.subject_id == order.id)
        )
        == 1
    )


def test_the_dates_on_the_paper_are_those_in_force(cast: Cast) -> None:
    order = orders.draft(cast)
    found = [f for _i, f in drafting.items_of(order)]
    drafting.edit(cast.viewer("ines"), order, deadlines={found[0].id: orders.in_days(4)})
    assert found[0].deadline == orders.in_days(15)
    drafting.submit(cast.viewer("ines"), order)
    approving.pass_review(cast.viewer("olga"), order)
    approving.approve(cast.viewer("lea"), order)
    issuing.issue(cast.viewer("ines"), order)
    assert found[0].deadline == orders.in_days(4)


def test_nothing_is_issued_before_it_is_approved(cast: Cast) -> None:
    order = orders.draft(cast)
    with pytest.raises(DomainError, match="状态已经变化"):
        issuing.issue(cast.viewer("ines"), order)
    assert order.number == ""


def test_a_void_order_keeps_its_number_and_another_takes_its_place(cast: Cast) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match="作废理由"):
        issuing.void(cast.viewer("lea"), order, reason="")
    with pytest.raises(NotYours):
        issuing.void(cast.viewer("ines"), order, reason="写错")
    new = issuing.replace(cast.viewer("lea"), order, reason="期限写错")
    assert (order.state, order.void_reason) == (OrderState.VOID, "期限写错")
    assert orders.paper(order).revoked_at is not None
    assert (new.state, new.replaces_id) == (OrderState.DRAFT, order.id)
    assert issuing.replace(cast.viewer("lea"), order, reason="期限写错").id == new.id


@pytest.mark.parametrize(("made", "act"), [(True, "document.revoke"), (False, "document.void")])
def test_what_becomes_of_a_void_orders_paper_stands_in_the_trail(cast: Cast, made: bool, act: str) -> None:
    order = orders.issued(cast)
    if made:
        paper = orders.paper(order)
        paper.state, paper.file_sha256 = DocumentState.ISSUED, "0" * 64
    issuing.void(cast.viewer("lea"), order, reason="期限写错")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == act)).one()
    assert (entry.subject_id, entry.detail) == (str(order.document_id), {"reason": "期限写错"})


def test_a_draft_is_given_up_with_a_reason(cast: Cast) -> None:
    order = orders.draft(cast)
    with pytest.raises(DomainError, match="撤销理由"):
        drafting.discard(cast.viewer("ines"), order, reason=" ")
    drafting.discard(cast.viewer("ines"), order, reason="重复起草")
    assert (order.state, order.void_reason, order.number) == (OrderState.VOID, "重复起草", "")


def test_handed_over_with_a_signature_it_is_served_at_once(cast: Cast) -> None:
    order = orders.issued(cast)
    attempt = serving.serve(cast.viewer("ines"), order, orders.by_hand())
    assert (order.state, order.served_on) == (OrderState.SERVED, clock.today())
    assert attempt.signature_sha256
    receipt = issuing.print_receipt(cast.viewer("ines"), order, attempt)
    assert issuing.print_receipt(cast.viewer("ines"), order, attempt).id == receipt.id


def refused(**more: object) -> serving.Service:
    return orders.by_hand(**{"method": ServiceMethod.REFUSED, "reason": "校长拒绝签收", "witness_name": "达瓦"} | more)


SERVICES: list[tuple[str, Callable[[Cast], serving.Service], str]] = [
    ("no name", lambda _c: orders.by_hand(to_name=""), "受送达人"),
    ("no signature", lambda _c: orders.by_hand(strokes=""), "签收"),
    ("no witness", lambda c: refused(witness_name="", second_by_id=c.people["ivo"]), "见证人"),
    ("no reason", lambda c: refused(reason="", second_by_id=c.people["ivo"]), "事由"),
    ("one server", lambda _c: refused(), "两名送达人"),
    ("the same server twice", lambda c: refused(second_by_id=c.people["ines"]), "同一人"),
    ("a server of another brigade", lambda c: refused(second_by_id=c.people["oskar"]), "本大队"),
    ("no number of the post", lambda _c: orders.by_hand(method=ServiceMethod.POSTED), "单号"),
    ("in the future", lambda _c: orders.by_hand(at=clock.now() + timedelta(hours=1)), "不能晚于"),
    ("before it was issued", lambda _c: orders.by_hand(at=clock.now() - timedelta(days=2)), "不能早于"),
]


@pytest.mark.parametrize(("service", "said"), [s[1:] for s in SERVICES], ids=[s[0] for s in SERVICES])
def test_service_that_proves_nothing_is_refused(
    cast: Cast, service: Callable[[Cast], serving.Service], said: str
) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match=said):
        serving.serve(cast.viewer("ines"), order, service(cast))
    assert order.state is OrderState.ISSUED


def test_refused_before_a_witness_it_is_served(cast: Cast) -> None:
    order = orders.issued(cast)
    serving.serve(cast.viewer("ines"), order, refused(second_by_id=cast.people["ivo"], strokes=""))
    assert order.state is OrderState.SERVED


def test_by_post_it_counts_when_it_was_delivered(cast: Cast) -> None:
    order = orders.issued(cast)
    attempt = serving.serve(
        cast.viewer("olga"), order, orders.by_hand(method=ServiceMethod.POSTED, tracking="EMS1", strokes="")
    )
    assert order.state is OrderState.ISSUED
    with pytest.raises(DomainError, match="签收人"):
        serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by=" ")
    serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by="门卫扎西")
    assert order.state is OrderState.SERVED
    with pytest.raises(DomainError, match="不需要再确认"):
        serving.confirm_post(cast.viewer("olga"), order, attempt, on=clock.now(), by="门卫扎西")


def test_by_link_it_counts_with_the_schools_word(cast: Cast) -> None:
    order = orders.issued(cast)
    with pytest.raises(DomainError, match="不是以链接"):
        serving.confirm_by_link(cast.viewer("pema"), order, name="白玛")
    serving.serve(cast.viewer("ines"), order, orders.by_hand(method=ServiceMethod.LINK, strokes=""))
    assert order.state is OrderState.ISSUED
    assert serving.confirm_by_link(cast.viewer("pema"), order, name="白玛") is not None
    assert order.state is OrderState.SERVED
    assert serving.confirm_by_link(cast.viewer("pema"), order, name="白玛") is None


def test_the_same_service_sent_twice_is_kept_once(cast: Cast) -> None:
    order = orders.issued(cast)
    key = order.id
    first = serving.serve(cast.viewer("ines"), order, orders.by_hand(), attempt_id=key)
    assert serving.serve(cast.viewer("ines"), order, orders.by_hand(), attempt_id=key) is first


def test_a_link_opens_its_order_until_it_ends_or_is_revoked(cast: Cast) -> None:
    order = orders.served(cast, count=1)
    token = orders.link(cast, order)
    link, opened = link_queries.opened(token) or (None, None)
    assert link is not None
    assert (opened, link_queries.works(link)) == (order, True)
    assert link_queries.opened(token + "x") is None
    link.expires_at = clock.now() - timedelta(seconds=1)
    assert not link_queries.works(link)
    link.expires_at = clock.now() + timedelta(days=1)
    links.revoke(cast.viewer("ines"), order, link)
    assert not link_queries.works(link)


def test_a_draft_has_no_link_and_a_school_makes_none(cast: Cast) -> None:
    with pytest.raises(DomainError, match="签发后"):
        links.make(cast.viewer("ines"), orders.draft(cast))
    with pytest.raises(NotYours):
        links.make(cast.viewer("pema"), orders.served(cast))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PortalLink)) == 0
