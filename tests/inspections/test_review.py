"""What keeps a draft from being finished, and finishing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment.models import EquipmentKind
from app.fieldwork import service
from app.inspections.models import Inspection, InspectionState
from app.inspections.service import finishing, starting
from app.rectification.service import drafting
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders, pictures
from tests.factories.grounds import campus
from tests.factories.inspections import a_fault, answered, draft, op, whole_sheet
from tests.inspections import filling


@pytest.fixture
def row(cast: Cast) -> Inspection:
    """A draft at a school with a few pieces."""
    campus(cast, pieces=3)
    return draft(cast)


def troubles(row: Inspection, name: str = "") -> list[str]:
    """What is wrong, of one row if one is named."""
    found = finishing.troubles(whole_sheet(row))
    return [t.message for t in found if not name or (t.row is not None and t.row.name == name)]


def test_a_full_draft_has_nothing_wrong(row: Inspection, cast: Cast) -> None:
    answered(cast, row)
    assert troubles(row) == []


def test_every_open_item_is_named_but_pieces_may_stay_unseen(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    assert "还没有检查。" in troubles(row, "MGT-01")
    assert not any(t.row is not None and t.row.is_piece for t in finishing.troubles(whole_sheet(row)))
    page = as_person("ines").page(f"/inspections/{row.id}/review")
    assert "项没有检查" in page.main
    assert page.link("资料档案").endswith("#row-EXT-27")


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("MGT-01", {"fault": ["other"]}, "备注"),
        ("MGT-01", {"deadline": "2020-01-01"}, "不能早于"),
        ("MGT-01", {"deadline": "2126-02-28"}, "期限太远"),
        ("WTR-02", {"deadline": "2126-02-28"}, "须当日改正"),
        (
            "WTR-02",
            {"deadline": (clock.today() + timedelta(days=1)).isoformat(), "fault": ["other"], "note": "阀门关闭"},
            "须当日改正",
        ),
        ("MGT-01", {"spot": True}, "改正后的照片"),
        ("MGT-01", {"spot": True, "photo": pictures.picture()}, "改正后的照片"),
        ("HYI-06", {"answer": "pass", "reading": "0.01"}, "不一致"),
        ("HYI-06", {"answer": "na", "reading": "0.01"}, "不一致"),
        ("HYI-06", {"reading": "about 5"}, "不是数字"),
        ("MGT-08", {"answer": "pass", "date": "2099-01-01"}, "不能晚于"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_row(
    row: Inspection, cast: Cast, name: str, fields: dict[str, Any], said: str
) -> None:
    answered(cast, row, {name: fields})
    assert any(said in message for message in troubles(row, name)), troubles(row, name)


def test_a_day_that_can_be_is_taken_and_one_that_cannot_is_said_on_its_row(
    row: Inspection, cast: Cast, as_person: SignInAs
) -> None:
    def day(days: int) -> dict[str, str]:
        return {"deadline": (clock.today() + timedelta(days=days)).isoformat()}

    answered(cast, row, {"WTR-02": day(0), "MGT-01": day(366), "MGT-02": day(367)})
    assert troubles(row, "WTR-02") == troubles(row, "MGT-01") == []
    assert "改正期限太远，请核对年份。" in filling.page_with(as_person("ines"), row, "MGT-02").main


def test_a_failed_piece_says_what_is_wrong_with_it(row: Inspection, cast: Cast) -> None:
    name = f"PIECE@{filling.first(EquipmentKind.EXTINGUISHER)}"
    answered(cast, row, {name: {}})
    assert troubles(row, name) == ["请选择是什么问题。"]


def test_an_answer_against_the_reading_stands_with_a_reason(row: Inspection, cast: Cast) -> None:
    answered(cast, row, {"HYI-06": {"answer": "pass", "reading": "0.01", "note": "表具已送检，实测以检测报告为准"}})
    assert troubles(row) == []


def test_without_a_second_officer_nothing_is_finished(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    row = draft(cast, second_id=None)
    answered(cast, row)
    client = as_person("ines")
    answer = filling.finish(client, row)
    assert answer.status_code == 422
    assert "还没有第二名检查人员" in answer.text
    assert filling.finish(client, row, second_id=str(cast.people["ivo"])).status_code == 302


def test_two_officers_are_never_the_same_person_nor_from_elsewhere(row: Inspection, cast: Cast) -> None:
    for other in (cast.people["ines"], cast.people["oskar"], cast.people["stan"], cast.people["pema"]):
        with pytest.raises(DomainError):
            starting.set_people(cast.viewer("ines"), row, second_id=other, accompanying="", accompanying_post="")


def test_while_two_officers_disagree_nothing_is_finished(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    answered(cast, row, device="a")
    service.apply([op(row, value="fail", device="b")], by=cast.viewer("ivo"))
    db.session.commit()
    answer = filling.finish(as_person("ines"), row)
    assert answer.status_code == 422
    assert "填写不一致" in answer.text
    db.session.expire_all()
    assert row.state is InspectionState.DRAFT


def test_finishing_twice_freezes_once(row: Inspection, cast: Cast) -> None:
    sheet = answered(cast, row)
    finishing.finalise(cast.viewer("ines"), sheet)
    first = row.record_sha256
    finishing.finalise(cast.viewer("ines"), whole_sheet(row))
    assert (row.state, row.record_sha256) == (InspectionState.SIGNING, first)


def test_the_findings_are_read_out_with_day_and_weekday(row: Inspection, cast: Cast, as_person: SignInAs) -> None:
    answered(cast, row, a_fault(cast))
    page = as_person("ines").page(f"/inspections/{row.id}/review")
    assert "指针在红区" in page.main
    assert "责令限期改正，" in page.main
    assert "（星期" in page.main


def test_a_date_on_no_school_day_is_asked_about(cast: Cast, as_person: SignInAs) -> None:
    import datetime as dt

    campus(cast, pieces=3)
    sunday = dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)
    row = draft(cast, started_at=sunday)
    answered(cast, row, a_fault(cast))
    page = as_person("ines").page(f"/inspections/{row.id}/review")
    assert "2026年11月29日（星期日） 不上课。可改为 2026年11月27日（星期五） 或 2026年11月30日（星期一）" in page.main
    name = next(iter(a_fault(cast)))
    item, place = name.split("@")
    service.apply([op(row, item, "2026-12-04", place=place, field="deadline")], by=cast.viewer("ines"))
    db.session.commit()
    page = as_person("ines").page(f"/inspections/{row.id}/review")
    assert "不上课" not in page.main
    assert "2026年12月4日（星期五）" in page.main


def test_the_officers_own_saturday_is_asked_about_too(cast: Cast, as_person: SignInAs) -> None:
    import datetime as dt

    campus(cast, pieces=3)
    row = draft(cast, started_at=dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC))
    answered(cast, row, a_fault(cast))
    item, place = next(iter(a_fault(cast))).split("@")
    service.apply([op(row, item, "2026-12-05", place=place, field="deadline")], by=cast.viewer("ines"))
    db.session.commit()
    page = as_person("ines").page(f"/inspections/{row.id}/review")
    assert "2026年12月5日（星期六） 不上课" in page.main
    assert "2026年12月5日（星期六）前" in page.main, "the date stands until the officer changes it"


def test_what_was_ordered_earlier_and_said_to_be_put_right_is_checked_against_what_is_still_open(
    row: Inspection, cast: Cast, as_person: SignInAs
) -> None:
    answered(cast, row)
    ines = as_person("ines")
    assert "请核对“上次责令改正事项”" not in ines.page(f"/inspections/{row.id}/review").main
    earlier = orders.served(cast, count=2)
    finding = drafting.items_of(earlier)[0][1]
    db.session.commit()
    page = ines.page(f"/inspections/{row.id}/review").main
    assert "还有 2 项没有销号" in page
    assert f"/findings/{finding.id}" in ines.get(f"/inspections/{row.id}/review").text
    service.apply([op(row, "MGT-12", "fail"), op(row, "MGT-12", ["other"], field="fault")], by=cast.viewer("ines"))
    db.session.commit()
    assert "没有销号" not in ines.page(f"/inspections/{row.id}/review").main


@pytest.mark.parametrize(("name", "status"), [("ivo", 200), ("lea", 200), ("olga", 403), ("stan", 403), ("pema", 403), ("oskar", 404)])  # fmt: skip
def test_who_reviews(row: Inspection, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get(f"/inspections/{row.id}/review").status_code == status


def test_a_draft_is_given_up_with_a_reason_and_stays_on_record(row: Inspection, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = client.page(f"/inspections/{row.id}/review")
    assert client.send(page, {"reason": ""}, button="确认作废草稿").status_code == 409
    client.send(page, {"reason": "学校临时停课"}, button="确认作废草稿")
    db.session.expire_all()
    assert (row.state, row.withdrawn_reason) == (InspectionState.WITHDRAWN, "学校临时停课")
