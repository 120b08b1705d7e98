"""The published checklist and invented grounds, for tests of rules that need no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.inspections.rules.ground import Ground, House, Spot
from app.inspections.rules.rows import Row, rows_of
from app.regulations.rules.applicability import SchoolFacts, school_types
from tests.packs import cn_school as checklist

WINTER, SUMMER = date(2026, 12, 22), date(2026, 6, 22)


@dataclass(frozen=True)
class Piece:
    """A piece of equipment, as far as rows need one."""

    id: str
    kind: str
    name: str = ""
    building_id: str | None = None
    floor_level: int | None = None
    checklist_type: str | None = None
    traits: dict[str, bool | None] = field(default_factory=dict)
    where: str = ""
    summary: str = ""


def house(key: str = "h1", *, use: str = "teaching", floors: int = 3, **more: Any) -> House:
    """A building with floors from the top down."""
    levels = tuple((f"{key}-f{n}", n, f"{n} 层") for n in range(floors, 0, -1))
    return House(id=key, name=f"楼 {key}", use=use, floors_above=floors, levels=levels, **more)


def facts(kind: str = "primary", *, boarding: bool = False, **flags: bool | None) -> SchoolFacts:
    """What is known of a school; nothing unless said."""
    return SchoolFacts(types=school_types(kind, is_boarding=boarding), flags=flags)


def rows(
    ground: Ground | None = None, *, tier: str = "core", day: date = WINTER, sampled: tuple[str, ...] = (), **more: Any
) -> list[Row]:
    """The rows of a school."""
    return rows_of(
        checklist(), ground or Ground(), facts=more.get("facts") or facts(), tier=tier, day=day, sampled=sampled
    )


def spot(key: str, kind: str, use: str = "", **more: Any) -> Spot:
    """A recorded place."""
    return Spot(id=key, kind=kind, use=use, name=f"处 {key}", **more)
