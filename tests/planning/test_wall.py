"""The code on a school's wall and the form behind it, which needs no account, no name and no script."""

from __future__ import annotations

import io

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from PIL import Image

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import run_all
from app.documents.rules import new_check_code
from app.planning.documents import wall_sheet
from app.planning.jobs import AT_THE_WALL
from app.planning.models.complaints import Complaint, ComplaintPhoto, WallCode
from app.planning.rules.complaints import ComplaintState, Intake
from app.planning.service import complaints as service
from app.planning.service import wall
from app.planning.views import wall as views
from app.schools.models import School
from app.schools.service import merge
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import complaints as factory
from tests.factories.pictures import picture

SAYS = {"kind": "blocked", "place": "二楼东侧", "text": "楼梯门用铁链锁着"}


@pytest.fixture
def address(cast: Cast) -> str:
    """What the code on the wall of Pema's school opens."""
    code = wall.make(cast.viewer("olga"), cast.school).code
    db.session.commit()
    return f"/complaints/at/{code}"


def test_anybody_complains_and_gets_a_receipt_with_the_time_limit(
    cast: Cast, client: FlaskClient, address: str
) -> None:
    answer = client.send(client.page(address), SAYS, button="提交")
    kept = db.session.query(Complaint).one()
    assert kept.number in answer.page.main
    assert "24 小时内到场核查" in answer.page.main
    assert (kept.intake, kept.school_id, kept.brigade_id, kept.is_named, kept.recorded_by_id) == (
        Intake.WALL, cast.school_id, cast.brigade_id, False, None,
    )  # fmt: skip


def test_the_receipt_tells_the_reply_and_never_who_complained(cast: Cast, client: FlaskClient, address: str) -> None:
    answer = client.send(client.page(address), {**SAYS, "name": "梅朵卓嘎", "phone": "13900001234"}, button="提交")
    receipt = answer.request.path
    kept = db.session.query(Complaint).one()
    service.reject(cast.viewer("olga"), kept, reason="内部原因")
    service.reply(cast.viewer("olga"), kept, text="请向住建局反映", on=clock.today(), channel=service.ReplyChannel.PAGE)
    db.session.commit()
    page = client.page(receipt)
    assert "请向住建局反映" in page.main
    assert not any(secret in page.html for secret in ("梅朵卓嘎", "13900001234", "内部原因", "铁链"))


def test_sent_twice_it_is_one_complaint_with_its_photos_once(client: FlaskClient, address: str) -> None:
    page = client.page(address)
    for _time in range(2):
        files_ = [(io.BytesIO(picture()), "门.jpg")]
        assert client.send(page, {**SAYS, "photos": files_}, button="提交").status_code == 200
    assert db.session.query(Complaint).count() == 1
    assert db.session.query(ComplaintPhoto).count() == 1


def test_photos_are_kept_without_place_and_time_and_a_bad_one_is_named(client: FlaskClient, address: str) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0110] = "Phone of a complainant"
    Image.new("RGB", (300, 200), "grey").save(out, "JPEG", exif=exif)
    photos = [(io.BytesIO(b"not a picture"), "坏.jpg"), (io.BytesIO(out.getvalue()), "好.jpg")]
    answer = client.send(client.page(address), {**SAYS, "photos": photos}, button="提交")
    assert "坏.jpg" in answer.page.main
    kept = db.session.query(ComplaintPhoto).one()
    assert b"Phone of a complainant" not in files().get(kept.picture_sha256)


def test_more_than_nine_photos_are_not_kept(client: FlaskClient, address: str) -> None:
    photos = [(io.BytesIO(picture(40 + n, 30)), f"{n}.jpg") for n in range(11)]
    answer = client.send(client.page(address), {**SAYS, "photos": photos}, button="提交")
    assert db.session.query(ComplaintPhoto).count() == service.MOST_PHOTOS
    assert "最多保存 9 张" in answer.page.main


@pytest.mark.parametrize("wrong", [{"text": ""}, {"kind": None}, {"text": "长" * 4001}])
def test_what_says_nothing_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, address: str, wrong: dict[str, str | None]
) -> None:
    answer = client.send(client.page(address), {**SAYS, **wrong}, button="提交")
    assert answer.status_code == 422
    assert "二楼东侧" in answer.page.html
    assert db.session.query(Complaint).count() == 0


