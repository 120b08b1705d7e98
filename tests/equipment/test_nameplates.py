"""What people write about extinguishers, floors and days, read as facts."""

from datetime import date

import pytest

from app.equipment.rules import nameplates
from app.equipment.rules.days import NotADay, as_typed, month_or_day


@pytest.mark.parametrize(
    ("text", "agent", "charge", "wheeled"),
    [
        ("MFZ/ABC4", "powder_abc", 4, False),
        ("MFZ/ABC5A", "powder_abc", 5, False),
        ("ＭＦＺ／ＡＢＣ８", "powder_abc", 8, False),
        ("MFTZ/ABC35", "powder_abc", 35, True),
        ("MFZL4", "powder_abc", 4, False),
        ("MFZ4", "powder_bc", 4, False),
        ("MF/ABC4 2A 55B", "powder_abc", 4, False),
        ("MT3", "co2", 3, False),
        ("MTT24", "co2", 24, True),
        ("MSWZ/6", "water", 6, False),
        ("MPZ/6", "water", 6, False),
        ("手提式干粉灭火器4kg", "powder_abc", 4, False),
        ("推车式干粉 35公斤", "powder_abc", 35, True),
        ("水基型灭火器 6L", "water", 6, None),
        ("CO2 3kg", "co2", 3, None),
        ("BC干粉8kg", "powder_bc", 8, None),
        ("七氟丙烷 2千克", "clean_gas", 2, None),
        ("桌子", None, None, None),
    ],
)
def test_models_and_descriptions_of_extinguishers(text, agent, charge, wheeled):
    found = nameplates.extinguisher(text)
    assert (found.get("agent"), found.get("charge"), found.get("wheeled")) == (agent, charge, wheeled)


def test_stored_pressure_is_told_from_cartridges():
    assert nameplates.extinguisher("MFZ/ABC4")["construction"] == "stored_pressure"
    assert nameplates.extinguisher("MF/ABC4")["construction"] == "cartridge"


@pytest.mark.parametrize(
    ("text", "wanted"), [("2A55B", (2, 55)), ("3A 89B C", (3, 89)), ("55B", (None, 55)), ("ABC", (None, None))]
)
def test_ratings(text, wanted):
    found = nameplates.ratings(text)
    assert (found.get("rating_a"), found.get("rating_b")) == wanted


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("手提式干粉灭火器", "extinguisher"), ("MFZ/ABC4", "extinguisher"), ("室内消火栓", "indoor_hydrant"), ("消火栓箱", "indoor_hydrant"),
        ("室外地上式消火栓", "outdoor_hydrant"), ("室外消火栓", "outdoor_hydrant"), ("应急照明灯", "emergency_light"),
        ("安全出口标志灯", "exit_sign"), ("疏散指示灯", "exit_sign"), ("安全出口", "exit_door"), ("疏散门", "exit_door"),
        ("常闭式乙级防火门", "fire_door"), ("防火卷帘", "fire_door"), ("fire_door", "fire_door"), ("课桌", None), ("", None),
    ],
)  # fmt: skip
def test_kinds(text, kind):
    assert nameplates.kind_of(text) == kind


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2F", 2), ("F2", 2), ("二楼", 2), ("3层", 3), ("第三层", 3), ("地下一层", -1), ("B1", -1), ("-1", -1), ("负一楼", -1), ("十二层", 12),
        ("二十一楼", 21), ("首层", 1), ("１", 1), ("屋面", None), ("0", None), ("", None), ("九百层", None),
    ],
)  # fmt: skip
def test_floors(text, level):
    assert nameplates.floor_level(text) == level


@pytest.mark.parametrize(
    ("text", "day", "is_month"),
    [
        ("2016-09", date(2016, 9, 1), True), ("2016.9", date(2016, 9, 1), True), ("2016年9月", date(2016, 9, 1), True),
        ("201609", date(2016, 9, 1), True), ("２０１６／０９", date(2016, 9, 1), True), ("2016-09-15", date(2016, 9, 15), False),
        ("2016年9月15日", date(2016, 9, 15), False), ("20160915", date(2016, 9, 15), False),
        ("2016-09-01 00:00:00", date(2016, 9, 1), False), ("2024-02-29", date(2024, 2, 29), False),
    ],
)  # fmt: skip
def test_days_and_months(text, day, is_month):
    assert month_or_day(text) == (day, is_month)
    assert month_or_day(as_typed(day, is_month)) == (day, is_month)


@pytest.mark.parametrize(
    "text", ["", "2016", "16-09", "2016-13", "2016-09-00", "2023-02-29", "neulich", "09/2016", "43647"]
)
def test_what_is_no_day(text):
    with pytest.raises(NotADay):
        month_or_day(text)
