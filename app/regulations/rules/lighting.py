"""Emergency-light arithmetic: lux wanted at a place, minutes of battery, the day to test (GB 51309, GB 50016)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.regulations.rules.items import Clause, clause_from


@dataclass(frozen=True, slots=True)
class Illuminance:
    """Least lux on the floor at a place, with its source."""

    lux: float
    clause: Clause


def required_illuminance(
    table: Iterable[Mapping[str, Any]], place: str, profile: str | None = None
) -> Illuminance | None:
    """The lux row of a place; a row of the chosen profile wins over the general one."""
    rows = [row for row in table if row["place"] == place and row.get("profile") in (None, profile)]
    if not rows:
        return None
    row = max(rows, key=lambda r: r.get("profile") is not None)
    return Illuminance(float(row["lux"]), clause_from(row["basis"]))


def is_bright_enough(measured_min: float, required: Illuminance) -> bool:
    """Whether the darkest point reaches the lux wanted."""
    return measured_min >= required.lux


def damage_hint(hints: Mapping[str, Any], *, defective: int, installed: int, high_rise_or_underground: bool) -> bool:
    """Whether the share of defective lights suggests a look at the major-hazard list; informs only."""
    if not installed:
        return False
    limit = hints["lights_high_rise_or_underground" if high_rise_or_underground else "lights_other"]
    return 100 * defective / installed > float(limit)


def plan_duration_tests(floors: Sequence[str], first: date) -> tuple[tuple[str, date], ...]:
    """One storey an evening: batteries need to recharge, so never all storeys on the same evening."""
    return tuple((floor, first + timedelta(days=n)) for n, floor in enumerate(floors))
