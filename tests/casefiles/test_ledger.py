"""The ledger of a school: what stands in it, as page, as spreadsheet with right types, as paper."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from app.casefiles.queries import ledger as ledgers
from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import ClosedHow
from app.rectification.models.orders import ItemHolder, OrderItem
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders, papers
from tests.factories import rectification as make

TODAY = clock.today()
YEAR = TODAY.year
NAUGHTY = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x","y")', "＝1+1", "\t=1", "0012"]
HEADINGS = [
    "序号",
    "发现日期",
    "部位",
    "问题",
    "整改措施",
    "责任人",
    "改正期限",
    "结果",
    "结束日期",
    "文书",
    "费用（元）",
    "上年结转",
]


def fill(cast: Cast) -> None:
    """One on an order and in hand, one struck off with costs, one of last year still open, one of last year done."""
    cast.school.safety_manager = "索南"
    order = orders.served(cast, count=1)
    item = db.session.scalars(sa.select(OrderItem).where(OrderItem.order_id == order.id)).one()
    db.session.add(ItemHolder(order_item_id=item.id, name="拉姆", post="总务主任"))
    done = make.finding(cast, text="灭火器失压", found_on=TODAY)
    make.evidence(cast, done).cost = Decimal("1280.50")
    done.closed_on, done.closed_how, done.recheck_id = TODAY, ClosedHow.RECHECK, make.inspection(cast).id
    long_ago = date(YEAR - 1, 6, 1)
    make.finding(cast, text="去年的，还在", found_on=long_ago, deadline=long_ago + timedelta(days=30))
    over = make.finding(cast, text="去年的，已改", found_on=long_ago)
    over.closed_on, over.closed_how = long_ago + timedelta(days=1), ClosedHow.SPOT
    make.finding(cast, text="别校的", school_id=cast.ottos_school_id)
    db.session.commit()


def test_it_holds_the_year_and_what_was_carried_over(cast: Cast) -> None:
    fill(cast)
    found = ledgers.ledger(cast.viewer("ines"), cast.school, YEAR)
    told = {entry.finding.text: (entry.carried, entry.responsible, entry.cost) for entry in found.entries}
    assert told == {
        "去年的，还在": (True, "索南", None),
        "疏散门上锁": (False, "拉姆 总务主任", None),
        "灭火器失压": (False, "索南", Decimal("1280.50")),
    }
    assert (found.closed, found.open, found.overdue) == (1, 2, 1)
    before = ledgers.ledger(cast.viewer("ines"), cast.school, YEAR - 1)
    assert {entry.finding.text for entry in before.entries} == {"去年的，还在", "去年的，已改"}
    assert ledgers.years_of(cast.viewer("ines"), cast.school) == [YEAR, YEAR - 1]


@pytest.mark.parametrize(
    ("name", "status"), [("ines", 200), ("pema", 200), ("beate", 200), ("dora", 200), ("otto", 404), ("oskar", 404)]
)
def test_who_sees_it(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    fill(cast)
    client = as_person(name)
    assert client.get(f"/schools/{cast.school_id}/ledger").status_code == status
    assert client.get(f"/schools/{cast.school_id}/ledger.xlsx").status_code == status


def test_the_page_tells_results_and_leads_to_the_order(cast: Cast, as_person: SignInAs) -> None:
    fill(cast)
    page = as_person("pema").page(f"/schools/{cast.school_id}/ledger")
    for said in ("拉姆 总务主任", "复查合格，已销号", "上年结转", "共 3 项，已结束 1 项，未结束 2 项，其中逾期 1 项"):
        assert said in page.main
    assert "/orders/" in page.html
    assert "制作文书" not in page.main
    assert "去年的，已改" in as_person("pema").page(f"/schools/{cast.school_id}/ledger?year={YEAR - 1}").main
    assert as_person("pema").get(f"/schools/{cast.school_id}/ledger?year=abcd").status_code == 200


def workbook(client, cast: Cast) -> bytes:
    answer = client.get(f"/schools/{cast.school_id}/ledger.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return answer.data


def test_the_spreadsheet_has_real_days_numbers_and_chinese(cast: Cast, as_person: SignInAs) -> None:
    fill(cast)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook(as_person("ines"), cast))).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    assert head == HEADINGS
    by_text = {row[3]: row for row in rows}
    done = by_text["灭火器失压"]
    assert (done[1], done[8], done[10]) == (TODAY, TODAY, 1280.5)
    assert done[6] == TODAY + timedelta(days=15)
    assert by_text["疏散门上锁"][8] in ("", None)
    assert by_text["去年的，还在"][11] == "是"


def test_what_a_person_wrote_never_becomes_a_formula(cast: Cast, as_person: SignInAs) -> None:
    for n, text in enumerate(NAUGHTY):
        make.finding(cast, item_code=f"X-{n}", text=text, measure=text, place_label=text)
    db.session.commit()
    content = workbook(as_person("ines"), cast)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "<f " not in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    assert {row[3] for row in rows} == set(NAUGHTY)
    assert all(isinstance(row[3], str) for row in rows)


@pytest.mark.one_database
def test_a_ledger_whose_number_was_voided_is_issued_anew(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    papers.pressed_anew(cast, lambda: lea.post(f"/schools/{cast.school_id}/ledger", data={}))
