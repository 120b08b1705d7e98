"""What is known about a piece beyond its place and dates, kind by kind: typed, checked, nothing unknown accepted."""

from __future__ import annotations

import enum
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import lru_cache
from typing import Any


class Agent(enum.StrEnum):
    """What an extinguisher is filled with."""

    POWDER_ABC = "powder_abc"
    POWDER_BC = "powder_bc"
    WATER = "water"
    CO2 = "co2"
    CLEAN_GAS = "clean_gas"


#: The name under which the pack's table of lives knows an agent (a powder's life is the same for ABC and BC).
LIFE_TYPE = {
    Agent.POWDER_ABC: "powder",
    Agent.POWDER_BC: "powder",
    Agent.WATER: "water",
    Agent.CO2: "co2",
    Agent.CLEAN_GAS: "clean_gas",
}


class Construction(enum.StrEnum):
    """How an extinguisher keeps its pressure."""

    STORED_PRESSURE = "stored_pressure"
    CARTRIDGE = "cartridge"


class HydrantForm(enum.StrEnum):
    """How an outdoor hydrant is built."""

    ABOVE_GROUND = "above_ground"
    UNDERGROUND = "underground"
    WALL = "wall"


class Supply(enum.StrEnum):
    """Whose water an outdoor hydrant gives."""

    MUNICIPAL = "municipal"
    OWN = "own"


class Opening(enum.StrEnum):
    """What an exit leads out of. The first two are safety exits (安全出口), the third an evacuation door (疏散门)."""

    FINAL_EXIT = "final_exit"
    FLOOR_EXIT = "floor_exit"
    ROOM_DOOR = "room_door"


class FireDoorForm(enum.StrEnum):
    """A door with leaves, or a shutter."""

    HINGED = "hinged"
    SHUTTER = "shutter"


class FireDoorClass(enum.StrEnum):
    """Class of fire resistance 甲乙丙."""

    A = "a"
    B = "b"
    C = "c"


class Holding(enum.StrEnum):
    """How a fire door stands in everyday use."""

    NORMALLY_CLOSED = "normally_closed"
    HOLD_OPEN = "hold_open"


class Voltage(enum.StrEnum):
    """Type of luminaire: A up to 36 V, B above (GB 51309 3.2.1)."""

    A = "a"
    B = "b"


class LuxPlace(enum.StrEnum):
    """Which place a light serves; decides the illuminance asked for (DOMAIN table of GB 50016 10.3.2)."""

    STAIR_DENSE = "stair_dense"
    STAIR = "stair"
    BEDROOM = "bedroom"
    HALL = "hall"
    CORRIDOR = "corridor"
    STANDBY = "standby"


class SignKind(enum.StrEnum):
    """What a sign says."""

    EXIT = "exit"
    DIRECTION = "direction"
    FLOOR = "floor"


class Pointing(enum.StrEnum):
    """Where the arrow points."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Range:
    """Bounds and unit of a figure; `unit` is a sign, the same in every language, or empty for a count."""

    low: float
    high: float
    unit: str = ""


def _figure(low: float, high: float, unit: str = "") -> Any:
    return field(default=None, metadata={"range": Range(low, high, unit)})


def _text(most: int = 60) -> Any:
    return field(default="", metadata={"most": most})


@dataclass(frozen=True, kw_only=True)
class Extinguisher:
    """Charge in kilograms, of water-based ones in litres. Ratings are the nameplate's figures: 3 for 3A, 55 for 55B."""

    agent: Agent
    charge: float | None = _figure(0.3, 150)
    wheeled: bool | None = None
    construction: Construction | None = None
    rating_a: int | None = _figure(1, 40)
    rating_b: int | None = _figure(1, 300)
    maker: str = _text()


@dataclass(frozen=True, kw_only=True)
class IndoorHydrant:
    """Outlet diameter in millimetres, hose in metres, pressure as last measured in MPa."""

    cabinet: bool | None = None
    outlet_mm: int | None = _figure(20, 100, "mm")
    hose_m: float | None = _figure(1, 60, "m")
    hose_reel: bool | None = None
    button: bool | None = None
    pressure_mpa: float | None = _figure(0, 3, "MPa")
    maker: str = _text()


