"""A school's own checks: filled by operations, ended, compared; who may, what it wrote, twice, other schools."""

from __future__ import annotations

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.duties.models import DutyRecord
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import Finding
from app.regulations.post_lists import post_lists
from app.regulations.queries import current_checklist
from app.schools.models import Building, BuildingUse
from app.selfchecks import sheet as sheets
from app.selfchecks.models import OwnCheck, OwnTodo
from app.selfchecks.rules.checks import CheckForm, Match, compare, match_of, monthly_items
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import equipment, pictures, rectification
from tests.factories import selfchecks as make

KEY = "01a20000-0000-7000-8000-0000000000c1"


def _begin(cast: Cast, form: str = "kitchen") -> OwnCheck:
    own = make.check(cast.school_id, cast.people["pema"], form=CheckForm(form))
    db.session.commit()
    return own


@pytest.fixture
def canteen(cast: Cast) -> Building:
    """Pema's school has a canteen with an extinguisher."""
    house = Building(school_id=cast.school_id, name="食堂", use=BuildingUse.CANTEEN)
    db.session.add(house)
    db.session.flush()
    equipment.extinguisher(cast.school_id, building_id=house.id)
    db.session.commit()
    return house


def _names(own: OwnCheck) -> list[str]:
    return [row.name for row in sheets.of(own).rows]


def _form(own: OwnCheck, **said: str) -> dict[str, Any]:
    """Every row of the list as in order, but for what is said."""
    rows = sheets.of(own)
    values: dict[str, Any] = {"render": str(uuid.uuid4()), "rev": str(own.rev), "area": rows.areas[0].key, "do": "save"}
    for row in rows.rows:
        values |= {row.name: "pass", f"{row.name}.note": ""}
    return values | said


def _filled(own: OwnCheck, phone: Any, **said: str) -> None:
    for area in sheets.of(own).areas:
        phone.post(f"/selfchecks/{own.id}", data=_form(own, **said) | {"area": area.key})


