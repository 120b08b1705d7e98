"""Files in pieces."""

from __future__ import annotations

import errno
import os
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts.models import Person
from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.pictures import Prepared
from app.fieldwork.models import Photo
from app.inspections.models import Inspection
from app.sync.models import Upload
from app.sync.service import uploads
from tests.cast import Cast
from tests.factories import pictures
from tests.sync.conftest import TabletOf
from tests.sync.tablet import sha

pytestmark = pytest.mark.usefixtures("no_files_of_others")


def _files(app: Flask) -> list[Path]:
    return [path for path in (app.config["SETTINGS"].data / "uploads").rglob("*") if path.is_file()]


def test_pieces_of_any_size_make_the_file(tablet_of: TabletOf) -> None:
    tablet, content, chance = tablet_of(), pictures.with_exif(), random.Random(1)
    name, at = sha(content), 0
    while at < len(content):
        assert tablet.offset(name) == (at, False)
        step = chance.randint(1, 1500)
        answer = tablet.piece(name, content[at : at + step], offset=at, last=at + step >= len(content))
        assert answer.status_code == 200
        at = answer.json["offset"]
    assert tablet.offset(name) == (len(content), True)
    upload = db.session.get_one(Upload, name)
    assert (upload.size, upload.problem, upload.latitude) == (len(content), "", 29.65)


def test_a_wrong_offset_is_told_the_right_one(tablet_of: TabletOf) -> None:
    tablet, content = tablet_of(), pictures.picture()
    name = sha(content)
    tablet.piece(name, content[:100], offset=0, last=False)
    for offset in (0, 50, 150):
        answer = tablet.piece(name, content[offset:200], offset=offset, last=False)
        assert (answer.status_code, answer.json["offset"], answer.headers["Upload-Offset"]) == (409, 100, "100")


def test_a_piece_that_was_cut_counts_as_far_as_it_came(tablet_of: TabletOf) -> None:
    tablet, content = tablet_of(), pictures.picture()
    name = sha(content)
    answer = tablet.piece(name, content[:70], offset=0, last=True, environ_overrides={"CONTENT_LENGTH": "100"})
    assert (answer.status_code, answer.json["error"]) == (400, "cut")
    at, complete = tablet.offset(name)
    assert (complete, int(answer.headers["Upload-Offset"])) == (False, at)
    answer = tablet.piece(name, content[at:], offset=at, last=True)
    assert answer.json["complete"] is True


def test_a_file_that_is_not_what_its_name_says_is_thrown_away(app: Flask, tablet_of: TabletOf) -> None:
    tablet, content = tablet_of(), pictures.picture()
    answer = tablet.piece(sha(content), content[:-1] + b"x", offset=0, last=True)
    assert (answer.status_code, answer.json["error"]) == (422, "hash")
    assert tablet.offset(sha(content)) == (0, False)
    assert _files(app) == []


def test_what_is_no_picture_is_kept_and_said_so(tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    for content in (b"not a picture", pictures.bomb(), b""):
        answer = tablet.upload(content)
        assert (answer.status_code, answer.json["error"]) == (422, "bad_picture")
        assert tablet.offset(sha(content))[1] is True
        assert tablet.send(tablet.photo(row.id, content))[0]["reason"] == "bad_picture"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Photo)) == 0


def test_sending_a_finished_file_again_does_no_harm(tablet_of: TabletOf) -> None:
    tablet, content = tablet_of(), pictures.picture()
    tablet.upload(content)
    answer = tablet.piece(sha(content), b"anything", offset=3, last=False)
    assert (answer.status_code, answer.json) == (200, {"offset": len(content), "complete": True})


def test_a_file_sent_again_while_it_is_still_unpacked_is_unpacked_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shots, sent, made = [pictures.picture(800, 600, seed=n * 10) for n in range(12)], 4, list[str]()
    for content in shots:
        uploads.add_piece(cast.people["ines"], sha(content), content, offset=0, is_last=True)
    unpack, ready = uploads.prepare, threading.Barrier(sent)

    def counted(content: bytes) -> Prepared:
        made.append(sha(content))
        return unpack(content)

    def send_all(_number: int) -> None:
        with app.app_context():
            for content in shots:
                ready.wait(30)
                uploads.prepare_pictures(sha(content))

    monkeypatch.setattr(uploads, "prepare", counted)
    with ThreadPoolExecutor(sent) as pool:
        list(pool.map(send_all, range(sent)))
    assert sorted(made) == sorted(sha(content) for content in shots)
    folder, kept = app.config["SETTINGS"].data / "uploads" / "whole", {path.name for path in _files(app)}
    assert kept == {f"{sha(content)}{part}" for content in shots for part in ("", ".shown", ".thumb", ".json")}
    for content in shots:
        assert (folder / f"{sha(content)}.shown").read_bytes() == unpack(content).picture