@dataclass(frozen=True, kw_only=True)
class OutdoorHydrant:
    """Outlet diameter in millimetres, pressure in MPa and flow in litres a second as last measured."""

    form: HydrantForm | None = None
    supply: Supply | None = None
    outlet_mm: int | None = _figure(50, 200, "mm")
    pressure_mpa: float | None = _figure(0, 3, "MPa")
    flow_lps: float | None = _figure(0, 100, "L/s")
    maker: str = _text()


@dataclass(frozen=True, kw_only=True)
class ExitDoor:
    """A way out. `leaves` is 0 where there is only an opening; `width_m` is the clear width."""

    opening: Opening
    width_m: float | None = _figure(0.3, 30, "m")
    leaves: int | None = _figure(0, 8)
    opens_outward: bool | None = None
    access_control: bool | None = None


@dataclass(frozen=True, kw_only=True)
class FireDoor:
    """A fire door or fire shutter; `width_m` is the clear width."""

    form: FireDoorForm = FireDoorForm.HINGED
    door_class: FireDoorClass | None = None
    holding: Holding | None = None
    width_m: float | None = _figure(0.3, 30, "m")
    leaves: int | None = _figure(1, 8)
    opens_outward: bool | None = None
    closer: bool | None = None
    coordinator: bool | None = None
    maker: str = _text()


@dataclass(frozen=True, kw_only=True)
class EmergencyLight:
    """Autonomy in minutes as the product promises it."""

    voltage: Voltage | None = None
    central: bool | None = None
    autonomy_min: int | None = _figure(1, 600, "min")
    lux_place: LuxPlace | None = None
    maker: str = _text()


@dataclass(frozen=True, kw_only=True)
class ExitSign:
    """An exit, direction or floor sign. One that is not lit only glows after light."""

    sign: SignKind
    pointing: Pointing | None = None
    lit: bool | None = None
    low_level: bool | None = None
    central: bool | None = None
    autonomy_min: int | None = _figure(1, 600, "min")
    maker: str = _text()


Specification = Extinguisher | IndoorHydrant | OutdoorHydrant | ExitDoor | FireDoor | EmergencyLight | ExitSign

#: Kind of equipment (its stored word) → the specification it carries.
SPECIFICATIONS: dict[str, type[Specification]] = {
    "extinguisher": Extinguisher,
    "indoor_hydrant": IndoorHydrant,
    "outdoor_hydrant": OutdoorHydrant,
    "exit_door": ExitDoor,
    "fire_door": FireDoor,
    "emergency_light": EmergencyLight,
    "exit_sign": ExitSign,
}


class Wrong(enum.StrEnum):
    """What is wrong with a value."""

    UNKNOWN_KEY = "unknown_key"
    MISSING = "missing"
    NOT_A_CHOICE = "not_a_choice"
    NOT_A_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"
    OUT_OF_RANGE = "out_of_range"
    NOT_YES_OR_NO = "not_yes_or_no"
    TOO_LONG = "too_long"


class BadSpecification(ValueError):
    """One value does not fit its kind; `fact` names it, `wrong` says why, `range` holds the bounds if there are some."""

    def __init__(self, fact: str, wrong: Wrong, bounds: Range | None = None) -> None:
        super().__init__(f"{fact}: {wrong.value}")
        self.fact = fact
        self.wrong = wrong
        self.range = bounds


@dataclass(frozen=True)
class Fact:
    """One field of a specification, for whoever draws a form or reads a column: `type` is bool, int, float, str or an enum."""

    name: str
    type: type[Any]
    required: bool
    range: Range | None = None
    most: int = 60


