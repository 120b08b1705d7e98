"""The labels a tablet knows without network, and blank ones put on pieces during a visit."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.core.extensions import db
from app.equipment.models import Equipment, TagHistory
from app.equipment.rules import tags
from app.equipment.service import labels
from app.inspections.models import Inspection
from app.sync.models import SyncOp
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.sync.conftest import TabletOf


def _piece() -> Equipment:
    db.session.rollback()
    return db.session.scalars(sa.select(Equipment).order_by(Equipment.id).limit(1)).one()


def _blank(cast: Cast) -> str:
    (code,) = labels.make_blanks(cast.viewer("lea"), 1)
    db.session.commit()
    return code


def test_a_blank_label_is_claimed_once(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    tablet, code, piece = tablet_of(), _blank(cast), str(_piece().id)
    op = tablet.act("label", row.id, {"piece": piece, "code": code})
    assert [t["status"] for t in tablet.send(op)] == ["applied"]
    assert [
        t["status"] for t in tablet.send(op, tablet.act("label", row.id, {"piece": piece, "code": tags.spaced(code)}))
    ] == ["duplicate", "applied"]
    assert _piece().tag_code == code
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).where(TagHistory.tag_code == code, TagHistory.equipment_id.is_not(None))
        )
        == 1
    )


def test_a_label_that_cannot_be_put_there_is_kept_with_the_reason(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    tablet, code = tablet_of(), _blank(cast)
    first, other = db.session.scalars(sa.select(Equipment).order_by(Equipment.id).limit(2)).all()
    labels.stick(cast.viewer("lea"), other, code)
    db.session.commit()
    elsewhere = db.session.get_one(Inspection, row.id)
    told = tablet.send(
        tablet.act("label", elsewhere.id, {"piece": str(first.id), "code": code}),
        tablet.act("label", elsewhere.id, {"piece": str(first.id), "code": "ABC-DEFG"}),
        tablet.act("label", elsewhere.id, {"piece": str(uuid.uuid4()), "code": code}),
        tablet.act("label", elsewhere.id, {"piece": "x", "code": code}),
    )
    assert [t["reason"] for t in told] == ["refused", "refused", "refused", "bad_value"]
    assert "另一件器材" in told[0]["message"]
    assert (
        tablet_of("oskar").send(tablet_of("oskar").act("label", row.id, {"piece": str(first.id), "code": code}))[0][
            "reason"
        ]
        == "not_yours"
    )
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SyncOp)) == 5
    assert _piece().tag_code is None


def test_the_tablet_knows_the_brigades_labels_and_no_others(cast: Cast, as_person: SignInAs, row: Inspection) -> None:
    code, piece = _blank(cast), _piece()
    labels.give_codes(cast.viewer("lea"), [piece.id])
    db.session.commit()
    given = _piece().tag_code
    answer = as_person("ines").get("/sync/labels")
    assert answer.json["blank"].split() == [code]
    assert [(one["id"], one["codes"]) for one in answer.json["schools"]] == [(str(cast.school_id), given)]
    assert as_person("ines").get("/sync/labels", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    strange = as_person("oskar").get("/sync/labels").json
    assert (strange["blank"], strange["schools"]) == ("", [])
    assert as_person("pema").get("/sync/labels").status_code == 403


def test_only_the_visits_page_may_run_the_reader(as_person: SignInAs, row: Inspection) -> None:
    ines = as_person("ines")
    assert "'wasm-unsafe-eval'" in ines.get(f"/sync/visits/{row.id}").headers["Content-Security-Policy"]
    assert "wasm" not in ines.get("/sync/").headers["Content-Security-Policy"]


def test_the_visit_says_how_this_brigade_makes_orders_on_the_spot(
    cast: Cast, as_person: SignInAs, row: Inspection
) -> None:
    ines = as_person("ines")
    assert "用预先编号的文书本" in ines.get(f"/sync/visits/{row.id}").text
    cast.brigade.settings = {"spot_orders": "online"}
    db.session.commit()
    page = ines.get(f"/sync/visits/{row.id}").text
    assert "到有网络处由系统编号" in page
    assert "用预先编号的文书本" not in page
