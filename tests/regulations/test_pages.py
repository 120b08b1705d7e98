"""Pages on which the office reads packs and keeps calendars."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from app.core.extensions import db
from app.regulations import queries
from app.regulations.models import Calendar, CalendarDay, Term
from app.regulations.rules.calendars import is_workday
from tests.cast import AREA, Cast
from tests.conftest import SignInAs

pytestmark = pytest.mark.usefixtures("calendars")

READING = [
    "/admin/packs",
    "/admin/packs/cn-school/1",
    "/admin/packs/cn-school/1/items/HYI-07",
    "/admin/packs/cn-school/1/citations",
    "/admin/packs/cn-school/1/duties",
    "/admin/calendars",
    "/admin/calendars/cn-lhasa/2026",
    "/admin/calendars/terms",
]
SHOTON = {"kind": "off", "name": "雪顿节", "start": "2026-08-10", "end": "2026-08-16", "source": "拉萨市通知"}


@pytest.mark.parametrize("address", ["/admin/packs", "/admin/calendars/terms"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("olga", 200),
        ("lea", 200),
        ("ines", 200),
        ("stan", 200),
        ("dora", 200),
        ("ada", 200),
        ("beate", 403),
        ("pema", 403),
    ],
)
def test_the_brigade_reads_and_schools_do_not(as_person: SignInAs, address: str, who: str, status: int) -> None:
    assert as_person(who).get(address).status_code == status


@pytest.mark.parametrize("address", READING)
def test_reading_needs_few_queries_and_speaks_english(as_person: SignInAs, count_queries, address: str) -> None:  # type: ignore[no-untyped-def]
    browser = as_person("olga")
    browser.post("/language", data={"language": "en"})
    with count_queries() as counted:
        answer = browser.get(address)
    assert counted.number <= 15
    assert answer.status_code == 200
    assert '<html lang="en"' in answer.text


def test_items_are_found_by_a_fault_or_a_clause(as_person: SignInAs) -> None:
    browser = as_person("olga")
    found = browser.get("/admin/packs/cn-school/1?q=超过报废期限").text
    assert "EXT-07" in found
    assert "HYI-01" not in found
    assert "HYI-07" in browser.get("/admin/packs/cn-school/1?q=7.4.12").text
    assert "没有符合条件的检查项" in browser.get("/admin/packs/cn-school/1?q=月球").text


def test_items_come_in_pages(as_person: SignInAs) -> None:
    browser = as_person("olga")
    first = browser.get("/admin/packs/cn-school/1").text
    assert "EXT-01" in first
    assert 'rel="next"' in first
    last = browser.get("/admin/packs/cn-school/1?after=200").text
    assert "DRL-08" in last
    assert 'rel="next"' not in last
    assert browser.get("/admin/packs/cn-school/1?after=%2e%2e").status_code == 200


def test_an_item_shows_which_clauses_never_print(as_person: SignInAs) -> None:
    text = as_person("olga").get("/admin/packs/cn-school/1/items/FDR-13").text
    assert "没有可以印在文书上的依据" not in text
    assert "未核实，仅供参考" in text


def test_the_office_sees_what_is_unsure(as_person: SignInAs) -> None:
    text = as_person("olga").get("/admin/packs/cn-school/1/citations").text
    assert "GB 55037-2022 10.1.10" in text
    assert "共 8 条" in text


@pytest.mark.parametrize(
    "address",
    [
        "/admin/packs/cn-school/9",
        "/admin/packs/moon/1",
        "/admin/packs/cn-school/1/items/MOON-1",
        "/admin/calendars/moon/2026",
        "/admin/calendars/cn-lhasa/1999",
    ],
)
def test_what_is_not_there_is_not_found(as_person: SignInAs, address: str) -> None:
    assert as_person("olga").get(address).status_code == 404


def test_the_calendar_page_says_what_is_not_entered(as_person: SignInAs) -> None:
    browser = as_person("olga")
    assert "2027年未录入放假安排" in browser.get("/admin/calendars/cn-national/2027").text
    assert "本年还没有录入：雪顿节" in browser.get("/admin/calendars/cn-lhasa/2026").text


def test_the_office_enters_shoton(as_person: SignInAs, cast: Cast) -> None:
    answer = as_person("olga").post("/admin/calendars/cn-lhasa/2026/days", data=SHOTON, follow_redirects=True)
    assert "已录入 7 天。没有进行中的期限因此变动。" in answer.text
    assert not is_workday(date(2026, 8, 12), queries.calendar_of(AREA))
    row = db.session.scalars(sa.select(CalendarDay).where(CalendarDay.name == "雪顿节")).first()
    assert row is not None
    assert row.entered_by_id == cast.people["olga"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"start": ""}, "请填写开始日期"),
        ({"end": "2026-08-01"}, "结束日期不能早于开始日期"),
        ({"source": ""}, "请填写依据的通知或文件"),
        ({"name": "x" * 61}, ""),
        ({"kind": "maybe"}, ""),
        ({"start": "2026-02-20", "end": "2026-02-21"}, "已录入为“藏历新年”"),
    ],
)
def test_bad_days_come_back_with_a_sentence(as_person: SignInAs, change: dict[str, str], words: str) -> None:
    answer = as_person("olga").post("/admin/calendars/cn-lhasa/2026/days", data={**SHOTON, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).where(CalendarDay.name == "雪顿节")) == 0


ACTS = [
    ("/admin/calendars/cn-lhasa/2026/days", SHOTON),
    ("/admin/calendars/cn-lhasa/2026/withdraw", {"start": "2026-02-15", "end": "2026-02-26", "reason": "x"}),
    ("/admin/calendars/cn-lhasa/2026/filled", {"filled": "y"}),
    ("/admin/calendars/new", {"area_code": AREA, "name": "x"}),
    ("/admin/calendars/terms", {"area_code": AREA, "name": "x", "starts_on": "2026-09-01", "ends_on": "2027-01-10"}),
]


@pytest.mark.parametrize(("address", "data"), ACTS)
@pytest.mark.parametrize("who", ["ines", "stan", "dora", "beate", "pema"])
def test_only_office_leader_and_admin_change_days(
    as_person: SignInAs, who: str, address: str, data: dict[str, str]
) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(CalendarDay))
    assert as_person(who).post(address, data=data).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CalendarDay)) == before


def test_a_calendar_of_another_area_does_not_exist(as_person: SignInAs) -> None:
    db.session.add(Calendar(code="region-110101", layer="region", area_code="110101", name="东城"))
    db.session.commit()
    browser = as_person("olga")
    assert browser.get("/admin/calendars/region-110101/2026").status_code == 404
    assert browser.post("/admin/calendars/region-110101/2026/days", data=SHOTON).status_code == 404


def test_days_are_withdrawn_with_a_reason(as_person: SignInAs) -> None:
    browser = as_person("olga")
    data = {"start": "2026-02-15", "end": "2026-02-26"}
    refused = browser.post("/admin/calendars/cn-lhasa/2026/withdraw", data=data, follow_redirects=True)
    assert "请写明撤销原因" in refused.text
    done = browser.post(
        "/admin/calendars/cn-lhasa/2026/withdraw", data={**data, "reason": "通知作废"}, follow_redirects=True
    )
    assert "已撤销 12 天" in done.text


def test_a_year_is_said_to_be_complete(as_person: SignInAs) -> None:
    browser = as_person("lea")
    done = browser.post("/admin/calendars/cn-lhasa/2026/filled", data={"filled": "y"}, follow_redirects=True)
    assert "本年放假安排已录入完整" in done.text
    undone = browser.post("/admin/calendars/cn-lhasa/2026/filled", data={}, follow_redirects=True)
    assert "本年还没有录入：雪顿节" in undone.text


def test_a_region_gets_its_calendar(as_person: SignInAs) -> None:
    browser = as_person("olga")
    assert "城关区" in browser.get("/admin/calendars/new").text
    done = browser.post("/admin/calendars/new", data={"area_code": AREA, "name": "本区放假"}, follow_redirects=True)
    assert "本区放假" in done.text
    again = browser.post("/admin/calendars/new", data={"area_code": AREA, "name": "本区放假"})
    assert again.status_code == 422
    assert "已有放假日历" in again.text
    assert browser.post("/admin/calendars/new", data={"area_code": "110101", "name": "x"}).status_code == 422


def test_terms_are_entered_and_withdrawn(as_person: SignInAs) -> None:
    browser = as_person("olga")
    data = {"area_code": AREA, "name": "2026年秋季学期", "starts_on": "2026-09-01", "ends_on": "2027-01-10"}
    assert "2026年秋季学期" in browser.post("/admin/calendars/terms", data=data, follow_redirects=True).text
    assert browser.post("/admin/calendars/terms", data=data).status_code == 422
    term = db.session.scalars(sa.select(Term)).one()
    address = f"/admin/calendars/terms/{term.id}/withdraw"
    assert "请写明撤销原因" in browser.post(address, data={}, follow_redirects=True).text
    assert "学期已撤销" in browser.post(address, data={"reason": "录错"}, follow_redirects=True).text
    assert browser.post(address, data={"reason": "录错"}).status_code == 404


def test_another_districts_terms_are_not_ours(as_person: SignInAs) -> None:
    db.session.add(Term(area_code="540103", name="邻区", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 10)))
    db.session.commit()
    term = db.session.scalars(sa.select(Term)).one()
    browser = as_person("olga")
    assert "邻区" not in browser.get("/admin/calendars/terms").text
    assert browser.post(f"/admin/calendars/terms/{term.id}/withdraw", data={"reason": "x"}).status_code == 404


def test_a_holidays_name_is_shown_as_it_was_typed(as_person: SignInAs) -> None:
    browser = as_person("olga")
    name = "<b>节</b> & “日”"
    browser.post("/admin/calendars/cn-lhasa/2026/days", data={**SHOTON, "name": name})
    text = browser.get("/admin/calendars/cn-lhasa/2026").text
    assert "&lt;b&gt;节&lt;/b&gt; &amp; “日”" in text
    assert "<b>节</b>" not in text
