"""The pages of the register: what each role sees and may do, and what an act writes."""

import uuid
from datetime import date

import pytest

from app.core import clock
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentEvent, EquipmentKind, EquipmentStatus, Trouble
from app.equipment.queries import register as queries
from app.equipment.views.register import member
from tests.factories import equipment as make

NEW = "/equipment/new/extinguisher?school={}"


def fresh(piece_id: uuid.UUID) -> Equipment:
    db.session.expire_all()
    return db.session.get_one(Equipment, piece_id)


def events(piece_id: uuid.UUID) -> list[str]:
    rows = db.session.query(EquipmentEvent).filter_by(equipment_id=piece_id).order_by(EquipmentEvent.id)
    return [row.kind.value for row in rows]


def test_the_list_shows_the_schools_the_viewer_sees(cast, as_person):
    make.extinguisher(cast.school, label="甲-1")
    make.extinguisher(cast.ottos_school_id, label="乙-1")
    make.extinguisher(cast.foreign_school_id, label="丙-1")
    db.session.commit()
    seen = {
        name: [label for label in ("甲-1", "乙-1", "丙-1") if label in as_person(name).page("/equipment").text]
        for name in ("ines", "pema", "otto", "oskar", "beate", "dora")
    }
    assert seen == {
        "ines": ["甲-1", "乙-1"],
        "pema": ["甲-1"],
        "otto": ["乙-1"],
        "oskar": ["丙-1"],
        "beate": ["甲-1", "乙-1"],
        "dora": ["甲-1", "乙-1"],
    }


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": "extinguisher"}, {"旧", "过期", "快到", "新", "坏"}),
        ({"due": "scrap"}, {"旧"}),
        ({"due": "overdue"}, {"过期", "坏"}),
        ({"due": "soon"}, {"快到"}),
        ({"due": "now"}, {"旧", "过期", "坏"}),
        ({"status": "away"}, {"灯"}),
        ({"q": "过期"}, {"过期"}),
        ({"q": "%"}, set()),
        ({"q": "第一小学"}, {"旧", "过期", "快到", "新", "坏", "灯"}),
        ({"kind": "nonsense", "due": "nonsense", "status": "x"}, {"旧", "过期", "快到", "新", "坏", "灯"}),
    ],
)
def test_filters_find_what_they_say(cast, as_person, filters, found):
    today = clock.today()
    for label, made in (
        ("旧", today.replace(year=today.year - 11, day=1)),
        ("过期", today.replace(year=today.year - 6, day=1)),
        ("快到", date.fromordinal(today.replace(day=1).replace(year=today.year - 5).toordinal() + 62)),
        ("新", today.replace(year=today.year - 1, day=1)),
    ):
        make.extinguisher(cast.school, label=label, made_on=made)
    make.extinguisher(cast.school, label="坏", trouble=Trouble.LEAK, trouble_on=today)
    make.light(cast.school, label="灯", status=EquipmentStatus.AWAY, away_on=today)
    db.session.commit()
    listed = queries.listing(cast.viewer("ines"), _wanted(**filters), key=None)
    assert {line.piece.label for line in listed.rows} == found
    page = as_person("ines").get("/equipment", query_string=filters).page
    assert len(page.all("//tbody/tr")) == len(found)


def _wanted(kind="", due="", status="", q=""):
    return queries.Wanted(kind=member(EquipmentKind, kind), due=due, status=member(EquipmentStatus, status), text=q)


def test_pages_of_the_list_hold_every_piece_once(cast, as_person):
    make.a_school_full_of(cast, pieces=120)
    client, seen, address = as_person("ines"), [], "/equipment"
    while address:
        page = client.page(address)
        seen += page.all("//tbody/tr/th//a/@href")
        address = next(iter(page.all("//a[@rel='next']/@href")), "")
    assert len(seen) == len(set(seen)) == 120


def test_registering_a_piece_writes_it_and_its_history(cast, as_person):
    house = make.building(cast.school)
    db.session.commit()
    client = as_person("ines")
    page = client.page(NEW.format(cast.school_id))
    client.send(
        page,
        {
            "agent": "powder_abc", "charge": "４", "rating_a": "2", "wheeled": "no", "where": f"f:{house.floors[1].id}",
            "label": "2F-03", "location": "东侧楼梯口", "made_on": "2023年9月", "serviced_on": "",
        },
    )  # fmt: skip
    [piece] = db.session.query(Equipment).all()
    assert piece.specification == {"agent": "powder_abc", "charge": 4.0, "rating_a": 2, "wheeled": False}
    assert (piece.building_id, piece.floor_id) == (house.id, house.floors[1].id)
    assert (piece.made_on, piece.made_on_is_month) == (date(2023, 9, 1), True)
    assert events(piece.id) == ["registered"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"agent": ""}, "请选择一项。"),
        ({"charge": "viel"}, ""),
        ({"charge": "9999"}, ""),
        ({"made_on": "neulich"}, "请按铭牌填写年月"),
        ({"made_on": "2099-01"}, "日期不能晚于今天。"),
        ({"made_on": "2024-05", "serviced_on": "2023-01-01"}, "日期不能早于出厂日期。"),
    ],
)
def test_registering_refuses_what_cannot_be(cast, as_person, values, said):
    client = as_person("ines")
    page = client.page(NEW.format(cast.school_id))
    answer = client.send(page, {"agent": "co2", **values})
    assert answer.status_code == 422
    assert said in answer.page.text
    assert db.session.query(Equipment).count() == 0


