"""The shopping list of a school: from its faults and its register, as page and file, for those who may see the school."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.core import clock
from app.core.extensions import db
from app.core.tables import read_sheets
from app.equipment.models import EquipmentStatus
from app.rectification.queries import shopping
from app.rectification.rules.shopping import Line
from app.schools.models import Building
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import equipment
from tests.factories import rectification as make

TODAY = clock.today()
GOOD = date(TODAY.year - 1, TODAY.month, 1)
RED = "指针在红区（欠压）"


@pytest.fixture
def building(cast: Cast) -> Building:
    """Building 2 of Pema's school."""
    return equipment.building(cast.school_id, "2号楼")


def _fault(cast: Cast, item: str, text: str, **more: Any) -> Any:
    return make.finding(cast, item_code=item, text=text, category=more.pop("category", "extinguisher"), **more)


def _pieces(building: Building, many: int = 1, **more: Any) -> list[Any]:
    return [
        equipment.extinguisher(building.school_id, building_id=building.id, label=f"2-{n}", **{"made_on": GOOD} | more)
        for n in range(many)
    ]


def _lines(cast: Cast, months: int = 1) -> list[Line]:
    db.session.flush()
    return shopping.of_school(cast.viewer("pema"), cast.school_id, months=months).lines


def _short(lines: list[Line]) -> list[tuple[str, str, str, int, int]]:
    return [(line.building, line.act.value, line.article, line.amount, line.to_count) for line in lines]


def test_scrapped_powder_extinguishers_are_bought_alike(cast: Cast, building: Building) -> None:
    for piece in _pieces(building, 6):
        _fault(cast, "EXT-15", "锈蚀面积达三分之一以上", equipment_id=piece.id, target_id=str(piece.id))
    assert _short(_lines(cast)) == [("2号楼", "buy", "灭火器 干粉 ABC 4 kg", 6, 0)]


def test_lost_pressure_is_sent_to_service(cast: Cast, building: Building) -> None:
    (piece,) = _pieces(building, agent="co2", charge=3)
    _fault(cast, "EXT-17", RED, equipment_id=piece.id)
    assert _short(_lines(cast)) == [("2号楼", "service", "灭火器送修 二氧化碳 3 kg", 1, 0)]


def test_what_is_to_be_scrapped_anyway_is_bought_not_repaired(cast: Cast, building: Building) -> None:
    (piece,) = _pieces(building, made_on=date(TODAY.year - 11, 1, 1))
    _fault(cast, "EXT-17", RED, equipment_id=piece.id)
    (line,) = _lines(cast)
    assert (line.act.value, line.amount, line.due, len(line.findings)) == ("buy", 1, 0, 1)


def test_the_register_adds_what_falls_due_and_the_span_decides_how_far(cast: Cast, building: Building) -> None:
    _pieces(building, 2, made_on=date(TODAY.year - 11, 1, 1))
    soon = date(TODAY.year - 10 + (TODAY.month + 2 > 12), (TODAY.month + 1) % 12 + 1, 1)
    _pieces(building, made_on=soon, serviced_on=GOOD)
    assert [(line.amount, line.due) for line in _lines(cast)] == [(2, 2)]
    assert [(line.amount, line.due) for line in _lines(cast, months=3)] == [(3, 3)]


def test_a_piece_that_is_away_for_service_is_not_sent_again(cast: Cast, building: Building) -> None:
    _pieces(building, made_on=date(TODAY.year - 6, 1, 1), status=EquipmentStatus.AWAY, away_on=TODAY)
    assert _lines(cast) == []


def test_a_fault_without_a_registered_piece_is_counted_at_the_place(cast: Cast, building: Building) -> None:
    _fault(cast, "EXT-17", RED, building_id=building.id)
    (line,) = _lines(cast)
    assert (line.building, line.amount, line.to_count) == ("2号楼", 0, 1)
    assert "红区" in line.how


@pytest.mark.parametrize(
    ("text", "article"), [("缺水带", "消防水带"), ("缺水枪", "消防水枪"), ("水带霉烂、破损", "消防水带")]
)
def test_the_fault_decides_what_is_bought(cast: Cast, building: Building, text: str, article: str) -> None:
    _fault(cast, "HYI-04", text, category="hydrant_indoor", building_id=building.id)
    (line,) = _lines(cast)
    assert line.article.startswith(article)
    assert line.amount == 1


def test_two_faults_of_one_finding_ask_for_both(cast: Cast, building: Building) -> None:
    _fault(cast, "HYI-04", "缺水带；缺水枪", category="hydrant_indoor", building_id=building.id)
    assert [line.article[:4] for line in _lines(cast)] == ["消防水带", "消防水枪"]


def test_one_visit_of_the_maintenance_company_serves_the_school(cast: Cast, building: Building) -> None:
    other = equipment.building(cast.school_id, "3号楼")
    for one in (building, other):
        _fault(cast, "HYI-10", "开阀无水", category="hydrant_indoor", building_id=one.id)
    assert [(line.building, line.amount) for line in _lines(cast)] == [("", 1)]


def test_up_to_two_extinguishers_follow_the_reading(cast: Cast, building: Building) -> None:
    _fault(cast, "EXT-25", "计算单元内不足2具", reading="1", building_id=building.id)
    _fault(cast, "EXT-25", "单点超过5具", reading="7", building_id=building.id, target_id="x")
    assert [line.amount for line in _lines(cast)] == [1]


