"""The walks of a school as a tablet keeps them: each form of row drawn once by the page's own macros, and rows as short lines that fill it in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from flask import current_app

from app.inspections import wording
from app.inspections.presenting import Heading, Presenter, RowView
from app.inspections.rules.answers import Said, may_be_bulk, needs_own_word
from app.inspections.rules.areas import Area
from app.inspections.rules.fields import PIECE
from app.inspections.rules.rows import Row
from app.inspections.service import filling

#: What of a row differs from row to row; in the drawn form a sign of its own, which no text has, stands for each.
FILLED_IN = ("name", "item", "equipment", "title", "detail", "alarm", "last", "method", "found_before")
SIGNS = {name: chr(0xE000 + n) for n, name in enumerate(FILLED_IN)}
#: What a row is, in bits: 本区其余合格 may answer it; it belongs to a piece; it is asked of every such piece.
BULK, OWNED, ALWAYS = 1, 2, 4
#: What decides on the form of a row; nothing was said on any.
_ASKED = (
    "alarm_look",
    "words",
    "critical",
    "reading",
    "choices",
    "asks_date",
    "asks_text",
    "asks_where",
    "offers_spot",
    "may_sample",
    "is_owned",
)
#: Where one chip, with what follows from it, ends and the next begins.
_CHIPS = re.compile(r'(?=<label class="chip">)|(?<=</p>)(?=</div>)|(?<=</label>)(?=</div>)')


@dataclass
class Walks:
    """Rows of one walk or several, and the forms they are drawn in, each told once; a row is known by its place in the list."""

    texts: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    bits: list[str] = field(default_factory=list)
    fixes: list[list[int]] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    walks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _places: dict[Any, int] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def add(self, key: str, presenter: Presenter) -> None:
        """One walk, under its tier or `recheck`; on its sheet nothing has been said."""
        bulk = filling.bulk_is_allowed(presenter.sheet)
        self.walks[key] = [self._area(area, presenter, bulk=bulk) for area in presenter.sheet.areas]

    def as_json(self) -> dict[str, Any]:
        """What the page carries."""
        return {name: getattr(self, name) for name in ("texts", "forms", "bits", "fixes", "rows", "walks")}

    def _area(self, area: Area, presenter: Presenter, *, bulk: bool) -> dict[str, Any]:
        rows = {row.name: row for row in area.rows}

        def told(heading: Heading) -> dict[str, Any]:
            places = [self._row(view, rows[view.name], presenter, bulk=bulk) for view in heading.rows]
            return {"title": heading.title, "rows": places}

        name = wording.area_name(area, presenter.sheet.checklist)
        return {"key": area.key, "name": name, "headings": [told(one) for one in presenter.headings(area)]}

    def _row(self, view: RowView, row: Row, presenter: Presenter, *, bulk: bool) -> int:
        checklist, flags = presenter.sheet.checklist, 0
        if bulk and may_be_bulk(row, Said(), held=presenter.held) and not needs_own_word(row, checklist):
            flags |= BULK
        if row.owner:
            sample = checklist.content["equipment"].get(str(row.piece.kind), {}).get("sample", {})
            flags |= OWNED | (ALWAYS if sample.get("percent") == 100 else 0)
        texts = (row.item, row.place, *(getattr(view, name) for name in FILLED_IN[1:]))
        told = [self._told("texts", text, text.__str__) for text in texts]
        line = [self._form(view), self._fix(view), flags, *told]
        return self._told("rows", tuple(line), lambda: line)

    def _told(self, listed: str, key: Any, make: Callable[[], Any]) -> int:
        """The place of a thing in a list, where it is put once."""
        place = self._places.get((listed, key))
        if place is None:
            things = getattr(self, listed)
            place = self._places[listed, key] = len(things)
            things.append(make())
        return place

    def _form(self, view: RowView) -> int:
        here = tuple(bool(getattr(view, name)) for name in FILLED_IN)
        key = (here, bool(view.groups), view.item == PIECE, *(_plain(getattr(view, name)) for name in _ASKED))
        return self._told("forms", key, lambda: self._draw_form(view))

    def _draw_form(self, view: RowView) -> str:
        shown: dict[str, Any] = {name: SIGNS[name] if getattr(view, name) else "" for name in FILLED_IN}
        if view.item == PIECE:
            shown["item"] = PIECE
        return _tight(_macros().checklist_row(replace(view, **shown, groups=view.groups[:1]), later=True))

    def _fix(self, view: RowView) -> int:
        if not view.groups:
            return -1
        return self._told("fixes", (id(view.groups), view.offers_spot), lambda: self._draw_fix(view))

    def _draw_fix(self, view: RowView) -> list[int]:
        """In bits, since many fixes share most of their chips."""
        self._kept.append(view.groups)  # so that no other groups get their id
        drawn = _tight(_macros().fix(replace(view, name=SIGNS["name"]), f"row-{SIGNS['name']}"))
        return [self._told("bits", bit, bit.__str__) for bit in _CHIPS.split(drawn)]


def _plain(value: Any) -> Any:
    """A value that can be a key."""
    return tuple(value.items()) if isinstance(value, dict) else value


def _macros() -> Any:
    return current_app.jinja_env.get_template("inspections/row.html").module


def _tight(html: Any) -> str:
    return re.sub(r"\s*\n\s*", "", str(html))
