"""Files in pieces: appended durably from any byte on, checked against their name when whole, made into pictures outside of any transaction.

Pieces lie under XF_DATA/uploads, which all web processes of one installation share. Nothing there is evidence yet: it becomes
so when an operation that names it is applied and the file store has it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.core import clock
from app.core.db import insert_ignore, only_reading
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import FileMissing, digest, files, make_folder, sync_folder
from app.core.pictures import Prepared, prepare
from app.fieldwork.models import Photo
from app.sync.models import SyncOp, Upload
from app.sync.reading import LOGS, files_named
from app.sync.rules import LARGEST_BLOB, PIECES_KEPT, UNNAMED_KEPT, OpState, Reason
from app.sync.service.verdicts import held

#: What one person may have lying here unfinished.
LARGEST_PENDING = 2 * 1024**3
#: What a killed server had begun to write is nobody's after this.
PARTS_KEPT = timedelta(days=1)
#: How often the worker clears.
EVERY_S = 3600.0


class WrongOffset(Exception):
    """The next byte that is wanted is another one."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class WrongHash(Exception):
    """The whole is not what its name says; it was thrown away."""


class TooLarge(Exception):
    """More than one file, or all that lies here, may have."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How far an upload is."""

    offset: int
    complete: bool
    problem: str = ""


def _folder() -> Path:
    found: Path = current_app.config["SETTINGS"].data / "uploads"
    return found


def _piece(person_id: uuid.UUID, sha256: str) -> Path:
    return _folder() / "pieces" / str(person_id) / sha256


def _whole(sha256: str, part: str = "") -> Path:
    return _folder() / "whole" / (f"{sha256}.{part}" if part else sha256)


def whole(sha256: str) -> Upload | None:
    """A file that has come whole."""
    return db.session.get(Upload, sha256)


def standing(person_id: uuid.UUID, sha256: str) -> Standing:
    """How far this person's upload is."""
    upload = whole(sha256)
    if upload is not None:
        return Standing(offset=upload.size, complete=True, problem=upload.problem)
    for path in (_whole(sha256), _piece(person_id, sha256)):
        if path.exists():
            return Standing(offset=path.stat().st_size, complete=False)
    return Standing(offset=0, complete=False)


# pieces ----------------------------------------------------------------------------------------------------------


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The piece file, opened and held by nobody else (a tablet that gave up waiting may send again meanwhile)."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
            break
        os.close(descriptor)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _append(descriptor: int, content: bytes, *, at: int) -> int:
    """Write durably; what could not be written leaves no trace. Returns the new end."""
    try:
        view, end = memoryview(content), at
        while view:
            written = os.pwrite(descriptor, view, end)
            view, end = view[written:], end + written
        os.fsync(descriptor)
    except OSError:
        os.ftruncate(descriptor, at)
        raise
    return end


def _pending(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.is_file())


