"""Which items apply to this school, in this season."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.regulations.rules.items import Item


@dataclass(frozen=True, slots=True)
class SchoolFacts:
    """What decides on a school's checklist.

    `flags` (facilities) and `amenities` hold what is known; a flag nobody recorded counts as present, because asking
    in vain is harmless and leaving out is not. `extinguisher_types` None means the register is not known.
    """

    types: frozenset[str] = frozenset()
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    amenities: Mapping[str, bool | None] = field(default_factory=dict)
    extinguisher_types: frozenset[str] | None = None


_SECONDARY = {"junior", "senior", "complete_secondary", "vocational", "nine_year", "twelve_year"}
_PRIMARY = {"primary", "nine_year", "twelve_year"}


def school_types(kind: str, *, is_boarding: bool) -> frozenset[str]:
    """The pack's types of a school: its stages, boarding, and boarding of a stage."""
    types = {kind}
    types |= {"primary"} if kind in _PRIMARY else set()
    types |= {"secondary"} if kind in _SECONDARY else set()
    if is_boarding:
        types |= {"boarding"} | {f"boarding_{stage}" for stage in types & {"primary", "kindergarten"}}
    return frozenset(types)


def season_on(day: date, seasons: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The pack's season on a day; seasons run from `from` to `to` as MM-DD and may pass the new year."""
    today = day.strftime("%m-%d")
    for key, season in seasons.items():
        start, end = season["from"], season["to"]
        inside = start <= today <= end if start <= end else today >= start or today <= end
        if inside:
            return key
    return None


def _type_applies(wanted: Collection[str], facts: SchoolFacts, equipment_types: Collection[str]) -> bool:
    if equipment_types:
        return facts.extinguisher_types is None or bool(facts.extinguisher_types & set(equipment_types))
    return bool(facts.types & set(wanted))


def applies(item: Item, facts: SchoolFacts, season: str | None, *, equipment_types: Collection[str] = ()) -> bool:
    """Whether an item is asked at this school in this season.

    `equipment_types` are the pack's types of equipment, so that `type:co2` looks at the extinguishers.
    """
    if item.needs and facts.amenities.get(item.needs) is False:
        return False
    kind, _, wanted = item.applies_to.partition(":")
    if kind == "if":
        return facts.flags.get(wanted) is not False
    if kind == "season":
        return wanted == season
    if kind == "type":
        names = set(wanted.split(","))
        return _type_applies(names, facts, names & set(equipment_types))
    return True


def applicable(
    items: Iterable[Item], facts: SchoolFacts, season: str | None, *, equipment_types: Collection[str] = ()
) -> tuple[Item, ...]:
    """The items asked at this school in this season, in their order."""
    return tuple(i for i in items if applies(i, facts, season, equipment_types=equipment_types))


def applies_to_piece(
    item: Item, *, kind: str, equipment_type: str | None, equipment_types: Collection[str] = ()
) -> bool:
    """Whether an item is asked of one piece of equipment (weighing only for CO₂ and cartridge types)."""
    if kind not in item.of:
        return False
    prefix, _, wanted = item.applies_to.partition(":")
    names = set(wanted.split(",")) & set(equipment_types) if prefix == "type" else set()
    return not names or equipment_type is None or equipment_type in names
