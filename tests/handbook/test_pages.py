"""Handbooks from the gaps to the signed receipt: who may, what it wrote, what is refused, twice, other schools."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.fieldwork.models import Signature
from app.handbook import queries
from app.handbook.models import HandbookReceipt, HandbookText, PostHolder
from app.handbook.paper import handbook
from app.handbook.rules import ReceiptState, digest
from app.schools.service import reindex_all
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import handbooks as make
from tests.factories import papers, rectification
from tests.factories.pictures import picture, strokes

TODAY = clock.today()
KEY = "01a20000-0000-7000-8000-000000000003"


def _post(cast: Cast, code: str = "guard") -> str:
    return f"/schools/{cast.school_id}/handbook/{code}"


def _state(cast: Cast, code: str = "guard") -> list[ReceiptState]:
    db.session.expire_all()
    station = queries.desk(cast.school).station(code)
    assert station is not None
    return [one.state for one in station.holdings]


def _signed(**more: Any) -> dict[str, Any]:
    return {"key": KEY, "received_on": TODAY.isoformat(), "signature.strokes": strokes()} | more


def test_a_school_without_anybody_sees_every_gap_and_the_posts_it_has(cast: Cast, as_person: SignInAs) -> None:
    page = as_person("pema").get("/handbook", follow_redirects=True).text
    assert page.count("没有人</span>") == 6
    assert "没有这些岗位：消防控制室值班员、厨房、食堂人员、宿舍管理员、实验室管理员" in page
    assert "防火巡查" in page.split('id="uncovered"')[1]
    cast.school.is_boarding = True
    cast.school.facilities = ["kitchen", "control_room"]
    db.session.commit()
    page = as_person("ines").get(f"/schools/{cast.school_id}/handbook").text
    assert page.count("没有人</span>") == 9
    assert "宿舍管理员" in as_person("beate").get(_post(cast, "warden")).text


def test_a_handbook_says_what_is_law_and_never_what_is_unsure_as_law(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    page = pema.get(_post(cast, "safety_officer")).text
    assert "依据：GB 50444-2008 5.2.1；GB 50974-2014 14.0.3、14.0.4" in page
    assert "仅供参考，条款待核实：GB 51309-2018 6.0.5" in page
    assert "仅供参考，条款待核实：公安部令第61号第三十一条" in page
    assert "建议，不是规定" in page
    rules = page.split('id="rules"')[1].split('id="fire"')[0]
    assert "每月" in rules
    assert "锅炉房" not in rules  # this school has none
    english = pema.get(_post(cast, "safety_officer") + "?lang=en").text
    assert "Full- or part-time fire-safety staff" in english or "专（兼）职" in english


def test_the_schools_own_faults_stand_with_how_to_mend_them(cast: Cast, as_person: SignInAs) -> None:
    row = rectification.inspection(cast)
    for n in range(3):
        rectification.finding(cast, row=row, item_code="EXT-19", category="extinguisher", target_id=str(n))
    rectification.finding(cast, row=row, item_code="KIT-02", category="kitchen")
    old = rectification.inspection(cast, on=TODAY - timedelta(days=400))
    rectification.finding(
        cast, row=old, item_code="LIT-01", category="emergency_lighting", found_on=TODAY - timedelta(days=400)
    )
    db.session.commit()
    faults = as_person("ines").get(_post(cast, "safety_officer")).text.split('id="faults"')[1]
    assert "3 次" in faults
    assert "灭火器没有压力或已用过" in faults
    assert "近一年检查没有发现" in as_person("ines").get(_post(cast, "maintenance")).text
    station = queries.desk(cast.school).station("safety_officer")
    assert station is not None
    said = handbook(cast.viewer("pema"), cast.school, station, language="en")
    assert [(one.times, one.title) for one in said.faults] == [(3, "Extinguisher without pressure or already used")]
    assert "公安部令第61号第三十一条" in {duty.to_verify for duty in said.duties}
    assert not any("第61号" in duty.law for duty in said.duties)


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "lea", "olga", "stan"])
def test_whoever_keeps_the_schools_duties_puts_people_into_posts(cast: Cast, as_person: SignInAs, name: str) -> None:
    browser, form = as_person(name), {"name": " 丹增 ", "from_day": TODAY.isoformat()}
    for _twice in range(2):
        assert "已登记" in browser.post(f"{_post(cast)}/holders", data=form, follow_redirects=True).text
    row = db.session.scalars(sa.select(PostHolder)).one()
    assert (row.name, row.post, row.made_by_id) == ("丹增", "guard", cast.people[name])
    assert _state(cast) == [ReceiptState.MISSING]


@pytest.mark.one_database
def test_what_cannot_be_is_refused(cast: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    for change, said in (({"name": " "}, "请填写姓名"), ({"name": "长" * 81}, "不超过 80 字"), ({"from_day": ""}, "请填写到任日期"), ({"from_day": "2099-01-01"}, "一年以后")):  # fmt: skip
        answer = pema.post(f"{_post(cast)}/holders", data={"name": "丹增", "from_day": TODAY.isoformat()} | change)
        assert (answer.status_code, said in answer.text) == (422, True), change
    row = make.holder(cast)
    db.session.commit()
    receipt = f"/handbook/holders/{row.id}/receipt"
    for change, said in (({"signature.strokes": ""}, "请在框内签名"), ({"received_on": ""}, "请填写签收日期"), ({"received_on": (TODAY + timedelta(days=1)).isoformat()}, "日期不能晚于"), ({"received_on": (TODAY - timedelta(days=60)).isoformat()}, "不能早于到任日期")):  # fmt: skip
        answer = pema.post(receipt, data=_signed(**change))
        assert (answer.status_code, said in answer.text) == (422, True), change
    over = pema.post(f"/handbook/holders/{row.id}/hand-over", data={"to_day": (TODAY - timedelta(days=60)).isoformat()})
    assert "不能早于到任日期" in over.text
    assert db.session.scalars(sa.select(HandbookReceipt)).all() == []
    assert db.session.scalars(sa.select(PostHolder)).one().to_day is None
    assert pema.get(_post(cast, "astronaut")).status_code == 404
    assert pema.get(_post(cast, "warden")).status_code == 404


def test_a_handbook_is_received_on_the_page_once_and_its_words_are_kept(cast: Cast, as_person: SignInAs) -> None:
    row = make.holder(cast)
    db.session.commit()
    pema, receipt = as_person("pema"), f"/handbook/holders/{row.id}/receipt"
    assert "保持校门、消防车通道" in pema.get(receipt).text
    for _twice in range(2):
        assert "已签收" in pema.post(receipt, data=_signed(), follow_redirects=True).text
    kept = db.session.scalars(sa.select(HandbookReceipt)).one()
    text = db.session.get_one(HandbookText, kept.text_sha256)
    assert digest(text.content) == kept.text_sha256
    assert "保持校门" in text.content
    signature = db.session.scalars(sa.select(Signature)).one()
    assert (signature.target_id, signature.content_sha256, signature.method) == (kept.id, kept.text_sha256, "drawn")
    assert (kept.on_paper, _state(cast)) == (False, [ReceiptState.CURRENT])
    for name, status in (("pema", 200), ("ines", 200), ("otto", 404), ("oskar", 404)):
        assert as_person(name).get(f"/signatures/{signature.id}").status_code == status, name


def test_a_receipt_on_paper_has_the_photo_of_the_sheet_and_its_own_day(cast: Cast, as_person: SignInAs) -> None:
    row = make.holder(cast)
    db.session.commit()
    day = (TODAY - timedelta(days=3)).isoformat()
    scan = (io.BytesIO(picture()), "sheet.jpg")
    data = _signed(received_on=day) | {"signature.strokes": "", "signature.scan": scan}
    as_person("sonam").post(f"/handbook/holders/{row.id}/receipt", data=data)
    kept = db.session.scalars(sa.select(HandbookReceipt)).one()
    assert (kept.on_paper, kept.received_on.isoformat()) == (True, day)
    assert db.session.scalars(sa.select(Signature)).one().method == "ink"
    assert "纸上签名" in as_person("ines").get(_post(cast)).text


def test_a_receipt_is_old_when_the_text_changes_and_gone_when_withdrawn(cast: Cast, as_person: SignInAs) -> None:
    row = make.holder(cast)
    received = make.receipt(cast, row)
    db.session.commit()
    pema = as_person("pema")
    assert _state(cast) == [ReceiptState.OLD]
    assert "签收的是旧文本" in pema.get(_post(cast)).text
    pema.post(f"/handbook/holders/{row.id}/receipt", data=_signed())
    assert _state(cast) == [ReceiptState.CURRENT]
    cast.school.is_boarding = True  # now the guard has the night patrol too
    db.session.commit()
    assert _state(cast) == [ReceiptState.OLD]
    for one in db.session.scalars(sa.select(HandbookReceipt)).all():
        withdraw = f"/handbook/receipts/{one.id}/withdraw"
        assert "请写明理由" in pema.post(withdraw, data={"reason": ""}).text
        for _twice in range(2):
            pema.post(withdraw, data={"reason": "登错了人"})
    assert _state(cast) == [ReceiptState.MISSING]
    assert db.session.get_one(HandbookReceipt, received.id).withdrawn_reason == "登错了人"
    assert pema.get(_post(cast)).text.count("登错了人") == 2


def test_a_post_is_handed_over_and_nobody_is_forgotten(cast: Cast, as_person: SignInAs) -> None:
    row = make.holder(cast)
    db.session.commit()
    pema, over = as_person("pema"), f"/handbook/holders/{row.id}/hand-over"
    for _twice in range(2):
        pema.post(over, data={"to_day": TODAY.isoformat(), "successor": "格列"})
    rows = db.session.scalars(sa.select(PostHolder).order_by(PostHolder.from_day)).all()
    assert [(one.name, one.from_day, one.to_day) for one in rows[1:]] == [("格列", TODAY + timedelta(days=1), None)]
    assert rows[0].to_day == TODAY
    page = pema.get(_post(cast)).text
    assert "起到任" in page
    assert "丹增" in page
    station = queries.desk(cast.school).station("guard")
    assert station is not None
    assert (station.is_empty, [one.holder.name for one in station.unsigned]) == (False, ["丹增"])
    row.to_day = TODAY - timedelta(days=1)
    db.session.commit()
    station = queries.desk(cast.school).station("guard")
    assert station is not None
    assert station.is_empty


def test_other_schools_and_brigades_find_nothing_and_readers_change_nothing(cast: Cast, as_person: SignInAs) -> None:
    row = make.holder(cast)
    received = make.receipt(cast, row)
    db.session.commit()
    acts = (
        f"{_post(cast)}/holders", f"{_post(cast)}/preview", f"{_post(cast)}/issue", f"/handbook/holders/{row.id}/receipt",
        f"/handbook/holders/{row.id}/hand-over", f"/handbook/receipts/{received.id}/withdraw",
    )  # fmt: skip
    for name in ("otto", "oskar", "otilia"):
        assert as_person(name).get(_post(cast)).status_code == 404
        # whoever may not keep any school's duties is refused before anything is looked up
        assert {as_person(name).post(act).status_code for act in acts} == {404}, name
    for name in ("beate", "dora"):
        assert as_person(name).get(_post(cast)).status_code == 200
        assert {as_person(name).post(act).status_code for act in acts} == {403}, name
    assert as_person("ada").get(_post(cast)).status_code == 403


def test_the_paper_is_shown_and_made_once_a_day_in_each_language(cast: Cast, as_person: SignInAs) -> None:
    make.holder(cast)
    db.session.commit()
    pema = as_person("pema")
    assert pema.post(f"{_post(cast)}/preview", data={"language": "en"}).status_code == 302
    for _twice in range(2):
        pema.post(f"{_post(cast)}/issue", data={"language": "zh_Hans_CN"})
    pema.post(f"{_post(cast)}/issue", data={"language": "en"})
    made = db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.serial)).all()
    assert [(one.language, one.title) for one in made] == [
        ("zh_Hans_CN", "岗位消防安全手册"), ("en", "Fire-safety handbook of a post")
    ]  # fmt: skip
    assert made[0].number in pema.get(_post(cast)).text


def test_the_list_of_the_brigade_asks_the_same_few_questions_for_many_schools(
    cast: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    ines = as_person("ines")
    numbers = []
    for _round in range(2):
        with count_queries() as counted:
            page = ines.get("/handbook").text
        numbers.append(counted.number)
        for n in range(8):
            make.holder(cast, name=f"甲{n}", post="teacher", school_id=cast.ottos_school_id)
            make.receipt(cast, make.holder(cast, name=f"乙{n}", post="teacher"))
        db.session.commit()
    assert numbers[0] == numbers[1] <= 12
    assert "示范区第二小学" in page
    assert "邻区第一小学" not in page
    reindex_all()
    db.session.commit()
    found = ines.get("/handbook?q=diyi").text
    assert "示范区第一小学" in found
    assert "示范区第二小学" not in found
    for path in (f"/schools/{cast.school_id}/handbook", _post(cast, "teacher")):
        with count_queries() as counted:
            ines.get(path)
        assert counted.number <= 14, path


@pytest.mark.one_database
def test_a_handbook_whose_number_was_voided_is_printed_anew_the_same_day(cast: Cast, as_person: SignInAs) -> None:
    make.holder(cast)
    db.session.commit()
    pema = as_person("pema")
    papers.pressed_anew(cast, lambda: pema.post(f"{_post(cast)}/issue", data={"language": "zh_Hans_CN"}))
