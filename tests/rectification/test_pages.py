"""The list of findings, a finding's page, withdrawing, the export."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from app.core import clock
from app.core.extensions import db
from app.fieldwork.rules import TargetKind
from app.rectification.models.findings import ClosedHow, Finding, Severity
from tests.browse import Page
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import rectification as make

TODAY = clock.today()


def _commit(*rows: Finding) -> list[str]:
    addresses = [f"/findings/{row.id}" for row in rows]
    db.session.commit()
    return addresses


def test_the_list_shows_open_findings_the_most_urgent_first(cast: Cast, as_person: SignInAs) -> None:
    make.finding(cast, text="后到期", deadline=TODAY + timedelta(days=20))
    make.finding(cast, text="已逾期", found_on=TODAY - timedelta(days=20), deadline=TODAY - timedelta(days=11))
    _commit()
    page = as_person("ines").get("/findings").get_data(as_text=True)
    assert page.index("已逾期") < page.index("后到期")
    assert "逾期 11 天" in page
    assert 'data-colour="red"' in page
    assert 'data-status="overdue"' in page


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"锁", "旧灯"}),
        ("state=overdue", {"旧灯"}),
        ("state=awaiting", {"旧灯"}),
        ("state=closed", {"误录"}),
        ("state=", {"锁", "旧灯", "误录"}),
        ("severity=critical", {"锁"}),
        ("q=东侧", {"锁"}),
        ("q=第二小学", {"旧灯"}),
        ("q=100%25", set()),
        ("mine=y", {"锁"}),
        ("state=nonsense&severity=nonsense&sort=nonsense&school=nonsense", {"锁", "旧灯"}),
    ],
)
def test_the_list_is_filtered(cast: Cast, as_person: SignInAs, query: str, seen: set[str]) -> None:
    make.finding(cast, text="锁", severity=Severity.CRITICAL, place_label="东侧门")
    other = make.inspection(
        cast, school_id=cast.ottos_school_id, lead_id=cast.people["lea"], second_id=cast.people["ivo"]
    )
    make.finding(cast, text="旧灯", row=other, found_on=TODAY - timedelta(9), deadline=TODAY - timedelta(days=1))
    make.finding(
        cast, text="误录", row=other, item_code="X", closed_on=TODAY, closed_how=ClosedHow.WITHDRAWN, closed_reason="误"
    )
    _commit()
    page = as_person("ines").get(f"/findings?{query}").get_data(as_text=True)
    assert {text for text in ("锁", "旧灯", "误录") if f">{text}</a>" in page} == seen


def test_the_tile_of_the_month_leads_to_what_it_counts(cast: Cast, as_person: SignInAs) -> None:
    months = {"本月销号": TODAY.replace(day=1), "上月销号": TODAY.replace(day=1) - timedelta(days=1)}
    for text, day in months.items():
        recheck = make.inspection(cast).id
        make.finding(cast, text=text, closed_on=day, closed_how=ClosedHow.RECHECK, recheck_id=recheck)
    make.finding(cast, text="当场改正", closed_on=TODAY, closed_how=ClosedHow.SPOT)
    db.session.commit()
    ines = as_person("ines")
    page = ines.get("/findings?state=struck_off").text.split("<table")[1]
    assert [text for text in (*months, "当场改正") if text in page] == ["本月销号"]
    assert "state=struck_off" in ines.get("/").text


@pytest.mark.parametrize("sort", ["deadline", "severity", "school", "found"])
def test_every_order_pages_through_all_findings_once(cast: Cast, as_person: SignInAs, sort: str) -> None:
    row = make.inspection(cast)
    for n in range(120):
        severity = list(Severity)[n % 3]
        finding = make.finding(cast, row=row, item_code=f"N-{n:03}", severity=severity)
        finding.deadline = None if n % 7 == 0 else TODAY + timedelta(days=n % 5)
    _commit()
    browser, seen, address = as_person("ines"), [], f"/findings?sort={sort}"
    for _ in range(3):
        page = Page(browser.get(address).get_data(as_text=True), address)
        seen += [str(small.text) for small in page.all('//small[@class="item-code"]')]
        following = page.all('//a[@rel="next"]/@href')
        address = str(following[0]) if following else ""
    assert len(seen) == len(set(seen)) == 120
    assert address == ""


def test_the_other_school_sees_nothing(cast: Cast, as_person: SignInAs) -> None:
    [address] = _commit(make.finding(cast, text="疏散门上锁"))
    for name in ("otto", "oskar", "otilia"):
        assert as_person(name).get(address).status_code == 404
        assert "疏散门上锁" not in as_person(name).get("/findings").get_data(as_text=True)


def test_those_who_may_read_see_the_finding_without_buttons(cast: Cast, as_person: SignInAs) -> None:
    [address] = _commit(make.finding(cast))
    for name in ("beate", "dora", "olga", "stan"):
        page = as_person(name).get(address).get_data(as_text=True)
        assert "疏散门上锁" in page
        assert "安排复查" not in page
        assert "确认撤回" not in page


def test_the_page_prints_only_settled_clauses(cast: Cast, as_person: SignInAs) -> None:
    [address] = _commit(make.finding(cast))
    page = as_person("ines").get(address).get_data(as_text=True)
    assert "消防法第二十八条" in page
    assert "某标准第九条" not in page


def test_the_page_tells_by_when_to_look_again(cast: Cast, as_person: SignInAs) -> None:
    finding = make.finding(cast)
    make.evidence(cast, finding, asks_recheck=True)
    [address] = _commit(finding)
    page = as_person("ines").get(address).get_data(as_text=True)
    assert "复查应于" in page
    assert "申请复查" in page
    assert "安排复查" in page


def test_the_leader_withdraws_with_a_reason(cast: Cast, as_person: SignInAs) -> None:
    [address] = _commit(make.finding(cast))
    lea = as_person("lea")
    page = lea.get(f"{address}").get_data(as_text=True)
    assert "撤回" in page
    answer = lea.post(f"{address}/withdraw", data={"reason": "重复录入"}, follow_redirects=True)
    assert "重复录入" in answer.get_data(as_text=True)
    assert db.session.scalars(db.select(Finding.closed_how)).all() == [ClosedHow.WITHDRAWN]


def test_withdrawing_without_a_reason_or_twice_is_refused(cast: Cast, as_person: SignInAs) -> None:
    [address] = _commit(make.finding(cast))
    lea = as_person("lea")
    assert lea.post(f"{address}/withdraw", data={"reason": " "}).status_code == 422
    assert lea.post(f"{address}/withdraw", data={"reason": "误录"}).status_code == 302
    assert lea.post(f"{address}/withdraw", data={"reason": "误录"}).status_code == 409


@pytest.mark.parametrize(("name", "status"), [("ines", 403), ("pema", 403), ("beate", 403), ("oskar", 403)])
def test_nobody_else_withdraws(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    [address] = _commit(make.finding(cast))
    assert as_person(name).post(f"{address}/withdraw", data={"reason": "误录"}).status_code == status


def test_the_export_holds_the_list_and_no_formula(cast: Cast, as_person: SignInAs) -> None:
    make.finding(cast, text='=HYPERLINK("http://x")')
    _commit()
    answer = as_person("ines").get("/findings.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert rows[1][0] == "示范区第一小学"
    assert rows[1][1] == '=HYPERLINK("http://x")'
    assert b"<f>" not in answer.data


@pytest.mark.parametrize("address", ["/findings", "/findings.xlsx"])
def test_the_list_costs_the_same_however_long(cast: Cast, as_person: SignInAs, count_queries, address: str) -> None:
    browser, numbers = as_person("ines"), []
    for n in (3, 60):
        row = make.inspection(cast)
        for k in range(n):
            make.evidence(cast, make.finding(cast, row=row, item_code=f"N-{k}"))
        _commit()
        with count_queries() as counted:
            assert browser.get(address).status_code == 200
        numbers.append(counted.number)
    assert numbers[0] == numbers[1] <= 15


def test_the_story_shows_what_was_sent_and_how_it_was_seen_again(cast: Cast, as_person: SignInAs) -> None:
    finding = make.finding(cast, found_on=TODAY - timedelta(days=9))
    make.evidence(cast, finding, sent_at=make.at(TODAY - timedelta(days=5)))
    result = make.recheck(cast, finding, on=TODAY - timedelta(days=2))
    make.photo(TargetKind.RECHECK, result.inspection_id, place=str(finding.id))
    for item in (finding.item_code, "PIECE"):
        make.photo(TargetKind.INSPECTION, finding.inspection_id, item=item, place=finding.target_id)
    [address] = _commit(finding)
    page = as_person("ines").get(address).get_data(as_text=True)
    assert page.index("检查发现") < page.index("白玛 报送整改情况") < page.index("复查：未改正")
    assert page.count('<img src="/photos/') == 3
    assert "复查仍未改正" in page
