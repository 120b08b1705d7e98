"""Taps of a live drill over the wire: kept once, early ones wait, late ones count, the record follows."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.drills.models import Drill, DrillPlan, DrillTap
from app.drills.rules.plans import PlanState
from app.duties.queries import facts
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make


def _op(kind: str, **more: Any) -> dict[str, Any]:
    return {"op_id": str(uuid.uuid4()), "kind": kind, **more}


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _send(browser: Any, plan_id: uuid.UUID, *ops: dict[str, Any], now: datetime | None = None) -> Any:
    body = {"client_now": _ms(now or clock.now()), "ops": list(ops)}
    return browser.post(f"/drills/plans/{plan_id}/taps", json=body, headers={"Accept": "application/json"})


def _statuses(answer: Any) -> list[str]:
    return [one["status"] for one in answer.json["results"]]


@pytest.fixture
def plan_id(cast: Cast) -> uuid.UUID:
    """A plan that is ready."""
    plan = make.plan(cast)
    db.session.commit()
    return plan.id


def test_a_drill_from_signal_to_record_turns_the_months_duty_green(
    cast: Cast, as_person: SignInAs, plan_id: uuid.UUID
) -> None:
    pema, stan, began = as_person("pema"), as_person("stan"), clock.now() - timedelta(minutes=4)

    def at(seconds: int) -> dict[str, int]:
        return {"at": _ms(began + timedelta(seconds=seconds)), "offset_ms": 0}

    _send(pema, plan_id, _op("signal", **at(0)), _op("first_out", **at(20)))
    _send(
        stan,
        plan_id,
        _op("stair", key="s1", **at(80)),
        _op("last_out", **at(95)),
        _op("heads", key="c1", present=40, **at(110)),
    )
    answer = _send(
        pema,
        plan_id,
        _op("heads", key="c2", present=39, **at(120)),
        _op("heads", key="c3", present=38, elsewhere=2, **at(130)),
    )
    assert (answer.json["missing"], answer.json["words"]["missing"]) == (1, "2班 缺 1 人")
    _send(stan, plan_id, _op("heads", key="c2", present=39, elsewhere=1, **at(170)))
    told = _send(pema, plan_id, _op("finish", **at(200))).json
    assert (told["missing"], told["counted"], told["finished"]) == (0, 170, 200)
    drill = db.session.scalars(sa.select(Drill)).one()
    assert (drill.first_out_s, drill.last_out_s, drill.counted_s) == (20, 95, 170)
    assert (drill.expected, drill.present, drill.accounted, drill.led_by) == (120, 117, 117, "白玛")
    assert [one["missing"] for one in drill.classes] == [0, 0, 0]
    assert drill.stairs == [{"place": "东侧楼梯", "seconds": 80}, {"place": "西侧楼梯", "seconds": None}]
    [done] = facts.deeds([cast.school_id], clock.today().replace(day=1))[cast.school_id].values()
    assert done[0].day == clock.today()
    assert "演练已结束" in pema.get(f"/drills/plans/{plan_id}/live").text


def test_the_same_tap_twice_is_kept_once_and_answered_alike(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema, signal, heads = as_person("pema"), _op("signal"), _op("heads", key="c1", present=40)
    assert _statuses(_send(pema, plan_id, signal, heads)) == ["kept", "kept"]
    assert _statuses(_send(pema, plan_id, signal, heads, heads)) == ["same", "same", "same"]
    assert db.session.scalar(sa.select(sa.func.count(DrillTap.op_id))) == 2


def test_before_the_signal_taps_wait_with_their_sender(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema, heads = as_person("pema"), _op("heads", key="c1", present=40)
    assert _statuses(_send(pema, plan_id, heads)) == ["early"]
    _send(as_person("stan"), plan_id, _op("signal"))
    assert _statuses(_send(pema, plan_id, heads)) == ["kept"]


def test_what_was_tapped_without_network_counts_after_the_end(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema, stan, began = as_person("pema"), as_person("stan"), clock.now() - timedelta(minutes=3)
    _send(
        pema,
        plan_id,
        _op("signal", at=_ms(began), offset_ms=0),
        _op("heads", key="c1", present=40),
        _op("heads", key="c2", present=40),
    )
    _send(pema, plan_id, _op("finish"))
    drill_id = db.session.scalars(sa.select(Drill.id)).one()
    hour = timedelta(hours=1)  # its clock is an hour fast
    late = _op("heads", key="c3", present=40, at=_ms(began + hour + timedelta(seconds=90)), offset_ms=-3_600_000)
    assert _statuses(_send(stan, plan_id, late, now=clock.now() + hour)) == ["kept"]
    db.session.expire_all()
    drill = db.session.scalars(sa.select(Drill)).one()
    assert (drill.id, drill.accounted, drill.classes[2]["seconds"]) == (drill_id, 120, 90)


@pytest.mark.parametrize(
    "op",
    [
        {"kind": "heads", "key": "c9", "present": 1}, {"kind": "heads", "key": "c1"}, {"kind": "heads", "key": "c1", "present": -1},
        {"kind": "heads", "key": "c1", "present": 2001}, {"kind": "heads", "key": "c1", "present": "many"}, {"kind": "stair", "key": "c1"},
        {"kind": "dance"}, {"kind": "undo"}, {"kind": "undo", "undoes": str(uuid.uuid4())}, {"kind": "heads", "op_id": "no id"},
    ],
)  # fmt: skip
def test_what_no_page_sends_is_refused_alone(as_person: SignInAs, plan_id: uuid.UUID, op: dict[str, Any]) -> None:
    answer = _send(as_person("pema"), plan_id, _op("signal"), _op("") | op, _op("first_out"))
    assert _statuses(answer) == ["kept", "refused", "kept"]


@pytest.mark.parametrize("body", [None, [], {}, {"ops": []}, {"ops": "x"}, {"ops": [{}] * 201}])
def test_a_body_that_is_none_is_refused_whole(as_person: SignInAs, plan_id: uuid.UUID, body: Any) -> None:
    answer = as_person("pema").post(f"/drills/plans/{plan_id}/taps", json=body)
    assert (answer.status_code, answer.json["error"]) == (400, "bad_request")


def test_a_slip_is_taken_back_and_an_end_is_not(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema, slip, end = as_person("pema"), _op("last_out"), _op("finish")
    _send(pema, plan_id, _op("signal"), slip, end)
    answer = _send(pema, plan_id, _op("undo", undoes=slip["op_id"]), _op("undo", undoes=end["op_id"]))
    assert _statuses(answer) == ["kept", "refused"]
    assert answer.json["last_out"] is None
    assert db.session.scalars(sa.select(Drill.last_out_s)).one() is None


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED, PlanState.WITHDRAWN])
def test_no_signal_before_the_plan_is_ready(cast: Cast, as_person: SignInAs, state: PlanState) -> None:
    plan = make.plan(cast, state=state)
    db.session.commit()
    assert _send(as_person("pema"), plan.id, _op("signal")).json["error"] == "not_ready"


def test_whoever_may_not_log_only_watches(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    assert as_person("beate").get(f"/drills/plans/{plan_id}/live").status_code == 200
    assert _send(as_person("beate"), plan_id, _op("signal")).status_code == 403
    assert _send(as_person("otto"), plan_id, _op("signal")).status_code == 404


def test_a_watcher_who_has_it_all_is_told_nothing_but_the_time(
    as_person: SignInAs, plan_id: uuid.UUID, count_queries: Any
) -> None:
    pema, at = as_person("pema"), f"/drills/plans/{plan_id}/live/state"
    first = pema.get(at)
    with count_queries() as counted:
        again = pema.get(at, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert abs(int(again.headers["X-Server-Now"]) - _ms(clock.now())) < 10_000
    assert len(counted.statements) <= 6
    _send(pema, plan_id, _op("signal"))
    assert pema.get(at, headers={"If-None-Match": first.headers["ETag"]}).json["version"] == 1


def test_it_works_as_plain_forms(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema, at = as_person("pema"), f"/drills/plans/{plan_id}"
    tap = {"op": str(uuid.uuid4()), "kind": "heads", "key": "c1", "present": "38", "elsewhere": "1"}
    assert "还没有发出信号，没有记下" in pema.post(f"{at}/tap", data=tap, follow_redirects=True).text
    pema.post(f"{at}/tap", data={"kind": "signal"})
    for _ in range(2):
        page = pema.post(f"{at}/tap", data=tap, follow_redirects=True).text
    assert "1班 缺 1 人" in page
    page = pema.post(
        f"{at}/tap",
        data={"kind": "heads", "key": "c2", "all": "40", "present": "", "elsewhere": "2"},
        follow_redirects=True,
    ).text
    assert db.session.scalars(sa.select(DrillTap.present).where(DrillTap.key == "c2")).one() == 38
    assert "还有 1 个班没有报告" in page
    assert (
        pema.post(f"{at}/tap", data={"kind": "heads", "key": "c3", "present": "x"}, follow_redirects=True).status_code
        == 200
    )
    assert db.session.scalars(sa.select(DrillPlan.version)).one() == 3


def test_a_record_that_was_withdrawn_stays_as_it_was(as_person: SignInAs, plan_id: uuid.UUID) -> None:
    pema = as_person("pema")
    _send(pema, plan_id, _op("signal"), _op("heads", key="c1", present=40), _op("finish"))
    drill_id = db.session.scalars(sa.select(Drill.id)).one()
    db.session.rollback()
    pema.post(f"/drills/{drill_id}/withdraw", data={"reason": "误按"})
    assert _statuses(_send(pema, plan_id, _op("heads", key="c2", present=40))) == ["kept"]
    db.session.expire_all()
    assert db.session.scalars(sa.select(Drill.accounted)).one() == 40
