"""What falls due in the coming months: the arithmetic, the page, the workbook."""

import io
from datetime import date

import pytest
import python_calamine

from app.core import clock
from app.core.extensions import db
from app.equipment import dates
from app.equipment.queries import forecast as queries
from app.equipment.rules.forecast import Act, Alike, coming, months_from
from app.equipment.rules.specification import Agent
from tests.factories import equipment as make

TODAY = date(2026, 11, 22)


def alike(agent: str, made: date, serviced: date | None = None, trouble: str | None = None) -> Alike:
    return Alike(Agent(agent), 4, False, made, serviced, trouble, 1)


@pytest.mark.parametrize(
    ("piece", "months", "wanted"),
    [
        (alike("powder_abc", date(2016, 9, 1)), 12, [(None, "replace")]),
        (alike("powder_abc", date(2017, 3, 1), date(2026, 1, 1)), 12, [(date(2027, 3, 1), "replace")]),
        (alike("powder_abc", date(2022, 3, 1)), 12, [(date(2027, 3, 1), "service")]),
        (alike("powder_abc", date(2021, 3, 1)), 24, [(None, "service")]),  # done today, it holds beyond the last month
        (alike("powder_abc", date(2025, 3, 1)), 24, []),
        (alike("water", date(2023, 12, 1)), 24, [(date(2026, 12, 1), "service"), (date(2027, 12, 1), "service")]),
        (
            alike("water", date(2021, 6, 1), date(2026, 5, 1)),
            12,
            [(date(2027, 5, 1), "service"), (date(2027, 6, 1), "replace")],
        ),
        (alike("co2", date(2025, 1, 1), trouble="leak"), 12, [(None, "service")]),
        (alike("co2", date(2025, 1, 1), trouble="deformed"), 12, [(None, "replace")]),
    ],
)
def test_a_piece_asks_for_what_its_dates_say(app, piece, months, wanted):
    found = [(one.month, one.act.value) for one in coming(piece, dates.life_table(), today=TODAY, months=months)]
    assert found == wanted


def test_months_pass_the_new_year():
    assert months_from(TODAY, 3) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def _district(cast):
    today = clock.today()
    old = date(today.year - 11, 1, 1)
    for school in (cast.school_id, cast.ottos_school_id):
        for n in range(3):
            make.extinguisher(school, label=f"旧-{n}", made_on=old)
    make.extinguisher(cast.school_id, label="水", agent="water", charge=6, made_on=old)
    make.extinguisher(cast.school_id, label="新", made_on=date(today.year - 1, 1, 1))
    make.extinguisher(cast.school_id, label="无", made_on=None)
    make.extinguisher(cast.foreign_school_id, made_on=old)
    make.light(cast.school_id)
    db.session.commit()


def test_the_shopping_list_counts_equal_pieces(cast, as_person):
    _district(cast)
    page = as_person("ines").page("/equipment/forecast")
    rows = [[" ".join(cell.itertext()).split()[-1] for cell in row] for row in page.all("//section[2]//tbody/tr")]
    assert "1 具灭火器没有出厂日期" in page.text
    assert [row[-1] for row in rows] == ["6", "1"]
    assert "干粉 ABC 4 kg" in page.text
    assert "水基型 6 L" in page.text


def test_each_sees_the_forecast_of_their_own_schools(cast, as_person):
    _district(cast)
    assert queries.forecast(cast.viewer("ines"), months=12).lines[0].replacements == 7
    assert queries.forecast(cast.viewer("pema"), months=12).lines[0].replacements == 4
    assert queries.forecast(cast.viewer("oskar"), months=12).lines[0].replacements == 1
    assert as_person("otto").get(f"/equipment/forecast?school={cast.school_id}").status_code == 404
    assert as_person("otto").get(f"/equipment/forecast.xlsx?school={cast.school_id}").status_code == 404
    assert as_person("ines").get("/equipment/forecast?school=nonsense").status_code == 404


