"""Applying operations to a draft."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import queries, service
from app.fieldwork.models import AnswerOp
from app.fieldwork.rules import OpStatus, TargetKind
from app.inspections.models import Inspection, InspectionState
from tests.cast import Cast
from tests.factories.inspections import draft, op


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AnswerOp)) or 0


def test_an_answer_is_applied_and_raises_the_revision(cast: Cast) -> None:
    row = draft(cast)
    verdict = service.apply([op(row)], by=cast.viewer("ines"))[0]
    assert (verdict.status, verdict.rev, verdict.duplicate) == (OpStatus.APPLIED, 1, False)
    assert row.rev == 1
    assert queries.folded(row.id).value("MGT-01", "", "answer") == "pass"


def test_the_same_operation_again_gets_the_same_verdict_and_changes_nothing(cast: Cast) -> None:
    row, ines = draft(cast), cast.viewer("ines")
    one = op(row)
    service.apply([one], by=ines)
    again = service.apply([one, one], by=ines)
    assert [(v.status, v.rev, v.duplicate) for v in again] == [(OpStatus.APPLIED, 1, True)] * 2
    assert (_count(), row.rev) == (1, 1)


def test_an_operation_twice_in_one_message_is_applied_once(cast: Cast) -> None:
    row = draft(cast)
    one = op(row)
    verdicts = service.apply([one, one], by=cast.viewer("ines"))
    assert [v.duplicate for v in verdicts] == [False, True]
    assert _count() == 1


def test_an_operation_id_used_for_something_else_is_refused(cast: Cast) -> None:
    row, ines = draft(cast), cast.viewer("ines")
    one = op(row)
    service.apply([one], by=ines)
    other = service.apply([dataclasses.replace(one, value="fail")], by=ines)[0]
    assert other.status is OpStatus.REJECTED
    assert queries.folded(row.id).value("MGT-01", "", "answer") == "pass"


def test_two_officers_who_disagree_leave_a_conflict_until_one_settles_it(cast: Cast) -> None:
    row, ines, ivo = draft(cast), cast.viewer("ines"), cast.viewer("ivo")
    service.apply([op(row, value="pass", device="a")], by=ines)
    late = op(row, value="fail", device="b")
    assert service.apply([late], by=ivo)[0].status is OpStatus.CONFLICT
    assert list(queries.folded(row.id).contested) == [("MGT-01", "", "answer")]
    service.settle(
        ines, kind=TargetKind.INSPECTION, target_id=row.id, item="MGT-01", place="", field="answer", chosen=late.op_id
    )
    folded = queries.folded(row.id)
    assert folded.contested == {}
    assert folded.value("MGT-01", "", "answer") == "fail"
    assert _count() == 3


def test_settling_twice_does_no_harm(cast: Cast) -> None:
    row, ines, ivo = draft(cast), cast.viewer("ines"), cast.viewer("ivo")
    service.apply([op(row, value="pass", device="a")], by=ines)
    late = op(row, value="fail", device="b")
    service.apply([late], by=ivo)
    for _time in range(2):
        service.settle(
            ines,
            kind=TargetKind.INSPECTION,
            target_id=row.id,
            item="MGT-01",
            place="",
            field="answer",
            chosen=late.op_id,
        )
    assert _count() == 3


def test_a_closed_draft_takes_no_more_but_repeats_old_verdicts(cast: Cast) -> None:
    row, ines = draft(cast), cast.viewer("ines")
    one = op(row)
    service.apply([one], by=ines)
    row.state, row.record, row.record_sha256 = InspectionState.SIGNING, "{}", "0" * 64
    db.session.flush()
    old, new = service.apply([one, op(row, item="MGT-02")], by=ines)
    assert old.duplicate
    assert new.status is OpStatus.REJECTED
    assert "返回修改" in new.message


@pytest.mark.parametrize("name", ["oskar", "stan", "pema", "otto", "beate", "olga"])
def test_nobody_else_fills_the_draft(cast: Cast, name: str) -> None:
    row = draft(cast)
    assert service.apply([op(row)], by=cast.viewer(name))[0].status is OpStatus.REJECTED
    assert _count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [("answer", "maybe"), ("answer", "corrected"), ("note", 5), ("date", "yesterday"), ("colour", "red"), ("note", "a\x00b"),
     ("note", "长" * 2001), ("fault", "not a list"), ("position", {"latitude": 29.6, "longitude": 91.1, "accuracy_m": 8})],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(cast: Cast, field: str, value: object) -> None:
    row = draft(cast)
    verdict = service.apply([op(row, field=field, value=value)], by=cast.viewer("ines"))[0]
    assert verdict.status is OpStatus.REJECTED
    assert verdict.message.endswith("。")


def test_an_answer_about_another_schools_equipment_is_refused(cast: Cast) -> None:
    row = draft(cast)
    verdict = service.apply([op(row, item="PIECE", place=str(cast.ottos_school_id))], by=cast.viewer("ines"))[0]
    assert verdict.status is OpStatus.REJECTED


def test_settling_for_something_that_was_never_said_is_refused(cast: Cast) -> None:
    row, ines, ivo = draft(cast), cast.viewer("ines"), cast.viewer("ivo")
    service.apply([op(row, value="pass", device="a")], by=ines)
    service.apply([op(row, value="fail", device="b")], by=ivo)
    with pytest.raises(DomainError):
        service.settle(
            ines, kind=TargetKind.INSPECTION, target_id=row.id, item="MGT-01", place="", field="answer", chosen=row.id
        )


def test_two_hundred_operations_cost_few_queries(cast: Cast, count_queries) -> None:  # type: ignore[no-untyped-def]
    row, ines = draft(cast), cast.viewer("ines")
    ops = [op(row, item=f"X-{n}", base_rev=0) for n in range(200)]
    with count_queries() as counted:
        service.apply(ops, by=ines)
    assert counted.number <= 10
    assert db.session.get_one(Inspection, row.id).rev == 200
