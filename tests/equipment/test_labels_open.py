"""What a label opens, for whom, and how it gets onto a piece."""

import pytest

from app.core.extensions import db
from app.core.panels import rendered_panels
from app.equipment.models import Equipment, TagHistory
from app.equipment.rules import tags
from app.equipment.service import labels
from app.schools.service import reindex_all
from tests.factories import equipment as make

CODE = tags.with_check("ABC234")
OTHER = tags.with_check("XYZ789")


@pytest.fixture
def piece(cast):
    piece = make.extinguisher(cast.school, label="1F-01")
    labels.stick(cast.viewer("ines"), piece, CODE)
    db.session.commit()
    return piece


@pytest.mark.parametrize("form", ["{0}", "{1}", "{2}", " {1} ", "http://old.server:8000/e/{0}"])
def test_every_form_of_a_code_opens_the_piece(piece, as_person, form):
    text = form.format(CODE, tags.spaced(CODE), CODE.lower())
    client = as_person("ines")
    assert "1F-01" in client.page("/equipment/find?code=" + text.replace(" ", "%20")).h1
    assert client.get(f"/e/{text}").headers["Location"].endswith(f"/equipment/{piece.id}")


def test_who_has_not_signed_in_signs_in_first_and_then_gets_there(piece, client):
    answer = client.get(f"/e/{CODE}")
    assert answer.status_code == 302
    assert f"next=/e/{CODE}" in answer.headers["Location"].replace("%2F", "/")


def test_the_school_opens_its_own_label_and_another_gets_nothing(piece, as_person):
    assert as_person("pema").get(f"/e/{CODE}").status_code == 302
    for who in ("otto", "oskar", "otilia"):
        assert as_person(who).get(f"/e/{CODE}").status_code == 404


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CODE[:-1] + ("2" if CODE[-1] != "2" else "3"), "可能有一位输错"),
        (CODE[1] + CODE[0] + CODE[2:], "可能有一位输错"),
        ("ABC", "您输入了 3 位"),
        ("ABC-O123", "没有“O”"),
        ("灭火器", "没有“灭”"),
        ("", "请扫描标签"),
    ],
)
def test_a_wrong_code_is_answered_with_a_sentence(piece, as_person, text, said):
    answer = as_person("ines").get("/equipment/find", query_string={"code": text})
    assert answer.status_code == 404
    assert said in answer.page.text
    assert "1F-01" not in answer.page.text


def test_an_unused_label_is_offered_and_stuck_on_a_piece(piece, as_person):
    client = as_person("ines")
    page = client.page(f"/e/{OTHER}")
    assert "没有贴在任何器材上" in page.text
    page = client.page(f"/e/{OTHER}?q=1F-01")
    client.send(page, form=f"/equipment/{piece.id}/tag")
    db.session.expire_all()
    assert db.session.get_one(Equipment, piece.id).tag_code == OTHER
    old, new = db.session.query(TagHistory).order_by(TagHistory.from_at, TagHistory.id)
    assert (old.tag_code, old.to_at is not None, new.tag_code, new.to_at) == (CODE, True, OTHER, None)
    assert "1F-01" in client.page(f"/e/{CODE}").text  # where the old label was last


def test_an_unused_label_can_begin_a_new_piece(cast, as_person):
    reindex_all()
    db.session.commit()
    client = as_person("ines")
    page = client.page(f"/e/{OTHER}?q=diyixiaoxue")
    page = client.page(page.link("登记新器材"))
    page = client.page(page.link("灭火器"))
    client.send(page, {"agent": "water", "label": "新"})
    [piece] = db.session.query(Equipment)
    assert (piece.label, piece.tag_code) == ("新", OTHER)


def test_a_school_is_told_and_offered_nothing(cast, as_person):
    answer = as_person("pema").get(f"/e/{OTHER}")
    assert answer.status_code == 404
    assert "没有贴在任何器材上" in answer.page.text
    assert "登记新器材" not in answer.page.text


def test_a_label_on_another_piece_stays_there(cast, piece, as_person):
    light = make.light(cast.school)
    db.session.commit()
    answer = as_person("ines").post(f"/equipment/{light.id}/tag", data={"tag": CODE})
    assert answer.status_code == 422
    assert "已贴在另一件器材上" in answer.page.text
    assert db.session.get_one(Equipment, piece.id).tag_code == CODE


def test_sticking_the_same_label_twice_does_no_harm(cast, piece):
    labels.stick(cast.viewer("ines"), piece, CODE.lower())
    assert db.session.query(TagHistory).count() == 1


def test_a_label_can_be_taken_off(cast, piece, as_person):
    client = as_person("ines")
    client.send(client.page(f"/equipment/{piece.id}"), form="untag")
    db.session.expire_all()
    assert db.session.get_one(Equipment, piece.id).tag_code is None
    assert client.post(f"/equipment/{piece.id}/untag").status_code == 422


def test_codes_are_given_once_and_in_few_queries(cast, count_queries):
    make.a_school_full_of(cast, pieces=120)
    ids = [row[0] for row in db.session.query(Equipment.id)]
    with count_queries() as counted:
        assert labels.give_codes(None, ids) == 120
    assert counted.number <= 6
    assert labels.give_codes(None, ids) == 0
    assert db.session.query(Equipment.tag_code).distinct().count() == 120


def test_blank_codes_are_never_given_again(cast):
    codes = labels.make_blanks(cast.viewer("olga"), 50)
    assert len(set(codes)) == 50
    assert not set(codes) & set(labels.fresh_codes(50))
    piece = make.extinguisher(cast.school)
    labels.stick(None, piece, codes[0])
    assert piece.tag_code == codes[0]
    blank = db.session.query(TagHistory).filter_by(tag_code=codes[0], equipment_id=None).one()
    assert blank.to_at is not None


def test_the_panels_show_figures_and_the_box(cast, app):
    make.a_school_full_of(cast, pieces=40)
    with app.test_request_context():
        html = "".join(rendered_panels("school", cast.viewer("pema"), cast.school))
        assert "灭火器" in html
        assert "40" in html
        assert "标签编号" in "".join(rendered_panels("home", cast.viewer("ines")))
