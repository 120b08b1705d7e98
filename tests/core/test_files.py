"""The file store: the same bytes once, nothing half written, nothing outside it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.files import FileMissing, FolderStore, digest


@given(content=st.binary(max_size=2000))
def test_what_went_in_comes_out(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    store = FolderStore(tmp_path_factory.mktemp("files"))
    assert store.get(store.put(content)) == content


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    assert store.put(b"x") == store.put(b"x") == digest(b"x")
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.core.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put(b"photo")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ABC", "0" * 63, "g" * 64])
def test_a_name_that_is_no_hash_is_simply_missing(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileMissing):
        FolderStore(tmp_path).get(name)


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was synced, in its order."""
    found: list[Path] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        found.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr("app.core.files.os.fsync", note)
    return found


def test_a_fresh_folder_is_synced_where_its_name_stands(tmp_path: Path, synced: list[Path]) -> None:
    root = tmp_path / "data" / "files"
    folder = root / FolderStore(root).put(b"photo")[:2]
    assert {tmp_path, tmp_path / "data", root} <= set(synced)
    assert synced[-1] == folder


def test_what_is_found_is_synced_too_for_its_writer_may_not_have_come_to_it(tmp_path: Path, synced: list[Path]) -> None:
    folder = tmp_path / FolderStore(tmp_path).put(b"photo")[:2]
    other = FolderStore(tmp_path)
    synced.clear()
    other.put(b"photo")
    assert synced == [tmp_path, folder]
    synced.clear()
    other.put(b"photo")
    assert synced == [folder]


def test_what_is_taken_over_is_synced_where_it_was_there(tmp_path: Path, synced: list[Path]) -> None:
    store, here = FolderStore(tmp_path / "files"), tmp_path / "here"
    here.write_bytes(b"photo")
    store.put(b"photo")
    synced.clear()
    store.adopt(here, digest(b"photo"))
    assert synced == [tmp_path / "files" / digest(b"photo")[:2]]
