"""The way through a school: rows in areas of at most fifty, in the order in which one walks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.inspections.rules.ground import Ground, House
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist

MOST_ROWS = 50


@dataclass(frozen=True, kw_only=True)
class Area:
    """A part of the walk. `key` is stable for one set of rows; `part` counts the sheets of one area when it has several.

    `words` is the pack's key of the area, or empty where `house` names it; `level` where one floor is an area.
    """

    key: str
    rows: tuple[Row, ...]
    words: str = ""
    house: str = ""
    floor: str = ""
    part: int = 1
    parts: int = 1


def _walk(checklist: Checklist, ground: Ground) -> list[str]:
    """Keys of areas in the order of a visit: dormitories before canteens before the other buildings."""
    houses: dict[str, list[str]] = {"dormitory": [], "canteen": [], "inside": []}
    for house in ground.houses:
        slot = {"dormitory": "dormitory", "canteen": "canteen"}.get(house.use, "inside")
        houses[slot].append(f"b-{house.id}")
    order: list[str] = []
    for key in checklist.order("areas"):
        order += [*houses.get(key, ()), key]
    return order


def _sorted(rows: Iterable[Row], categories: Sequence[str]) -> list[Row]:
    """By category as in the pack; within it the pieces as one meets them, each with its own questions, then the rest."""

    def key(row: Row) -> tuple[int, bool, int, int]:
        own = 0 if row.is_piece else 1
        is_item = row.piece is None
        return (categories.index(row.category), is_item, row.number, own)

    return sorted(rows, key=key)


def _together(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows cut into runs that stay on one sheet: a piece and its own questions are never parted."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and row.owner and runs[-1][-1].place == row.place:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _sheets(rows: Sequence[Row]) -> list[list[Row]]:
    sheets: list[list[Row]] = [[]]
    for run in _together(rows):
        if sheets[-1] and len(sheets[-1]) + len(run) > MOST_ROWS:
            sheets.append([])
        sheets[-1] += run
    return sheets


def _by_floor(rows: Sequence[Row], house: House) -> list[tuple[str, str, list[Row]]]:
    """A large building from the top floor down, then what belongs to the building as a whole: (suffix, floor, rows)."""
    levels = sorted({row.level for row in rows if row.level is not None}, reverse=True)
    names = {level: name for _id, level, name in house.levels}
    floors = [(f"-f{level}", names.get(level, str(level)), [r for r in rows if r.level == level]) for level in levels]
    return [*floors, ("", "", [r for r in rows if r.level is None])]


def areas_of(rows: Iterable[Row], checklist: Checklist, ground: Ground) -> list[Area]:
    """Rows in areas, walked in order; none empty, none with more rows than one form may carry."""
    by_key: dict[str, list[Row]] = {}
    for row in rows:
        by_key.setdefault(row.area, []).append(row)
    categories = checklist.order("categories")
    areas: list[Area] = []
    for key in _walk(checklist, ground):
        if key not in by_key:
            continue
        found = _sorted(by_key[key], categories)
        house = ground.by_house.get(key.removeprefix("b-"))
        cut = [("", "", found)] if house is None or len(found) <= MOST_ROWS else _by_floor(found, house)
        for suffix, floor, some in cut:
            areas += _numbered(key + suffix, some, words="" if house else key, house=house, floor=floor)
    return areas


def _numbered(key: str, rows: Sequence[Row], *, words: str, house: House | None, floor: str) -> list[Area]:
    sheets = [sheet for sheet in _sheets(rows) if sheet]
    return [
        Area(
            key=key if n == 1 else f"{key}-p{n}",
            rows=tuple(sheet),
            words=words,
            house=house.name if house else "",
            floor=floor,
            part=n,
            parts=len(sheets),
        )
        for n, sheet in enumerate(sheets, start=1)
    ]
