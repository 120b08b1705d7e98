"""Pages of what tablets brought: settling, taking in, putting aside; and the register."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Signature
from app.inspections.models import Inspection, InspectionState
from app.sync.models import SyncOp, Tablet
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.inspections import answered
from tests.sync.conftest import TabletOf


def _disagree(tablet_of: TabletOf, row: Inspection) -> None:
    one, other, content = tablet_of("ines"), tablet_of("ivo"), pictures.picture()
    one.upload(content)
    one.send(one.op(row.id, value="pass"), one.photo(row.id, content))
    assert other.send(other.op(row.id, value="fail"))[0]["status"] == "conflict"


def _audited(action: str) -> list[AuditEntry]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def test_both_values_stand_side_by_side_and_one_tap_settles(
    tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    _disagree(tablet_of, row)
    client = as_person("lea")
    page = client.page("/sync/conflicts")
    options = page.all('//section[@class="option"]')
    assert len(options) == 2
    assert len(page.all('//section[@class="option"]//img')) == 1
    assert "尼玛" in page.text
    assert "次仁" in page.text
    chosen = page.all('//button[@name="chosen"]')[1].get("value")
    said = {"item": "MGT-01", "place": "", "field": "answer", "chosen": chosen}
    settled = client.post(f"/sync/conflicts/{row.id}", data=said)
    assert settled.status_code == 302
    db.session.rollback()
    assert fieldwork.folded(row.id).value("MGT-01", "", "answer") == "fail"
    assert set(_audited("settle_conflict")[0].detail["values"].values()) == {"pass", "fail"}
    assert "没有等待确定的内容" in client.page("/sync/conflicts").text


@pytest.mark.parametrize("name", ["oskar"])
def test_another_brigade_sees_and_settles_nothing(
    tablet_of: TabletOf, as_person: SignInAs, row: Inspection, name: str
) -> None:
    _disagree(tablet_of, row)
    client = as_person(name)
    assert "没有等待确定的内容" in client.page("/sync/conflicts").text
    chosen = db.session.scalars(sa.select(AnswerOp.op_id)).first()
    answer = client.post(f"/sync/conflicts/{row.id}", data={"item": "MGT-01", "field": "answer", "chosen": str(chosen)})
    assert answer.status_code == 404


def test_a_removed_officers_work_is_taken_in_by_the_leader_in_the_officers_name(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    cast.person("ivo").active = False
    db.session.commit()
    tablet = tablet_of("ines")
    tablet.send(*(tablet.op(row.id, item, by=str(cast.people["ivo"])) for item in ("MGT-01", "MGT-02")))
    assert "采用到检查" not in as_person("ines").page("/sync/conflicts").text
    client = as_person("lea")
    page = client.page("/sync/conflicts")
    assert client.send(page, {}, button="采用到检查", form=None, follow=False).status_code == 302
    db.session.rollback()
    ops = db.session.scalars(sa.select(AnswerOp)).all()
    assert [op.by_id for op in ops] == [cast.people["ivo"]] * 2
    assert _audited("take_in_kept")[0].person_id == cast.people["lea"]
    assert "没有等待确定的内容" in client.page("/sync/conflicts").text


def test_a_draft_of_an_officer_who_has_gone_is_led_by_the_leader(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs
) -> None:
    cast.person("ivo").active = False
    db.session.commit()
    tablet, target, ivo = tablet_of("ines"), new_id(), str(cast.people["ivo"])
    tablet.send(tablet.act("create", target, {"school": str(cast.school_id)}, by=ivo), tablet.op(target, by=ivo))
    client = as_person("lea")
    kept = db.session.scalars(sa.select(SyncOp).order_by(SyncOp.id)).first()
    assert kept is not None
    assert client.post(f"/sync/kept/{kept.id}/take-in").status_code == 302
    db.session.rollback()
    assert db.session.get_one(Inspection, target).lead_id == cast.people["lea"]
    assert fieldwork.folded(target).value("MGT-01", "", "answer") == "pass"


def test_the_second_officer_confirms_with_one_tap_and_the_leader_cannot(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    answered(cast, row)
    tablet = tablet_of("ines")
    second = tablet.signature(row.id, "second", "次仁", by=str(cast.people["ivo"]))
    tablet.send(
        tablet.act("finalise", row.id),
        tablet.signature(row.id, "lead", ""),
        tablet.signature(row.id, "school", "索南"),
        second,
    )
    db.session.rollback()
    kept = db.session.scalars(sa.select(SyncOp).where(SyncOp.reason == "unproven")).one()
    address = f"/sync/kept/{kept.id}/take-in"
    refused = as_person("lea").post(address, follow_redirects=True)
    assert "签名须由本人登录后确认" in refused.text
    assert as_person("ivo").post(address).status_code == 302
    db.session.rollback()
    assert db.session.get_one(Inspection, row.id).state is InspectionState.SIGNED
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 3


def test_what_is_not_wanted_is_put_aside_with_a_reason_and_stays_on_record(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    tablet = tablet_of("ines")
    tablet.send(tablet.op(row.id, kind="drill"))
    kept = db.session.scalars(sa.select(SyncOp)).one()
    client = as_person("lea")
    refused = client.post(f"/sync/kept/{kept.id}/put-aside", data={"reason": " "}, follow_redirects=True)
    assert "请写明不采用的原因" in refused.text
    assert client.post(f"/sync/kept/{kept.id}/put-aside", data={"reason": "试用"}).status_code == 302
    db.session.expire_all()
    assert db.session.scalars(sa.select(SyncOp)).one().content["item"] == "MGT-01"
    assert _audited("put_kept_aside")[0].detail["reason"] == "试用"
    assert client.post(f"/sync/kept/{kept.id}/put-aside", data={"reason": "x"}).status_code == 404


def test_the_home_of_the_officer_says_that_something_waits(
    tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    assert "平板带回的内容" not in as_person("ines").page("/").text
    _disagree(tablet_of, row)
    assert "有 1 处等您确定" in as_person("ines").page("/").text


def test_the_register_shows_quiet_tablets_first(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    for name, ops in (("ines", 3), ("ivo", 0)):
        tablet = tablet_of(name)
        tablet.send(tablet.op(row.id), queue={"ops": ops, "photos": 1 if ops else 0, "drafts": 1 if ops else 0})
    db.session.execute(sa.update(Tablet).values(last_seen_at=clock.now() - timedelta(days=3)))
    db.session.commit()
    page = as_person("lea").page("/sync/devices")
    states = [tag.get("data-status") for tag in page.all("//td//*[@data-status]")]
    assert states == ["quiet", "here"]
    assert "3 条，照片 1 张" in page.text


def test_a_lost_tablet_proves_nobody_any_more(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs, row: Inspection
) -> None:
    ivo = tablet_of("ivo", "shared")
    grant = ivo.client.post("/sync/grant", json={"device": "shared"}).json
    kept = db.session.scalars(sa.select(Tablet)).one()
    assert as_person("ines").post(f"/sync/devices/{kept.id}/lost").status_code == 403
    assert as_person("lea").post(f"/sync/devices/{kept.id}/lost").status_code == 302
    shared = tablet_of("ines", "shared")
    told: Any = shared.send(shared.op(row.id, by=grant["person"]), grants={grant["person"]: grant["grant"]})
    assert told[0]["reason"] == "unproven"
    assert len(_audited("tablet_lost")) == 1


def test_a_tablet_of_another_brigade_is_not_there(tablet_of: TabletOf, as_person: SignInAs) -> None:
    oskar = tablet_of("oskar")
    oskar.send()
    kept = db.session.scalars(sa.select(Tablet)).one()
    assert kept.device not in as_person("lea").page("/sync/devices").text
    assert as_person("lea").post(f"/sync/devices/{kept.id}/lost").status_code == 404
    assert as_person("lea").post(f"/sync/devices/{uuid.uuid4()}/lost").status_code == 404
