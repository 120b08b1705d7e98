"""The ledger of a school: what stands in it, as page, as spreadsheet with right types, as paper."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from app.casefiles.queries import ledger as ledgers
from app.core import clock, jobs
from app.core.extensions import db
from app.core.tables.reports import write_report
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.findings import ClosedHow
from app.rectification.models.orders import ItemHolder, OrderItem
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import orders
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


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_libreoffice_reads_the_same_types(tmp_path: Path) -> None:
    """Opened and written again by LibreOffice, a day is still a day, a number a number, a text a text."""
    row = [1, date(2026, 11, 18), "宿舍楼", "=1+1", Decimal("1280.50"), "0012", None]
    source = tmp_path / "ledger.xlsx"
    source.write_bytes(write_report(["序号", "日期", "部位", "问题", "费用", "编号", "空"], [row]))
    out = tmp_path / "out"
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/lo", "--convert-to", "ods", "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    read = CalamineWorkbook.from_path(str(out / "ledger.ods")).get_sheet_by_index(0).to_python()[1]
    assert read[:6] == [1.0, date(2026, 11, 18), "宿舍楼", "=1+1", 1280.5, "0012"]
    with zipfile.ZipFile(out / "ledger.ods") as parts:
        assert "table:formula" not in parts.read("content.xml").decode()


def test_the_paper_is_issued_once_for_the_same_state_and_again_after_a_change(cast: Cast, as_person: SignInAs) -> None:
    fill(cast)
    ines = as_person("ines")
    page = ines.page(f"/schools/{cast.school_id}/ledger")
    assert "制作文书" in page.main
    for _again in range(2):
        assert ines.post(f"/schools/{cast.school_id}/ledger", data={"year": str(YEAR)}).status_code == 302
    papers = db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.kind == "school_ledger")).all()
    assert len(papers) == 1
    data = json.loads(papers[0].context)["data"]
    texts = [line["text"] for line in data["lines"]]
    assert texts[0] == "去年的，还在"
    assert set(texts[1:]) == {"疏散门上锁", "灭火器失压"}
    make.finding(cast, text="新的", item_code="NEW-1")
    db.session.commit()
    ines.post(f"/schools/{cast.school_id}/ledger", data={"year": str(YEAR)})
    jobs.run_all()
    papers = db.session.scalars(
        sa.select(IssuedDocument).where(IssuedDocument.kind == "school_ledger").order_by(IssuedDocument.serial)
    ).all()
    assert [(p.serial, p.state, p.warnings) for p in papers] == [
        (1, DocumentState.ISSUED, []),
        (2, DocumentState.ISSUED, []),
    ]


@pytest.mark.parametrize(("name", "status"), [("pema", 403), ("beate", 403), ("dora", 403), ("oskar", 404)])
def test_who_may_not_issue_it(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).post(f"/schools/{cast.school_id}/ledger").status_code == status
    assert as_person(name).post(f"/schools/{cast.school_id}/ledger/preview").status_code == status


def test_the_ledger_costs_the_same_with_one_fault_and_with_many(cast: Cast, as_person: SignInAs, count_queries) -> None:
    numbers = []
    for many in (1, 40):
        for n in range(many):
            make.finding(cast, item_code=f"Q-{many}-{n}")
        db.session.commit()
        with count_queries() as counted:
            as_person("ines").get(f"/schools/{cast.school_id}/ledger")
        numbers.append(counted.number)
    assert numbers[0] == numbers[1] <= 15
