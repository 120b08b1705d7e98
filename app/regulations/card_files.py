"""How-to cards as files: read those of a pack, and say what is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from app.regulations.rules.cards import Cards, card_from
from app.regulations.rules.checklist import Checklist

CARDS = Path(__file__).parent / "cards"
DRAWINGS = Path(__file__).parent.parent / "static" / "cards"


def read(code: str) -> list[dict[str, Any]]:
    """The cards of a pack as plain data, files in the order of their names."""
    parts = (yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader) for file in sorted((CARDS / code).glob("*.yaml")))
    return [card for part in parts for card in part["cards"]]


def cards_from(contents: Sequence[Mapping[str, Any]]) -> Cards:
    """Cards from plain data that fits the schema."""
    return Cards(tuple(card_from(content) for content in contents))


def problems_of(contents: Sequence[Mapping[str, Any]], checklist: Checklist) -> list[str]:
    """Everything that is wrong with cards, a line each: shape, keys the pack does not know, clauses it marks otherwise."""
    schema = json.loads((CARDS / "schema.json").read_text(encoding="utf-8"))
    errors = [
        f"{contents[error.absolute_path[0]].get('code')}: {list(error.absolute_path)[1:]}: {error.message}"
        for error in Draft202012Validator(schema["$defs"]["cards"] | {"$defs": schema["$defs"]}).iter_errors(contents)
    ]
    return errors or [*_meaning(contents, checklist)]


def _meaning(contents: Sequence[Mapping[str, Any]], checklist: Checklist) -> Iterator[str]:
    known = {key for item in checklist.items for key in (item.code, *(f"{item.code}:{f.key}" for f in item.faults))}
    marks = {(clause.ref, clause.evidence.value) for item in checklist.items for clause in item.basis}
    marks |= {(v.clause.ref, v.clause.evidence.value) for v in checklist.violations.values() if v.clause}
    for card in contents:
        code, items = card["code"], {key.split(":")[0] for key in card["for"]}
        bought = [key for buy in card["buy"] for key in (*buy.get("for", ()), *buy.get("not_for", ()))]
        yield from (f"{code}: unknown key {key}" for key in (*card["for"], *bought) if key not in known)
        yield from (f"{code}: {key} is not a fault of this card" for key in bought if key.split(":")[0] not in items)
        yield from (
            f"{code}: {clause['ref']} is not {clause['evidence']} in the pack"
            for clause in card["source"]
            if (clause["ref"], clause["evidence"]) not in marks
        )
        yield from (f"{code}: unknown breach {v}" for v in card.get("violations", ()) if v not in checklist.violations)
    for field in ("for", "general_for", "violations"):
        counts = Counter(key for card in contents for key in card.get(field, ()))
        yield from (f"{key} has {number} cards" for key, number in counts.items() if number > 1)
    yield from (f"{code} twice" for code, number in Counter(card["code"] for card in contents).items() if number > 1)
