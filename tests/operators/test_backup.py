"""A backup comes back whole, says when it is not, and never lands on data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app import create_app
from app.accounts.models import Person
from app.config import SettingsError, load
from app.core.extensions import db
from app.core.files import digest, files
from app.operators import backup, start
from app.operators.backup import BackupError
from app.operators.doctor import look_over
from app.organisations.brigades import mark_as_demo
from app.organisations.models import Area, Brigade


def _app(folder: Path, **more: str) -> Flask:
    return create_app(load({"XF_DATA": str(folder), "SECRET_KEY": "only for the tests", **more}))


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Flask]:
    """An installation with a person and a file, of its own on disk."""
    app = _app(tmp_path / "data")
    with app.app_context():
        db.create_all()
        db.session.add(Person(username="ada", name="达瓦"))
        files().put(b"a photo")
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


def _nothing(_done: int, _all: int) -> None:
    return None


def test_a_backup_restores_into_an_empty_folder(there: Flask, tmp_path: Path) -> None:
    assert backup.create(there.config["SETTINGS"], tmp_path / "kept", _nothing) == 1
    assert backup.verify(tmp_path / "kept") == (2, [])
    other = _app(tmp_path / "new")
    with other.app_context():
        assert backup.restore(other.config["SETTINGS"], tmp_path / "kept") == 1
        assert db.session.scalars(sa.select(Person.name)).all() == ["达瓦"]
        assert files().get(digest(b"a photo")) == b"a photo"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("harm", ["changed", "missing", "strange"])
def test_a_harmed_backup_says_so_and_is_not_restored(there: Flask, tmp_path: Path, harm: str) -> None:
    kept = tmp_path / "kept"
    backup.create(there.config["SETTINGS"], kept, _nothing)
    one = next(path for path in (kept / "files").rglob("*") if path.is_file())
    if harm == "changed":
        one.write_bytes(b"another")
    elif harm == "missing":
        one.unlink()
    else:
        (kept / "files" / "extra").write_bytes(b"x")
    _count, wrong = backup.verify(kept)
    assert len(wrong) >= 1
    with pytest.raises(BackupError):
        backup.restore(load({"XF_DATA": str(tmp_path / "new"), "SECRET_KEY": "only for the tests"}), kept)


def test_nothing_is_restored_over_data(there: Flask, tmp_path: Path) -> None:
    backup.create(there.config["SETTINGS"], tmp_path / "kept", _nothing)
    with pytest.raises(BackupError):
        backup.restore(there.config["SETTINGS"], tmp_path / "kept")


def test_a_folder_with_something_in_it_takes_no_backup(there: Flask, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(BackupError):
        backup.create(there.config["SETTINGS"], tmp_path / "full", _nothing)


def test_what_is_no_backup_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert backup.verify(tmp_path / "empty")[1] != []


def test_the_doctor_names_what_is_not_well(there: Flask) -> None:
    found = {finding.part: finding for finding in look_over()}
    assert found["database"].is_well
    assert found["files"].is_well
    assert not found["migrations"].is_well
    assert not found["worker"].is_well


def _brigade() -> None:
    db.session.add(Area(code="54", name="西藏自治区"))
    db.session.flush()
    db.session.add(Brigade(name="某区消防救援大队", area_code="54"))
    db.session.commit()


def test_a_moved_day_is_for_demo_databases_only(there: Flask, tmp_path: Path) -> None:
    _brigade()
    with pytest.raises(SettingsError, match="XF_TODAY"):
        _app(tmp_path / "data", XF_TODAY="2026-11-22")
    mark_as_demo()
    db.session.commit()
    assert _app(tmp_path / "data", XF_TODAY="2026-11-22")


def test_an_empty_database_may_be_anything(tmp_path: Path) -> None:
    app = _app(tmp_path / "fresh", XF_TODAY="2026-11-22")
    start.check(app)
