"""Is a drill's time plausible for these stairs (commentary to GB 50016 5.5.20); a hint, not a standard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.regulations.rules.egress import lanes


def plausible_seconds(
    table: Mapping[str, Any],
    *,
    people: int,
    stair_widths_m: Iterable[float],
    walk_m: float = 0,
    on_steps: bool = True,
) -> float | None:
    """Seconds that so many people need through these stairs, walking included; None without a whole lane."""
    total = sum(lanes(width, float(table["lane_m"])) for width in stair_widths_m)
    if total == 0:
        return None
    rate = float(table["lane_people_per_minute"]["steps" if on_steps else "level"])
    walking = walk_m / float(table["walking_m_per_second"]["value"])
    return round(people / (total * rate) * 60 + walking, 1)


def target_seconds(table: Mapping[str, Any], *, floors: int) -> int | None:
    """The time goal of the national guide for low buildings; None where a school sets its own."""
    target = table["target_seconds"]
    return int(target["value"]) if floors < int(target["floors_lt"]) else None
