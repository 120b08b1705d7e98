"""Asking a higher level to supervise reaches it: on its home, as a message, and its answer comes back to the brigade."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.accounts.models import Membership, Role
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.notifications.models import Outbox
from app.rectification.models.orders import Order, OrderEvent
from app.rectification.queries import escalations
from app.rectification.rules.orders import EscalationLevel
from app.rectification.service import escalating, issuing
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import orders as make

REASON = "两次复查未改"


def _escalated(cast: Cast, level: EscalationLevel = EscalationLevel.DETACHMENT) -> tuple[Order, OrderEvent]:
    order = make.served(cast, count=1)
    escalating.escalate(cast.viewer("ines"), order, finding_id=None, to="支队", reason=REASON, level=level)
    db.session.commit()
    return order, db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "escalate")).one()


def _told(event: str) -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == event)))


@pytest.mark.parametrize(
    ("level", "asked", "other"),
    [(EscalationLevel.DETACHMENT, "dora", "beate"), (EscalationLevel.BUREAU, "beate", "dora")],
)
def test_the_level_that_was_asked_is_told_at_once_and_has_the_case_on_its_home(
    cast: Cast, as_person: Any, level: EscalationLevel, asked: str, other: str
) -> None:
    order, _event = _escalated(cast, level)
    (told,) = _told("escalated")
    assert told.urgent
    assert told.person_ids == [str(cast.people[asked])]
    assert told.data["reason"] == REASON
    home = as_person(asked).get("/").get_data(as_text=True)
    for said in ("提请督办的案件", order.number, REASON, "等待督办意见"):
        assert said in home
    for name in (other, "ines", "lea", "olga"):
        assert "提请督办的案件" not in as_person(name).get("/").get_data(as_text=True)


def test_its_answer_stands_in_the_timeline_and_the_brigade_is_told(cast: Cast, as_person: Any) -> None:
    order, event = _escalated(cast)
    dora, address = as_person("dora"), f"/orders/{order.id}/escalations/{event.id}"
    assert address in dora.get(f"/orders/{order.id}").get_data(as_text=True)
    due = clock.today() + timedelta(days=7)
    data = {"text": " 请约谈校长 ", "due": due.isoformat()}
    for _again in range(2):
        assert dora.post(address, data=data).status_code == 302
    (answer,) = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "answer_escalation"))
    assert answer.detail == {"of": str(event.id), "remark": "请约谈校长", "due": due.isoformat()}
    (told,) = _told("escalation_answered")
    assert (told.roles, told.brigade_id) == (["leader"], cast.brigade_id)
    assert str(cast.people["ines"]) in told.person_ids
    page = as_person("ines").get(f"/orders/{order.id}").get_data(as_text=True)
    for said in ("上级督办", "请约谈校长", "要求于", "督办意见"):
        assert said in page
    assert address not in page
    assert "已答复" in dora.get("/").get_data(as_text=True)
    dora.post(address, data={"text": "进展如何？"})
    assert len(escalations.for_level(cast.viewer("dora"))[0].answers) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": " "}, "请写明督办意见"),
        ({"text": "长" * 1001}, "不超过 1000 字"),
        ({"text": "好", "due": "2020-01-01"}, "不能早于今天"),
    ],
)
def test_an_answer_without_words_is_refused(cast: Cast, as_person: Any, data: dict[str, str], said: str) -> None:
    order, event = _escalated(cast)
    answer = as_person("dora").post(f"/orders/{order.id}/escalations/{event.id}", data=data, follow_redirects=True)
    assert said in answer.get_data(as_text=True)
    assert _told("escalation_answered") == []


@pytest.mark.parametrize(
    ("who", "status"), [("ines", 403), ("lea", 403), ("beate", 403), ("pema", 403), ("otto", 403), ("oskar", 403)]
)
def test_nobody_else_answers(cast: Cast, as_person: Any, who: str, status: int) -> None:
    order, event = _escalated(cast)
    answer = as_person(who).post(f"/orders/{order.id}/escalations/{event.id}", data={"text": "x"})
    assert answer.status_code == status
    with pytest.raises(NotYours):
        escalating.answer(cast.viewer(who), order, event, text="x")


def test_an_event_of_another_order_or_kind_is_not_there(cast: Cast, as_person: Any) -> None:
    order, event = _escalated(cast)
    beside = make.served(cast, count=1)
    drafted = db.session.scalars(
        sa.select(OrderEvent).where(OrderEvent.order_id == order.id, OrderEvent.act == "draft")
    ).one()
    db.session.commit()
    dora = as_person("dora")
    for path in (f"/orders/{beside.id}/escalations/{event.id}", f"/orders/{order.id}/escalations/{drafted.id}"):
        assert dora.post(path, data={"text": "x"}).status_code == 404


def test_what_is_ended_leaves_the_home_and_takes_no_answer(cast: Cast) -> None:
    order, event = _escalated(cast)
    issuing.void(cast.viewer("lea"), order, reason="重复")
    assert escalations.for_level(cast.viewer("dora")) == []
    with pytest.raises(DomainError, match="不在执行中"):
        escalating.answer(cast.viewer("dora"), order, event, text="x")


def test_a_level_without_anybody_is_refused_and_others_are_only_kept(cast: Cast) -> None:
    order = make.served(cast, count=1)
    for held in db.session.scalars(sa.select(Membership).where(Membership.role.in_((Role.BUREAU, Role.DETACHMENT)))):
        held.from_day = clock.today() + timedelta(days=1)
        held.to_day = None
    db.session.flush()
    said = {"finding_id": None, "to": "区政府", "reason": REASON}
    for level in (EscalationLevel.DETACHMENT, EscalationLevel.BUREAU):
        with pytest.raises(DomainError, match="只登记"):
            escalating.escalate(cast.viewer("ines"), order, level=level, **said)  # type: ignore[arg-type]
    escalating.escalate(cast.viewer("ines"), order, level=EscalationLevel.OTHER, **said)  # type: ignore[arg-type]
    assert _told("escalated") == []
    assert db.session.scalars(sa.select(OrderEvent.detail).where(OrderEvent.act == "escalate")).one()["to"] == "区政府"


def test_the_list_takes_the_same_queries_for_one_case_and_for_many(cast: Cast, count_queries: Any) -> None:
    def asked() -> int:
        viewer = cast.viewer("dora")
        with count_queries() as counted:
            escalations.for_level(viewer)
        return len(counted.statements)

    _escalated(cast)
    before = asked()
    for _n in range(3):
        order = make.served(cast, count=1)
        escalating.escalate(cast.viewer("ines"), order, finding_id=None, to="支队", reason=REASON)
    db.session.commit()
    assert len(escalations.for_level(cast.viewer("dora"))) == 4
    assert asked() == before
