"""An act leaves an outbox row; who is told is looked up when it is sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.accounts.models import Membership, Role
from app.core import clock
from app.core.extensions import db
from app.notifications import service
from app.notifications.models import Message, Notice, Outbox
from app.notifications.worker import go_round
from tests.cast import Cast
from tests.factories.messages import channels, reachable, tell_school


def _names(cast: Cast) -> set[str]:
    told = set(db.session.scalars(sa.select(Notice.person_id)))
    return {name for name, person_id in cast.people.items() if person_id in told}


def test_a_school_means_its_principal_and_safety_officer_and_no_other_school(app: Flask, cast: Cast) -> None:
    tell_school(cast)
    go_round()
    assert _names(cast) == {"pema", "sonam"}


def test_the_same_key_is_told_once(app: Flask, cast: Cast) -> None:
    tell_school(cast)
    tell_school(cast, urgent=True)
    go_round()
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outbox)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Notice.person_id == cast.people["pema"])) == 1


def test_what_is_rolled_back_is_not_told(app: Flask, cast: Cast) -> None:
    service.tell("test", person_ids=[cast.people["pema"]], data={"name": "白玛"}, key="never")
    db.session.rollback()
    go_round()
    assert _names(cast) == set()


def test_a_brigade_means_leader_and_office_or_the_roles_named(app: Flask, cast: Cast) -> None:
    data = {"school": "示范区第一小学", "text": "出口上锁"}
    service.tell("evidence_sent", brigade_id=cast.brigade_id, data=data, key="a")
    db.session.commit()
    go_round()
    assert _names(cast) == {"lea", "olga"}
    service.tell("evidence_sent", brigade_id=cast.brigade_id, roles=[Role.INSPECTOR], data=data, key="b")
    db.session.commit()
    go_round()
    assert _names(cast) == {"lea", "olga", "ines", "ivo"}


def test_who_has_handed_over_by_the_time_it_is_sent_is_not_told(app: Flask, cast: Cast) -> None:
    tell_school(cast, due_at=clock.now() + timedelta(days=2))
    go_round()
    assert _names(cast) == set()
    db.session.execute(
        sa.update(Membership).where(Membership.person_id == cast.people["sonam"]).values(to_day=clock.today())
    )
    db.session.commit()
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        go_round()
    assert _names(cast) == {"pema"}


def test_who_is_no_longer_active_is_not_told(app: Flask, cast: Cast) -> None:
    cast.person("sonam").active = False
    db.session.commit()
    tell_school(cast)
    go_round()
    assert _names(cast) == {"pema"}


def test_a_school_without_any_road_goes_on_the_call_list_and_one_with_a_road_does_not(app: Flask, cast: Cast) -> None:
    tell_school(cast)
    tell_school(cast, 2, school_id=cast.ottos_school_id)
    channels(mail="mailto://127.0.0.1:1?from=xf@example.cn")
    reachable(cast, "otto", email="otto@school.cn")
    go_round()
    called = set(db.session.scalars(sa.select(Message.school_id).where(Message.channel == "call")))
    assert called == {cast.school_id}


def test_a_school_whose_people_look_here_by_choice_is_not_called(app: Flask, cast: Cast) -> None:
    from app.notifications.rules import Wishes

    service.prefer(cast.viewer("pema"), language="", channel="page", wishes=Wishes())
    tell_school(cast)
    go_round()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 0


def test_what_nobody_holds_the_post_for_is_noted(app: Flask, cast: Cast) -> None:
    service.tell("complaint_new", brigade_id=cast.other_brigade_id, data={"school": "邻区第一小学"}, key="nobody")
    db.session.commit()
    go_round()
    row = db.session.scalars(sa.select(Outbox)).one()
    assert row.sorted_at is not None
    assert row.told == 0


@pytest.mark.parametrize("key", ["x" * 200])
def test_a_key_may_be_long(app: Flask, cast: Cast, key: str) -> None:
    tell_school(cast, key=key)
    assert db.session.scalars(sa.select(Outbox.key)).one() == key
