"""What a school sends by link: evidence, photos one by one, an item handed on, more time, letters, sealed scans."""

from __future__ import annotations

import io
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.extensions import db
from app.core.jobs import run_all
from app.documents.models import IssuedDocument, SealedScan
from app.fieldwork.models import Photo
from app.notifications.models import Outbox
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import Extension, ItemHolder, OrderEvent
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import evidence as evidence_service
from app.rectification.service import extending
from tests.cast import Cast
from tests.factories import rectification as make
from tests.factories.pictures import picture
from tests.portal.steps import linked, photo


def _text(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def _sending(**more: Any) -> dict[str, Any]:
    return {
        "note": "已换锁",
        "done_by": "达瓦",
        "cost": "480.5",
        "sender_name": "索南",
        "key": str(uuid.uuid4()),
    } | more


def _return(cast: Cast, reason: str = "照片看不清，请重拍") -> None:
    sent = db.session.scalars(sa.select(Evidence).order_by(Evidence.sent_at.desc())).first()
    evidence_service.answer_evidence(cast.viewer("ines"), evidence=sent, answer=EvidenceAnswer.RETURNED, reason=reason)
    db.session.commit()


def test_photos_and_words_are_kept_with_who_did_it_and_the_cost(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    answer = client.post(
        f"{address}/items/1/evidence", data=_sending(photos=[photo(1), photo(2, "b.jpg")], asks_recheck="y")
    )
    assert answer.status_code == 302
    sent = db.session.scalars(sa.select(Evidence)).one()
    assert (sent.sent_by_name, sent.sent_by_id, sent.done_by, sent.cost) == ("索南", None, "达瓦", Decimal("480.50"))
    assert (sent.asks_recheck, sent.link_id is not None) == (True, True)
    assert db.session.scalar(sa.select(sa.func.count(Photo.id))) == 2
    assert db.session.scalars(sa.select(Finding.closed_on)).all() == [None, None]
    page = _text(client.get(f"{address}/items/1"))
    for said in ("索南 报送整改情况", "等待大队答复", "整改人：达瓦", "费用：480.50 元"):
        assert said in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"note": ""}, "请上传整改照片"),
        ({"sender_name": ""}, "请填写您的姓名"),
        ({"cost": "-1"}, "费用须是 0 到"),
        ({"cost": "很贵"}, "有几处需要更正"),
        ({"note": "长" * 1001}, "不超过 1000 字"),
        ({"done_by": "长" * 121}, "不超过 120 字"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence(
    cast: Cast, client: FlaskClient, data: dict[str, str], said: str
) -> None:
    _order, address = linked(cast)
    answer = client.post(f"{address}/items/1/evidence", data=_sending(**data))
    assert answer.status_code == 422
    assert said in _text(answer)
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0


def test_the_same_form_sent_twice_is_kept_once_and_its_key_serves_one_item_only(
    cast: Cast, client: FlaskClient
) -> None:
    _order, address = linked(cast)
    data = _sending()
    for _again in range(2):
        assert client.post(f"{address}/items/1/evidence", data=data).status_code == 302
    assert client.post(f"{address}/items/2/evidence", data=data).status_code == 422
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1


def test_returned_evidence_says_why_and_can_be_sent_again(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    client.post(f"{address}/items/1/evidence", data=_sending(asks_recheck="y"))
    assert "复查应于" in _text(client.get(address))
    _return(cast)
    page = _text(client.get(address))
    for said in ("材料已退回，请补充后重新报送", "照片看不清，请重拍", "补充材料后重新报送"):
        assert said in page
    assert "复查应于" not in page  # what came back asks for nothing
    assert client.post(f"{address}/items/1/evidence", data=_sending(note="重拍了")).status_code == 302
    page = _text(client.get(address))
    assert "材料已退回，请补充" not in page
    assert "已报送，等待答复" in page


def _photo_fields(key: str, photo_id: str, content: bytes, **more: Any) -> dict[str, Any]:
    return {"key": key, "photo_id": photo_id, "photo": (io.BytesIO(content), "a.jpg")} | more


def test_photos_come_one_by_one_before_the_words_and_each_is_kept_once(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    key = str(uuid.uuid4())
    for seed in range(3):
        for photo_id in (str(uuid.uuid4()),) * 2:  # sent again under its id
            answer = client.post(f"{address}/items/1/photos", data=_photo_fields(key, photo_id, picture(seed=seed)))
            assert (answer.status_code, answer.json["kept"]) == (200, seed + 1)
    again = client.post(f"{address}/items/1/photos", data=_photo_fields(key, str(uuid.uuid4()), picture(seed=0)))
    assert again.json["kept"] == 3  # the same bytes under another id are the same photo
    assert client.get(f"{address}/items/1/photos?key={key}").json == {"kept": 3, "sent": False}
    assert client.post(f"{address}/items/1/evidence", data=_sending(note="", key=key)).status_code == 302
    assert client.get(f"{address}/items/1/photos?key={key}").json == {"kept": 3, "sent": True}
    sent = db.session.scalars(sa.select(Evidence)).one()
    assert {p.place for p in db.session.scalars(sa.select(Photo))} == {str(sent.id)} == {key}
    event = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "send_evidence")).one()
    assert event.detail["photos"] == 3


def test_a_photo_that_is_none_or_too_much_is_refused_in_a_sentence(
    cast: Cast, client: FlaskClient, monkeypatch: Any
) -> None:
    _order, address = linked(cast)
    key = str(uuid.uuid4())
    bad = client.post(f"{address}/items/1/photos", data=_photo_fields(key, str(uuid.uuid4()), b"not a photo"))
    assert (bad.status_code, "不是 JPEG" in bad.json["message"]) == (422, True)
    cut = client.post(f"{address}/items/1/photos", data={"key": key})
    assert (cut.status_code, cut.json["error"]) == (400, "incomplete")
    monkeypatch.setattr(evidence_service, "MOST_TOGETHER", 1)
    statuses = [
        client.post(
            f"{address}/items/1/photos", data=_photo_fields(key, str(uuid.uuid4()), picture(seed=n))
        ).status_code
        for n in range(2)
    ]
    assert statuses == [200, 422]


def test_words_alone_are_not_sent_when_none_of_the_chosen_photos_was_kept(cast: Cast, client: FlaskClient) -> None:
    """Script has sent them ahead, and tells which failed."""
    _order, address = linked(cast)
    key, told = str(uuid.uuid4()), ["门.jpg：不是 JPEG 图片。"]
    refused = client.post(f"{address}/items/1/evidence", data=_sending(key=key, not_kept=told))
    assert refused.status_code == 422
    assert "门.jpg：不是 JPEG 图片。" in _text(refused)
    assert "已换锁" in _text(refused)  # what was typed stays
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 0
    kept = _photo_fields(key, str(uuid.uuid4()), picture(seed=4))
    assert client.post(f"{address}/items/1/photos", data=kept).status_code == 200
    sent = client.post(f"{address}/items/1/evidence", data=_sending(key=key, not_kept=told))
    assert sent.status_code == 302
    assert db.session.scalar(sa.select(sa.func.count(Evidence.id))) == 1


def test_an_item_is_handed_on_and_the_former_holders_stay_on_record(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    for name in ("达瓦", "达瓦", "次仁"):
        data = {"name": name, "post": "总务", "phone": "0000-1", "sender_name": "白玛"}
        assert client.post(f"{address}/items/1/holder", data=data).status_code == 302
    kept = db.session.scalars(sa.select(ItemHolder).order_by(ItemHolder.given_at)).all()
    assert [(holder.name, holder.given_by_name) for holder in kept] == [("达瓦", "白玛"), ("次仁", "白玛")]
    assert "责任人：次仁" in _text(client.get(address))
    page = _text(client.get(f"{address}/items/1"))
    assert "交办给 达瓦 总务" in page
    assert client.post(f"{address}/items/1/holder", data={"name": "", "sender_name": "白玛"}).status_code == 422


def test_more_time_is_asked_for_once_and_refused_with_a_sentence(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    due = db.session.scalars(sa.select(Finding.deadline)).first()
    assert due is not None
    data = {"wanted": (due + timedelta(days=10)).isoformat(), "reason": "配件未到", "sender_name": "白玛"}
    early = client.post(f"{address}/items/1/extension", data=data | {"wanted": due.isoformat()})
    assert early.status_code == 422
    assert client.post(f"{address}/items/1/extension", data=data).status_code == 302
    assert client.post(f"{address}/items/1/extension", data=data).status_code == 422
    asked = db.session.scalars(sa.select(Extension)).one()
    assert (asked.asked_by_name, asked.reason) == ("白玛", "配件未到")
    page = _text(client.get(f"{address}/items/1"))
    assert "已有延期申请在等待答复" in page
    extending.decide(cast.viewer("lea"), asked, granted=True, reason="同意")
    db.session.commit()
    page = _text(client.get(f"{address}/items/1"))
    assert "同意延期至" in page
    assert "已延期 1 次，不能再次申请" in page


def test_the_reply_is_made_from_what_was_sent_and_again_only_when_there_is_news(
    cast: Cast, client: FlaskClient
) -> None:
    _order, address = linked(cast)
    early = client.post(f"{address}/letters/reply")
    assert (early.status_code, "请先逐项报送" in _text(early)) == (422, True)
    client.post(f"{address}/items/1/evidence", data=_sending(photos=[photo(1)]))
    first = client.post(f"{address}/letters/reply").headers["Location"]
    assert client.post(f"{address}/letters/reply").headers["Location"] == first
    assert "正在制作 PDF" in _text(client.get(first))
    assert run_all() >= 1
    assert "打开 PDF" in _text(client.get(first))
    assert client.get(f"{first}.pdf").get_data().startswith(b"%PDF-")
    client.post(f"{address}/items/2/evidence", data=_sending(note="第二项也改好了"))
    second = client.post(f"{address}/letters/reply").headers["Location"]
    assert second != first
    papers = db.session.scalars(
        sa.select(IssuedDocument).where(IssuedDocument.kind == "rectification_reply").order_by(IssuedDocument.made_at)
    ).all()
    assert [paper.number[:3] for paper in papers] == ["校复〔"] * 2
    assert papers[1].replaces_id == papers[0].id


def test_the_request_for_the_re_check_names_the_items_that_ask_for_it(cast: Cast, client: FlaskClient) -> None:
    _order, address = linked(cast)
    client.post(f"{address}/items/1/evidence", data=_sending())
    assert client.post(f"{address}/letters/recheck").status_code == 422
    client.post(f"{address}/items/2/evidence", data=_sending(asks_recheck="y"))
    assert client.post(f"{address}/letters/recheck").status_code == 302
    assert client.post(f"{address}/letters/extension").status_code == 422
    assert client.post(f"{address}/letters/other").status_code == 404


@pytest.mark.one_database
def test_the_sealed_scan_is_kept_once_beside_the_letter(cast: Cast, client: FlaskClient) -> None:
    order, address = linked(cast)
    client.post(f"{address}/items/1/evidence", data=_sending())
    letter = client.post(f"{address}/letters/reply").headers["Location"]
    run_all()
    for _again in range(2):
        data = {"scan": (io.BytesIO(b"%PDF-1.7 sealed\n%%EOF"), "复函.pdf"), "sender_name": "白玛"}
        assert client.post(f"{letter}/scan", data=data).status_code == 302
    scan = db.session.scalars(sa.select(SealedScan)).one()
    assert (scan.added_by_name, scan.media_type) == ("白玛", "application/pdf")
    assert client.get(f"{letter}/sealed").get_data().startswith(b"%PDF-1.7 sealed")
    assert "已有盖章件" in _text(client.get(address))
    told = db.session.scalars(sa.select(OrderEvent).where(OrderEvent.act == "seal_letter")).all()
    assert len(told) == 1
    none = client.post(f"{letter}/scan", data={"sender_name": "白玛"})
    assert (none.status_code, "文件是空的" in _text(none)) == (422, True)
    run_all()
    paper = f"{address}/papers/{order.document_id}/scan"  # the brigade's own paper takes no seal of the school
    assert client.post(paper, data={"sender_name": "白玛"}).status_code == 404


def test_an_account_does_the_same_without_typing_its_name(cast: Cast, as_person: Any) -> None:
    order, _address = linked(cast)
    pema, at = as_person("pema"), f"/portal/orders/{order.id}"
    assert "您的姓名" not in _text(pema.get(f"{at}/items/1"))
    assert pema.post(f"{at}/items/1/evidence", data={"note": "已换锁", "key": str(uuid.uuid4())}).status_code == 302
    assert pema.post(f"{at}/items/1/holder", data={"name": "达瓦"}).status_code == 302
    sent = db.session.scalars(sa.select(Evidence)).one()
    assert (sent.sent_by_id, sent.link_id) == (cast.people["pema"], None)
    assert pema.post(f"{at}/letters/reply").status_code == 302


def test_home_shows_orders_with_their_items_first_and_who_is_who(cast: Cast, as_person: Any) -> None:
    order, _address = linked(cast)
    make.finding(cast, text="没有文书的问题一", item_code="ELE-01")
    db.session.commit()
    page = _text(as_person("pema").get("/portal"))
    assert page.index(order.number) < page.index("没有列入文书的问题") < page.index("没有文书的问题一")
    assert f"/portal/orders/{order.id}/items/2" in page
    as_person("pema").post(f"/portal/orders/{order.id}/items/1/holder", data={"name": "达瓦", "post": "总务"})
    people = _text(as_person("pema").get("/portal/people"))
    for said in ("白玛", "校长（消防安全责任人）", "达瓦", "总务"):
        assert said in people


def _handed(cast: Cast, client: FlaskClient, **more: str) -> list[Outbox]:
    _order, address = linked(cast)
    data = {"name": "索南", "post": "总务", "phone": "", "sender_name": "白玛"} | more
    for _again in range(2):
        assert client.post(f"{address}/items/1/holder", data=data).status_code == 302
    db.session.rollback()
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == "item_handed")))