def add_piece(person_id: uuid.UUID, sha256: str, content: bytes, *, offset: int, is_last: bool) -> Standing:
    """Append a piece. Raises WrongOffset, WrongHash, TooLarge, or OSError when the disk is full.

    Asks no database: it runs between transactions. A file that is whole is ready for its pictures.
    """
    if _whole(sha256).exists():
        return Standing(offset=_whole(sha256).stat().st_size, complete=True)
    path = _piece(person_id, sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    if offset == 0 and _pending(path.parent) > LARGEST_PENDING:
        raise TooLarge
    with _locked(path) as descriptor:
        size = os.fstat(descriptor).st_size
        if offset != size:
            raise WrongOffset(size)
        if size + len(content) > LARGEST_BLOB:
            raise TooLarge
        end = _append(descriptor, content, at=size)
        if not is_last:
            return Standing(offset=end, complete=False)
        if _digest(path) != sha256:
            path.unlink()
            raise WrongHash
        _become_whole(path, sha256)
    return Standing(offset=end, complete=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: bytes) -> None:
    # A name of its own each time: a process writes in several threads.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _become_whole(path: Path, sha256: str) -> None:
    target = _whole(sha256)
    if not target.parent.is_dir():
        make_folder(target.parent)
    path.replace(target)
    sync_folder(target.parent)


def prepare_pictures(sha256: str) -> None:
    """Make the pictures of a file that is whole, beside it; asks no database, for this takes a while.

    Once for each file: a tablet that gave up waiting sends again while the first request still works, and the second then
    waits for what the first one makes. What lies here once is never written over: the file store may have taken it in.
    """
    with _whole(sha256).open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not _is_prepared(sha256):
            _prepare(sha256, file.read())


def _is_prepared(sha256: str) -> bool:
    if not _whole(sha256, "json").exists():
        return False
    if json.loads(_whole(sha256, "json").read_bytes()).get("problem"):
        return True
    return all(_whole(sha256, part).exists() for part in ("shown", "thumb"))


def _prepare(sha256: str, content: bytes) -> None:
    details: dict[str, object]
    try:
        ready = prepare(content)
    except DomainError as refused:
        details = {"problem": refused.message[:200]}
    else:
        _write(_whole(sha256, "shown"), ready.picture)
        _write(_whole(sha256, "thumb"), ready.thumb)
        details = {name: getattr(ready, name) for name in ("width", "height", "latitude", "longitude")}
        details["taken_at"] = ready.taken_at.isoformat() if ready.taken_at else None
    _write(_whole(sha256, "json"), json.dumps(details).encode())
    sync_folder(_whole(sha256).parent)


def note_whole(sha256: str, *, person_id: uuid.UUID, device: str) -> Upload:
    """Write down that a file is whole and what its pictures are; the caller commits."""
    details = json.loads(_whole(sha256, "json").read_bytes())
    taken_at = datetime.fromisoformat(details["taken_at"]) if details.get("taken_at") else None
    values = {"problem": "", "width": 0, "height": 0} | details | {"taken_at": taken_at}
    db.session.execute(
        insert_ignore(Upload).values(
            sha256=sha256, size=_whole(sha256).stat().st_size, person_id=person_id, device=device[:64], completed_at=clock.now(),
            **values,
        )
    )  # fmt: skip
    return db.session.get_one(Upload, sha256)


# what lies here, used and cleared --------------------------------------------------------------------------------


def copies(upload: Upload) -> tuple[bytes, Prepared]:
    """The bytes as the tablet stored them, and the pictures made of them."""
    try:
        content, picture, thumb = (_whole(upload.sha256, part).read_bytes() for part in ("", "shown", "thumb"))
        details = (upload.width, upload.height, upload.taken_at, upload.latitude, upload.longitude)
    except FileNotFoundError:
        content, picture, thumb, details = _from_store(upload)
    width, height, taken_at, latitude, longitude = details
    return content, Prepared(
        picture=picture, thumb=thumb, width=width, height=height, taken_at=taken_at, latitude=latitude, longitude=longitude
    )  # fmt: skip


_Details = tuple[int, int, datetime | None, float | None, float | None]


def _from_store(upload: Upload) -> tuple[bytes, bytes, bytes, _Details]:
    """A file that is evidence already, named once more."""
    photo = db.session.scalar(sa.select(Photo).where(Photo.original_sha256 == upload.sha256).limit(1))
    if photo is None:
        raise held(Reason.FILE_MISSING, waits_for=upload.sha256)
    try:
        content, picture, thumb = (files().get(s) for s in (upload.sha256, photo.sha256, photo.thumb_sha256))
    except FileMissing:
        raise held(Reason.FILE_MISSING, waits_for=upload.sha256) from None
    return content, picture, thumb, (photo.width, photo.height, photo.taken_at, photo.latitude, photo.longitude)


def give_to_store(upload: Upload, content: bytes, ready: Prepared) -> None:
    """Hand the file and its pictures over to the file store as they lie here; it need not write them again."""
    for part, found in (("", content), ("shown", ready.picture), ("thumb", ready.thumb)):
        with suppress(FileNotFoundError):  # cleared away: then the bytes are put there
            files().adopt(_whole(upload.sha256, part), digest(found))


def note_kept(upload: Upload) -> None:
    """The file store has it now."""
    upload.kept_at = upload.kept_at or clock.now()


def _forget(sha256: str, *parts: str) -> None:
    for part in parts:
        _whole(sha256, part).unlink(missing_ok=True)


#: So many names go into one question to the database.
_AT_ONCE = 500


def clear(now: datetime | None = None) -> dict[str, int]:
    """Throw away what is in the file store, what nobody went on with, and what no operation names; commits.

    It goes by the files that lie here, which are few, not by the uploads there ever were. Files go outside of any transaction:
    first all of an unnamed one but its description, then its row, then that. So whatever breaks off, the next round goes on,
    and a tablet that sends the file once more meanwhile is told the truth: that it is not here.
    """
    now = now or clock.now()
    lying = {path.name.partition(".")[0] for path in _folder().glob("whole/*")}
    known = _rows_of(sorted(lying))
    kept = [sha for sha, (at, _came) in known.items() if at is not None and at < now - UNNAMED_KEPT / 30]
    old = [sha for sha, (at, came) in known.items() if at is None and came < now - UNNAMED_KEPT]
    unnamed = sorted(set(old) - _named(old)) if old else []
    cleared = {"kept": sum(_whole(sha).exists() for sha in kept), "unnamed": len(unnamed)}
    for sha in kept:
        _forget(sha, "", "shown", "thumb", "json")
    for sha in unnamed:
        _forget(sha, "", "shown", "thumb")
    for part in _in_parts(unnamed):
        db.session.execute(sa.delete(Upload).where(Upload.sha256.in_(part), Upload.kept_at.is_(None)))
        db.session.commit()
    for sha in unnamed:
        _forget(sha, "json")
    return cleared | {"pieces": _clear_old(now, set(known)) + files().clear(now - PARTS_KEPT)}


def _in_parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))