@lru_cache(maxsize=16)
def facts_of(kind: str) -> tuple[Fact, ...]:
    """The fields of a kind's specification, in their order."""
    wanted = SPECIFICATIONS[kind]
    hints = typing.get_type_hints(wanted)
    found = []
    for one in fields(wanted):
        kinds = [k for k in typing.get_args(hints[one.name]) if k is not types.NoneType] or [hints[one.name]]
        required = one.default is MISSING
        found.append(Fact(one.name, kinds[0], required, one.metadata.get("range"), one.metadata.get("most", 60)))
    return tuple(found)


def _number(fact: Fact, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise BadSpecification(fact.name, Wrong.NOT_A_NUMBER)
    if fact.type is int and value != int(value):
        raise BadSpecification(fact.name, Wrong.NOT_WHOLE)
    if fact.range and not fact.range.low <= value <= fact.range.high:
        raise BadSpecification(fact.name, Wrong.OUT_OF_RANGE, fact.range)
    return int(value) if fact.type is int else float(value)


def _value(fact: Fact, value: Any) -> Any:
    if fact.type is bool:
        if not isinstance(value, bool):
            raise BadSpecification(fact.name, Wrong.NOT_YES_OR_NO)
        return value
    if fact.type in (int, float):
        return _number(fact, value)
    if issubclass(fact.type, enum.StrEnum):
        try:
            return fact.type(value)
        except ValueError:
            raise BadSpecification(fact.name, Wrong.NOT_A_CHOICE) from None
    if not isinstance(value, str) or len(value) > fact.most:
        raise BadSpecification(fact.name, Wrong.TOO_LONG)
    return value


def read_facts(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What plain values say, each fit for its kind. Raises BadSpecification for an unknown key or an unfit value."""
    facts = {fact.name: fact for fact in facts_of(kind)}
    unknown = sorted(set(data) - set(facts))
    if unknown:
        raise BadSpecification(unknown[0], Wrong.UNKNOWN_KEY)
    return {name: _value(facts[name], value) for name, value in data.items() if value is not None and value != ""}


def lacking(kind: str, data: Mapping[str, Any]) -> str | None:
    """The first fact that a kind cannot do without and that is not there."""
    return next((fact.name for fact in facts_of(kind) if fact.required and data.get(fact.name) in (None, "")), None)


def read_specification(kind: str, data: Mapping[str, Any]) -> Specification:
    """The specification in plain values. Raises BadSpecification for an unknown key, a missing or an unfit value."""
    given = read_facts(kind, data)
    missing = lacking(kind, given)
    if missing:
        raise BadSpecification(missing, Wrong.MISSING)
    return SPECIFICATIONS[kind](**given)


def plain(specification: Specification) -> dict[str, Any]:
    """The specification as what is stored: only what is known, enums as their words."""
    values = {one.name: getattr(specification, one.name) for one in fields(specification)}
    return {
        name: value.value if isinstance(value, enum.Enum) else value
        for name, value in values.items()
        if value is not None and value != ""
    }


def charge_unit(agent: Agent | str) -> str:
    """Litres for water-based extinguishers, kilograms for the others."""
    return "L" if agent == Agent.WATER else "kg"


def checklist_type(kind: str, data: Mapping[str, Any]) -> str | None:
    """The type by which checklist items choose extinguishers: cartridge, or the agent; None for other kinds."""
    if kind != "extinguisher":
        return None
    if data.get("construction") == Construction.CARTRIDGE:
        return "cartridge"
    return LIFE_TYPE[Agent(data["agent"])] if "agent" in data else None


def traits(kind: str, data: Mapping[str, Any]) -> dict[str, bool | None]:
    """What decides whether conditional items are asked of this piece; None where it was not recorded."""
    if kind == "indoor_hydrant":
        return {"hose_reel": data.get("hose_reel")}
    if kind == "fire_door":
        leaves, holding = data.get("leaves"), data.get("holding")
        return {
            "shutter": data.get("form", FireDoorForm.HINGED) == FireDoorForm.SHUTTER,
            "double_leaf": None if leaves is None else leaves > 1,
            "hold_open": None if holding is None else holding == Holding.HOLD_OPEN,
        }
    return {}
