"""What was signed on a tablet is what stands at the server, or nothing is signed."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.core.extensions import db
from app.fieldwork.models import Signature
from app.inspections import signed
from app.inspections.models import Inspection, InspectionState
from app.sync.models import SyncOp
from tests.cast import Cast
from tests.factories import pictures
from tests.factories.inspections import answered
from tests.sync.conftest import TabletOf
from tests.sync.tablet import digest_now

pytestmark = pytest.mark.one_database


def _state(row: Inspection) -> InspectionState:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Inspection, row.id).state


def _signatures() -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) or 0
    db.session.rollback()
    return found


def test_the_digest_says_what_was_signed_and_nothing_of_how_it_came_about(cast: Cast, row: Inspection) -> None:
    answered(cast, row)
    before = digest_now(row.id)
    tidy = signed.digest_of({"b": "二", "a": "一"}, [["X", "", "answer", "pass"]], [])
    assert tidy == signed.digest_of({"a": "一", "b": "二"}, [["X", "", "answer", "pass"]], [])
    db.session.get_one(Inspection, row.id).accompanying = "别人"
    db.session.flush()
    assert signed.digest_now(db.session.get_one(Inspection, row.id)) != before


def test_a_field_that_was_emptied_again_is_as_one_never_filled(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    tablet = tablet_of()
    before = digest_now(row.id)
    tablet.send(tablet.op(row.id, "MGT-01", "pass"), tablet.op(row.id, "MGT-01", "x", field="note"))
    assert digest_now(row.id) != before
    tablet.send(tablet.op(row.id, "MGT-01", ""), tablet.op(row.id, "MGT-01", "", field="note"))
    assert digest_now(row.id) == before


@pytest.mark.parametrize("seen", ["0" * 64, "", None, 7])
def test_a_signature_under_something_else_is_kept_and_signs_nothing(
    cast: Cast, tablet_of: TabletOf, row: Inspection, seen: object
) -> None:
    answered(cast, row)
    tablet = tablet_of()
    lead = tablet.signature(row.id, "lead", "")
    lead["value"]["digest"] = seen
    told = tablet.send(tablet.act("finalise", row.id), lead)
    assert [t["status"] for t in told] == ["applied", "held"]
    assert told[1]["reason"] == "not_as_signed"
    assert "重新签名" in told[1]["message"]
    assert _signatures() == 0


def test_finishing_something_else_than_was_seen_leaves_the_draft_a_draft(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    answered(cast, row)
    tablet = tablet_of()
    told = tablet.send(tablet.act("finalise", row.id, {"digest": "0" * 64}))[0]
    assert (told["status"], told["reason"]) == ("held", "not_as_signed")
    assert _state(row) is InspectionState.DRAFT
    seen = digest_now(row.id)
    told = tablet.send(tablet.act("finalise", row.id, {"digest": seen}))[0]
    assert (told["status"], told["digest"]) == ("applied", seen)
    other = tablet_of("ivo")
    assert other.send(other.act("finalise", row.id, {"digest": "1" * 64}))[0]["reason"] == "not_as_signed"
    assert other.send(other.act("finalise", row.id, {"digest": seen}))[0]["status"] == "applied"


def test_torn_up_signatures_count_no_more_and_the_draft_goes_on(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    answered(cast, row)
    tablet = tablet_of()
    early = tablet.signature(row.id, "lead", "", digest=digest_now(row.id))
    assert tablet.send(early)[0]["reason"] == "not_finalised"
    seen = tablet.told["changes"][0]["rev"]
    told = tablet.send(tablet.act("reopen", row.id), tablet.op(row.id, "MGT-01", "na", base_rev=seen))
    assert [t["status"] for t in told] == ["applied", "applied"]
    tablet.send(tablet.act("finalise", row.id, {"digest": digest_now(row.id)}))
    assert _state(row) is InspectionState.SIGNING
    assert _signatures() == 0
    kept = db.session.scalars(sa.select(SyncOp).where(SyncOp.what == "signature")).one()
    assert kept.dealt_with_by_id == cast.people["ines"]
    db.session.rollback()
    assert tablet.send(tablet.act("reopen", row.id))[0]["status"] == "applied"
    assert _state(row) is InspectionState.DRAFT


def test_what_was_signed_at_the_server_is_not_torn_up_on_a_tablet(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    answered(cast, row)
    tablet = tablet_of()
    tablet.send(tablet.act("finalise", row.id), tablet.signature(row.id, "lead", ""))
    told = tablet.send(tablet.act("reopen", row.id))[0]
    assert (told["status"], told["reason"]) == ("held", "frozen")
    assert _signatures() == 1


def test_ones_own_decisions_and_photos_taken_back_are_nothing_unseen(
    cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    answered(cast, row)
    one, other = tablet_of("ines"), tablet_of("ivo")
    one.send()
    seen = one.told["changes"][0]["rev"]
    content = pictures.picture(seed=9)
    one.upload(content)
    photo = one.photo(row.id, content)
    one.send(photo)
    other.send(other.op(row.id, "MGT-01", "fail"))
    one.send()
    (clash,) = one.told["changes"][0]["contested"]
    told = one.send(
        one.op(row.id, "MGT-01", {"withdrawn": True, "id": photo["op_id"]}, field="photo"),
        one.act(
            "resolve",
            row.id,
            {k: clash[k] for k in ("item", "place", "field")} | {"chosen": clash["options"][0]["op_id"]},
        ),
        one.act("finalise", row.id, base_rev=seen),
    )
    assert [t["status"] for t in told] == ["applied"] * 3, told


def test_strange_words_have_the_digest_that_a_browser_reckons(cast: Cast, row: Inspection) -> None:
    """`JSON.stringify` of the same content, as it is written down here, gives the same bytes."""
    note = 'quote " back \\ line\n tab\t bell\u0007 del\x7f 楼梯 😀 \u2028'
    head = signed.head_of(row)
    assert list(head) == sorted(head)
    script = json.dumps(
        {"answers": [["A", "", "note", note]], "head": head, "photos": []}, ensure_ascii=False, separators=(",", ":")
    )
    import hashlib

    assert signed.digest_of(head, [["A", "", "note", note]], []) == hashlib.sha256(script.encode()).hexdigest()
