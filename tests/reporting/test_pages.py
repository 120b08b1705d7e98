"""Home by role and the board: what each role finds, that figures are right, that nothing costs more with more schools."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core import clock
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.inspections.models import InspectionState
from app.planning.models import Visit
from app.rectification.models.findings import ClosedHow, Finding
from app.rectification.rules.findings import Colour
from app.reporting.queries import colours, findings, work
from app.schools.models import School, SchoolKind, SchoolStatus
from tests.browse import Page, words
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import inspections as drafts
from tests.factories import rectification as make

TODAY = clock.today()


def _school(cast: Cast, name: str, **more: object) -> School:
    row = School(name=name, kind=SchoolKind.PRIMARY, brigade_id=cast.brigade_id, area_code="540102", **more)
    db.session.add(row)
    db.session.flush()
    return row


def _late(cast: Cast, days: int, **more: object) -> Finding:
    return make.finding(cast, found_on=TODAY - timedelta(days=days + 20), deadline=TODAY - timedelta(days=days), **more)


def _page(as_person: SignInAs, name: str, address: str = "/") -> Page:
    db.session.commit()
    answer = as_person(name).get(address)
    assert answer.status_code == 200
    page: Page = answer.page  # type: ignore[attr-defined]
    return page


def test_the_figures_of_the_day(cast: Cast) -> None:
    _late(cast, 11)
    _late(cast, 1, school_id=cast.ottos_school_id)
    make.finding(cast, deadline=TODAY)
    make.finding(cast, deadline=TODAY + timedelta(days=3), school_id=cast.ottos_school_id)
    make.evidence(cast, make.finding(cast, deadline=TODAY + timedelta(days=4)), asks_recheck=True)
    _late(cast, 30, school_id=cast.foreign_school_id, brigade_id=cast.other_brigade_id)
    closed = _late(cast, 1)
    closed.closed_on, closed.closed_how, closed.recheck_id = TODAY, ClosedHow.RECHECK, make.inspection(cast).id
    db.session.commit()
    told = findings.figures(cast.viewer("lea"))
    assert (told.overdue, told.oldest_days) == (2, 11)
    assert (told.due_soon, told.due_soon_schools) == (2, 2)
    assert (told.awaiting, told.struck_off, told.on_time_percent) == (3, 1, 100)
    assert told.recheck_by is not None
    assert told.recheck_by < TODAY


def test_a_brigade_without_findings_has_noughts(cast: Cast) -> None:
    told = findings.figures(cast.viewer("lea"))
    assert (told.overdue, told.due_soon, told.awaiting, told.struck_off) == (0, 0, 0, 0)
    assert (told.recheck_by, told.on_time_percent) == (None, None)


def test_months_count_what_was_found_and_closed_but_not_what_was_withdrawn(cast: Cast) -> None:
    make.finding(cast, closed_on=TODAY, closed_how=ClosedHow.SPOT)
    make.finding(cast)
    make.finding(cast, closed_on=TODAY, closed_how=ClosedHow.WITHDRAWN, closed_reason="误录")
    db.session.commit()
    months = findings.by_month(cast.viewer("lea"))
    assert len(months) == 6
    assert months[-1] == (TODAY.month, 2, 1)
    assert months[0][1:] == (0, 0)


def test_a_school_has_the_colour_of_its_worst_finding_and_the_reason(cast: Cast) -> None:
    _late(cast, 2, text="门上锁")
    make.finding(cast, text="还早", deadline=TODAY + timedelta(days=30))
    make.finding(cast, school_id=cast.ottos_school_id, text="快到期", deadline=TODAY + timedelta(days=1))
    _school(cast, "绿校")
    _school(cast, "停办", status=SchoolStatus.CLOSED)
    db.session.commit()
    page, _totals = colours.board(cast.viewer("lea"))
    rows = page.rows
    told = [(row.colour.value, row.school.name, row.worst.text if row.worst else "", row.open_count) for row in rows]
    assert told == [
        ("red", "示范区第一小学", "门上锁", 2),
        ("yellow", "示范区第二小学", "快到期", 1),
        ("green", "绿校", "", 0),
    ]
    totals = colours.totals(cast.viewer("lea"))
    assert (totals.red, totals.yellow, totals.green, totals.unvisited) == (1, 1, 1, 3)


def test_a_school_visited_this_year_is_not_unvisited(cast: Cast) -> None:
    _school(cast, "今年查过", last_visited_on=TODAY.replace(month=1, day=1))
    _school(cast, "去年查过", last_visited_on=TODAY.replace(month=1, day=1) - timedelta(days=1))
    db.session.commit()
    assert colours.totals(cast.viewer("lea")).unvisited == 3


def test_the_leader_sees_what_is_red_and_why(cast: Cast, as_person: SignInAs) -> None:
    _late(cast, 11, text="疏散门上锁")
    page = _page(as_person, "lea")
    assert "最久 11 天" in page.main
    assert page.all('//*[@data-colour="red"]')
    assert "疏散门上锁" in page.main
    assert "/schools?unvisited=1" in page.html
    assert "近六个月发现和结束的问题数" in page.html


def test_the_leader_finds_what_waits(cast: Cast, as_person: SignInAs) -> None:
    draft = drafts.draft(cast)
    signing = make.inspection(cast, state=InspectionState.SIGNING)
    db.session.add(
        IssuedDocument(
            kind="inspection_record", brigade_id=cast.brigade_id, year=2026, serial=1, number="示〔2026〕第0001号",
            language="zh_Hans_CN", title="消防监督检查记录", school_id=cast.school_id, subject_kind="inspection",
            subject_id=signing.id, check_code="X", context="{}", context_sha256="0" * 64, template_revision="0",
            state=DocumentState.FAILED,
        )
    )  # fmt: skip
    page = _page(as_person, "lea")
    waiting = words(page.all('//*[@id="waiting"]')[0])
    for said in ("待签名", "草稿", "制作失败", "示〔2026〕第0001号"):
        assert said in waiting
    assert f"/inspections/{draft.id}" in page.html


def test_the_inspector_resumes_and_goes_on(cast: Cast, as_person: SignInAs) -> None:
    draft = drafts.draft(cast)
    other = drafts.draft(cast, lead_id=cast.people["lea"], second_id=None)
    db.session.add(
        Visit(
            school_id=cast.ottos_school_id, brigade_id=cast.brigade_id, planned_on=TODAY, purpose="双随机",
            lead_id=cast.people["ines"],
        )
    )  # fmt: skip
    _late(cast, 2, text="门上锁")
    page = _page(as_person, "ines")
    assert f"/inspections/{draft.id}" in page.html
    assert f"/inspections/{other.id}" not in page.html
    assert "双随机" in page.main
    assert "复查应于" in page.main
    assert page.form("打开").action == "/equipment/find"


def test_the_station_logs(cast: Cast, as_person: SignInAs) -> None:
    page = _page(as_person, "stan")
    assert "登记演练" in page.main
    assert "等您处理" not in page.main


def test_the_office_sees_signed_records_without_a_paper(cast: Cast, as_person: SignInAs) -> None:
    row = make.inspection(cast)
    page = _page(as_person, "olga")
    assert "待制作文书" in page.main
    assert f"/inspections/{row.id}" in page.html


@pytest.mark.parametrize("name", ["beate", "dora"])
def test_those_who_oversee_read_three_colours_and_counts(cast: Cast, as_person: SignInAs, name: str) -> None:
    _late(cast, 2, text="门上锁")
    page = _page(as_person, name)
    assert "门上锁" in page.main
    assert "等您处理" not in page.main
    assert "登记演练" not in page.main


@pytest.mark.parametrize("name", ["pema", "sonam", "otto"])
def test_a_school_goes_to_its_own_home(as_person: SignInAs, name: str) -> None:
    answer = as_person(name).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/portal")


def test_an_administrator_goes_to_the_accounts(as_person: SignInAs) -> None:
    assert as_person("ada").get("/").status_code == 302


def test_nobody_is_asked_to_sign_in_twice(client) -> None:
    assert "/sign-in" in client.get("/").headers["Location"]


@pytest.mark.parametrize(("name", "status"), [("lea", 200), ("beate", 200), ("pema", 403), ("ada", 403)])
def test_the_board_is_for_the_authorities(as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get("/board").status_code == status


def test_the_board_speaks_english(as_person: SignInAs) -> None:
    leader = as_person("lea")
    leader.post("/language", data={"language": "en"})
    assert "own settings" in leader.page("/board").main


def test_the_board_shows_only_visible_schools(cast: Cast, as_person: SignInAs) -> None:
    _late(cast, 2)
    page = _page(as_person, "oskar", "/board")
    assert "邻区第一小学" in page.main
    assert "示范区第一小学" not in page.main


@pytest.mark.parametrize(("query", "seen"), [("", 3), ("?colour=red", 1), ("?colour=green", 2), ("?colour=blue", 3)])
def test_the_board_is_filtered_by_colour(cast: Cast, as_person: SignInAs, query: str, seen: int) -> None:
    _late(cast, 2)
    _school(cast, "绿校")
    page = _page(as_person, "lea", f"/board{query}")
    assert len(page.all("//tbody/tr")) == seen


def test_the_board_pages_through_all_schools_once(cast: Cast, as_person: SignInAs) -> None:
    for n in range(120):
        school = _school(cast, f"学校{n:03}")
        if n % 3:
            make.finding(
                cast, school_id=school.id, deadline=TODAY + timedelta(days=n % 11 - 5), found_on=TODAY - timedelta(9)
            )
    seen, address = [], "/board"
    while address:
        page = _page(as_person, "lea", address)
        seen += [words(cell).split(" ")[0] for cell in page.all('//tbody//th[@scope="row"]')]
        address = next(iter(page.all('//a[@rel="next"]/@href')), "")
    assert len(seen) == len(set(seen)) == 122


@pytest.mark.parametrize(
    ("name", "many"), [("lea", 297), ("ines", 30), ("olga", 30), ("stan", 30), ("beate", 30), ("dora", 30)]
)
def test_home_costs_the_same_with_three_schools_and_with_three_hundred(
    cast: Cast, as_person: SignInAs, count_queries: Callable, name: str, many: int
) -> None:
    browser, numbers = as_person(name), []
    for n in (1, many):
        for k in range(n):
            school = _school(cast, f"学校{n}-{k}")
            row = make.inspection(cast, school_id=school.id)
            make.evidence(cast, _late(cast, k % 5 - 2, row=row), asks_recheck=True)
        db.session.commit()
        for address in ("/", "/board"):
            with count_queries() as counted:
                assert browser.get(address).status_code == 200
            numbers.append(counted.number)
    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 15, numbers


def test_drafts_are_the_brigades_own(cast: Cast) -> None:
    drafts.draft(cast)
    assert len(work.inspections(cast.viewer("lea"))[work.Kind.DRAFT]) == 1
    for name in ("beate", "oskar"):
        assert work.inspections(cast.viewer(name))[work.Kind.DRAFT] == []


def test_the_board_counts_what_the_totals_count_whatever_page_of_it_is_shown(cast: Cast) -> None:
    make.finding(cast, found_on=clock.today() - timedelta(days=30), deadline=clock.today() - timedelta(days=1))
    make.finding(cast, school_id=cast.ottos_school_id, deadline=clock.today() + timedelta(days=1))
    lea = cast.viewer("lea")
    known = colours.totals(lea)
    assert (known.red, known.yellow) == (1, 1)
    page, told = colours.board(lea, size=1)
    assert told == known
    assert colours.board(lea, size=1, key=page.next_key)[1] == known
    for colour in Colour:
        shown, told = colours.board(lea, colour=colour)
        assert told == known
        assert [one.colour for one in shown.rows] == [colour] * getattr(known, colour.value)
