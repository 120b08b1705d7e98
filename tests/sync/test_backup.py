"""What tablets brought and the server only keeps so far outlives a backup and its restoring: the tablets may have dropped it."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g

from app import create_app
from app.config import Settings, load
from app.core.db import new_id
from app.core.extensions import db
from app.core.files import files
from app.fieldwork.models import Photo
from app.operators import backup
from app.sync.models import SyncOp, Upload
from tests.cast import Cast
from tests.factories import pictures
from tests.sync.conftest import TabletOf
from tests.sync.tablet import Tablet, sha

pytestmark = pytest.mark.one_database


@contextmanager
def _restored(kept: Path, data: Path, tablet: Tablet) -> Iterator[tuple[Flask, Tablet]]:
    """Another machine with this backup on it, and the same tablet, which is still signed in."""
    other = create_app(load({"XF_DATA": str(data), "SECRET_KEY": "only for the tests"}))
    other.config.update(WTF_CSRF_ENABLED=False, TESTING=True)
    with tablet.client.session_transaction() as session:
        signed_in = dict(session)
    with other.app_context():
        backup.restore(other.config["SETTINGS"], kept)
        browser: Any = other.test_client()
        with browser.session_transaction() as session:
            session.update(signed_in)
        g.__dict__.clear()
        yield other, Tablet(browser, tablet.device)
        db.session.remove()
        db.engine.dispose()


def _nothing(_done: int, _all: int) -> None:
    return None


def test_what_is_held_goes_through_after_a_restore(app: Flask, cast: Cast, tablet_of: TabletOf, tmp_path: Path) -> None:
    tablet, content, target = tablet_of(), pictures.picture(800, 600), new_id()
    shot = tablet.photo(target, content)
    tablet.upload(content)
    assert tablet.send(shot)[0]["status"] == "held"
    backup.create(app.config["SETTINGS"], tmp_path / "kept", _nothing)
    assert backup.verify(tmp_path / "kept")[1] == []
    with _restored(tmp_path / "kept", tmp_path / "new", tablet) as (_other, there):
        said = {"school": str(cast.school_id), "second": str(cast.people["ivo"])}
        assert there.send(there.act("create", target, said))[0]["status"] == "applied"
        g.__dict__.clear()
        db.session.rollback()
        photo = db.session.get_one(Photo, uuid.UUID(shot["op_id"]))
        assert files().get(photo.original_sha256) == content
        assert db.session.scalars(sa.select(SyncOp.state).distinct()).all() == ["applied"]


def _held(app: Flask, tablet: Tablet, content: bytes) -> Settings:
    tablet.upload(content)
    tablet.send(tablet.photo(new_id(), content))
    found: Settings = app.config["SETTINGS"]
    return found


@pytest.mark.parametrize("harm", ["changed", "missing"])
def test_a_backup_without_what_was_brought_is_not_sound(
    app: Flask, cast: Cast, tablet_of: TabletOf, tmp_path: Path, harm: str
) -> None:
    content = pictures.picture(seed=90)
    backup.create(_held(app, tablet_of(), content), tmp_path / "kept", _nothing)
    one = tmp_path / "kept" / "uploads" / "whole" / sha(content)
    one.write_bytes(b"another") if harm == "changed" else one.unlink()
    assert any(sha(content) in sentence for sentence in backup.verify(tmp_path / "kept")[1])


def test_what_an_older_backup_does_not_hold_is_asked_for_again(
    app: Flask, cast: Cast, tablet_of: TabletOf, tmp_path: Path
) -> None:
    tablet, content, kept = tablet_of(), pictures.picture(seed=120), tmp_path / "kept"
    settings = _held(app, tablet, content)
    for path in (settings.data / "uploads" / "whole").iterdir():
        path.unlink()
    backup.create(settings, kept, _nothing)
    with closing(sqlite3.connect(kept / "database.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM sync_upload").fetchone() == (1,)
    with _restored(kept, tmp_path / "new", tablet) as (_other, there):
        assert db.session.scalars(sa.select(Upload)).all() == []
        db.session.rollback()
        assert there.offset(sha(content)) == (0, False)
        there.upload(content)
        g.__dict__.clear()
        assert there.offset(sha(content)) == (len(content), True)