def test_two_threads_write_the_same_file_each_by_a_name_of_its_own(app: Flask, tmp_path: Path) -> None:
    target, sent = tmp_path / "whole", 4
    content, ready = random.Random(1).randbytes(3_000_000), threading.Barrier(sent)

    def write(_number: int) -> None:
        for _round in range(15):
            ready.wait(30)
            uploads._write(target, content)
            assert target.read_bytes() == content

    with ThreadPoolExecutor(sent) as pool:
        list(pool.map(write, range(sent)))
    assert list(tmp_path.iterdir()) == [target]


def test_limits_hold(tablet_of: TabletOf, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = tablet_of()
    assert tablet.piece("0" * 64, b"x" * (1024 * 1024 + 1), offset=0, last=False).status_code == 413
    monkeypatch.setattr(uploads, "LARGEST_BLOB", 100)
    assert tablet.piece("1" * 64, b"x" * 101, offset=0, last=False).status_code == 413
    monkeypatch.setattr(uploads, "LARGEST_PENDING", 50)
    tablet.piece("2" * 64, b"x" * 60, offset=0, last=False)
    assert tablet.piece("3" * 64, b"x", offset=0, last=False).status_code == 413


def test_names_that_are_none_and_offsets_that_are_none_are_refused(tablet_of: TabletOf) -> None:
    tablet = tablet_of()
    for name in ("x", "A" * 64, "..%2f..%2fsecret.key", "0" * 63):
        assert tablet.client.patch(f"/sync/blobs/{name}", data=b"x").status_code == 404
    for offset in ("", "-1", "1e3", "x", "9" * 40):
        answer = tablet.client.patch(f"/sync/blobs/{'0' * 64}", data=b"x", headers={"Upload-Offset": offset})
        assert answer.status_code == 400


def test_one_persons_pieces_are_not_anothers(tablet_of: TabletOf) -> None:
    one, other, content = tablet_of("ines"), tablet_of("ivo"), pictures.picture()
    one.piece(sha(content), content[:10], offset=0, last=False)
    assert other.offset(sha(content)) == (0, False)


@pytest.mark.parametrize("name", ["beate", "ada"])
def test_who_uses_no_tablet_uploads_nothing(app: Flask, tablet_of: TabletOf, name: str) -> None:
    tablet, content = tablet_of(name), pictures.picture()
    assert tablet.piece(sha(content), content, offset=0, last=True).status_code == 403
    assert _files(app) == []


def test_a_full_disk_loses_nothing_and_says_so(
    app: Flask, tablet_of: TabletOf, row: Inspection, monkeypatch: Any
) -> None:
    tablet, content = tablet_of(), pictures.picture()
    name = sha(content)
    tablet.piece(name, content[:100], offset=0, last=False)

    def full(*_arguments: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        answer = tablet.piece(name, content[100:], offset=100, last=True)
        assert (answer.status_code, answer.json["error"]) == (507, "disk_full")
    assert tablet.offset(name) == (100, False)
    tablet.piece(name, content[100:], offset=100, last=True)
    op = tablet.photo(row.id, content)
    with monkeypatch.context() as patched:
        patched.setattr(type(files()), "put", full)
        answer = tablet.post([op, tablet.op(row.id)])
        assert (answer.status_code, answer.json["error"]) == (507, "disk_full")
    assert tablet.send(op)[0]["status"] == "applied"


def test_a_photo_declared_first_goes_through_when_its_file_comes(tablet_of: TabletOf, row: Inspection) -> None:
    tablet, content = tablet_of(), pictures.with_exif(orientation=6)
    op = tablet.photo(row.id, content, slot="wide")
    assert tablet.send(op)[0]["reason"] == "file_missing"
    assert tablet.upload(content).json["applied"] == [op["op_id"]]
    db.session.rollback()
    photo = db.session.get_one(Photo, uuid.UUID(op["op_id"]))
    assert (photo.slot, photo.width < photo.height) == ("wide", True)
    assert files().get(photo.original_sha256) == content
    assert b"Exif" not in files().get(photo.sha256)


def test_the_same_picture_on_two_rows_is_sent_once(tablet_of: TabletOf, row: Inspection) -> None:
    tablet, content = tablet_of(), pictures.picture()
    tablet.upload(content)
    assert tablet.send(tablet.photo(row.id, content))[0]["status"] == "applied"
    uploads.clear(clock.now() + timedelta(days=2))
    assert tablet.send(tablet.photo(row.id, content, item="MGT-02"))[0]["status"] == "applied"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Photo)) == 2


