"""The table of gaps: one fact wrong at a time, at the stage where it counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.casefiles.rules import (
    DayOff,
    Facts,
    GapKind,
    ItemFacts,
    ServiceFacts,
    Stage,
    Step,
    Where,
    gaps_of,
    may_archive,
)
from app.rectification.rules.orders import ServiceMethod

DAY = date(2026, 11, 18)
ITEM = ItemFacts(position=1, deadline=DAY, is_closed=True, closed_by_recheck=True, recheck_signed=True)
BY_HAND = ServiceFacts(method=ServiceMethod.HAND, to_name="白玛", signed=True)
WHOLE = Facts(
    stage=Stage.DONE, is_limited=True, items=(ITEM,), visited_on=DAY, responsible="白玛", record_number="〔2026〕第0031号", name="一小",
    name_on_record="一小", name_on_paper="一小", known_names=frozenset({"白玛"}), needs_approval=True, approved=True, approval_sheet=True,
    paper_stored=True, sealed=True, needs_scan=True, service=BY_HAND,
)  # fmt: skip


def item(**wrong: Any) -> dict[str, Any]:
    return {"items": (replace(ITEM, **wrong),)}


def test_a_whole_case_lacks_nothing_and_may_be_archived() -> None:
    assert gaps_of(WHOLE) == ()
    assert may_archive(WHOLE)


@pytest.mark.parametrize(
    ("wrong", "kind", "where", "blocks"),
    [
        ({"items": ()}, GapKind.NO_ITEMS, Where.ORDER, True),
        (item(deadline=None), GapKind.NO_DEADLINE, Where.ITEM, True),
        (item(has_place=False), GapKind.NO_PLACE, Where.ITEM, False),
        (item(has_measure=False), GapKind.NO_MEASURE, Where.ITEM, False),
        (item(photos_without_time=2), GapKind.PHOTO_WITHOUT_TIME, Where.ITEM, False),
        (item(is_closed=False, closed_by_recheck=False), GapKind.ITEM_OPEN, Where.ITEM, True),
        (item(recheck_signed=False), GapKind.CLOSED_WITHOUT_RECHECK, Where.ITEM, True),
        (
            item(closed_by_recheck=False, closed_on_spot=True, has_photo_after=False),
            GapKind.NO_PHOTO_AFTER,
            Where.ITEM,
            False,
        ),
        (item(unanswered=1), GapKind.EVIDENCE_UNANSWERED, Where.ITEM, False),
        ({"responsible": ""}, GapKind.NO_RESPONSIBLE, Where.SCHOOL, False),
        ({"officers": 1}, GapKind.ONE_OFFICER, Where.ORDER, True),
        ({"visited_on": None}, GapKind.NO_VISIT_DAY, Where.ORDER, True),
        ({"record_signed": False}, GapKind.RECORD_UNSIGNED, Where.RECORD, True),
        ({"record_number": ""}, GapKind.RECORD_WITHOUT_NUMBER, Where.RECORD, True),
        ({"name_on_paper": "第一小学"}, GapKind.NAME_DIFFERS, Where.SCHOOL, False),
        ({"service": replace(BY_HAND, to_name="某人")}, GapKind.RECIPIENT_UNKNOWN, Where.SERVICE, False),
        ({"approved": False}, GapKind.NO_APPROVAL, Where.ORDER, True),
        ({"approval_sheet": False}, GapKind.NO_APPROVAL_SHEET, Where.ORDER, True),
        ({"paper_stored": False}, GapKind.PAPER_NOT_STORED, Where.PAPER, True),
        ({"paper_stored": False, "paper_in_work": True, "sealed": False}, GapKind.PAPER_BEING_MADE, Where.PAPER, True),
        ({"sealed": False}, GapKind.NO_SEALED_SCAN, Where.PAPER, True),
        ({"sealed": False, "needs_scan": False}, GapKind.NO_SEALED_SCAN, Where.PAPER, False),
        ({"service": None}, GapKind.NOT_SERVED, Where.SERVICE, True),
        ({"service": replace(BY_HAND, signed=False)}, GapKind.NO_RECEIPT, Where.SERVICE, True),
        ({"service": replace(BY_HAND, method=ServiceMethod.REFUSED)}, GapKind.NO_RECEIPT, Where.SERVICE, True),
        (
            {"days_off": (DayOff(step=Step.SERVICE, day=date(2026, 10, 1), name="国庆节"),)},
            GapKind.DAY_OFF,
            Where.ORDER,
            False,
        ),
    ],
)
def test_each_wrong_fact_is_one_gap(wrong: dict[str, Any], kind: GapKind, where: Where, blocks: bool) -> None:
    facts = replace(WHOLE, **wrong)
    assert [(gap.kind, gap.where, gap.blocks) for gap in gaps_of(facts)] == [(kind, where, blocks)]
    assert may_archive(facts) is not blocks


@pytest.mark.parametrize("method", [m for m in ServiceMethod if m is not ServiceMethod.HAND])
def test_with_its_receipt_every_way_of_service_is_whole(method: ServiceMethod) -> None:
    assert gaps_of(replace(WHOLE, service=replace(BY_HAND, method=method, has_receipt=True))) == ()


def test_no_approval_is_asked_for_where_the_brigade_asks_for_none() -> None:
    assert gaps_of(replace(WHOLE, needs_approval=False, approved=False, approval_sheet=False)) == ()


def test_an_immediate_order_needs_no_date() -> None:
    assert gaps_of(replace(WHOLE, is_limited=False, **item(deadline=None))) == ()


def test_before_signing_only_what_goes_on_the_paper_counts() -> None:
    draft = Facts(stage=Stage.PREPARING, is_limited=True, items=(ItemFacts(position=1),), visited_on=DAY, name="一小")
    kinds = [gap.kind for gap in gaps_of(draft)]
    assert kinds == [GapKind.RECORD_WITHOUT_NUMBER, GapKind.NO_DEADLINE, GapKind.NO_RESPONSIBLE]
    assert not may_archive(draft)


def test_in_force_evidence_may_wait_but_an_undecided_extension_is_told() -> None:
    waiting = replace(ITEM, is_closed=False, closed_by_recheck=False, unanswered=2, undecided=1)
    kinds = [gap.kind for gap in gaps_of(replace(WHOLE, stage=Stage.IN_FORCE, items=(waiting,)))]
    assert kinds == [GapKind.ITEM_OPEN, GapKind.EXTENSION_UNDECIDED]


def test_a_void_case_owes_nothing_and_one_taken_over_tells_its_flags() -> None:
    assert gaps_of(replace(WHOLE, stage=Stage.VOID, service=None, paper_stored=False)) == ()
    old = Facts(stage=Stage.DONE, is_limited=True, is_imported=True, flags=("deadline:impossible",))
    assert [(gap.kind, gap.said, gap.blocks) for gap in gaps_of(old)] == [
        (GapKind.FLAGGED, "deadline:impossible", False)
    ]
