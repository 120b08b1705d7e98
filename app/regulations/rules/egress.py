"""Egress width against head-count (GB 50099 8.2, GB 55037 7.4.7); figures come from the pack."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

EPSILON = 1e-9


@dataclass(frozen=True, slots=True)
class Opening:
    """A stair or exit with its clear width in metres."""

    name: str
    width_m: float


@dataclass(frozen=True, slots=True)
class EgressWidth:
    """Need and provision in metres; `need_m` None where the table forbids such a storey."""

    need_m: float | None
    usable_m: float
    shortage_m: float | None
    narrowest: Opening | None
    usable_without_largest_m: float
    shortage_without_largest_m: float | None


def floor_band(floor: int, *, depth_m: float | None = None) -> str:
    """The row of the width table for a storey; storeys below ground are negative, `depth_m` is their depth."""
    if floor < 0:
        return "basement_deeper" if depth_m is not None and depth_m > 10 else "basement_to_10m"
    if floor <= 2:
        return "floors_1_2"
    return "floor_3" if floor == 3 else "floors_4_up"


def width_per_hundred(
    profile: Mapping[str, Any], *, floor: int, fire_rating: str = "1-2", depth_m: float | None = None
) -> float | None:
    """Metres needed per 100 people on a storey; None where the rating may not be that high."""
    value = profile[floor_band(floor, depth_m=depth_m)].get(fire_rating)
    return None if value is None else float(value)


def needed_width(people: int, per_hundred: float) -> float:
    """Metres of egress for so many people."""
    return round(people * per_hundred / 100, 2)


def people_to_count(heads_by_floor: Mapping[int, int], floor: int) -> int:
    """Heads a stair at this storey must serve: the fullest storey on or above it (below ground: on or below)."""
    above = [n for f, n in heads_by_floor.items() if (f >= floor if floor > 0 else f <= floor)]
    return max(above, default=0)


def lanes(width_m: float, lane_m: float) -> int:
    """Whole lanes that fit a width."""
    return int((width_m + EPSILON) // lane_m)


def usable_width(width_m: float, *, lane_m: float, whole_lanes: bool) -> float:
    """What of a width counts: whole lanes only under the school code, else all of it."""
    return round(lanes(width_m, lane_m) * lane_m, 2) if whole_lanes else width_m


def _shortage(need: float | None, usable: float) -> float | None:
    return None if need is None else round(max(need - usable, 0), 2)


def egress_width(
    tables: Mapping[str, Any],
    *,
    profile: str,
    floor: int,
    people: int,
    openings: Sequence[Opening],
    fire_rating: str = "1-2",
) -> EgressWidth:
    """Compare need and provision of a storey, also with its largest opening blocked."""
    chosen = tables["profiles"][profile]
    lane_m, whole = float(tables["lane_m"]["value"]), bool(chosen["counts_whole_lanes"])
    per_hundred = width_per_hundred(chosen, floor=floor, fire_rating=fire_rating)
    need = None if per_hundred is None else needed_width(people, per_hundred)
    widths = sorted(usable_width(o.width_m, lane_m=lane_m, whole_lanes=whole) for o in openings)
    usable, without = round(sum(widths), 2), round(sum(widths[:-1]), 2)
    return EgressWidth(
        need_m=need,
        usable_m=usable,
        shortage_m=_shortage(need, usable),
        narrowest=min(openings, key=lambda o: o.width_m, default=None),
        usable_without_largest_m=without,
        shortage_without_largest_m=_shortage(need, without),
    )


def default_profile(tables: Mapping[str, Any], types: Collection[str]) -> str:
    """The width table for a school of these types: the school code for primary and secondary, else the general one."""
    table = tables["default_profile"]
    return next((str(table[name]) for name in sorted(types) if name in table), str(table["other"]))
