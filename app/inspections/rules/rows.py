"""The rows of a visit: every item that applies, on everything at the school it hangs on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.inspections.rules.fields import PIECE, row_name
from app.inspections.rules.ground import SLEEPING, Ground, House, Spot, facts_of, facts_of_all
from app.regulations.rules.applicability import SchoolFacts, applies
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType, Item, Scope
from app.regulations.rules.limits import Bounds

#: Rooms of which a school has many: they are asked once a building, with a note where it was looked.
COMMON_ROOMS = frozenset(
    {
        "classroom",
        "office",
        "dormitory_room",
        "nap_room",
        "children_room",
        "store_room",
        "meeting_room",
        "corridor",
        "other",
        "",
    }
)
#: Areas one walks to as such, whatever building they are in.
OWN_AREAS = frozenset({"outside", "control", "documents", "people"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question on one thing. `codes`: the items it stands for (a piece's 合格 stands for all it is looked over for).

    `where` is the thing's name, empty for the school as a whole; `asks_where`: the thing the item is about is not
    registered, so the officer may write where it was looked. `owner` is the piece that a question of its own belongs to.
    """

    item: str
    place: str
    area: str
    where: str
    codes: tuple[str, ...]
    category: str
    critical: bool
    house: str | None = None
    level: int | None = None
    piece: Any = None
    owner: str = ""
    asks_where: bool = False
    bounds: Bounds | None = None
    number: int = 0
    name: str = field(init=False, compare=False)
    """Its form name. Kept, because a page asks for it some thirty times a row."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", row_name(self.item, self.place))

    @property
    def is_piece(self) -> bool:
        """Stands for a whole piece of equipment."""
        return self.item == PIECE


@dataclass(frozen=True)
class _Target:
    place: str
    where: str
    house: House | None = None
    level: int | None = None
    spot: Spot | None = None
    asks_where: bool = False


_SCHOOL = _Target("", "")


class Builder:
    """Lays out the rows of one school for one checklist; everything it needs is given, it asks nobody."""

    def __init__(
        self,
        checklist: Checklist,
        ground: Ground,
        *,
        facts: SchoolFacts,
        tier: str,
        day: date,
        sampled: Collection[str],
    ) -> None:
        self.checklist, self.ground, self.facts, self.tier, self.sampled = checklist, ground, facts, tier, sampled
        self.items = checklist.for_school(tier, facts, day)
        self.allowed = {item.code for item in self.items}
        self.kinds_here = {str(piece.kind) for piece in ground.pieces}
        self.everywhere = facts_of_all(ground.houses)

    def rows(self) -> list[Row]:
        """All rows, in no particular order but numbered by the checklist's."""
        order = {item.code: n for n, item in enumerate(self.checklist.items)}
        return [*self._piece_rows(), *(row for item in self.items for row in self._item_rows(item, order))]

    # pieces ------------------------------------------------------------------------------------------------

    def _piece_items(self, piece: Any, part: str) -> list[Item]:
        ask = self.checklist.look_items if part == "look" else self.checklist.own_items
        found = ask(str(piece.kind), equipment_type=piece.checklist_type, tier=self.tier)
        return [item for item in found if item.code in self.allowed and self._fits(piece, item)]

    def _fits(self, piece: Any, item: Item) -> bool:
        traits = SchoolFacts(self.facts.types, {**self.facts.flags, **piece.traits}, self.facts.amenities, None)
        if not applies(item, traits, item.applies_to.partition(":")[2], equipment_types=self.checklist.equipment_types):
            return False
        house = self.ground.by_house.get(str(piece.building_id))
        return item.area != "dormitory" or house is None or house.use in SLEEPING

    def is_sampled(self, piece: Any) -> bool:
        """Whether readings and tests are asked of this piece: chosen by the officers, or every one by the pack's word."""
        if str(piece.id) in self.sampled:
            return True
        kind = self.checklist.content["equipment"].get(str(piece.kind), {})
        return bool(kind.get("sample", {}).get("percent") == 100)

    def _piece_rows(self) -> Iterator[Row]:
        for number, piece in enumerate(self.ground.pieces):
            look = self._piece_items(piece, "look")
            if not look and not self.checklist.look_items(str(piece.kind)):
                continue
            own = self._piece_items(piece, "ask")
            category = (look or own or [self.items[0]])[0].category
            house = self.ground.by_house.get(str(piece.building_id))
            area = self._area_of_house(house) or ("outside" if str(piece.kind) == "outdoor_hydrant" else "inside")
            shared: dict[str, Any] = {
                "place": str(piece.id), "area": area, "where": piece.name, "house": house.id if house else None,
                "level": piece.floor_level, "piece": piece, "category": category,
            }  # fmt: skip
            yield Row(item=PIECE, codes=tuple(i.code for i in look), critical=False, number=number, **shared)
            if not self.is_sampled(piece):
                continue
            facts = facts_of(house, level=piece.floor_level)
            for item in own:
                bounds = self.checklist.bounds(item.code, facts) if item.answer_type is AnswerType.NUMBER else None
                yield Row(
                    item=item.code, codes=(item.code,), critical=item.is_critical, number=number, owner=str(piece.id),
                    bounds=bounds, **shared,
                )  # fmt: skip

    # items -------------------------------------------------------------------------------------------------

    def _item_rows(self, item: Item, order: dict[str, int]) -> Iterator[Row]:
        if item.scope in (Scope.ASSET, Scope.EXIT) and self.kinds_here & set(item.of):
            return
        for target in self._targets(item):
            facts = facts_of(target.house, spot=target.spot, level=target.level) if target.house else self.everywhere
            yield Row(
                item=item.code,
                place=target.place,
                area=self._area(item, target),
                where=target.where,
                codes=(item.code,),
                category=item.category,
                critical=item.is_critical,
                house=target.house.id if target.house else None,
                level=target.level,
                asks_where=target.asks_where,
                bounds=self.checklist.bounds(item.code, facts) if item.answer_type is AnswerType.NUMBER else None,
                number=order[item.code],
            )

    def _targets(self, item: Item) -> list[_Target]:
        match item.scope:
            case Scope.SCHOOL:
                return [_SCHOOL]
            case Scope.PERSON:
                return self._people(item)
            case Scope.BUILDING:
                return self._houses(item) or [_SCHOOL]
            case Scope.FLOOR:
                return self._floors(item) or self._wider_houses(item) or [_SCHOOL]
            case Scope.SITE:
                sites = [self._at(spot) for spot in self.ground.spots if spot.kind == "site"]
                return sites if len(sites) == 1 else [_SCHOOL]
            case Scope.SYSTEM:
                found = [self._at(s) for s in self.ground.spots if s.kind == "system" and s.use in item.of]
                return found or [_Target("", "", asks_where=True)]
            case Scope.STAIR | Scope.POINT:
                found = [self._at(s) for s in self.ground.spots if s.kind == item.scope.value]
                return found or self._wider_houses(item) or [_SCHOOL]
            case Scope.ROOM:
                return self._rooms(item)
            case _:
                return self._wider_houses(item) or [_SCHOOL]

    def _at(self, spot: Spot) -> _Target:
        house = self.ground.by_house.get(spot.building_id or "")
        where = " · ".join(part for part in (house.name if house else "", spot.name) if part)
        return _Target(spot.id, where, house, spot.level, spot)

    def _uses(self, item: Item) -> set[str]:
        """The uses of buildings an item is about; empty when about all."""
        uses = {house.use for house in self.ground.houses}
        named = set(item.of) & (uses | set(self.checklist.content.get("buildings", {})))
        if named:
            return named
        return {"dormitory": set(SLEEPING), "canteen": {"canteen"}}.get(item.area, set())

    def _houses(self, item: Item, *, asks_where: bool = False) -> list[_Target]:
        uses = self._uses(item)
        fitting = [house for house in self.ground.houses if not uses or house.use in uses]
        return [_Target(house.id, house.name, house, asks_where=asks_where) for house in fitting]

    def _wider_houses(self, item: Item) -> list[_Target]:
        return self._houses(item, asks_where=True)

    def _floors(self, item: Item) -> list[_Target]:
        return [
            _Target(floor_id, f"{house.name} · {name}", house, level)
            for target in self._houses(item)
            if (house := target.house) is not None
            for floor_id, level, name in house.levels
        ]

    def _rooms(self, item: Item) -> list[_Target]:
        wanted = set(item.of) - COMMON_ROOMS
        rooms = [s for s in self.ground.spots if s.kind == "room" and s.use in wanted]
        if rooms:
            return [self._at(room) for room in rooms]
        if item.area == "control" or (wanted and not self._uses(item)):
            return [_Target("", "", asks_where=True)]
        return self._wider_houses(item) or [_Target("", "", asks_where=True)]

    def _people(self, item: Item) -> list[_Target]:
        people = self.checklist.content.get("people", {})
        kind = next((name for name in item.of if name in people), None)
        count = int(people[kind].get("sample", 1)) if kind else 1
        return [_Target(f"person-{n}", "", asks_where=True) for n in range(1, count + 1)]

    # areas -------------------------------------------------------------------------------------------------

    def _area_of_house(self, house: House | None) -> str:
        return f"b-{house.id}" if house else ""

    def _area(self, item: Item, target: _Target) -> str:
        if item.area in OWN_AREAS:
            return item.area
        if item.area == "canteen" and target.house is not None and target.house.use != "canteen":
            return item.area
        return self._area_of_house(target.house) or item.area


def rows_of(
    checklist: Checklist,
    ground: Ground,
    *,
    facts: SchoolFacts,
    tier: str,
    day: date,
    sampled: Collection[str] = (),
) -> list[Row]:
    """The rows of a school for a checklist, a tier and a day; `sampled` are the pieces chosen for readings and tests."""
    return Builder(checklist, ground, facts=facts, tier=tier, day=day, sampled=frozenset(sampled)).rows()


def named(rows: Iterable[Row]) -> dict[str, Row]:
    """Rows by form name."""
    return {row.name: row for row in rows}
