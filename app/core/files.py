"""The file store: content-addressed, written once, never changed. A folder by default, S3-compatible by setting."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Protocol

import obstore
from flask import Flask, current_app
from obstore.store import S3Store, from_url


class FileMissing(Exception):
    """The register names a file that the store does not hold."""


class FileStore(Protocol):
    """Where bytes live under their SHA-256 (lower-case hex)."""

    def put(self, content: bytes) -> str: ...
    def get(self, sha256: str) -> bytes: ...
    def adopt(self, path: Path, sha256: str) -> None: ...
    def has(self, sha256: str) -> bool: ...
    def clear(self, before: datetime) -> int: ...


def digest(content: bytes) -> str:
    """SHA-256 of the content as lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def _key(sha256: str) -> str:
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise FileMissing(sha256)
    return f"{sha256[:2]}/{sha256}"


def sync_folder(folder: Path) -> None:
    """What was made, renamed or linked in this folder outlives a power cut from now on."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Have a folder that outlives a power cut: its name stands in its parent, which is synced, and so on up to one that was there.

    The parent is synced even where the folder was there: whoever made it a moment ago may not have come to that yet.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for path in new or [folder]:
        sync_folder(path.parent)


class FolderStore:
    """Files in a folder. obstore's local store does not fsync, and evidence must survive a power cut, so this one is ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lasting: set[Path] = set()

    def _have_folder(self, folder: Path) -> None:
        if folder not in self._lasting or not folder.is_dir():
            make_folder(folder)
            self._lasting.add(folder)

    def put(self, content: bytes) -> str:
        """Store the bytes durably and return their hash; the same bytes are stored once.

        Bytes found under their name are whole (they were synced before they got it), but who wrote them may not have
        synced the folder yet, so that is done here too: one fsync of a folder that is mostly clean, a sixth of what storing takes.
        """
        sha256 = digest(content)
        path = self.folder / _key(sha256)
        self._have_folder(path.parent)
        if path.exists():
            sync_folder(path.parent)
            return sha256
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(path.parent)
        return sha256

    def adopt(self, path: Path, sha256: str) -> None:
        """Take in a file that lies here durably already, is named rightly and is never changed again: nothing is written twice."""
        target = self.folder / _key(sha256)
        self._have_folder(target.parent)
        try:
            os.link(path, target)
        except FileExistsError:
            pass
        except OSError:  # on another disk, or where files have one name only
            self.put(path.read_bytes())
            return
        sync_folder(target.parent)

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises FileMissing."""
        try:
            return (self.folder / _key(sha256)).read_bytes()
        except FileNotFoundError:
            raise FileMissing(sha256) from None

    def has(self, sha256: str) -> bool:
        """Whether the store holds these bytes."""
        return (self.folder / _key(sha256)).exists()

    def clear(self, before: datetime) -> int:
        """Throw away what a killed process had begun to write before this moment; returns how many."""
        count = 0
        for path in self.folder.glob("*/.part-*"):
            with contextlib.suppress(FileNotFoundError):  # it has just become a file
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    count += 1
        return count


class BucketStore:
    """Files in an S3-compatible bucket."""

    def __init__(self, url: str) -> None:
        self.store: S3Store = from_url(url)  # type: ignore[assignment]

    def put(self, content: bytes) -> str:
        """Store the bytes and return their hash."""
        sha256 = digest(content)
        obstore.put(self.store, _key(sha256), content)
        return sha256

    def adopt(self, path: Path, sha256: str) -> None:
        """Store a file that lies here."""
        self.put(path.read_bytes())

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises FileMissing."""
        try:
            return bytes(obstore.get(self.store, _key(sha256)).bytes())
        except FileNotFoundError:
            raise FileMissing(sha256) from None

    def has(self, sha256: str) -> bool:
        """Whether the store holds these bytes."""
        try:
            obstore.head(self.store, _key(sha256))
        except FileNotFoundError:
            return False
        return True

    def clear(self, before: datetime) -> int:
        """A bucket takes a file whole or not at all."""
        return 0


def attach(app: Flask, *, url: str, folder: Path) -> None:
    """Give the application its file store."""
    store: FileStore = BucketStore(url) if url else FolderStore(folder)
    app.extensions["files"] = store


def files() -> FileStore:
    """The file store of the current application."""
    store: FileStore = current_app.extensions["files"]
    return store