def test_what_costs_nothing_and_what_was_sent_or_closed_is_not_listed(cast: Cast, building: Building) -> None:
    _fault(cast, "EXT-09", "被桌椅、杂物遮挡")
    make.evidence(cast, _fault(cast, "HYI-04", "缺水带", category="hydrant_indoor"), asks_recheck=True)
    assert _lines(cast) == []


def test_the_page_asks_as_many_queries_for_many_findings_as_for_few(
    cast: Cast, building: Building, as_person: SignInAs, count_queries: Any
) -> None:
    pema, numbers = as_person("pema"), []
    for many in (1, 12):
        for piece in _pieces(building, many):
            _fault(cast, "EXT-17", RED, equipment_id=piece.id, target_id=str(piece.id))
        db.session.commit()
        pema.get("/portal/shopping")
        with count_queries() as sent:
            pema.get("/portal/shopping")
        numbers.append(sent.number)
    assert numbers[0] == numbers[1] <= 10


@pytest.fixture
def listed(cast: Cast, building: Building) -> None:
    """Six extinguishers to buy and one hydrant to complete, committed."""
    for piece in _pieces(building, 6):
        _fault(cast, "EXT-15", "锈蚀面积达三分之一以上", equipment_id=piece.id, target_id=str(piece.id))
    _fault(cast, "HYI-04", "缺水带", category="hydrant_indoor", building_id=building.id)
    db.session.commit()


@pytest.mark.usefixtures("listed")
def test_the_page_and_the_panel_say_what_to_buy(as_person: SignInAs) -> None:
    page = as_person("pema").get("/portal/shopping").get_data(as_text=True)
    for said in (
        "2号楼",
        "灭火器 干粉 ABC 4 kg",
        "× 6 具",
        "消防水带 DN65、25 m",
        "× 1 盘",
        "购买",
        "锈蚀面积达三分之一以上",
    ):
        assert said in page
    home = as_person("pema").get("/portal").get_data(as_text=True)
    assert "× 6 具" in home
    assert "/portal/shopping?school=" in home


@pytest.mark.usefixtures("listed")
def test_the_english_page_is_english(as_person: SignInAs) -> None:
    pema = as_person("pema")
    pema.post("/language", data={"language": "en"})
    page = pema.get("/portal/shopping").get_data(as_text=True)
    for said in ("ABC powder 4 kg", "× 6 pcs", "Fire hose DN65, 25 m", "Shopping list", "Buy"):
        assert said in page


def _csv(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


@pytest.mark.usefixtures("listed")
def test_the_files_carry_the_same_lines(as_person: SignInAs) -> None:
    pema = as_person("pema")
    answer = pema.get("/portal/shopping.csv")
    rows = _csv(answer)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert rows[0][:4] == ["建筑", "办理", "物品和规格", "数量"]
    assert ["2号楼", "购买", "灭火器 干粉 ABC 4 kg", "6", "具"] in [row[:5] for row in rows]
    (sheet,) = read_sheets(pema.get("/portal/shopping.xlsx").get_data())
    assert ["2号楼", "购买", "灭火器 干粉 ABC 4 kg", "6", "具"] in [
        [str(c) for c in row.cells[:5]] for row in sheet.rows
    ]


def test_no_fault_text_becomes_a_formula(cast: Cast, building: Building, as_person: SignInAs) -> None:
    equipment.extinguisher(cast.school_id, made_on=date(2010, 1, 1), building_id=building.id)
    building.name = "=1+1"
    db.session.commit()
    assert [row[0] for row in _csv(as_person("pema").get("/portal/shopping.csv"))][1] == "'=1+1"


@pytest.mark.parametrize("address", ["/portal/shopping", "/portal/shopping.csv", "/portal/shopping.xlsx"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("pema", 200), ("sonam", 200), ("ines", 200), ("beate", 200), ("otto", 404), ("oskar", 404), ("ada", 403)],
)
def test_only_those_who_see_the_school_see_its_list(
    cast: Cast, as_person: SignInAs, address: str, who: str, status: int
) -> None:
    assert as_person(who).get(f"{address}?school={cast.school_id}").status_code == status


@pytest.mark.parametrize(
    ("who", "query", "status"),
    [("ines", "", 404), ("pema", "?school=nonsense", 404), ("pema", "?months=999", 200), ("pema", "?months=x", 200)],
)
def test_what_is_asked_wrongly_is_answered_calmly(as_person: SignInAs, who: str, query: str, status: int) -> None:
    assert as_person(who).get(f"/portal/shopping{query}").status_code == status


def test_a_school_without_needs_reads_so(as_person: SignInAs, cast: Cast) -> None:
    assert "现在没有要买、要修的东西" in as_person("pema").get("/portal/shopping").get_data(as_text=True)


def test_the_portal_stays_within_its_queries(
    cast: Cast, listed: None, as_person: SignInAs, count_queries: Callable[[], Any]
) -> None:
    pema = as_person("pema")
    pema.get("/portal")
    with count_queries() as sent:
        pema.get("/portal")
    assert sent.number <= 15
