"""The file store: the same bytes once, nothing half written, nothing outside it."""

from __future__ import annotations

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