def _count(table: type[object]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_the_posts_know_only_items_of_the_pack_and_are_short(app: object) -> None:
    checklist = current_checklist()
    for post in post_lists().values():
        assert set(post.items) <= set(checklist.by_code)
        assert 5 <= len(post.items) <= 10
    assert set(post_lists()) == {form.value for form in CheckForm if form is not CheckForm.MONTHLY}


def test_the_month_asks_what_the_pack_wants_at_least_monthly(app: object) -> None:
    codes = monthly_items(current_checklist())
    assert {"EXT-06", "EVA-02", "HYI-01", "LIT-01"} <= set(codes)
    assert not {"EXT-04", "KIT-01", "DOR-06"} & set(codes)


def test_a_list_is_begun_once_and_gone_on_with(cast: Cast, as_person: SignInAs) -> None:
    phone = as_person("pema")
    for key in (KEY, KEY, str(uuid.uuid4())):
        sent = {"key": key, "form": "kitchen", "done_by": "拉姆"}
        assert phone.post(f"/schools/{cast.school_id}/selfchecks", data=sent).status_code == 302
    assert db.session.scalars(sa.select(OwnCheck.done_by)).all() == ["拉姆"]
    refused = phone.post(f"/schools/{cast.school_id}/selfchecks", data={"form": "warden", "done_by": " "})
    assert refused.status_code == 422
    assert "请填写检查人" in refused.text


def test_answers_are_operations_and_a_form_sent_twice_is_applied_once(
    cast: Cast, canteen: Building, as_person: SignInAs
) -> None:
    own, phone = _begin(cast), as_person("pema")
    sent = _form(own)
    for _twice in range(2):
        assert phone.post(f"/selfchecks/{own.id}", data=sent).status_code == 302
    ops = db.session.scalars(sa.select(AnswerOp)).all()
    assert {op.target_kind for op in ops} == {TargetKind.OWN_CHECK}
    assert len(ops) == len(_names(own))


def test_a_post_list_asks_its_few_items_and_fulfils_no_duty(
    cast: Cast, canteen: Building, as_person: SignInAs, unpacked: list[bool]
) -> None:
    own, phone = _begin(cast), as_person("sonam")
    (gas,) = [name for name in _names(own) if name.startswith("KIT-06")]
    assert len(_names(own)) <= 8
    photo = {f"{gas}.photo": (io.BytesIO(pictures.picture()), "gas.jpg")}
    phone.post(f"/selfchecks/{own.id}", data=_form(own, **{gas: "fail", f"{gas}.note": "收工后没有关气"}) | photo)
    assert unpacked == [False], "nothing is held in the database meanwhile"
    for _twice in range(2):
        phone.post(f"/selfchecks/{own.id}/finish")
    db.session.refresh(own)
    assert (own.failed, own.passed, own.record_id) == (1, len(_names(own)) - 1, None)
    assert (_count(DutyRecord), _count(Finding)) == (0, 0)
    todo = db.session.scalars(sa.select(OwnTodo)).one()
    assert "收工后没有关气" in todo.text
    page = phone.get(f"/selfchecks/{own.id}").text
    assert "收工后没有关气" in page
    assert "/photos/" in page
    assert as_person("ines").get(f"/photos/{db.session.scalars(sa.select(Photo.id)).one()}").status_code == 200
    assert "收工后没有关气" in phone.get(f"/schools/{cast.school_id}/patrols").text


def test_the_monthly_check_fulfils_the_months_duty(cast: Cast, canteen: Building, as_person: SignInAs) -> None:
    own, phone = _begin(cast, "monthly"), as_person("pema")
    assert any(name.startswith("PIECE@") for name in _names(own))
    refused = phone.post(f"/selfchecks/{own.id}/finish")
    assert refused.status_code == 422
    assert "还没有检查" in refused.text
    areas = sheets.of(own).areas
    for area in areas:
        phone.post(f"/selfchecks/{own.id}", data={"area": area.key, "do": "bulk"})
    _filled(own, phone)
    assert phone.post(f"/selfchecks/{own.id}/finish").status_code == 302
    db.session.refresh(own)
    record = db.session.scalars(sa.select(DutyRecord)).one()
    assert (record.id, record.duty, record.held_at, record.found_faults) == (
        own.id,
        "fire_check",
        own.finished_at,
        False,
    )
    assert own.result is not None
    assert len(own.result) == len(_names(own))
    late = phone.post(f"/selfchecks/{own.id}", data=_form(own, **{_names(own)[0]: "na"}))
    assert late.status_code == 422
    assert "这份自查已结束" in late.text


@pytest.mark.parametrize(("name", "status"), [("ines", 403), ("beate", 403), ("otto", 404)])
def test_only_the_schools_own_people_fill(
    cast: Cast, canteen: Building, as_person: SignInAs, name: str, status: int
) -> None:
    own, browser = _begin(cast), as_person(name)
    for act in ("", "/finish", "/drop"):
        assert browser.post(f"/selfchecks/{own.id}{act}", data={}).status_code == status
    sent = {"form": "kitchen", "done_by": "x"}
    assert browser.post(f"/schools/{cast.school_id}/selfchecks", data=sent).status_code == status
    assert browser.get(f"/selfchecks/{own.id}").status_code == (404 if status == 404 else 200)
    assert (_count(AnswerOp), _count(OwnCheck)) == (0, 1)


def test_a_draft_that_is_dropped_counts_for_nothing(cast: Cast, canteen: Building, as_person: SignInAs) -> None:
    own, phone = _begin(cast), as_person("pema")
    for _twice in range(2):
        phone.post(f"/selfchecks/{own.id}/drop")
    assert "已放弃" in phone.get(f"/selfchecks/{own.id}").text
    assert phone.post(f"/selfchecks/{own.id}/finish").status_code in (302, 422)
    db.session.refresh(own)
    assert own.finished_at is None


@pytest.mark.parametrize(
    ("own", "brigade", "match"),
    [
        ("pass", "pass", Match.AGREES), ("pass", "fail", Match.MISSED), ("fail", "fail", Match.REPORTED), ("fail", "pass", Match.STRICTER),
        ("na", "fail", None), ("pass", "not_checked", None), ("", "pass", None),
    ],
)  # fmt: skip
def test_what_two_words_mean_together(own: str, brigade: str, match: Match | None) -> None:
    assert match_of(own, brigade) is match


def test_a_piece_is_compared_only_by_what_the_school_was_asked() -> None:
    own = [{"row": "PIECE@a", "item": "PIECE", "codes": ["EXT-06"], "where": "MF-1", "answer": "pass"}]
    for faults, matches in ((["EXT-20:x"], []), (["EXT-06:due"], [Match.MISSED]), (["other"], [Match.MISSED])):
        found = compare(own, [{"name": "PIECE@a", "item": "PIECE", "answer": "fail", "faults": faults}])
        assert [one.match for one in found] == matches


def test_the_duties_show_how_the_school_and_the_brigade_agreed(
    cast: Cast, as_person: SignInAs, count_queries: Any
) -> None:
    line = {"where": "", "codes": [], "faults": [], "note": "", "reading": "", "choice": "", "photos": 0}
    own = _begin(cast, "monthly")
    own.finished_at = clock.now() - timedelta(days=5)
    own.result = [
        {"row": code, "item": code, "answer": answer, **line}
        for code, answer in (("EVA-01", "pass"), ("BLD-03", "pass"), ("ALM-01", "fail"), ("WTR-01", "pass"))
    ]
    answers = (("EVA-01", "pass"), ("BLD-03", "fail"), ("ALM-01", "fail"), ("WTR-01", "pass"))
    rows = [{"name": code, "item": code, "answer": answer} for code, answer in answers]
    inspection = rectification.inspection(cast)
    inspection.started_at, inspection.record = clock.now() - timedelta(days=1), json.dumps({"rows": rows})
    db.session.commit()
    for name in ("pema", "ines"):
        browser = as_person(name)
        browser.get(f"/schools/{cast.school_id}/duties")
        with count_queries() as counted:
            page = browser.get(f"/schools/{cast.school_id}/duties").text
        assert "百分之 75 的项目结论一致（共比对 4 项，学校先发现 1 项，大队另查出 1 项）" in page
        assert len(counted.statements) <= 15, "\n".join(one[:90] + one[-60:] for one in counted.statements)
        page = browser.get(f"/schools/{cast.school_id}/selfchecks").text
        assert "学校已先发现" in page
        assert "学校自查合格，大队查出问题" in page
    assert as_person("otto").get(f"/schools/{cast.school_id}/selfchecks").status_code == 404
