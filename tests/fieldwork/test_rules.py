"""Folding operations into answers: what replaces, what adds up, what waits for a person."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fieldwork.rules import Op, OpStatus, Register, Via, fold, meets, unkeepable

INES, IVO = uuid.UUID(int=1), uuid.UUID(int=2)
START = datetime(2026, 11, 22, 6, tzinfo=UTC)


def op(rev: int | None, value: Any, **more: Any) -> Op:
    return Op(
        **{
            "op_id": uuid.uuid4(), "item": "EXT-09", "place": "", "field": "answer", "value": value, "base_rev": (rev or 1) - 1,
            "rev": rev, "status": OpStatus.APPLIED if rev else OpStatus.CONFLICT, "at": START + timedelta(seconds=rev or 0),
            "by_id": INES, "via": Via.TAP, "device": "tablet 1",
        } | more
    )  # fmt: skip


def test_the_last_applied_value_stands() -> None:
    folded = fold([op(2, "fail"), op(1, "pass")])
    assert folded.value("EXT-09", "", "answer") == "fail"
    assert folded.rev == 2


def test_what_a_page_showed_at_a_revision_can_be_told() -> None:
    assert fold([op(1, "pass"), op(2, "fail")], upto=1).value("EXT-09", "", "answer") == "pass"


def test_notes_of_two_people_add_up() -> None:
    ops = [
        op(1, "门坏了", field="note"),
        op(2, "已拍照", field="note", by_id=IVO, device="tablet 2", base_rev=0),
    ]
    assert fold(ops).value("EXT-09", "", "note") == "门坏了\n已拍照"


def test_a_note_written_after_reading_the_other_replaces_it() -> None:
    ops = [op(1, "门坏了", field="note"), op(2, "门已修", field="note", by_id=IVO, device="tablet 2", base_rev=1)]
    assert fold(ops).value("EXT-09", "", "note") == "门已修"


def test_a_conflict_stays_beside_the_value_that_stands() -> None:
    folded = fold([op(1, "pass"), op(None, "fail", by_id=IVO)])
    register = folded.register("EXT-09", "", "answer")
    assert register is not None
    assert register.value == "pass"
    assert [other.value for other in register.contested] == ["fail"]
    assert list(folded.contested) == [("EXT-09", "", "answer")]


def test_a_settled_conflict_waits_no_more() -> None:
    folded = fold([op(1, "pass"), op(None, "fail", status=OpStatus.SETTLED), op(2, "fail")])
    assert folded.contested == {}
    assert folded.value("EXT-09", "", "answer") == "fail"


@pytest.mark.parametrize(
    ("case", "base_rev", "value", "by", "device", "expected"),
    [
        ("having seen it", 3, "fail", IVO, "tablet 2", OpStatus.APPLIED),
        ("not having seen it", 2, "fail", IVO, "tablet 2", OpStatus.CONFLICT),
        ("the same value", 0, "pass", IVO, "tablet 2", OpStatus.APPLIED),
        ("the same hand on the same page", 0, "fail", INES, "tablet 1", OpStatus.APPLIED),
        ("the same person elsewhere", 0, "fail", INES, "tablet 2", OpStatus.CONFLICT),
        ("another person on the same tablet", 0, "fail", IVO, "tablet 1", OpStatus.CONFLICT),
    ],
)
def test_another_value_meets_the_one_that_stands(
    case: str, base_rev: int, value: str, by: uuid.UUID, device: str, expected: OpStatus
) -> None:
    current = Register("pass", 3, op(3, "pass"))
    met = meets(current, name="answer", value=value, base_rev=base_rev, by_id=by, device=device)
    assert met is expected, case


@given(st.permutations([op(n, f"v{n}", item=f"I-{n % 3}") for n in range(1, 9)]))
def test_the_order_in_which_operations_are_read_does_not_matter(ops: list[Op]) -> None:
    folded = fold(ops)
    assert {key[0]: r.value for key, r in folded.registers.items()} == {"I-1": "v7", "I-2": "v8", "I-0": "v6"}


@pytest.mark.parametrize(
    ("value", "expected"), [("a\x00b", True), ("\ud800", True), ("དཔེ་", False), ([{"k": "\x00"}], True)]
)
def test_what_no_database_keeps_is_told(value: Any, expected: bool) -> None:
    assert unkeepable(value) is expected
