"""Operations of tablets on fields: applied once, in the right name, or kept with a sentence."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp
from app.inspections.models import Inspection
from app.sync.models import SyncOp, Tablet
from app.sync.rules import OpState
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.inspections import draft, frozen
from tests.sync.conftest import TabletOf


def _kept(op: dict[str, Any]) -> SyncOp:
    db.session.expire_all()
    return db.session.scalars(sa.select(SyncOp).where(SyncOp.op_id == uuid.UUID(op["op_id"]))).one()


def _standing(row: Inspection, item: str = "MGT-01") -> Any:
    db.session.rollback()
    return fieldwork.folded(row.id).value(item, "", "answer")


def test_operations_are_applied_and_answered_in_their_order(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    ops = [tablet.op(row.id, item) for item in ("MGT-01", "MGT-02", "MGT-03")]
    told = tablet.send(*ops)
    assert [(t["op_id"], t["status"], t["rev"]) for t in told] == [
        (o["op_id"], "applied", n) for n, o in enumerate(ops, 1)
    ]
    assert _standing(row, "MGT-03") == "pass"
    assert _kept(ops[0]).content is None


def test_the_same_request_again_gets_the_same_verdicts_and_changes_nothing(
    tablet_of: TabletOf, row: Inspection
) -> None:
    tablet = tablet_of()
    ops = [tablet.op(row.id), tablet.op(row.id, "MGT-02")]
    first, again = tablet.send(*ops), tablet.send(*ops)
    assert [(t["status"], t["rev"], t["again"]) for t in again] == [("duplicate", t["rev"], True) for t in first]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AnswerOp)) == 2


def test_an_operation_twice_in_one_request_is_applied_once(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    op = tablet.op(row.id)
    assert [t["status"] for t in tablet.send(op, op)] == ["applied", "duplicate"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AnswerOp)) == 1


def test_an_id_used_for_something_else_is_rejected_and_the_first_stays(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    op = tablet.op(row.id)
    tablet.send(op)
    told = tablet.send(op | {"value": "fail"})[0]
    assert (told["status"], told["reason"]) == ("rejected", "op_id_reused")
    assert _standing(row) == "pass"


def test_two_tablets_that_disagree_leave_a_conflict_and_both_values(tablet_of: TabletOf, row: Inspection) -> None:
    one, other = tablet_of("ines"), tablet_of("ivo")
    one.send(one.op(row.id, value="pass"))
    told = other.send(other.op(row.id, value="fail"))[0]
    assert (told["status"], told["current"], told["by"]) == ("conflict", "pass", "尼玛")
    options = other.told["changes"][0]["contested"][0]["options"]
    assert [o["value"] for o in options] == ["pass", "fail"]
    chosen = one.act(
        "resolve", row.id, {"item": "MGT-01", "place": "", "field": "answer", "chosen": options[1]["op_id"]}
    )
    assert one.send(chosen)[0]["status"] == "applied"
    assert _standing(row) == "fail"


def test_a_revision_that_never_was_overwrites_nothing(tablet_of: TabletOf, row: Inspection) -> None:
    one, other = tablet_of("ines"), tablet_of("ivo")
    one.send(one.op(row.id, value="pass"))
    assert other.send(other.op(row.id, value="fail", base_rev=999))[0]["status"] == "conflict"
    assert _standing(row) == "pass"


def test_operations_before_their_draft_are_held_and_go_through_with_it(cast: Cast, tablet_of: TabletOf) -> None:
    tablet = tablet_of()
    from app.core.db import new_id

    target = new_id()
    early = [tablet.op(target), tablet.op(target, "MGT-02")]
    assert {(t["status"], t["reason"]) for t in tablet.send(*early)} == {("held", "unknown_target")}
    told = tablet.send(tablet.act("create", target, {"school": str(cast.school_id), "second": str(cast.people["ivo"])}))
    assert told[0]["status"] == "applied"
    assert {t["status"] for t in tablet.send(*early)} == {"duplicate"}
    db.session.rollback()
    assert fieldwork.folded(target).value("MGT-02", "", "answer") == "pass"


def test_a_poisoned_operation_is_rejected_alone(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    good, last = tablet.op(row.id), tablet.op(row.id, "MGT-02")
    bad = [
        "nonsense", {"op_id": 7}, tablet.op(row.id, "MGT-03", {"what": "is this"}), tablet.op(row.id, "MGT-03", "\x00"),
        tablet.op(row.id, "MGT-03", "pass", place="somewhere else"), tablet.op(row.id, "M" * 99), tablet.op(row.id) | {"target": None},
        tablet.op(row.id, kind="drill"), tablet.act("create", row.id, kind="selfcheck"), tablet.act("explode", row.id), tablet.op(row.id, field="note", value="x" * 800_000),
        tablet.op(row.id, field="photo", value={"sha256": "short"}), tablet.op(row.id, field="signature", value={"role": "king"}),
    ]  # fmt: skip
    told = tablet.send(good, *bad, last)
    assert [t["status"] for t in told] == ["applied", *["rejected"] * len(bad), "applied"]
    assert all(t["message"] for t in told[1:-1])
    assert {t.get("reason") for t in told[1:-1]} >= {"bad_operation", "bad_value", "kind_not_yet", "too_long"}


def test_an_operation_that_breaks_the_program_is_quarantined_alone(
    tablet_of: TabletOf, row: Inspection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.inspections import queries

    honest = queries.makes_sense

    def broken(item: str, field: str, value: Any) -> bool:
        if item == "MGT-02":
            raise ZeroDivisionError
        return honest(item, field, value)

    monkeypatch.setattr(queries, "makes_sense", broken)
    tablet = tablet_of()
    ops = [tablet.op(row.id, item) for item in ("MGT-01", "MGT-02", "MGT-03")]
    assert [t["status"] for t in tablet.send(*ops)] == ["applied", "rejected", "applied"]
    assert (_kept(ops[1]).reason, _kept(ops[1]).content["item"]) == ("poisoned", "MGT-02")


def test_another_brigades_officer_writes_nothing_and_their_work_is_kept(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of("oskar")
    op = tablet.op(row.id)
    assert tablet.send(op)[0]["reason"] == "not_yours"
    assert tablet.told["changes"] == []
    assert _standing(row) is None
    assert _kept(op).content["value"] == "pass"


@pytest.mark.parametrize("name", ["pema", "otto", "beate", "dora", "ada"])
def test_who_uses_no_tablet_is_refused_in_json(tablet_of: TabletOf, row: Inspection, name: str) -> None:
    tablet = tablet_of(name)
    answer = tablet.post([tablet.op(row.id)])
    # The detachment's people belong to the fire service; a school logs its own drills: their answers to a checklist are kept.
    expected = 200 if name in ("dora", "pema", "otto") else 403
    assert (answer.status_code, answer.is_json) == (expected, True)
    assert _standing(row) is None


def test_work_in_another_name_waits_until_it_is_proven(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    shared = tablet_of("ines", "shared")
    op = shared.op(row.id, by=str(cast.people["ivo"]))
    assert shared.send(op)[0]["reason"] == "unproven"
    ivo = tablet_of("ivo", "shared")
    grant = ivo.client.post("/sync/grant", json={"device": "shared"}).json
    told = shared.send(op, grants={grant["person"]: grant["grant"]})[0]
    assert told["status"] == "applied"
    db.session.rollback()
    assert db.session.scalars(sa.select(AnswerOp.by_id)).one() == cast.people["ivo"]


def test_a_token_of_another_tablet_or_a_changed_password_proves_nothing(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    shared, ivo = tablet_of("ines", "shared"), tablet_of("ivo", "elsewhere")
    there = ivo.client.post("/sync/grant", json={"device": "elsewhere"}).json
    assert (
        shared.send(shared.op(row.id, by=there["person"]), grants={there["person"]: there["grant"]})[0]["reason"]
        == "unproven"
    )
    here = ivo.client.post("/sync/grant", json={"device": "shared"}).json
    cast.person("ivo").password_hash = "another"
    db.session.commit()
    assert (
        shared.send(shared.op(row.id, by=here["person"]), grants={here["person"]: here["grant"]})[0]["reason"]
        == "unproven"
    )


def test_a_password_proves_and_wrong_ones_run_out(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    from tests.inspections.filling import PASSWORD, give_ivo_a_password

    give_ivo_a_password(cast)
    tablet, ivo = tablet_of(), str(cast.people["ivo"])
    assert tablet.send(tablet.op(row.id, by=ivo), passwords={ivo: PASSWORD})[0]["status"] == "applied"
    for _try in range(8):
        tablet.send(passwords={ivo: "wrong"})
    assert tablet.send(tablet.op(row.id, by=ivo), passwords={ivo: PASSWORD})[0]["reason"] == "unproven"


def test_a_removed_officers_work_is_held_for_the_leader(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    cast.person("ivo").active = False
    db.session.commit()
    tablet = tablet_of()
    told = tablet.send(tablet.op(row.id, by=str(cast.people["ivo"])))[0]
    assert (told["status"], told["reason"]) == ("held", "not_yours")


def test_what_comes_after_the_freezing_waits_beside_it(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    frozen(cast, row)
    tablet = tablet_of("ivo")
    same, other = tablet.op(row.id, value="pass"), tablet.op(row.id, value="fail")
    told = tablet.send(same, other)
    assert [t["status"] for t in told] == ["applied", "held"]
    assert told[1]["reason"] == "frozen"
    assert _kept(other).content["value"] == "fail"


def test_a_wrong_clock_is_put_right_and_both_times_are_kept(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of(wrong=timedelta(days=-2))
    op = tablet.op(row.id)
    tablet.send(op)
    db.session.rollback()
    stands = db.session.scalars(sa.select(AnswerOp)).one()
    assert abs(stands.at - clock.now()) < timedelta(seconds=30)
    assert abs(_kept(op).at - (clock.now() - timedelta(days=2))) < timedelta(seconds=30)


def test_a_clock_that_says_nonsense_does_no_harm(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    for client_now in ("", "nonsense", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00", 7):
        op = tablet.op(row.id, at="9999-12-31T23:59:59+00:00")
        assert tablet.send(op, client_now=client_now)[0]["status"] == "applied"
    assert db.session.scalar(sa.select(sa.func.max(AnswerOp.at))) <= clock.now()


def test_changes_tell_only_what_is_new(tablet_of: TabletOf, row: Inspection) -> None:
    one, other = tablet_of("ines"), tablet_of("ivo")
    one.send(one.op(row.id))
    other.send()
    assert [f["item"] for f in other.told["changes"][0]["fields"]] == ["MGT-01"]
    one.send(one.op(row.id, "MGT-02"))
    other.send()
    assert [f["item"] for f in other.told["changes"][0]["fields"]] == ["MGT-02"]
    other.send()
    assert other.told["changes"] == []
    other.cursor = "broken"
    other.send()
    assert len(other.told["changes"][0]["fields"]) == 2


def test_a_body_that_makes_no_sense_is_refused_in_json(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    for body, status, code in (
        (b"", 400, "bad_request"), (b"[]", 400, "bad_request"), (b"{" * 5000, 400, "bad_request"), (b"\xff", 400, "bad_request"),
        (json.dumps(tablet.body([]) | {"device": ""}).encode(), 400, "bad_request"),
        (json.dumps(tablet.body([]) | {"proto": 0}).encode(), 426, "too_old"),
        (json.dumps(tablet.body([tablet.op(row.id)] * 201)).encode(), 413, "too_many"),
    ):  # fmt: skip
        answer = tablet.client.post("/sync/ops", data=body, content_type="application/json")
        assert (answer.status_code, answer.json["error"]) == (status, code)
        assert answer.json["message"]


def test_a_cut_body_is_refused(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    body = json.dumps(tablet.body([tablet.op(row.id)])).encode()
    answer = tablet.client.post(
        "/sync/ops",
        data=body,
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": str(len(body) + 10)},
    )
    assert (answer.status_code, answer.json["error"]) == (400, "cut")


def test_nobody_signed_in_gets_json_and_no_redirect(client: Any) -> None:
    for path in ("/sync/session", "/sync/bundle"):
        assert client.get(path).status_code in (401, 404)
    answer = client.post("/sync/ops", json={})
    assert (answer.status_code, answer.json["error"]) == (401, "sign_in")


def test_without_a_token_the_answer_says_csrf(app: Any, as_person: SignInAs) -> None:
    browser = as_person("ines")
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.post("/sync/ops", json={"device": "a", "proto": 1, "ops": []})
        assert (answer.status_code, answer.json["error"]) == (400, "csrf")
        told = browser.get("/sync/session").json
        answer = browser.post(
            "/sync/ops", json={"device": "a", "proto": 1, "ops": []}, headers={"X-CSRFToken": told["csrf"]}
        )
        assert answer.status_code == 200
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_the_session_says_who_and_registers_the_tablet(cast: Cast, as_person: SignInAs) -> None:
    told = as_person("ines").get("/sync/session?device=tab-9", headers={"X-Device": "3号平板"}).json
    assert told["user"]["id"] == str(cast.people["ines"])
    assert told["proto"] == told["min_proto"] == 1
    tablet = db.session.scalars(sa.select(Tablet)).one()
    assert (tablet.device, tablet.person_id, tablet.label) == ("tab-9", cast.people["ines"], "3号平板")


def test_the_queue_that_is_reported_is_kept(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    tablet.send(tablet.op(row.id), queue={"ops": 231, "photos": 12, "drafts": "many"})
    kept = db.session.scalars(sa.select(Tablet)).one()
    assert kept.waiting == {"ops": 231, "photos": 12}
    assert abs(kept.clock_offset_s or 0) < 5


def test_two_drafts_in_one_request_do_not_mix(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    tablet, second = tablet_of(), draft(cast)
    told = tablet.send(tablet.op(row.id), tablet.op(second.id, value="fail"), tablet.op(row.id, "MGT-02"))
    assert [t["rev"] for t in told] == [1, 1, 2]
    assert (_standing(row), _standing(second)) == ("pass", "fail")


def test_everything_that_came_is_written_down(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    tablet.send(tablet.op(row.id), tablet.op(row.id, kind="drill"))
    db.session.rollback()
    states = [r.state for r in db.session.scalars(sa.select(SyncOp).order_by(SyncOp.id))]
    assert states == [OpState.APPLIED, OpState.REJECTED]
