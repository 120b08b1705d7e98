"""What an inspection is given of a school's equipment, and what it leaves on the pieces."""

import uuid
from datetime import date

from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentStatus
from app.equipment.queries import fieldwork
from app.equipment.rules.extinguishers import DueStatus
from app.equipment.service import checks
from app.inspections.models import Inspection
from app.regulations.models import PackVersion
from tests.factories import equipment as make

TODAY = date(2026, 11, 22)


def test_a_piece_says_where_and_what_it_is_and_how_it_stands(app, cast):
    house = make.building(cast.school)
    make.extinguisher(
        cast.school, made_on=date(2016, 9, 1), building_id=house.id, floor_id=house.floors[1].id, location="东侧走道"
    )
    [piece] = fieldwork.for_inspection(cast.school_id, today=TODAY)
    assert piece.where == "教学楼 · 2层 · 东侧走道"
    assert piece.summary == "干粉 ABC 4 kg · 2016-09 出厂"
    assert (piece.due, piece.due_status) == ("2026-09 已到报废期", DueStatus.SCRAP)
    assert piece.name == "灭火器 1F-01"


def test_pieces_of_other_schools_and_retired_ones_are_left_out(app, cast):
    make.extinguisher(cast.ottos_school_id)
    make.light(cast.school, status=EquipmentStatus.RETIRED, retired_on=TODAY, retired_reason="损坏")
    away = make.sign(cast.school, status=EquipmentStatus.AWAY, away_on=TODAY)
    assert [piece.id for piece in fieldwork.for_inspection(cast.school_id)] == [away.id]


def test_every_kind_has_words_and_traits(app, cast):
    make.a_school_full_of(cast, pieces=16)
    make.hydrant(cast.school, outdoor=True)
    pieces = fieldwork.for_inspection(cast.school_id, today=TODAY)
    assert len({piece.kind for piece in pieces}) == 7
    assert all(piece.summary for piece in pieces)
    doors = [piece.traits for piece in pieces if piece.kind == "fire_door"]
    assert doors[0] == {"shutter": False, "double_leaf": True, "hold_open": False}


def test_the_walk_begins_outdoors_and_goes_up(app, cast):
    house = make.building(cast.school)
    third = make.light(cast.school, building_id=house.id, floor_id=house.floors[2].id)
    first = make.light(cast.school, building_id=house.id, floor_id=house.floors[0].id)
    outside = make.hydrant(cast.school, outdoor=True)
    assert [piece.id for piece in fieldwork.for_inspection(cast.school_id)] == [outside.id, first.id, third.id]


def test_three_pieces_and_three_hundred_cost_the_same(app, cast, count_queries):
    numbers = []
    for pieces in (3, 300):
        make.a_school_full_of(cast, pieces=pieces)
        with count_queries() as counted:
            fieldwork.for_inspection(cast.school_id)
        numbers.append(counted.number)
    assert max(numbers) <= 2


def an_inspection(cast) -> uuid.UUID:
    pack = PackVersion(
        code="for-tests", version=1, country="cn", name="x", valid_from=TODAY, sha256="0" * 64, content="{}"
    )
    db.session.add(pack)
    db.session.flush()
    row = Inspection(
        school_id=cast.school_id, brigade_id=cast.brigade_id, pack_version_id=pack.id, lead_id=cast.people["ines"]
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def test_a_signed_inspection_leaves_its_verdict_on_each_piece(app, cast):
    good, bad = make.extinguisher(cast.school), make.light(cast.school)
    inspection = an_inspection(cast)
    assert checks.note_check({good.id: "pass", bad.id: "fail"}, on=TODAY, inspection_id=inspection) == 2
    assert [(p.last_verdict, p.last_checked_on, p.last_inspection_id) for p in (good, bad)] == [
        ("pass", TODAY, inspection),
        ("fail", TODAY, inspection),
    ]
    assert fieldwork.for_inspection(cast.school_id)[0].last_checked_on == TODAY


def test_an_older_inspection_that_arrives_late_changes_nothing(app, cast):
    piece = make.extinguisher(cast.school)
    inspection = an_inspection(cast)
    checks.note_check({piece.id: "fail"}, on=TODAY, inspection_id=inspection)
    assert checks.note_check({piece.id: "pass"}, on=date(2026, 5, 1), inspection_id=inspection) == 0
    assert db.session.get_one(Equipment, piece.id).last_verdict == "fail"


def test_noting_the_same_check_twice_does_no_harm(app, cast):
    piece = make.extinguisher(cast.school)
    inspection = an_inspection(cast)
    for _ in range(2):
        assert checks.note_check({piece.id: "pass"}, on=TODAY, inspection_id=inspection) == 1