@pytest.mark.parametrize("by", ["name", "phone"])
def test_a_holder_with_an_account_is_told_once_with_the_way_to_the_item(
    cast: Cast, client: FlaskClient, by: str
) -> None:
    sonam = cast.person("sonam")
    sonam.phone = "0000-000 1208"
    db.session.commit()
    said = {"name": sonam.name} if by == "name" else {"name": "索老师", "phone": "0000 0001208"}
    (told,) = _handed(cast, client, **said)
    assert told.person_ids == [str(sonam.id)]
    assert told.data["page"].endswith("/items/1")
    assert told.data["text"]


def test_nobody_is_told_where_the_holder_has_no_account_or_the_number_is_anothers(
    cast: Cast, client: FlaskClient
) -> None:
    sonam = cast.person("sonam")
    sonam.phone = "0000-000 1208"
    db.session.commit()
    assert _handed(cast, client, name="门卫多吉", phone="0000-000 9999") == []
    assert _handed(cast, client, name=sonam.name, phone="0000-000 9999") == []


def test_photos_are_unpacked_before_anything_is_held_in_the_database(app: Any, cast: Cast) -> None:
    from app.core import pictures
    from app.core.errors import DomainError

    good, bad = picture(seed=1), b"not a photo"
    with app.test_request_context("/", method="POST"):
        db.session.scalar(sa.select(Finding.id).limit(1))
        (problem,) = pictures.unpack_ahead([("a.jpg", good), ("b.jpg", bad)])
        assert not db.session().in_transaction()
        assert "b.jpg" in problem
        assert pictures.prepare(good) is pictures.prepare(good)
        with pytest.raises(DomainError, match=r"b\.jpg"):
            pictures.prepare(bad)
    assert pictures.prepare(good) is not pictures.prepare(good)
