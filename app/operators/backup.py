"""A backup is a folder: the database, every file of the store, what tablets brought, and a list of hashes that proves all of it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.config import Settings
from app.core import clock
from app.core.extensions import db

LIST, DATABASE, FILES = "backup.json", "database.sqlite3", "files"
#: Files that tablets brought and no operation could use yet: a tablet may have dropped them, for the server keeps them.
BROUGHT = "uploads/whole"
Progress = Callable[[int, int], None]


class BackupError(Exception):
    """The backup cannot be made, is damaged, or may not be restored here; the message is a sentence."""


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _sqlite_path(settings: Settings) -> Path | None:
    url = make_url(settings.sqlalchemy_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _stored(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.name.startswith(".part-"))


def _refuse_elsewhere(settings: Settings) -> Path:
    path = _sqlite_path(settings)
    if path is None or settings.files:
        raise BackupError(
            "This installation keeps its data in PostgreSQL or in a bucket: use the database's own backup and the bucket's "
            f"versioning, copy XF_DATA/{BROUGHT} after the database, then check with: flask --app app doctor"
        )
    return path


def _waiting(database: Path) -> set[str]:
    """Names of the files that have come whole, by a copy of the database, and that the file store has not."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        if not opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'sync_upload'").fetchone():
            return set()
        return {name for (name,) in opened.execute("SELECT sha256 FROM sync_upload WHERE kept_at IS NULL")}


def _brought(folder: Path, names: set[str]) -> list[Path]:
    """These files, each with its pictures beside it."""
    return [path for path in _stored(folder) if path.name.partition(".")[0] in names and path.suffix != ".part"]


def create(settings: Settings, target: Path, progress: Progress) -> int:
    """Write a backup into a folder that is empty or not there; returns the number of its files. Safe while serving.

    The database is copied first through SQLite's own backup, so that every file it names is there when files are copied
    after it: what tablets brought, then the store, for from the one it goes into the other.
    """
    source = _refuse_elsewhere(settings)
    if target.exists() and any(target.iterdir()):
        raise BackupError(f"{target} is not empty; a backup wants a folder of its own.")
    (target / FILES).mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target / DATABASE)) as there:
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
    found = [*_brought(settings.data / BROUGHT, _waiting(target / DATABASE)), *_stored(settings.data / FILES)]
    hashes = {DATABASE: _hash(target / DATABASE)}
    for number, path in enumerate(found, start=1):
        name = path.relative_to(settings.data)
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # no operation named it, and it was cleared away meanwhile
            shutil.copy2(path, target / name)
            hashes[name.as_posix()] = _hash(target / name)
        progress(number, len(found))
    listed: dict[str, Any] = {"made_at": clock.now().isoformat(), "sha256": hashes}
    with (target / LIST).open("w", encoding="utf-8") as file:
        json.dump(listed, file, indent=1, sort_keys=True)
        file.flush()
        os.fsync(file.fileno())
    return len(found)


def _is_named_by_hash(name: str) -> bool:
    return name.startswith(f"{FILES}/") or (name.startswith(f"{BROUGHT}/") and "." not in name)


def verify(folder: Path) -> tuple[int, list[str]]:
    """Check a backup: (files checked, sentences about what is wrong)."""
    try:
        listed: dict[str, str] = json.loads((folder / LIST).read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError):
        return 0, [f"{folder} holds no readable {LIST}: it is no backup, or was not finished."]
    wrong = []
    for name, expected in listed.items():
        path = folder / name
        if not path.is_file():
            wrong.append(f"{name} is missing")
        elif _hash(path) != expected:
            wrong.append(f"{name} was changed")
        elif _is_named_by_hash(name) and path.name != expected:
            wrong.append(f"{name} does not hold what its name says")
    there = {str(path.relative_to(folder)) for path in _stored(folder)}
    wrong += [f"{name} does not belong to it" for name in sorted(there - {*listed, LIST})]
    if not wrong:
        with closing(sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
        wrong += [] if said == "ok" else [f"the database is damaged: {said}"]
    return len(listed), wrong


def restore(settings: Settings, folder: Path) -> int:
    """Put a sound backup back where there is nothing; returns the number of files."""
    target = _refuse_elsewhere(settings)
    if _holds_people(target) or any(any(_stored(settings.data / name)) for name in (FILES, BROUGHT)):
        raise BackupError(f"There is data in {settings.data} already. Restore into an empty folder: XF_DATA=/a/new/one")
    count, wrong = verify(folder)
    if wrong:
        raise BackupError(f"The backup is not sound ({wrong[0]}); nothing was restored.")
    db.engine.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
    for name in (FILES, BROUGHT):
        (settings.data / name).mkdir(parents=True, exist_ok=True)
        if (folder / name).is_dir():
            shutil.copytree(folder / name, settings.data / name, dirs_exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    shutil.copy2(folder / DATABASE, part)
    _forget_missing(part, settings.data / BROUGHT)
    part.replace(target)  # last, and at once: a restore that broke off leaves no database that looks whole
    return count - 1


def _forget_missing(database: Path, brought: Path) -> None:
    """What was brought and did not come along (backups of older releases hold none of it) counts as not here, so that a tablet
    that still has it sends it again."""
    lost = [(name,) for name in _waiting(database) if not (brought / name).exists()]
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.executemany("DELETE FROM sync_upload WHERE sha256 = ?", lost)


def _holds_people(path: Path) -> bool:
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as database:
        try:
            return bool(database.execute("SELECT 1 FROM person LIMIT 1").fetchone())
        except sqlite3.DatabaseError:
            return False
