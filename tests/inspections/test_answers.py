"""What stands on a row, and what follows from a failed one."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.fieldwork.rules import Folded, Op, OpStatus, Via, fold
from app.inspections.rules.answers import Said, count, may_be_bulk, needs_own_word, said_on, said_on_all
from app.inspections.rules.faults import chips_of, problems_of
from app.inspections.rules.fields import PIECE, makes_sense
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import Row
from app.regulations.rules.items import Handling, Scope, Severity
from tests.inspections.pack import Piece, checklist, house, rows, spot

DAY = date(2026, 11, 22)
GROUND = Ground(
    houses=(house("h1", height_m=12.0),),
    spots=(spot("system", "system", "indoor_hydrant_system"),),
    pieces=(Piece("e1", "extinguisher", name="灭火器 1", building_id="h1", checklist_type="powder"),),
)


def row(name: str) -> Row:
    return next(r for r in rows(GROUND) if r.name == name)


def folded(where: Row, **fields: Any) -> Folded:
    ops = []
    for rev, (name, value) in enumerate(fields.items(), start=1):
        via = Via.TYPE if name == "reading" else Via.TAP
        ops.append(
            Op(op_id=uuid.uuid4(), item=where.item, place=where.place, field=name, value=value, base_rev=0, rev=rev,
               status=OpStatus.APPLIED, at=datetime(2026, 11, 22, tzinfo=UTC), by_id=uuid.UUID(int=1), via=via)
        )  # fmt: skip
    return fold(ops)


def said(where: Row, *, photo: bool = False, **fields: Any) -> Said:
    return said_on(where, folded(where, **fields), checklist(), has_photo=photo, today=DAY)


@pytest.mark.parametrize(
    ("reading", "answer", "judged"),
    [
        ("0.07", "pass", "pass"),
        ("0.069", "fail", "fail"),
        ("1", "pass", "pass"),
        ("1.01", "fail", "fail"),
        ("", "", None),
    ],
)
def test_a_reading_judges_itself_by_the_limits_of_this_building(reading: str, answer: str, judged: str | None) -> None:
    found = said(row("HYI-06@system"), reading=reading)
    assert (found.answer, found.judged) == (answer, judged)


def test_the_officer_may_decide_otherwise_but_it_is_known() -> None:
    found = said(row("HYI-06@system"), reading="0.01", answer="pass")
    assert (found.answer, found.against_reading) == ("pass", True)
    assert not said(row("HYI-06@system"), reading="0.01", answer="fail").against_reading


@pytest.mark.parametrize(("value", "answer"), [("accepted", "pass"), ("none", "fail"), ("what?", "")])
def test_a_choice_judges_itself(value: str, answer: str) -> None:
    assert said(row("BLD-01@h1"), choice=value).answer == answer


@pytest.mark.parametrize(("day", "answer"), [("2026-11-01", "pass"), ("2025-11-22", "pass"), ("2025-11-21", "fail"), ("2026-11-23", "fail")])  # fmt: skip
def test_the_yearly_test_is_due_after_365_days(day: str, answer: str) -> None:
    assert said(row("MGT-08"), date=day).answer == answer


def test_while_two_answers_contradict_the_worse_one_counts() -> None:
    where = row("MGT-01")
    ops = [*_ops(where, "pass", rev=1), *_ops(where, "fail", rev=None)]
    found = said_on(where, fold(ops), checklist(), has_photo=False, today=DAY)
    assert (found.answer, found.contested) == ("fail", ("answer",))


def _ops(where: Row, value: str, *, rev: int | None) -> list[Op]:
    status = OpStatus.APPLIED if rev else OpStatus.CONFLICT
    return [
        Op(op_id=uuid.uuid4(), item=where.item, place="", field="answer", value=value, base_rev=0, rev=rev, status=status,
           at=datetime(2026, 11, 22, tzinfo=UTC), by_id=uuid.uuid4(), via=Via.TAP)
    ]  # fmt: skip


def test_critical_rows_and_readings_are_never_answered_in_bulk() -> None:
    bulk = [r for r in rows(GROUND) if may_be_bulk(r, Said()) and not needs_own_word(r, checklist())]
    assert bulk
    assert not any(r.critical for r in bulk)
    assert not {"HYI-06", "EXT-25", "BLD-01", "MGT-08", "EVA-02", "KIT-02"} & {r.item for r in bulk}
    assert PIECE in {r.item for r in bulk}
    people = [item.code for item in checklist().items if item.scope is Scope.PERSON]
    assert people
    assert not set(people) & {r.item for r in bulk}


def test_what_is_answered_is_not_answered_again_in_bulk() -> None:
    assert not may_be_bulk(row("MGT-01"), said(row("MGT-01"), answer="na"))


def test_a_chip_fills_text_clause_severity_measure_and_days() -> None:
    where = row("PIECE@e1")
    problem = problems_of(where, said(where, answer="fail", fault=["EXT-17:red"]), checklist())[0]
    assert (problem.code, problem.severity, problem.handling) == ("EXT-17", Severity.MAJOR, Handling.ORDER_LIMITED)
    assert "红区" in problem.text.zh
    assert problem.measure.zh
    assert problem.deadline is not None
    assert problem.deadline.days == 7
    assert problem.basis[0].ref.startswith("消防法第六十条")


def test_faults_of_two_items_on_one_piece_are_two_findings() -> None:
    where = row("PIECE@e1")
    chips = [chip.value for chip in chips_of(where, checklist()) if chip.item.code in ("EXT-14", "EXT-17")]
    found = problems_of(where, said(where, answer="fail", fault=chips), checklist())
    assert [problem.code for problem in found] == ["EXT-14", "EXT-17"]


def test_two_faults_of_one_item_are_one_finding_by_the_graver_road() -> None:
    where = row("EVA-02@h1-f1")
    keys = [chip.value for chip in chips_of(where, checklist())]
    found = problems_of(where, said(where, answer="fail", fault=keys), checklist())
    assert len(found) == 1
    assert found[0].text.zh.count("；") == len(keys) - 1


def test_a_failed_item_without_a_chip_is_a_finding_in_the_words_of_the_item() -> None:
    where = row("MGT-01")
    found = problems_of(where, said(where, answer="fail"), checklist())
    assert [problem.text.zh for problem in found] == [f"不符合要求：{checklist().item('MGT-01').text.zh}"]


def test_another_fault_takes_the_officers_own_words() -> None:
    where = row("PIECE@e1")
    found = problems_of(
        where, said(where, answer="fail", fault=["other"], note="筒体被锁在铁笼里\n已拍照"), checklist()
    )
    assert [(problem.code, problem.text.zh) for problem in found] == [(PIECE, "筒体被锁在铁笼里")]


@pytest.mark.parametrize("answer", ["pass", "na", "not_checked", ""])
def test_nothing_else_is_a_finding(answer: str) -> None:
    where = row("MGT-01")
    assert problems_of(where, said(where, answer=answer), checklist()) == []


def test_counts_tell_pieces_not_seen_from_items_not_answered() -> None:
    found = rows(GROUND)
    counts = count(found, said_on_all(found, Folded(), checklist(), with_photo=(), today=DAY))
    assert (counts.done, counts.open_pieces) == (0, 1)
    assert counts.open_items == counts.all - 1
    assert counts.critical_open > 0


@pytest.mark.parametrize(
    ("item", "field", "value", "expected"),
    [
        ("MGT-01", "answer", "pass", True), ("MGT-01", "answer", "corrected", False), ("RECHECK", "answer", "corrected", True),
        ("RECHECK", "answer", "pass", False), ("X", "note", "长" * 2000, True), ("X", "note", None, False), ("X", "date", "2026-02-29", False),
        ("X", "spot", "yes", False), ("X", "fault", ["a"] * 61, False), ("VISIT", "position", {"latitude": 29.6, "longitude": 91.1, "accuracy_m": 9}, True),
        ("VISIT", "position", {"latitude": True, "longitude": 91.1, "accuracy_m": 9}, False), ("VISIT", "position", {"latitude": 291}, False),
    ],
)  # fmt: skip
def test_which_values_make_sense(item: str, field: str, value: Any, expected: bool) -> None:
    assert makes_sense(item, field, value) is expected