def test_a_floor_of_another_school_is_refused(cast, as_person):
    house = make.building(cast.ottos_school_id)
    db.session.commit()
    answer = as_person("ines").post(
        NEW.format(cast.school_id), data={"agent": "co2", "where": f"f:{house.floors[0].id}", "place": ""}
    )
    assert answer.status_code == 422
    assert db.session.query(Equipment).count() == 0


@pytest.mark.parametrize(
    ("who", "status"), [("pema", 403), ("beate", 403), ("dora", 403), ("otto", 403), ("oskar", 404), ("otilia", 403)]
)
def test_only_the_brigade_registers(cast, as_person, who, status):
    assert as_person(who).get(NEW.format(cast.school_id)).status_code == status
    assert as_person(who).post(NEW.format(cast.school_id), data={"agent": "co2"}).status_code == status
    assert db.session.query(Equipment).count() == 0


def test_another_schools_piece_does_not_exist(cast, as_person):
    piece = make.extinguisher(cast.school, tag_code="2222222")
    db.session.commit()
    for who in ("otto", "oskar", "otilia"):
        assert as_person(who).get(f"/equipment/{piece.id}").status_code == 404
        assert as_person(who).get(f"/equipment/{piece.id}/qr.svg").status_code == 404
        assert as_person(who).get(f"/equipment?school={cast.school_id}").status_code == 404