def test_the_workbook_holds_months_purchases_schools_and_pieces(cast, as_person):
    _district(cast)
    make.extinguisher(cast.school, label="=1+1", made_on=date(2010, 1, 1))
    db.session.commit()
    answer = as_person("pema").get(f"/equipment/forecast.xlsx?school={cast.school_id}&months=24")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    assert list(sheets) == ["按月汇总", "采购清单", "按学校", "逐件"]
    assert len(sheets["按月汇总"]) == 1 + 1 + 24
    assert ["现在（已到期）", "干粉 ABC 4 kg", 4.0] in sheets["采购清单"]
    assert "=1+1" in [row[2] for row in sheets["逐件"]]


def test_the_piece_list_names_those_of_the_months_before(cast):
    _district(cast)
    found = queries.pieces_due(cast.viewer("ines"), months=12)
    assert [one.act for one in found] == [Act.REPLACE] * 7


def test_three_pieces_and_three_hundred_cost_the_same(cast, as_person, count_queries):
    numbers = []
    for pieces in (3, 300):
        make.a_school_full_of(cast, pieces=pieces)
        client = as_person("ines")
        with count_queries() as counted:
            client.page("/equipment/forecast?months=24")
            client.page(f"/equipment/forecast?school={cast.school_id}")
        numbers.append(counted.number)
    assert numbers[0] == numbers[1] <= 30


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"area_m2": 900, "hazard": "middle", "hydrants": "y", "points": 3, "rating": 2}, ["10.8 → 11A", "需要 6 具", "3.6 A，每点 2 具"]),
        ({"area_m2": 800, "hazard": "severe", "hydrants": "y", "points": 3, "rating": 3}, ["14.4 → 15A", "需要 6 具", "4.8 A，每点 2 具"]),
        ({"area_m2": 300, "hazard": "middle", "points": 2, "rating": 2}, ["→ 4A", "需要 2 具"]),
        ({"area_m2": 120, "hazard": "light", "points": 1, "rating": 1}, ["1.2 → 2A", "需要 2 具"]),
        ({"area_m2": 900, "hazard": "middle", "hydrants": "y", "points": 1, "rating": 2}, ["需要 6 具", "不宜多于 5 具"]),
        ({"area_m2": 300, "hazard": "severe", "points": 3, "rating": 1}, ["低于这个危险等级的最小级别"]),
        ({"area_m2": 300, "hazard": "middle", "points": 1, "rating": 2, "corridor_m": 60, "room_m": 9}, ["39.0 m", "请增加设置点"]),
    ],
)  # fmt: skip
def test_the_calculator_gives_what_the_standard_says(cast, as_person, asked, said):
    page = as_person("ines").get("/equipment/requirement", query_string=asked).page
    for words in said:
        assert words in page.text, page.text


def test_the_calculator_takes_a_floor_from_the_register(cast, as_person):
    house = make.building(cast.school, floors=2, area_m2=1800)
    floor = house.floors[0]
    make.extinguisher(cast.school, floor_id=floor.id, building_id=house.id)
    make.extinguisher(cast.school, floor_id=floor.id, building_id=house.id, agent="co2", charge=3)
    make.hydrant(cast.school, floor_id=floor.id, building_id=house.id)
    db.session.commit()
    client = as_person("pema")
    page = client.page(f"/equipment/requirement?floor={floor.id}")
    values = dict(page.form("area_m2").fields)
    assert (values["area_m2"], values["hydrants"], values["rating"]) == ("900.00", "y", "2")
    page = client.send(page, {"points": "3"}, form="area_m2").page
    assert "登记了 2 具，合计 2A" in page.text
    assert "还缺 9A" in page.text
    assert "1 具没有 A 类灭火级别" in page.text
    assert as_person("otto").get(f"/equipment/requirement?floor={floor.id}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [{"area_m2": "-1"}, {"area_m2": "x"}, {"area_m2": "100", "points": "0"}, {"area_m2": "5", "hazard": "wild"}],
)
def test_the_calculator_refuses_what_cannot_be(cast, as_person, asked):
    assert (
        as_person("ines")
        .get("/equipment/requirement", query_string={"points": 1, "rating": 2, "hazard": "light", **asked})
        .status_code
        == 422
    )
