"""A school as an inspection walks it: plain values of buildings, floors, places and pieces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

SLEEPING = frozenset({"dormitory", "kindergarten"})
#: 人员密集场所 of 消防法第七十三条: teaching buildings, libraries, canteens and dormitories of schools.
PEOPLE_DENSE = frozenset({"teaching", "library", "canteen", "dormitory", "kindergarten", "laboratory", "hall"})
TEACHING_ROOMS = frozenset({"classroom", "laboratory", "computer_room", "children_room", "library"})
#: Height above which a public building of several storeys is a high-rise, and a class I high-rise. GB 50016 5.1.1.
HIGH_RISE_M, CLASS_I_M = 24.0, 50.0
#: A building of so few storeys whose height is not recorded is no high-rise.
SURELY_LOW = 5


@dataclass(frozen=True, kw_only=True)
class House:
    """A building. Height in metres, areas in square metres; None where nobody recorded it."""

    id: str
    name: str
    use: str
    height_m: float | None = None
    floors_above: int = 1
    floors_below: int = 0
    area_m2: float | None = None
    hazard: str = ""
    fire_rating: str = ""
    profile: str = ""
    facilities: tuple[str, ...] = ()
    levels: tuple[tuple[str, int, str], ...] = ()
    """Floors as (id, level, name)."""


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A recorded place: a room, stair, placement point, system or part of the grounds."""

    id: str
    kind: str
    use: str
    name: str
    building_id: str | None = None
    level: int | None = None
    area_m2: float | None = None


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Everything at a school that an answer can hang on."""

    houses: tuple[House, ...] = ()
    spots: tuple[Spot, ...] = ()
    pieces: tuple[Any, ...] = ()
    by_house: Mapping[str, House] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_house", {house.id: house for house in self.houses})


_RATINGS = {
    "1-2": "1-2", "1": "1-2", "2": "1-2", "一级": "1-2", "二级": "1-2", "一": "1-2", "二": "1-2", "I": "1-2", "II": "1-2",
    "3": "3", "三级": "3", "三": "3", "III": "3", "4": "4", "四级": "4", "四": "4", "IV": "4",
}  # fmt: skip


def building_classes(house: House, *, level: int | None = None) -> frozenset[str]:
    """What a building counts as: its use, and multi-storey or high-rise where that is known."""
    classes = {house.use}
    underground = level is not None and level < 0
    if house.height_m is not None:
        high = house.floors_above > 1 and house.height_m > HIGH_RISE_M
    elif house.floors_above <= SURELY_LOW:
        high = False
    else:
        return frozenset(classes | ({"high_rise_or_underground"} if underground else set()))
    if high:
        classes |= {"high_rise", "high_rise_class1" if (house.height_m or 0) > CLASS_I_M else "high_rise_class2"}
    else:
        classes.add("multi_storey_public")
    if high or underground:
        classes.add("high_rise_or_underground")
    return frozenset(classes)


def facts_of(house: House | None, *, spot: Spot | None = None, level: int | None = None) -> dict[str, Any]:
    """The facts of a place that limits depend on; what is not recorded is None."""
    facts: dict[str, Any] = {}
    if house is not None:
        facts = {
            "building": building_classes(house, level=level),
            "fire_rating": _RATINGS.get(house.fire_rating.strip()),
            "hazard": house.hazard or None,
            "height_m": house.height_m,
            "floors": house.floors_above,
            "total_area_m2": house.area_m2,
            "pack": house.profile or None,
            "clear_height_m": storey_height_m(house),
        }
        if house.use in PEOPLE_DENSE:
            facts["place"] = {"people_dense"}
    if spot is not None:
        facts["area_m2"] = spot.area_m2
        if spot.use in TEACHING_ROOMS:
            facts["room"] = "teaching"
    return {name: value for name, value in facts.items() if value is not None}


def storey_height_m(house: House) -> float | None:
    """Height over floors in metres: no storey is clear for more. None for a hall, and where either is not recorded."""
    if house.use == "hall" or not house.height_m or not house.floors_above:
        return None
    return round(house.height_m / house.floors_above, 2)


def facts_of_all(houses: Iterable[House]) -> dict[str, Any]:
    """The facts of a thing that serves the whole school: all that its buildings are, and what they agree on.

    Where buildings differ, the stricter limit of those that match is taken.
    """
    known = [facts_of(house) for house in houses]
    facts: dict[str, Any] = {}
    for name in {name for one in known for name in one}:
        values = [one.get(name) for one in known]
        if all(isinstance(value, frozenset | set) for value in values if value is not None):
            facts[name] = frozenset().union(*(value for value in values if value is not None))
        elif len(set(values)) == 1:
            facts[name] = values[0]
    return facts
