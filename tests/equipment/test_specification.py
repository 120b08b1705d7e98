"""Specifications by kind: what they accept, refuse and say."""

import pytest

from app.equipment import wording
from app.equipment.models import EquipmentKind
from app.equipment.rules import specification as spec
from app.equipment.rules.specification import BadSpecification, Wrong

pytestmark = pytest.mark.one_database

GOOD = {
    "extinguisher": {"agent": "powder_abc", "charge": 4, "wheeled": False, "construction": "cartridge", "rating_a": 2, "rating_b": 55, "maker": "示范消防"},
    "indoor_hydrant": {"cabinet": True, "outlet_mm": 65, "hose_m": 25, "hose_reel": True, "button": True, "pressure_mpa": 0.35},
    "outdoor_hydrant": {"form": "above_ground", "supply": "municipal", "outlet_mm": 100, "flow_lps": 15.5},
    "exit_door": {"opening": "final_exit", "width_m": 1.4, "leaves": 0, "opens_outward": True, "access_control": False},
    "fire_door": {"form": "shutter", "door_class": "a", "holding": "hold_open", "leaves": 2, "closer": True, "coordinator": True},
    "emergency_light": {"voltage": "a", "central": True, "autonomy_min": 90, "lux_place": "stair_dense"},
    "exit_sign": {"sign": "direction", "pointing": "left", "lit": True, "low_level": True},
}  # fmt: skip


@pytest.mark.parametrize("kind", EquipmentKind)
def test_a_good_specification_comes_back_as_it_was_stored(kind):
    read = spec.read_specification(kind.value, GOOD[kind.value])
    assert spec.read_specification(kind.value, spec.plain(read)) == read
    assert spec.plain(read) == GOOD[kind.value]


@pytest.mark.parametrize("kind", EquipmentKind)
def test_every_fact_and_choice_has_words(app, kind):
    for fact in spec.facts_of(kind.value):
        assert str(wording.FACTS[fact.name])
        if fact.type in wording.CHOICES:
            assert set(wording.CHOICES[fact.type]) == set(fact.type)
    assert wording.specification_words(kind, GOOD[kind.value])


@pytest.mark.parametrize(
    ("kind", "data", "fact", "wrong"),
    [
        ("extinguisher", {"agent": "powder_abc", "colour": "red"}, "colour", Wrong.UNKNOWN_KEY),
        ("extinguisher", {"charge": 4}, "agent", Wrong.MISSING),
        ("extinguisher", {"agent": "foam"}, "agent", Wrong.NOT_A_CHOICE),
        ("extinguisher", {"agent": "co2", "charge": "4"}, "charge", Wrong.NOT_A_NUMBER),
        ("extinguisher", {"agent": "co2", "charge": float("nan")}, "charge", Wrong.NOT_A_NUMBER),
        ("extinguisher", {"agent": "co2", "charge": True}, "charge", Wrong.NOT_A_NUMBER),
        ("extinguisher", {"agent": "co2", "charge": 0}, "charge", Wrong.OUT_OF_RANGE),
        ("extinguisher", {"agent": "co2", "rating_a": 2.5}, "rating_a", Wrong.NOT_WHOLE),
        ("extinguisher", {"agent": "co2", "wheeled": "yes"}, "wheeled", Wrong.NOT_YES_OR_NO),
        ("extinguisher", {"agent": "co2", "maker": "x" * 61}, "maker", Wrong.TOO_LONG),
        ("exit_door", {"width_m": 1.2}, "opening", Wrong.MISSING),
        ("indoor_hydrant", {"agent": "water"}, "agent", Wrong.UNKNOWN_KEY),
    ],
)
def test_a_bad_specification_names_the_fact_and_what_is_wrong(app, kind, data, fact, wrong):
    with pytest.raises(BadSpecification) as caught:
        spec.read_specification(kind, data)
    assert (caught.value.fact, caught.value.wrong) == (fact, wrong)
    assert wording.complaint(caught.value).endswith("。")


def test_what_is_empty_is_not_stored():
    assert spec.plain(spec.read_specification("exit_sign", {"sign": "exit", "lit": None, "maker": ""})) == {
        "sign": "exit"
    }


def test_no_is_stored_and_is_not_the_same_as_not_known():
    assert spec.plain(spec.read_specification("fire_door", {"closer": False}))["closer"] is False


def test_the_type_that_checklists_ask_for():
    assert spec.checklist_type("extinguisher", {"agent": "powder_bc"}) == "powder"
    assert spec.checklist_type("extinguisher", {"agent": "powder_bc", "construction": "cartridge"}) == "cartridge"
    assert spec.checklist_type("fire_door", {}) is None


def test_water_is_measured_in_litres(app):
    assert wording.specification_words(EquipmentKind.EXTINGUISHER, {"agent": "water", "charge": 6.0}) == "水基型 6 L"
    assert wording.specification_words(EquipmentKind.EXTINGUISHER, GOOD["extinguisher"]) == "干粉 ABC 4 kg · 2A 55B"
