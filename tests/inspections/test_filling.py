"""The filling page, as a form without script and as single operations."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.db import new_id
from app.core.extensions import db
from app.core.formats import full_date
from app.equipment.models import Equipment, EquipmentKind
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import Via
from app.inspections.models import Inspection
from app.inspections.presenting import Presenter
from app.rectification.queries import repeats
from app.rectification.rules.findings import ClosedHow
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories import rectification as findings
from tests.factories.equipment import a_school_full_of
from tests.factories.grounds import campus
from tests.factories.inspections import answered, draft, op, signed, whole_sheet
from tests.inspections import filling


@pytest.fixture
def row(cast: Cast) -> Inspection:
    """A draft at a school with a few pieces."""
    campus(cast, pieces=8)
    return draft(cast)


def ops() -> list[AnswerOp]:
    """What is in the log, in order."""
    return list(db.session.scalars(sa.select(AnswerOp).order_by(AnswerOp.rev)))


def value(row: Inspection, name: str, field: str = "answer") -> Any:
    """What stands in a field."""
    item, _, place = name.partition("@")
    return fieldwork.folded(row.id).value(item, place, field)


def test_what_is_changed_on_a_form_becomes_operations_and_nothing_else(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    filling.answer(client, page, {"MGT-01": "pass", "MGT-02": "fail", "MGT-02.note": "没有文件"})
    assert [(o.item, o.field, o.value) for o in ops()] == [
        ("MGT-01", "answer", "pass"),
        ("MGT-02", "answer", "fail"),
        ("MGT-02", "note", "没有文件"),
    ]
    filling.answer(client, filling.page_with(client, row, "MGT-01"), {})
    assert len(ops()) == 3


def test_the_same_form_sent_twice_is_applied_once(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    for _time in range(2):
        assert filling.answer(client, page, {"MGT-01": "pass", "MGT-01.note": "见文件"}).status_code == 302
    assert len(ops()) == 2


def test_going_back_to_an_old_page_of_ones_own_replaces_ones_own_answer(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    filling.answer(client, page, {"MGT-01": "pass"})
    filling.answer(client, page, {"MGT-01": "fail"})
    assert value(row, "MGT-01") == "fail"


def test_an_old_page_never_overwrites_what_a_colleague_said_meanwhile(row: Inspection, as_person: SignInAs) -> None:
    ines, ivo = as_person("ines"), as_person("ivo")
    old = filling.page_with(ines, row, "MGT-01")
    filling.answer(ivo, filling.page_with(ivo, row, "MGT-01"), {"MGT-01": "fail", "MGT-02": "pass"})
    filling.answer(ines, old, {"MGT-01": "pass", "MGT-05": "pass"})
    folded = fieldwork.folded(row.id)
    assert list(folded.contested) == [("MGT-01", "", "answer")]
    assert (value(row, "MGT-02"), value(row, "MGT-05")) == ("pass", "pass")
    page = filling.page_with(ines, row, "MGT-01")
    assert "有两种说法" in page.main
    review = ines.page(f"/inspections/{row.id}/review")
    assert "填写不一致" in review.main
    filling.answer(ines, page, {}, button="不合格（次仁")
    assert fieldwork.folded(row.id).contested == {}
    assert value(row, "MGT-01") == "fail"


def test_the_rest_of_an_area_passes_at_once_but_nothing_critical(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    rows = filling.rows_of(page)
    answer = filling.answer(client, page, {"MGT-01": "fail"}, button="本区其余合格")
    assert answer.status_code == 302
    assert value(row, "MGT-01") == "fail"
    bulk = {o.item for o in ops() if o.via is Via.BULK}
    assert bulk
    assert "MGT-12" in rows
    assert not {"MGT-01", "MGT-12", "MGT-08"} & bulk


def test_where_a_fault_is_still_open_nothing_passes_in_bulk(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    piece = db.session.scalars(sa.select(Equipment).where(Equipment.kind == EquipmentKind.EXTINGUISHER)).first()
    where = f"PIECE@{piece.id}"
    for code, target, more in (
        ("MGT-02", "", {}),
        ("EXT-17", str(piece.id), {}),
        ("MGT-05", "", {"closed_on": clock.today(), "closed_how": ClosedHow.SPOT}),
    ):
        findings.finding(cast, item_code=code, target_id=target, row=findings.inspection(cast), **more)
    db.session.commit()
    client = as_person("ines")
    for name in ("MGT-02", where):
        page = filling.page_with(client, row, name)
        others = set(filling.rows_of(page)) - {name}
        assert page.main.count("有未销号问题，须逐项作答") == 1
        assert filling.answer(client, page, {}, button="本区其余合格").status_code == 302
        assert value(row, name) is None
        assert {o.item for o in ops() if o.via is Via.BULK} & {other.split("@")[0] for other in others}
    assert value(row, "MGT-05") == "pass"


def test_a_brigade_can_do_without_bulk_answers(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    cast.brigade.settings = {"bulk_allowed": False}
    db.session.commit()
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    assert "本区其余合格" not in page.main
    data = {"do": "bulk", "render": str(new_id()), "rev": "0", "area": "documents"}
    answer = client.post(filling.address(row), data=data)
    assert answer.status_code == 422
    assert "逐项查看" in answer.text
    assert ops() == []


def test_an_area_that_was_not_reached_is_said_so(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    filling.answer(client, filling.page_with(client, row, "MGT-01"), {}, button="记为未检查")
    assert value(row, "MGT-12") == "not_checked"
    assert "记为未检查" in filling.page_with(client, row, "MGT-01").main


def test_a_piece_is_chosen_for_tests_and_left_out_again(row: Inspection, as_person: SignInAs) -> None:
    client, hydrant = as_person("ines"), filling.first(EquipmentKind.INDOOR_HYDRANT)
    page = filling.page_with(client, row, f"PIECE@{hydrant}")
    data = dict(page.form("render").fields) | {"do": f"sample:{hydrant}"}
    assert client.post(filling.address(row), data=data).status_code == 302
    page = filling.page_with(client, row, f"HYI-10@{hydrant}")
    data = dict(page.form("render").fields) | {"do": f"unsample:{hydrant}"}
    client.post(filling.address(row), data=data)
    assert f"HYI-10@{hydrant}" not in filling.rows_of(filling.page_with(client, row, f"PIECE@{hydrant}"))


@pytest.mark.one_database
def test_what_nobody_has_seen_is_listed(row: Inspection, as_person: SignInAs) -> None:
    client, seen = as_person("ines"), filling.first(EquipmentKind.EXTINGUISHER)
    filling.answer(client, filling.page_with(client, row, f"PIECE@{seen}"), {f"PIECE@{seen}": "pass"})
    unseen = client.page(filling.address(row, "unseen"))
    assert len(filling.rows_of(unseen)) == 7
    assert f"PIECE@{seen}" not in filling.rows_of(unseen)
    other = next(iter(filling.rows_of(unseen)))
    filling.answer(client, unseen, {other: "pass"})
    assert len(filling.rows_of(client.page(filling.address(row, "unseen")))) == 6


@pytest.mark.one_database
def test_many_photos_come_with_a_form_and_a_bad_one_costs_nothing_else(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    photos = [filling.photo(seed=1), filling.photo("b.jpg", seed=2), (pictures.io.BytesIO(b"no photo"), "c.jpg")]
    answer = filling.answer(client, page, {"MGT-01": "fail", "MGT-01.note": "见照片", "MGT-01.photo": photos})
    assert answer.status_code == 422
    assert "c.jpg" in answer.text
    assert (value(row, "MGT-01"), value(row, "MGT-01", "note")) == ("fail", "见照片")
    assert db.session.query(Photo).count() == 2
    kept = client.page(filling.address(row, "documents"))
    filling.answer(client, kept, {}, button="撤回照片")
    db.session.expire_all()
    assert db.session.query(Photo).filter(Photo.withdrawn_at.is_(None)).count() == 1


def test_the_photos_of_a_form_are_unpacked_before_anything_is_held(
    row: Inspection, as_person: SignInAs, unpacked: list[bool]
) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    shots = [filling.photo(seed=seed) for seed in (10, 60)]
    filling.answer(client, page, {"MGT-01": "pass", "MGT-01.photo": shots, "MGT-02.photo": [filling.photo(seed=90)]})
    assert unpacked == [False, False, False]
    db.session.rollback()
    assert len(db.session.scalars(sa.select(Photo)).all()) == 3


def test_a_photo_by_script_is_unpacked_before_anything_is_held(
    row: Inspection, as_person: SignInAs, unpacked: list[bool]
) -> None:
    data = {"row": "MGT-01", "id": str(new_id()), "photo": filling.photo()}
    assert as_person("ines").post(f"/inspections/{row.id}/photos", data=data).status_code == 200
    assert unpacked == [False]


def test_a_form_with_photos_sent_twice_keeps_each_photo_once(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    for _time in range(2):
        filling.answer(client, page, {"MGT-01.photo": filling.photo(), "MGT-01.photo.wide": filling.photo(seed=3)})
    assert sorted(photo.slot for photo in db.session.query(Photo)) == ["close", "wide"]


@pytest.mark.one_database
def test_what_is_refused_stays_on_the_page_as_it_was_typed(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    long = "长" * 2001
    answer = filling.answer(client, page, {"MGT-01": "pass", "MGT-01.note": long})
    assert answer.status_code == 422
    assert long in answer.text
    assert value(row, "MGT-01") == "pass"


def test_last_visits_answer_stands_in_grey_and_open_findings_on_top(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    old = signed(cast, fails={"MGT-01": {"note": "没有文件"}})
    old.started_at -= dt.timedelta(days=190)
    findings.finding(cast, text="疏散门上锁", row=old)
    db.session.commit()
    row = draft(cast)
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    assert "上次：不合格" in page.main
    assert "上次：合格" in page.main
    first = client.page(filling.areas_of(page)[0])
    assert "疏散门上锁" in first.main


@pytest.mark.one_database
def test_one_goes_on_to_the_next_area_and_at_the_end_to_the_review(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    areas = filling.areas_of(client.page(filling.address(row)))
    assert filling.answer(client, client.page(areas[0]), {}, button="下一区").headers["Location"] == areas[1]
    last = filling.answer(client, client.page(areas[-1]), {}, button="去复核")
    assert last.headers["Location"].endswith("/review")


# with script ---------------------------------------------------------------------------------------------------


def tap(row: Inspection, **more: Any) -> dict[str, Any]:
    """One operation as the page's script sends it."""
    one = {"op_id": str(new_id()), "item": "MGT-01", "field": "answer", "value": "pass", "base_rev": 0, "via": "tap"}
    return {"ops": [one | more], "render": str(new_id()), "area": "documents"}


