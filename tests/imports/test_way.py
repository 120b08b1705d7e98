"""A list of any kind: taken in, its columns remembered, its rows kept, accepted, written once, or given up."""

from __future__ import annotations

from typing import Any

import pytest

from app.audit.models import AuditEntry
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.tables import UnreadableTable
from app.imports import queries, service
from app.imports.kinds import ListKind
from app.imports.models import ImportRun, ImportState, Outcome, Verdict
from tests.cast import Cast

HEADINGS = {"name": ("名称",), "age": ("年龄",), "note": ("备注",)}
KIND = ListKind("things", "thing", HEADINGS, "things.check", "things.write")
FILE = "名称,年龄,其他\n甲,1,x\n乙,2,y\n丙,三,z\n".encode()


def taken(cast: Cast, data: bytes = FILE, kind: ListKind = KIND) -> ImportRun:
    """Such a list, read."""
    return service.start(cast.viewer("olga"), kind, brigade_id=cast.brigade_id, file_name="a.csv", data=data)


def checked(cast: Cast) -> ImportRun:
    """Such a list with a row for each verdict."""
    run = taken(cast)
    verdicts = (Verdict.NEW, Verdict.UNCHANGED, Verdict.ERROR)
    rows = [
        service.row(run.id, number, verdict, name="x" * 300, content={}, remarks=[("no", {})])
        for number, verdict in enumerate(verdicts, start=2)
    ]
    service.keep(run, rows, flagged=0)
    return run


def acts() -> list[str]:
    """What was written down of it."""
    return [one.action for one in db.session.query(AuditEntry).order_by(AuditEntry.id) if one.action.endswith("_list")]


def test_a_file_is_taken_in_with_its_columns_guessed(cast: Cast) -> None:
    run = taken(cast)
    assert (run.state, run.mapping) == (ImportState.READ, {"columns": {"0": "name", "1": "age"}, "remembered": False})
    assert run.options["headings"] == ["名称", "年龄", "其他"]
    assert run.options["samples"][0] == ["甲", "乙", "丙"]
    assert acts() == ["read_thing_list"]


def test_what_is_no_list_leaves_nothing(cast: Cast) -> None:
    with pytest.raises(UnreadableTable):
        taken(cast, b"%PDF-1.7")
    assert db.session.query(ImportRun).count() == 0


@pytest.mark.parametrize("columns", [{0: "colour"}, {0: "name", 1: "name"}])
def test_columns_that_cannot_be_are_refused(cast: Cast, columns: dict[int, str]) -> None:
    with pytest.raises(DomainError):
        service.columns_of(taken(cast), KIND, columns)


def test_the_next_list_with_the_same_headings_is_mapped_alike(cast: Cast) -> None:
    run = taken(cast)
    service.keep_mapping(run, service.columns_of(run, KIND, {0: "name", 1: "", 2: "note"}))
    assert taken(cast).mapping == {"columns": {"0": "name", "2": "note"}, "remembered": True}
    other = ListKind("others", "other", HEADINGS, "a", "b")
    assert not taken(cast, kind=other).mapping["remembered"]


def test_a_list_is_found_by_its_own_brigade_and_kind(cast: Cast) -> None:
    run, other = taken(cast), ListKind("others", "other", HEADINGS, "a", "b")
    assert queries.get(cast.viewer("olga"), KIND, run.id) is run
    assert queries.get(cast.viewer("olga"), other, run.id) is None
    assert queries.get(cast.viewer("oskar"), KIND, run.id) is None
    assert list(queries.latest(cast.viewer("olga"), KIND)) == [run]


def test_checking_again_replaces_what_was_found(cast: Cast) -> None:
    run = checked(cast)
    service.keep(run, [service.row(run.id, 2, "new", name="甲", content={"a": 1}, remarks=[])])
    assert [(row.number, row.name, row.verdict) for row in queries.all_rows(run)] == [(2, "甲", Verdict.NEW)]
    assert run.summary == {"rows": 1, "verdicts": {"new": 1}}


def test_an_accepted_list_is_settled_and_closed(cast: Cast) -> None:
    run = checked(cast)
    with pytest.raises(DomainError):
        service.refuse_open_rows(run.summary["verdicts"]["error"])
    service.accepted(cast.viewer("olga"), run, KIND, rough=True)
    with pytest.raises(DomainError):
        service.must_be_checked(run)
    queries.rows_numbered(run, [2])[0].outcome = Outcome.ADDED
    service.settle(run, {Verdict.NEW: Outcome.LEFT, Verdict.ERROR: Outcome.REJECTED})
    service.finish(run, added=1)
    db.session.expire_all()
    assert [row.outcome for row in queries.all_rows(run)] == [Outcome.ADDED, None, Outcome.REJECTED]
    assert (run.state, run.summary["added"], run.options["rough"]) == (ImportState.WRITTEN, 1, True)
    assert acts() == ["read_thing_list", "accept_thing_list"]


def test_a_list_is_given_up_once_and_a_written_one_not_at_all(cast: Cast) -> None:
    run, written = taken(cast), checked(cast)
    for _ in range(2):
        service.withdraw(cast.viewer("olga"), run, KIND)
    assert acts().count("withdraw_thing_list") == 1
    service.accepted(cast.viewer("olga"), written, KIND)
    service.finish(written)
    for refused in (service.withdraw, service.ask_check):
        with pytest.raises(DomainError):
            _call(refused, cast, written)


def _call(act: Any, cast: Cast, run: ImportRun) -> None:
    act(cast.viewer("olga"), run, KIND)


def test_a_checked_list_goes_back_to_its_columns_and_a_written_one_stays(cast: Cast) -> None:
    run = checked(cast)
    service.again(run)
    assert run.state is ImportState.READ
    run.state = ImportState.WRITTEN
    service.again(run)
    assert run.state is ImportState.WRITTEN


def test_a_file_whose_header_is_another_one_is_not_checked(cast: Cast) -> None:
    run = taken(cast)
    upload = service.upload_of(run)
    assert service.table_of(upload, KIND).headings == ("名称", "年龄", "其他")
    run.options = {**run.options, "fingerprint": "0" * 64}
    with pytest.raises(UnreadableTable):
        service.table_of(service.upload_of(run), KIND)