def test_a_photo_is_withdrawn_from_a_tablet(tablet_of: TabletOf, row: Inspection) -> None:
    tablet, content = tablet_of(), pictures.picture()
    tablet.upload(content)
    op = tablet.photo(row.id, content)
    tablet.send(op)
    said = {"withdrawn": True, "id": op["op_id"], "reason": "拍错了"}
    assert tablet.send(tablet.op(row.id, field="photo", value=said))[0]["status"] == "applied"
    db.session.rollback()
    photo = db.session.get_one(Photo, uuid.UUID(op["op_id"]))
    assert (photo.withdrawn_at is not None, photo.withdrawn_reason) == (True, "拍错了")


def test_what_lies_about_is_cleared_by_age_and_what_is_needed_stays(
    app: Flask, cast: Cast, tablet_of: TabletOf, row: Inspection
) -> None:
    tablet = tablet_of()
    kept, unnamed, waiting, begun = (pictures.picture(seed=n) for n in (10, 60, 110, 160))
    for content in (kept, unnamed, waiting):
        tablet.upload(content)
    tablet.piece(sha(begun), begun[:50], offset=0, last=False)
    tablet.send(tablet.photo(row.id, kept), tablet.photo(uuid.uuid4(), waiting))
    assert uploads.clear() == {"kept": 0, "unnamed": 0, "pieces": 0}
    db.session.execute(sa.update(Upload).where(Upload.sha256 == sha(waiting)).values(problem=""))
    cleared = uploads.clear(clock.now() + timedelta(days=40))
    assert (cleared["kept"], cleared["pieces"]) == (1, 1)
    assert tablet.offset(sha(begun)) == (0, False)
    assert tablet.offset(sha(kept))[1] is True
    names = {path.name.partition(".")[0] for path in _files(app)}
    assert sha(kept) not in names
    assert sha(waiting) in names
    assert sha(unnamed) not in names


def _uploads(*seeds: int, kept: timedelta | None, came: timedelta) -> None:
    """Uploads of long ago, whose files are cleared already."""
    person_id, now = db.session.scalars(sa.select(Person.id)).first(), clock.now()
    for seed in seeds:
        row = Upload(sha256=f"{seed:064x}", size=1, person_id=person_id, completed_at=now - came)
        row.kept_at = now - kept if kept is not None else None
        db.session.add(row)
    db.session.commit()


def test_clearing_costs_the_same_whatever_ever_came(
    app: Flask, cast: Cast, tablet_of: TabletOf, row: Inspection, count_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet, content = tablet_of(), pictures.picture(seed=20)
    tablet.upload(content)
    tablet.send(tablet.photo(row.id, content))
    _uploads(*range(300), kept=timedelta(days=90), came=timedelta(days=90))
    unlinked: list[Path] = []
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        unlinked.append(path)
        assert not db.session().in_transaction(), "nobody waits for the disk"
        real(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with count_queries() as counted:
        cleared = uploads.clear(clock.now() + timedelta(days=2))
    assert (cleared["kept"], cleared["unnamed"]) == (1, 0)
    assert {path.name.partition(".")[0] for path in unlinked} == {sha(content)}
    (asked,) = [one for one in counted.statements if "sync_upload" in one]
    assert "WHERE sync_upload.sha256 IN" in asked
    assert counted.number == 1


def test_clearing_that_broke_off_is_gone_on_with(app: Flask, cast: Cast, tablet_of: TabletOf, monkeypatch: Any) -> None:
    tablet, content = tablet_of(), pictures.picture(seed=30)
    tablet.upload(content)

    def away() -> None:
        raise sa.exc.OperationalError("COMMIT", {}, Exception("the database is away"))

    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", away)
        with pytest.raises(sa.exc.OperationalError):
            uploads.clear(clock.now() + timedelta(days=40))
    db.session.rollback()
    assert uploads.clear(clock.now() + timedelta(days=40))["unnamed"] == 1
    assert _files(app) == []
    assert tablet.offset(sha(content)) == (0, False)
    tablet.upload(content)
    assert tablet.offset(sha(content)) == (len(content), True)


def test_what_a_killed_server_had_begun_to_write_is_cleared_after_a_day(app: Flask, tablet_of: TabletOf) -> None:
    content = pictures.picture()
    tablet_of().upload(content)
    data = app.config["SETTINGS"].data
    stored = files().put(b"whole")
    begun = [data / "files" / stored[:2] / ".part-x", data / "uploads" / "whole" / f"{sha(content)}.shown.7.part"]
    for path in begun:
        path.write_bytes(b"half")
    uploads.clear()
    assert all(path.exists() for path in begun)
    uploads.clear(clock.now() + timedelta(days=2))
    assert not any(path.exists() for path in begun)
    assert files().get(stored) == b"whole"
    assert (data / "uploads" / "whole" / f"{sha(content)}.shown").exists()
