"""The shipped pack holds what the domain says, and a published version never changes."""

from __future__ import annotations

from collections import Counter

import pytest

from app.regulations import pack_files
from app.regulations.pack_check import problems_of
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import Handling, Scope

COUNTS = {
    "extinguisher": 31, "hydrant_indoor": 16, "water_supply": 7, "hydrant_outdoor": 12, "exit_route": 22, "fire_door": 13,
    "emergency_lighting": 18, "alarm": 7, "control_room": 5, "sprinkler": 5, "kitchen": 9, "dormitory": 14,
    "electrical": 8, "laboratory": 4, "building": 10, "management": 15, "drill_training": 8,
}  # fmt: skip


def test_published_versions_are_the_files_that_were_published() -> None:
    now = {}
    for path in pack_files.pack_paths():
        content = pack_files.read_pack(path)
        now[pack_files.name_of(content)] = pack_files.fingerprint(content)
    assert pack_files.published().items() <= now.items()
    assert "cn-school/1" in pack_files.published()


@pytest.mark.parametrize("path", list(pack_files.pack_paths()), ids=lambda p: f"{p.parent.name}-{p.name}")
def test_no_shipped_pack_has_a_problem(path: pack_files.Path) -> None:
    assert [str(p) for p in problems_of(path)] == []


def test_the_checklist_has_204_items_of_which_79_are_core(checklist: Checklist) -> None:
    assert Counter(i.category for i in checklist.items) == COUNTS
    assert len(checklist.items) == 204
    assert len(checklist.tier("core")) == 79


def test_every_scope_has_something_to_hang_an_answer_on(checklist: Checklist) -> None:
    assert {i.scope for i in checklist.items} == set(Scope)
    for item in checklist.items:
        assert checklist.hangs_on(item) in ("equipment", "place", "floor", "building", "school", "person")
        if checklist.hangs_on(item) != "school":
            assert checklist.wider(item) in ("building", "school")


def test_every_item_offers_faults_with_a_measure_in_both_languages(checklist: Checklist) -> None:
    for item in checklist.items:
        assert len(item.faults) >= (2 if item.is_core else 1), item.code
        for fault in item.faults:
            assert all((fault.text.zh, fault.text.en, fault.measure.zh, fault.measure.en))
            if fault.handling in (Handling.SPOT, Handling.ORDER_IMMEDIATE, Handling.ORDER_LIMITED):
                assert fault.deadline
                assert fault.deadline.source == "proposal"


def test_a_fault_is_short_enough_to_tap(checklist: Checklist) -> None:
    assert max(len(f.text.zh) for i in checklist.items for f in i.faults) <= 28


def test_critical_items_and_readings_are_asked_on_their_own(checklist: Checklist) -> None:
    for kind in checklist.equipment_kinds:
        for item in checklist.look_items(kind):
            assert not item.is_critical
            assert item.answer_type in ("pass_fail_na", "choice")


def test_a_powder_extinguisher_is_looked_over_and_not_weighed(checklist: Checklist) -> None:
    assert "EXT-20" not in {i.code for i in checklist.own_items("extinguisher", equipment_type="powder")}
    assert "EXT-20" in {i.code for i in checklist.own_items("extinguisher", equipment_type="co2")}
    core = {i.code for i in checklist.look_items("extinguisher", equipment_type="powder", tier="core")}
    assert core == {"EXT-06", "EXT-07", "EXT-09", "EXT-14", "EXT-15", "EXT-17"}


def test_groups_follow_the_order_of_the_pack_and_lose_nothing(checklist: Checklist) -> None:
    for by in ("area", "category", "record_section"):
        groups = checklist.grouped(checklist.items, by)
        assert sum(len(items) for _key, items in groups) == 204
    assert next(key for key, _items in checklist.grouped(checklist.tier("core"), "area")) == "outside"


def test_texts_come_in_both_languages(checklist: Checklist) -> None:
    assert checklist.texts("zh-CN")["EXT-07"]["faults"]["scrap_due"]["text"] == "超过报废期限"
    assert checklist.texts("en")["EXT-07"]["faults"]["scrap_due"]["text"] == "Past its scrapping age"


def test_a_duty_whose_sources_are_all_unsure_says_so(checklist: Checklist) -> None:
    unsure = {
        d["code"]
        for d in checklist.content["duties"]
        if all(c["evidence"] in ("unsure", "proposal") for c in d["basis"])
    }
    assert unsure == {"light_function", "light_duration", "night_drill", "warden_training"}


def test_agency_clocks_are_in_the_pack(checklist: Checklist) -> None:
    clocks = {c["key"]: (c["amount"], c["unit"]) for c in checklist.content["clocks"]}
    assert clocks["notice_limited_served"] == (3, "workday")
    assert clocks["recheck"] == (3, "workday")
    assert clocks["seal_term"] == (30, "day")
    assert clocks["complaint_urgent"] == (24, "hour")
