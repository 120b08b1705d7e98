"""Which rows a school gets, on what, and in which area."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.inspections.rules.areas import MOST_ROWS, areas_of
from app.inspections.rules.fields import PIECE
from app.inspections.rules.ground import Ground, building_classes, facts_of
from app.regulations.rules.items import Scope
from tests.inspections.pack import SUMMER, WINTER, Piece, checklist, facts, house, rows, spot


def codes(found: list, place: str | None = None) -> set[str]:  # type: ignore[type-arg]
    """Item codes of rows, of one place if one is given."""
    return {code for row in found for code in row.codes if place is None or row.place == place}


def test_every_one_of_the_204_items_has_a_row_even_where_nothing_is_registered() -> None:
    everything = facts("kindergarten", boarding=True)
    types = everything.types | {"primary", "secondary", "special", "college", "boarding_primary"}
    found = rows(tier="full", facts=type(everything)(types=types))
    assert codes(found) == {item.code for item in checklist().items}
    assert len(checklist().items) == 204


@pytest.mark.parametrize("scope", list(Scope))
def test_each_of_the_eleven_scopes_finds_its_target(scope: Scope) -> None:
    ground = Ground(
        houses=(house("h1"), house("h2", use="dormitory"), house("h3", use="canteen", floors=1)),
        spots=(
            spot("kitchen", "room", "kitchen", building_id="h3"), spot("stair", "stair", "stair", building_id="h1"),
            spot("point", "point", building_id="h1"), spot("tank", "system", "fire_tank"), spot("yard", "site"),
        ),
        pieces=(
            Piece("e1", "extinguisher", building_id="h1", floor_level=1, checklist_type="powder"),
            Piece("d1", "exit_door", building_id="h1", floor_level=1),
        ),
    )  # fmt: skip
    wanted = {
        Scope.ASSET: ("EXT-09", "e1"), Scope.POINT: ("EXT-25", "point"), Scope.ROOM: ("KIT-02", "kitchen"), Scope.EXIT: ("EVA-01", "d1"),
        Scope.STAIR: ("EVA-03", "stair"), Scope.FLOOR: ("EVA-02", "h1-f1"), Scope.BUILDING: ("BLD-06", "h1"),
        Scope.SYSTEM: ("WTR-01", "tank"), Scope.SITE: ("BLD-03", "yard"), Scope.SCHOOL: ("MGT-01", ""),
        Scope.PERSON: ("MGT-15", "person-1"),
    }  # fmt: skip
    code, place = wanted[scope]
    assert checklist().item(code).scope is scope
    assert code in codes(rows(ground), place)


def test_where_no_place_is_recorded_the_item_hangs_on_the_building_with_a_note_of_the_place() -> None:
    found = [row for row in rows(Ground(houses=(house("h1"),))) if row.item == "EVA-03"]
    assert [(row.place, row.asks_where) for row in found] == [("h1", True)]


def test_one_row_stands_for_all_that_a_piece_is_looked_over_for() -> None:
    piece = Piece("e1", "extinguisher", building_id="h1", floor_level=2, checklist_type="powder")
    found = [row for row in rows(Ground(houses=(house("h1"),), pieces=(piece,))) if row.place == "e1"]
    assert [row.name for row in found] == ["PIECE@e1"]
    assert {"EXT-06", "EXT-07", "EXT-09", "EXT-14", "EXT-15", "EXT-17"} <= set(found[0].codes)


def test_tests_and_readings_are_asked_of_sampled_pieces_only() -> None:
    pieces = tuple(Piece(f"x{n}", "indoor_hydrant", building_id="h1", floor_level=n) for n in (1, 2))
    ground = Ground(houses=(house("h1"),), pieces=pieces)
    assert [row.place for row in rows(ground) if row.item == "HYI-10"] == []
    asked = [row for row in rows(ground, sampled=("x2",)) if row.item == "HYI-10"]
    assert [(row.place, row.owner, row.critical) for row in asked] == [("x2", "x2", True)]


def test_every_exit_is_asked_whether_it_is_locked() -> None:
    doors = tuple(Piece(f"d{n}", "exit_door", building_id="h1", floor_level=1) for n in range(3))
    found = [row for row in rows(Ground(houses=(house("h1"),), pieces=doors)) if row.item == "EVA-01"]
    assert len(found) == 3


def test_a_door_of_a_teaching_building_is_not_asked_what_a_dormitory_owes() -> None:
    houses = (house("h1"), house("h2", use="dormitory"))
    doors = (Piece("d1", "exit_door", building_id="h1"), Piece("d2", "exit_door", building_id="h2"))
    found = [row.place for row in rows(Ground(houses=houses, pieces=doors)) if row.item == "DOR-05"]
    assert found == ["d2"]


def test_frost_is_asked_in_winter_only() -> None:
    assert "HYI-15" in codes(rows(day=WINTER))
    assert "HYI-15" not in codes(rows(day=SUMMER))


def test_what_the_school_surely_does_not_have_is_not_asked() -> None:
    without = facts(tank=False, pump=False, alarm_system=False)
    assert not codes(rows(facts=without)) & {"WTR-01", "WTR-02", "ALM-01"}
    assert "WTR-01" in codes(rows(facts=facts()))


@pytest.mark.parametrize(
    ("height", "floors", "level", "expected"),
    [
        (12.6, 4, None, {"teaching", "multi_storey_public"}),
        (24.0, 6, None, {"teaching", "multi_storey_public"}),
        (24.1, 7, None, {"teaching", "high_rise", "high_rise_class2", "high_rise_or_underground"}),
        (50.1, 14, None, {"teaching", "high_rise", "high_rise_class1", "high_rise_or_underground"}),
        (30.0, 1, None, {"teaching", "multi_storey_public"}),
        (None, 5, None, {"teaching", "multi_storey_public"}),
        (None, 6, None, {"teaching"}),
        (12.6, 4, -1, {"teaching", "multi_storey_public", "high_rise_or_underground"}),
    ],
)
def test_what_a_building_counts_as(height: float | None, floors: int, level: int | None, expected: set[str]) -> None:
    assert building_classes(house("h1", floors=floors, height_m=height), level=level) == expected


def test_limits_are_those_of_this_building() -> None:
    low, high = house("h1", height_m=12.0), house("h2", floors=9, height_m=33.0)
    bounds = [checklist().bounds("HYI-07", {**facts_of(h), "clear_height_m": 4}).min for h in (low, high)]
    assert bounds == [0.25, 0.35]


@pytest.mark.parametrize(
    ("use", "height", "floors", "lowest_mpa"),
    [
        ("teaching", 15.6, 4, Decimal("0.25")),  # 3.9 m a storey: GB 50974 7.4.12, clear height up to 8 m
        ("hall", 12.0, 1, None),
        ("teaching", None, 4, None),
    ],
)
def test_the_pressure_of_a_low_storey_has_a_lower_limit(
    use: str, height: float | None, floors: int, lowest_mpa: Decimal | None
) -> None:
    facts = facts_of(house("a", use=use, floors=floors, height_m=height))
    lowest = checklist().bounds("HYI-07", facts).min
    assert (None if lowest is None else Decimal(str(lowest))) == lowest_mpa


def _campus(pieces: int) -> Ground:
    houses = (house("h1"), house("h2"), house("h3", use="dormitory"))
    kinds = ("extinguisher", "indoor_hydrant", "exit_door", "fire_door", "emergency_light", "exit_sign")
    return Ground(
        houses=houses,
        pieces=tuple(
            Piece(f"p{n}", kinds[n % 6], building_id=f"h{n % 3 + 1}", floor_level=n // 3 % 3 + 1) for n in range(pieces)
        ),
    )


@pytest.mark.parametrize(("pieces", "tier"), [(0, "core"), (3, "core"), (300, "core"), (300, "full"), (2000, "full")])
def test_no_area_has_more_than_fifty_rows_and_none_is_lost(pieces: int, tier: str) -> None:
    ground = _campus(pieces)
    found = rows(ground, tier=tier)
    areas = areas_of(found, checklist(), ground)
    assert max(len(area.rows) for area in areas) <= MOST_ROWS
    assert sorted(row.name for area in areas for row in area.rows) == sorted(row.name for row in found)
    assert len({row.name for row in found}) == len(found)
    assert len({area.key for area in areas}) == len(areas)


def test_a_piece_and_its_own_questions_stand_together() -> None:
    ground = _campus(300)
    sampled = tuple(piece.id for piece in ground.pieces)
    for area in areas_of(rows(ground, sampled=sampled), checklist(), ground):
        for before, row in zip(area.rows, area.rows[1:], strict=False):
            assert not row.owner or before.place == row.place


def test_one_walks_outside_first_and_dormitories_before_canteens_before_papers() -> None:
    ground = Ground(houses=(house("h1"), house("h2", use="canteen", floors=1), house("h3", use="dormitory")))
    keys = [area.key for area in areas_of(rows(ground), checklist(), ground)]
    wanted = ["outside", "control", "b-h3", "b-h2", "b-h1", "documents", "people"]
    assert [key for key in keys if key in wanted] == wanted


def test_form_names_are_codes_and_ids() -> None:
    assert {row.name for row in rows(_campus(1)) if row.item == PIECE} == {"PIECE@p0"}
    assert {row.name for row in rows() if row.item == "MGT-01"} == {"MGT-01"}
