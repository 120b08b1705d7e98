"""Limits: each bound by the most exact matching entry, on a tie the stricter."""

from __future__ import annotations

from typing import Any

import pytest

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import item_from
from app.regulations.rules.limits import resolve_limits

TEACHING = {"building": {"teaching", "multi_storey_public"}}


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        ("HYI-06", {}, (None, 1.0, None)),
        ("HYI-06", {"building": "multi_storey_public"}, (0.07, 1.0, None)),
        ("HYI-06", {"building": "high_rise_class1"}, (0.10, 1.0, None)),
        ("HYI-06", {"building": "multi_storey_public", "supply": "with_stabilising_pump"}, (0.15, 1.0, None)),
        ("HYI-07", {"building": "multi_storey_public", "clear_height_m": 4}, (0.25, 0.5, 0.7)),
        ("HYI-07", {"building": "multi_storey_public", "clear_height_m": 8}, (0.25, 0.5, 0.7)),
        ("HYI-07", {"building": "multi_storey_public", "clear_height_m": 8.1}, (None, None, 0.7)),
        ("HYI-07", {"building": "high_rise"}, (0.35, 0.5, 0.7)),
        ("EVA-08", {}, (0.8, None, None)),
        ("EVA-08", {"room": "teaching"}, (0.9, None, None)),
        ("EVA-09", {**TEACHING, "corridor": "inner"}, (2.4, None, None)),
        ("EVA-09", {**TEACHING, "corridor": "single_side_or_outer"}, (1.8, None, None)),
        ("EVA-09", {"building": "dormitory", "corridor": "inner"}, (1.1, None, None)),
        ("EVA-14", {**TEACHING, "position": "dead_end", "fire_rating": "1-2"}, (None, 22, None)),
        ("EVA-14", {**TEACHING, "position": "dead_end"}, (None, None, None)),
        ("EVA-18", {}, (1, None, None)),
        ("EVA-18", {"area_m2": 75}, (1, None, None)),
        ("EVA-18", {"area_m2": 75.5}, (2, None, None)),
        ("EVA-18", {"area_m2": 60, "position": "corridor_end"}, (2, None, None)),
        ("EXT-26", {"hazard": "severe"}, (None, 15, None)),
        ("EXT-26", {"hazard": "light"}, (None, 25, None)),
        ("LIT-04", {}, (30, None, None)),
        ("LIT-04", {"total_area_m2": 120_000}, (60, None, None)),
        ("LIT-04", {"total_area_m2": 120_000, "height_m": 101}, (90, None, None)),
        ("LIT-04", {"height_m": 100}, (30, None, None)),
        ("LIT-05", {"place": "people_dense"}, (10, None, None)),
        ("LIT-06", {}, (1, None, None)),
        ("LIT-06", {"pack": "GB55037_strict"}, (3, None, None)),
        ("LIT-10", {"corridor": "dead_end"}, (None, 10, None)),
        ("LIT-16", {"building": {"teaching", "high_rise_or_underground"}}, (None, 30, None)),
        ("HYO-08", {}, (0.5, 2.0, None)),
    ],
)
def test_the_most_exact_entry_gives_each_bound(
    checklist: Checklist, code: str, facts: dict[str, Any], expected: tuple[float | None, ...]
) -> None:
    bounds = checklist.bounds(code, facts)
    assert (bounds.min, bounds.max, bounds.hard_max) == expected


@pytest.mark.parametrize(("floors", "target"), [(3, 120), (4, None), (None, None)])
def test_the_drill_target_is_for_low_buildings(checklist: Checklist, floors: int | None, target: int | None) -> None:
    assert checklist.bounds("DRL-04", {"floors": floors}).target_max == target


def test_on_a_tie_the_stricter_value_holds(checklist: Checklist) -> None:
    content = {
        **checklist.content["items"][0],
        "answer": {
            "type": "number",
            "unit": "m",
            "limits": [
                {"when": {"a": "x"}, "min": 1, "max": 9},
                {"when": {"b": "y"}, "min": 2, "max": 8},
                {"when": {}, "min": 5, "max": 6},
            ],
        },
    }
    bounds = resolve_limits(item_from(content), {"a": "x", "b": "y"})
    assert (bounds.min, bounds.max) == (2, 8)


def test_a_limit_says_what_chose_it_and_what_it_could_not_know(checklist: Checklist) -> None:
    bounds = checklist.bounds("HYI-07", {"building": "multi_storey_public"})
    assert bounds.unknown == ("clear_height_m",)
    assert dict(bounds.sources) == {"hard_max": ()}


def test_a_reading_without_limits_is_only_recorded(checklist: Checklist) -> None:
    assert checklist.bounds("EXT-20", {}).is_empty