def _rows_of(names: Sequence[str]) -> dict[str, tuple[datetime | None, datetime]]:
    """Of these files that are known: when each went into the file store, and when it came."""
    found: dict[str, tuple[datetime | None, datetime]] = {}
    with only_reading():
        for part in _in_parts(names):
            rows = sa.select(Upload.sha256, Upload.kept_at, Upload.completed_at).where(Upload.sha256.in_(part))
            found |= {sha: (kept_at, came) for sha, kept_at, came in db.session.execute(rows)}
        db.session.rollback()
    return found


def _named(names: Sequence[str]) -> set[str]:
    """Those of these files that an operation waits for."""
    found: set[str] = set()
    with only_reading():
        for part in _in_parts(names):
            held = sa.select(SyncOp.waits_for).where(SyncOp.state == OpState.HELD, SyncOp.waits_for.in_(part))
            found |= set(db.session.scalars(held))
        found |= _named_by_logs()
        db.session.rollback()
    return found


def _named_by_logs() -> set[str]:
    """Files of logs that were kept and not applied: one operation names several."""
    held = sa.select(SyncOp.content).where(SyncOp.state == OpState.HELD, SyncOp.target_kind.in_(LOGS))
    said = (content.get("value") for content in db.session.scalars(held) if isinstance(content, dict))
    return {sha for value in said if isinstance(value, dict) for sha in files_named(value)}


def clear_old() -> None:
    """The worker's chore."""
    clear()


def _clear_old(now: datetime, known: set[str]) -> int:
    count = 0
    for path in [*_folder().glob("pieces/*/*"), *_folder().glob("whole/*")]:
        try:
            age = now.timestamp() - path.stat().st_mtime
        except FileNotFoundError:  # it has just become a file
            continue
        kept = PARTS_KEPT if path.suffix == ".part" else PIECES_KEPT
        if (path.suffix == ".part" or path.name.partition(".")[0] not in known) and age > kept.total_seconds():
            path.unlink(missing_ok=True)
            count += 1
    return count