def test_the_school_sees_its_piece_without_buttons(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    page = as_person("sonam").page(f"/equipment/{piece.id}")
    assert "干粉 ABC" in page.text
    assert not [form for form in page.forms() if f"/equipment/{piece.id}" in form.action]


@pytest.mark.parametrize(
    "make_one", [make.extinguisher, make.hydrant, make.light, make.exit_door, make.fire_door, make.sign]
)
def test_every_kind_can_be_seen_and_changed(cast, as_person, make_one):
    piece = make_one(cast.school)
    db.session.commit()
    client = as_person("ines")
    assert piece.label in client.page(f"/equipment/{piece.id}").text
    before = dict(piece.specification)
    client.send(client.page(f"/equipment/{piece.id}/edit"), {"label": "换了号"})
    assert fresh(piece.id).label == "换了号"
    assert fresh(piece.id).specification == before
    assert events(piece.id) == ["changed"]


def test_saving_without_a_change_writes_no_history(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    client = as_person("ines")
    client.send(client.page(f"/equipment/{piece.id}/edit"))
    assert events(piece.id) == []


def test_retiring_keeps_the_record_and_frees_the_label(cast, as_person):
    piece = make.extinguisher(cast.school, tag_code="2222222")
    db.session.commit()
    client = as_person("ines")
    client.post(f"/equipment/{piece.id}/retire", data={"reason": "筒体变形"})
    piece = fresh(piece.id)
    assert (piece.status, piece.retired_reason, piece.tag_code) == (EquipmentStatus.RETIRED, "筒体变形", None)
    assert events(piece.id) == ["untagged", "retired"]
    assert "筒体变形" in client.page(f"/equipment/{piece.id}").text
    again = client.post(f"/equipment/{piece.id}/retire", data={"reason": "又一次"})
    assert again.status_code == 422
    assert fresh(piece.id).retired_reason == "筒体变形"


def test_retiring_without_a_reason_is_refused(cast, as_person):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    answer = as_person("ines").post(f"/equipment/{piece.id}/retire", data={"reason": "  "})
    assert answer.status_code == 422
    assert "请写明停用的原因" in answer.page.text
    assert fresh(piece.id).status is EquipmentStatus.IN_USE


def test_a_successor_keeps_place_number_and_label(cast, as_person):
    house = make.building(cast.school)
    old = make.extinguisher(
        cast.school, label="1F-07", floor_id=house.floors[0].id, building_id=house.id, tag_code="2222222",
        external_code="A-7", position=7, made_on=date(2016, 9, 1),
    )  # fmt: skip
    db.session.commit()
    client = as_person("ines")
    page = client.page(f"/equipment/{old.id}/replace")
    answer = client.send(page, {"made_on": "2026-10", "reason": "到报废期"})
    [new] = db.session.query(Equipment).filter_by(replaces_id=old.id)
    old = fresh(old.id)
    assert (old.status, old.tag_code, old.external_code) == (EquipmentStatus.REPLACED, None, None)
    assert (new.label, new.floor_id, new.position, new.tag_code, new.external_code) == (
        "1F-07", house.floors[0].id, 7, "2222222", "A-7",
    )  # fmt: skip
    assert new.made_on == date(2026, 10, 1)
    assert "2016-09 出厂" in answer.page.text
    assert client.get(f"/equipment/{old.id}/replace").status_code == 409
    assert [one.id for one in queries.chain(old)] == [old.id, new.id]


def test_a_successor_may_leave_the_label_behind(cast, as_person):
    old = make.extinguisher(cast.school, tag_code="2222222")
    db.session.commit()
    client = as_person("ines")
    client.send(client.page(f"/equipment/{old.id}/replace"), {"takes_label": None, "made_on": "2026-01"})
    assert db.session.query(Equipment).filter(Equipment.tag_code.is_not(None)).count() == 0


def test_sending_more_than_a_quarter_away_warns(cast, as_person):
    pieces = [make.extinguisher(cast.school, label=f"外-{n}") for n in range(4)]
    make.extinguisher(cast.ottos_school_id)
    db.session.commit()
    client = as_person("ines")
    first = client.post(f"/equipment/{pieces[0].id}/send-away", data={}, follow_redirects=True)
    assert "超过四分之一" not in first.page.text
    second = client.post(f"/equipment/{pieces[1].id}/send-away", data={}, follow_redirects=True)
    assert "送修 2 具，超过四分之一" in second.page.text
    assert client.post(f"/equipment/{pieces[1].id}/send-away", data={}).status_code == 422


def test_coming_back_serviced_ends_the_fault_and_moves_the_date(cast, as_person):
    today = clock.today()
    piece = make.extinguisher(cast.school, trouble=Trouble.GAUGE_RED, trouble_on=today)
    db.session.commit()
    client = as_person("stan")
    client.post(f"/equipment/{piece.id}/send-away", data={})
    assert fresh(piece.id).status is EquipmentStatus.AWAY
    client.post(f"/equipment/{piece.id}/came-back", data={"serviced_on": today.isoformat()})
    piece = fresh(piece.id)
    assert (piece.status, piece.serviced_on, piece.trouble, piece.away_on) == (
        EquipmentStatus.IN_USE,
        today,
        None,
        None,
    )
    assert events(piece.id) == ["sent_away", "came_back", "serviced"]


def test_a_fault_is_noted_and_taken_back(cast, as_person):
    piece = make.extinguisher(cast.school)
    light = make.light(cast.school)
    db.session.commit()
    client = as_person("ines")
    answer = client.post(f"/equipment/{piece.id}/trouble", data={"trouble": "leak"}, follow_redirects=True)
    assert "泄漏，应立即送修" in answer.page.text
    client.post(f"/equipment/{piece.id}/trouble-over")
    assert fresh(piece.id).trouble is None
    assert client.post(f"/equipment/{light.id}/trouble", data={"trouble": "leak"}).status_code == 422
    assert client.post(f"/equipment/{piece.id}/trouble", data={"trouble": "sad"}).status_code == 422


def test_a_test_is_noted(cast, as_person):
    piece = make.light(cast.school)
    db.session.commit()
    as_person("stan").post(f"/equipment/{piece.id}/tested", data={"on": "2026-01-05"})
    assert fresh(piece.id).tested_on == date(2026, 1, 5)


@pytest.mark.parametrize(
    "act",
    [
        "retire",
        "send-away",
        "came-back",
        "serviced",
        "tested",
        "trouble",
        "trouble-over",
        "tag",
        "untag",
        "edit",
        "replace",
    ],
)
def test_nobody_else_acts_on_a_piece(cast, as_person, act):
    piece = make.extinguisher(cast.school)
    db.session.commit()
    for who, status in (("pema", 403), ("beate", 403), ("dora", 403), ("ada", 403), ("oskar", 404)):
        assert as_person(who).post(f"/equipment/{piece.id}/{act}", data={"reason": "x"}).status_code == status, who
    assert events(piece.id) == []


def test_three_pieces_and_three_hundred_cost_the_same(cast, as_person, count_queries):
    numbers = []
    for pieces in (3, 300):
        make.a_school_full_of(cast, pieces=pieces)
        piece = db.session.query(Equipment).first()
        client = as_person("ines")
        with count_queries() as counted:
            client.page("/equipment")
            client.page(f"/equipment?school={cast.school_id}&due=now")
            client.page(f"/equipment/{piece.id}")
        numbers.append(counted.number)
    assert numbers[0] == numbers[1] <= 45