def test_a_program_that_fills_in_everything_is_refused_and_a_person_is_told(client: FlaskClient, address: str) -> None:
    answer = client.send(client.page(address), {**SAYS, "leave_empty": "http://spam.example"}, button="提交")
    assert answer.status_code == 422
    assert any("留空" in error for error in answer.page.errors)
    assert db.session.query(Complaint).count() == 0


def test_a_flood_is_stopped(client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(views.MOST_SENT):
        client.send(client.page(address), {**SAYS, "text": f"第{n}次"}, button="提交")
    answer = client.send(client.page(address), {**SAYS, "text": "再来"}, button="提交")
    assert answer.status_code == 429
    assert db.session.query(Complaint).count() == views.MOST_SENT


def test_a_schools_wall_takes_so_many_a_day(client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_OF_A_SCHOOL", 2)
    answers = [
        client.send(client.page(address), {**SAYS, "text": f"第{n}次"}, button="提交").status_code for n in range(3)
    ]
    assert answers == [200, 200, 429]


def test_a_code_that_is_on_no_wall_opens_nothing_and_guessing_is_slow(
    client: FlaskClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_LOOKED", 3)
    codes = [new_check_code(), "A", "2" * 12, new_check_code()]
    assert [client.get(f"/complaints/at/{code}").status_code for code in codes] == [404, 404, 404, 429]
    assert client.get(address).status_code == 200


def test_a_receipt_of_one_wall_is_none_of_another(cast: Cast, client: FlaskClient, address: str) -> None:
    other = factory.received(db.session.get_one(School, cast.ottos_school_id))
    phoned = factory.at_pemas(cast)
    phoned.intake = Intake.PHONE
    db.session.commit()
    for one in (other, phoned):
        assert client.get(f"{address}/{one.id}").status_code == 404


def test_the_code_of_a_merged_school_leads_to_the_one_it_became(cast: Cast, client: FlaskClient, address: str) -> None:
    into = db.session.get_one(School, cast.ottos_school_id)
    merge(cast.viewer("lea"), cast.school, into=into, reason="撤并")
    db.session.commit()
    client.send(client.page(address), SAYS, button="提交")
    assert db.session.query(Complaint).one().school_id == cast.ottos_school_id


def test_the_sheet_is_printed_and_an_old_code_is_withdrawn(
    cast: Cast, as_person: SignInAs, client: FlaskClient
) -> None:
    olga = as_person("olga")
    at = f"/complaints/wall?school={cast.school_id}"
    for _time in range(2):
        olga.post(at)
    first = db.session.query(WallCode).one().code
    waiting = olga.send(olga.page(at), button="打印张贴页（PDF）")
    assert "正在生成张贴页" in waiting.page.main
    run_all()
    sheet = olga.get(olga.page(waiting.request.path).link("打开 PDF"))
    assert (sheet.mimetype, sheet.data[:5]) == ("application/pdf", b"%PDF-")
    assert as_person("ines").get(waiting.request.path).status_code == 404
    olga.send(olga.page(at), button="作废并换新码")
    assert client.get(f"/complaints/at/{first}").status_code == 404
    assert db.session.query(WallCode).count() == 2


def test_the_new_complaint_waits_for_the_brigade_alone(
    cast: Cast, client: FlaskClient, as_person: SignInAs, address: str
) -> None:
    client.send(client.page(address), SAYS, button="提交")
    kept = db.session.query(Complaint).one()
    assert kept.state is ComplaintState.RECEIVED
    assert kept.number in as_person("ines").page("/complaints").main
    assert kept.number not in as_person("oskar").page("/complaints").main


def test_the_sheet_leads_to_the_form(app: Flask) -> None:
    with app.test_request_context():
        assert url_for("planning.at_the_wall", code="X") == f"{AT_THE_WALL}X"


@pytest.mark.parametrize("language", ["zh_Hans_CN", "en"])
def test_the_sheet_is_one_page_also_with_long_names(app: Flask, language: str) -> None:
    names = (
        "示范区河谷镇中心小学附属第一寄宿制教学点",
        "Shifan District Hegu Township Central Primary School, First Boarding Site",
    )
    with app.test_request_context():
        sheet = wall_sheet(
            names, address="https://xf.example.cn/complaints/at/4KDM97QXTB2A", code="4KDM-97QX-TB2A",
            made=clock.local(clock.now()), language=language,
        )  # fmt: skip
    assert (sheet.pages, sheet.substituted) == (1, ())
