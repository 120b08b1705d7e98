"""Which limits hold for this building, room or piece: each bound by the most exact entry that matches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.regulations.rules.items import BOUND_KEYS, Item, Limit

Facts = Mapping[str, Any]
"""What is known of a place: a value, a number, or a set of values where several are true at once."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits of a reading at one place.

    `sources` says for each bound which conditions chose it; `unknown` names facts that were asked for and not
    known, so that a page can say why a limit may be missing.
    """

    min: float | None = None
    max: float | None = None
    hard_max: float | None = None
    target_max: float | None = None
    sources: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """No limit at all: the reading is only recorded."""
        return (self.min, self.max, self.hard_max, self.target_max) == (None, None, None, None)


_COMPARISONS: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    ("_gt_m2", "_m2", lambda fact, limit: fact > limit),
    ("_gt_m", "_m", lambda fact, limit: fact > limit),
    ("_le_m", "_m", lambda fact, limit: fact <= limit),
    ("_lt", "", lambda fact, limit: fact < limit),
)


def _comparison(key: str) -> tuple[str, Callable[[float, float], bool]] | None:
    for suffix, unit, compare in _COMPARISONS:
        if key.endswith(suffix):
            return key.removesuffix(suffix) + unit, compare
    return None


def fact_name(key: str) -> str:
    """The fact a `when` key looks at: `area_gt_m2` looks at `area_m2`, `floors_lt` at `floors`."""
    comparison = _comparison(key)
    return comparison[0] if comparison else key


def _matches(key: str, wanted: Any, facts: Facts) -> bool:
    value = facts.get(fact_name(key))
    if value is None:
        return False
    if comparison := _comparison(key):
        return comparison[1](float(value), float(wanted))
    if isinstance(value, Collection) and not isinstance(value, str):
        return wanted in value
    return bool(value == wanted)


def _stricter(bound: str, one: Limit, other: Limit) -> Limit:
    a, b = dict(one.bounds)[bound], dict(other.bounds)[bound]
    if bound == "min":
        return one if a >= b else other
    return one if a <= b else other


def _choose(bound: str, matching: list[Limit]) -> Limit | None:
    having = [limit for limit in matching if bound in dict(limit.bounds)]
    if not having:
        return None
    most = max(len(limit.when) for limit in having)
    chosen, *rest = [limit for limit in having if len(limit.when) == most]
    for limit in rest:
        chosen = _stricter(bound, chosen, limit)
    return chosen


def resolve_limits(item: Item, facts: Facts) -> Bounds:
    """The bounds of an item's reading where these facts hold.

    For each bound separately the matching entry with the most conditions wins; on a tie the stricter value.
    """
    matching = [limit for limit in item.limits if all(_matches(k, v, facts) for k, v in limit.when)]
    chosen = {bound: _choose(bound, matching) for bound in BOUND_KEYS}
    asked = {fact_name(key) for limit in item.limits for key, _ in limit.when}
    return Bounds(
        **{bound: dict(limit.bounds)[bound] for bound, limit in chosen.items() if limit},
        sources=tuple((bound, limit.when) for bound, limit in chosen.items() if limit),
        unknown=tuple(sorted(name for name in asked if facts.get(name) is None)),
    )
