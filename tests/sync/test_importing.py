"""A file that a tablet exported is taken in on the office machine as if the tablet had sent it: once, with the same verdicts."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import AnswerOp, Photo
from app.inspections.models import Inspection
from app.sync.models import SyncOp, Upload
from tests.browse import CheckedClient
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.sync.conftest import TabletOf
from tests.sync.tablet import Tablet, sha


def exported(tablet: Tablet, owner: uuid.UUID, ops: list[dict[str, Any]], *photos: bytes, **head: Any) -> bytes:
    """The file as the tablet writes it."""
    first = {
        "xiaofang": "unsent work", "proto": 1, "device": tablet.device, "at": tablet.now().isoformat(), "offset": 0,
        "user": {"id": str(owner), "name": "尼玛"}, "others": 0,
    } | head  # fmt: skip
    lines = [json.dumps(one) + "\n" for one in (first, *({"op": op} for op in ops))]
    shots = [
        json.dumps({"photo": {"sha256": sha(one)}, "bytes": base64.b64encode(one).decode()}) + "\n" for one in photos
    ]
    end = {"ops": len(ops), "photos": len(photos), "sha256": hashlib.sha256("".join(lines).encode()).hexdigest()}
    return "".join([*lines, *shots, json.dumps({"end": end}) + "\n"]).encode()


def bring(client: CheckedClient, content: bytes, name: str = "xiaofang-2026.ndjson") -> TestResponse:
    """Upload it."""
    found: TestResponse = client.post("/sync/import", data={"file": (io.BytesIO(content), name)})
    return found


@pytest.fixture
def work(cast: Cast, tablet_of: TabletOf, row: Inspection) -> tuple[Tablet, list[dict[str, Any]], bytes]:
    """A tablet of Ines with an answer, a fault and a photo that were not sent."""
    tablet, by, content = tablet_of(), str(cast.people["ines"]), pictures.picture()
    ops = [
        tablet.op(row.id, "MGT-01", by=by), tablet.op(row.id, "MGT-02", "fail", by=by),
        tablet.photo(row.id, content, "MGT-02", by=by),
    ]  # fmt: skip
    return tablet, ops, content


def kept(model: Any) -> int:
    """How many rows there are."""
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_the_officers_own_file_is_taken_in_whole_and_what_the_tablet_sends_later_adds_nothing(
    cast: Cast, as_person: SignInAs, work: Any, row: Inspection
) -> None:
    tablet, ops, content = work
    ines = as_person("ines")
    assert "导入平板导出的内容" in ines.get("/sync/conflicts").text
    file = exported(tablet, cast.people["ines"], ops, content)
    told = bring(ines, file)
    assert told.status_code == 200
    assert "新采用 3 条" in told.text
    db.session.rollback()
    assert fieldwork.folded(row.id).value("MGT-02", "", "answer") == "fail"
    assert (kept(Photo), kept(Upload), kept(SyncOp)) == (1, 1, 3)
    again = bring(ines, file)
    assert "3 条以前已经收到，没有重复" in again.text
    assert [one["status"] for one in tablet.send(*ops)] == ["duplicate"] * 3
    assert (kept(AnswerOp), kept(Photo)) == (3, 1)


@pytest.mark.usefixtures("no_files_of_others")
def test_what_the_tablet_had_sent_in_part_is_gone_on_with(
    cast: Cast, as_person: SignInAs, work: Any, row: Inspection, unpacked: list[bool]
) -> None:
    tablet, ops, content = work
    tablet.send(ops[0])
    tablet.piece(sha(content), content[:500], offset=0, last=False)
    told = bring(as_person("ines"), exported(tablet, cast.people["ines"], ops, content))
    assert unpacked == [False], "nothing is held in the database meanwhile"
    assert "新采用 2 条" in told.text
    assert "1 条以前已经收到" in told.text
    assert (kept(Photo), kept(SyncOp)) == (1, 3)


def test_a_colleague_who_brings_it_proves_nothing_and_the_leader_takes_it_in(
    cast: Cast, as_person: SignInAs, work: Any, row: Inspection
) -> None:
    tablet, ops, content = work
    lea = as_person("lea")
    told = bring(lea, exported(tablet, cast.people["ines"], ops, content))
    assert "3 条已保留，等待处理" in told.text
    assert kept(AnswerOp) == 0
    first = db.session.scalars(sa.select(SyncOp).order_by(SyncOp.id)).first()
    assert first is not None
    assert first.by_id == cast.people["ines"]
    assert lea.post(f"/sync/kept/{first.id}/take-in").status_code == 302
    db.session.rollback()
    assert fieldwork.folded(row.id).value("MGT-02", "", "answer") == "fail"
    assert kept(Photo) == 1


def _changed(file: bytes, old: bytes, new: bytes) -> bytes:
    assert old in file
    return file.replace(old, new)


WRONG = {
    "a picture": (lambda _file: pictures.picture(), "这不是从平板导出的文件"),
    "nothing": (lambda _file: b"", "这不是从平板导出的文件"),
    "other json": (lambda _file: b'{"a": 1}\n', "这不是从平板导出的文件"),
    "cut amid a line": (lambda file: file[: len(file) // 2], "文件不完整"),
    "cut between lines": (lambda file: b"".join(file.splitlines(keepends=True)[:-1]), "文件不完整"),
    "an answer turned": (lambda file: _changed(file, b'"fail"', b'"pass"'), "与导出时不一致"),
    "a photo damaged": (lambda file: _changed(file, b'"bytes": "/9j', b'"bytes": "/9k'), "与导出时不一致"),
    "lines after the end": (lambda file: file + b"{}\n", "与导出时不一致"),
    "another officer's, encrypted": (
        lambda file: _changed(file, b'"item": "MGT-01"', b'"box": {"0191": {}}, "item": "MGT-01"'),
        "另一位人员加密的内容",
    ),
    "a newer tablet's": (lambda file: _changed(file, b'"proto": 1', b'"proto": 2'), "更新的版本"),
}


@pytest.mark.one_database
def test_what_is_no_such_file_or_no_longer_whole_says_so_and_leaves_nothing(
    cast: Cast, as_person: SignInAs, work: Any, row: Inspection
) -> None:
    tablet, ops, content = work
    file, ines = exported(tablet, cast.people["ines"], ops, content), as_person("ines")
    for name, (spoil, said) in WRONG.items():
        answer = bring(ines, spoil(file))
        assert (answer.status_code, said in answer.text) == (422, True), name
    assert ines.post("/sync/import", data={}).status_code == 422
    assert (kept(SyncOp), kept(Upload), kept(AnswerOp)) == (0, 0, 0)


@pytest.mark.one_database
def test_poison_and_values_that_met_get_the_verdicts_they_would_have_got(
    cast: Cast, as_person: SignInAs, tablet_of: TabletOf, work: Any, row: Inspection
) -> None:
    tablet, ops, content = work
    tablet_of("ivo").send(tablet_of("ivo").op(row.id, "MGT-01", "fail"))
    by = str(cast.people["ines"])
    ops = [*ops, tablet.op(row.id, "MGT-03", "perhaps", by=by), {"op_id": "none"}]
    told = bring(as_person("ines"), exported(tablet, cast.people["ines"], ops, content, others=2))
    for said in ("新采用 2 条", "1 条与已有的说法不同", "2 条没有采用", "2 条其他人员的内容", "去处理"):
        assert said in told.text, said


@pytest.mark.one_database
@pytest.mark.parametrize(("name", "status"), [("pema", 403), ("beate", 403), ("ivo", 200), ("lea", 200)])
def test_who_may_take_work_in_may_bring_a_file(as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get("/sync/import").status_code == status


@pytest.mark.one_database
def test_work_at_a_school_of_others_is_kept_and_not_applied(
    cast: Cast, as_person: SignInAs, tablet_of: TabletOf, work: Any, row: Inspection
) -> None:
    _tablet, _ops, _content = work
    oskar = tablet_of("oskar")
    op = oskar.op(row.id, by=str(cast.people["oskar"]))
    told = bring(as_person("oskar"), exported(oskar, cast.people["oskar"], [op]))
    assert "1 条已保留，等待处理" in told.text
    assert kept(AnswerOp) == 0