def test_one_tap_is_saved_and_the_page_told_what_to_show(row: Inspection, as_person: SignInAs) -> None:
    client, body = as_person("ines"), tap(row)
    answer = client.post(f"{filling.address(row)}/ops", json=body)
    told = answer.get_json()
    assert told["results"][0] | {"op_id": ""} == {"op_id": "", "status": "applied", "rev": 1, "message": ""}
    assert told["rows"]["MGT-01"]["value"] == "pass"
    assert told["done"] == 1
    assert told["saved"].startswith("已存 ")
    again = client.post(f"{filling.address(row)}/ops", json=body).get_json()
    assert again["results"][0]["status"] == "duplicate"
    assert len(ops()) == 1


def test_a_reading_by_script_answers_its_row(row: Inspection, as_person: SignInAs) -> None:
    body = tap(row, item="HYI-06", field="reading", value="0.01", via="type")
    told = as_person("ines").post(f"{filling.address(row)}/ops", json=body).get_json()
    assert (told["rows"]["HYI-06"]["value"], told["rows"]["HYI-06"]["judged"]) == ("fail", "不符合")


def test_a_form_after_taps_of_the_same_page_adds_nothing(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = filling.page_with(client, row, "MGT-01")
    body = tap(row) | {"render": dict(page.form("render").fields)["render"]}
    client.post(f"{filling.address(row)}/ops", json=body)
    filling.answer(client, page, {"MGT-01": "pass"})
    assert len(ops()) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("body", [None, [], {}, {"ops": "x"}, {"ops": [{}]}, {"ops": [{"op_id": "x"}]}, {"ops": [None]}, {"ops": [1] * 201}])  # fmt: skip
def test_a_broken_message_is_refused_whole(row: Inspection, as_person: SignInAs, body: Any) -> None:
    answer = as_person("ines").post(f"{filling.address(row)}/ops", json=body)
    assert answer.status_code == 400
    assert answer.get_json()["message"].endswith("。")
    assert ops() == []


def test_a_photo_by_script_is_kept_once(row: Inspection, as_person: SignInAs) -> None:
    client, key = as_person("ines"), str(new_id())
    for _time in range(2):
        data = {"row": "MGT-01", "slot": "photo.wide", "id": key, "photo": filling.photo()}
        answer = client.post(f"{filling.address(row)}/photos", data=data)
        assert answer.get_json()["id"] == key
    assert [(p.item, p.slot) for p in db.session.query(Photo)] == [("MGT-01", "wide")]
    bad = client.post(
        f"{filling.address(row)}/photos", data={"row": "MGT-01", "photo": (pictures.io.BytesIO(b""), "x.jpg")}
    )
    assert bad.status_code == 422
    assert "0 字节" in bad.get_json()["message"]


def test_where_the_tablet_stood_is_kept(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    place = {"latitude": 29.65, "longitude": 91.1, "accuracy_m": 12.0}
    body = tap(row, item="VISIT", field="position", value=place)
    as_person("ines").post(f"{filling.address(row)}/ops", json=body)
    answered(cast, row)
    client = as_person("ines")
    assert filling.finish(client, row).status_code == 302
    db.session.expire_all()
    assert (row.latitude, row.longitude, row.accuracy_m) == (29.65, 91.1, 12.0)


# who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "see", "fill"),
    [("ines", 302, 302), ("ivo", 302, 302), ("lea", 302, 302), ("olga", 302, 403), ("stan", 302, 403), ("dora", 302, 403),
     ("oskar", 404, 404), ("pema", 404, 403), ("otto", 404, 403), ("beate", 404, 403)],
)  # fmt: skip
def test_who_sees_a_draft_and_who_fills_it(
    row: Inspection, as_person: SignInAs, name: str, see: int, fill: int
) -> None:
    client = as_person(name)
    assert client.get(filling.address(row)).status_code == see
    data = {"render": str(uuid.uuid4()), "rev": "0", "area": "documents", "MGT-01": "pass", "MGT-01.note": ""}
    assert client.post(filling.address(row), data=data).status_code == fill
    assert len(ops()) == (1 if fill == 302 else 0)


def test_a_colleague_can_join_where_no_second_officer_is_named(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    row = draft(cast, second_id=None)
    client = as_person("ivo")
    assert client.post(f"{filling.address(row)}/join").status_code == 302
    db.session.expire_all()
    assert row.second_id == cast.people["ivo"]
    assert as_person("lea").post(f"{filling.address(row)}/join").status_code == 409


# how much -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [3, 300])
def test_pages_cost_the_same_whatever_the_number_of_pieces(
    cast: Cast, as_person: SignInAs, count_queries: Any, pieces: int
) -> None:
    a_school_full_of(cast, pieces)
    signed(cast)
    row = draft(cast)
    client = as_person("ines")
    areas = filling.areas_of(client.page(filling.address(row)))
    for address in (
        areas[0],
        areas[-1],
        filling.address(row, "unseen"),
        f"{filling.address(row)}/review",
        "/inspections",
    ):
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.number <= 15, (address, counted.number, counted.statements)


@pytest.mark.one_database
def test_three_hundred_pieces_are_filled_without_script(cast: Cast, as_person: SignInAs) -> None:
    # On the second database a school of two pages to an area is enough: its queries are the same.
    pieces = 300 if db.engine.dialect.name == "sqlite" else 70
    a_school_full_of(cast, pieces)
    client = as_person("ines")
    filling.give_ivo_a_password(cast)
    inspection_id = filling.begin(client, cast.school_id, cast)
    for address in filling.areas_of(client.page(filling.address(inspection_id))):
        page = client.page(address)
        rows = filling.rows_of(page)
        assert len(rows) <= 50
        form = page.form("render")
        assert len(form.names) + len(rows) * 12 < 1000
        assert filling.answer(client, page, dict.fromkeys(rows, "pass")).status_code == 302
    assert filling.finish(client, inspection_id).status_code == 302
    assert filling.sign(client, inspection_id).status_code == 302
    row = db.session.get_one(Inspection, inspection_id)
    assert (row.not_seen, row.failed) == (0, 0)
    assert row.passed > pieces


def test_an_operation_on_another_draft_of_the_school_does_not_mix(
    cast: Cast, row: Inspection, as_person: SignInAs
) -> None:
    other = draft(cast)
    as_person("ines").post(f"{filling.address(other)}/ops", json=tap(other))
    assert value(row, "MGT-01") is None
    assert op(row).target_id == row.id


def test_a_row_says_when_a_fault_was_found_there_within_twelve_months(
    row: Inspection, cast: Cast, as_person: SignInAs
) -> None:
    piece = db.session.scalars(sa.select(Equipment).where(Equipment.kind == EquipmentKind.EXTINGUISHER)).first()
    today = clock.today()
    for code, target, days in (("MGT-01", "", 30), ("MGT-02", "", 400), ("EXT-17", str(piece.id), 20)):
        day = today - dt.timedelta(days=days)
        findings.finding(cast, item_code=code, target_id=target, row=findings.inspection(cast, on=day), found_on=day)
    db.session.commit()
    known = repeats.known_faults(cast.school_id, without=row.id)
    view = Presenter(whole_sheet(row), faults=known)
    rows = {one.name: view.row(one).found_before for one in view.sheet.rows}
    assert {name: said for name, said in rows.items() if said} == {
        "MGT-01": f"十二个月内在此发现过问题：{full_date(today - dt.timedelta(days=30))}",
        f"PIECE@{piece.id}": f"十二个月内在此发现过问题：{full_date(today - dt.timedelta(days=20))}",
    }
    assert rows["MGT-01"] in str(filling.page_with(as_person("ines"), row, "MGT-01").main)
