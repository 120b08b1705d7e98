"""A published checklist in memory: items by code, order, chips, who stands for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from app.regulations.rules.applicability import SchoolFacts, applicable, applies_to_piece, season_on
from app.regulations.rules.citations import Citations, CitationWarning, citation_warnings, printable_basis
from app.regulations.rules.items import Item, Text, Violation, item_from, text_from, violation_from
from app.regulations.rules.limits import Bounds, Facts, resolve_limits

#: Whom a duty may be for beside the pack's own types, flags and amenities.
_AUDIENCES = {"all": Text("各类学校", "all schools"), "basement": Text("有地下室的学校", "schools with a basement")}


@dataclass(frozen=True)
class Checklist:
    """One version of a pack, immutable; everything a visit needs without asking the database again."""

    content: Mapping[str, Any]
    sha256: str
    version_id: Any = None

    @property
    def code(self) -> str:
        """The pack's code, e.g. cn-school."""
        return str(self.content["pack"]["code"])

    @property
    def version(self) -> int:
        """The pack's version."""
        return int(self.content["pack"]["version"])

    @property
    def title(self) -> Text:
        """The pack's title."""
        return text_from(self.content["title"])

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the order of the pack."""
        return tuple(item_from(content) for content in self.content["items"])

    @cached_property
    def by_code(self) -> Mapping[str, Item]:
        """Items by code."""
        return {item.code: item for item in self.items}

    @cached_property
    def violations(self) -> Mapping[str, Violation]:
        """Violations by code."""
        return {code: violation_from(code, v) for code, v in self.content["violations"].items()}

    @property
    def tables(self) -> Mapping[str, Any]:
        """The calculators' tables."""
        tables: Mapping[str, Any] = self.content["tables"]
        return tables

    @property
    def seasons(self) -> Mapping[str, Mapping[str, Any]]:
        """Seasons as MM-DD stretches."""
        seasons: Mapping[str, Mapping[str, Any]] = self.content.get("seasons", {})
        return seasons

    def item(self, code: str) -> Item:
        """The item of that code; KeyError where the version has none."""
        return self.by_code[code]

    def tier(self, tier: str) -> tuple[Item, ...]:
        """The items of the short visit (`core`), or all of them (`full`)."""
        return self.items if tier == "full" else tuple(i for i in self.items if i.tier == tier)

    def for_school(self, tier: str, facts: SchoolFacts, day: date) -> tuple[Item, ...]:
        """The items asked at this school on that day."""
        season = season_on(day, self.seasons)
        return applicable(self.tier(tier), facts, season, equipment_types=self.equipment_types)

    @cached_property
    def equipment_types(self) -> frozenset[str]:
        """The types that belong to pieces of equipment, not to schools."""
        return frozenset(k for k, t in self.content.get("types", {}).items() if t["of"] != "school")

    def hangs_on(self, item: Item) -> str:
        """What an answer of the item belongs to: equipment, point, place, floor, building, system, site …"""
        return str(self.content["scopes"][item.scope]["hangs_on"])

    def wider(self, item: Item) -> str | None:
        """What the item is asked of once where nothing of its own kind is registered."""
        wider: str | None = self.content["scopes"][item.scope].get("otherwise")
        return wider

    def _equipment_items(self, kind: str, part: str, equipment_type: str | None, tier: str) -> tuple[Item, ...]:
        codes = self.content["equipment"].get(kind, {}).get(part, ())
        items = (self.by_code[code] for code in codes)
        return tuple(
            i
            for i in items
            if tier in ("full", i.tier)
            and applies_to_piece(i, kind=kind, equipment_type=equipment_type, equipment_types=self.equipment_types)
        )

    def look_items(self, kind: str, *, equipment_type: str | None = None, tier: str = "full") -> tuple[Item, ...]:
        """The look-over items of a piece: one 合格 for the piece stands for all of them."""
        return self._equipment_items(kind, "look", equipment_type, tier)

    def own_items(self, kind: str, *, equipment_type: str | None = None, tier: str = "full") -> tuple[Item, ...]:
        """The readings, tests and critical items asked on their own of the pieces sampled."""
        return self._equipment_items(kind, "ask", equipment_type, tier)

    @cached_property
    def equipment_kinds(self) -> tuple[str, ...]:
        """Kinds of equipment this pack looks at."""
        return tuple(self.content.get("equipment", {}))

    def bounds(self, code: str, facts: Facts) -> Bounds:
        """The limits of an item's reading where these facts hold."""
        return resolve_limits(self.by_code[code], facts)

    def citations(self, code: str, *, fault: str | None = None) -> Citations:
        """The clauses of a finding that may print, and those flagged to the office."""
        item = self.by_code[code]
        chip = item.fault(fault) if fault else None
        return printable_basis(item, self.violations.get(chip.violation if chip else item.violation))

    @cached_property
    def citation_warnings(self) -> tuple[CitationWarning, ...]:
        """Clauses that never print as law, for the office's list."""
        return citation_warnings(self.items)

    def label(self, table: str, key: str) -> Text:
        """The words for a key of one of the pack's vocabularies (`areas`, `categories`, `handlings` …)."""
        vocabulary = self.content[table]
        if isinstance(vocabulary, Mapping):
            return text_from(vocabulary[key])
        return text_from(next(entry for entry in vocabulary if entry["key"] == key))

    def _known_text(self, tables: Iterable[str], key: str) -> Text | None:
        for table in tables:
            entry = self.content.get(table, {}).get(key)
            if entry is not None:
                return text_from(entry)
        return None

    def fact_words(self, key: str, value: Any, lang: str) -> str:
        """A limit's condition in words: 建筑：教学楼; 房间面积 > 75."""
        fact = self.content["facts"][key]
        name = text_from(fact).in_language(lang)
        if "number" in fact:
            return f"{name} {'≤' if '_le_' in key else '<' if key.endswith('_lt') else '>'} {value}"
        values = self.content[fact["values"]] if isinstance(fact["values"], str) else fact["values"]
        return f"{name}: {text_from(values[str(value)]).in_language(lang)}"

    def audience_words(self, key: str, lang: str) -> str:
        """Whom a duty is for, in words."""
        text = _AUDIENCES.get(key) or self._known_text(("types", "flags", "amenities"), key)
        return text.in_language(lang) if text else key

    def order(self, table: str) -> tuple[str, ...]:
        """The keys of an ordered vocabulary: `areas`, `categories`, `record_sections`."""
        return tuple(entry["key"] for entry in self.content[table])

    def grouped(self, items: Iterable[Item], by: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """Items in groups by `area`, `category` or `record_section`, in the pack's order, empty groups left out."""
        table = {"area": "areas", "category": "categories", "record_section": "record_sections"}[by]
        groups: dict[str, list[Item]] = {key: [] for key in self.order(table)}
        for item in items:
            groups[getattr(item, by)].append(item)
        return tuple((key, tuple(group)) for key, group in groups.items() if group)

    def texts(self, lang: str) -> Mapping[str, Mapping[str, Any]]:
        """All words of the items in one language, by code: question, faults and measures, method, note."""
        return {
            item.code: {
                "text": item.text.in_language(lang),
                "faults": {
                    f.key: {"text": f.text.in_language(lang), "measure": f.measure.in_language(lang)}
                    for f in item.faults
                },
                "method": item.method.in_language(lang) if item.method else None,
                "note": item.note.in_language(lang) if item.note else None,
            }
            for item in self.items
        }
