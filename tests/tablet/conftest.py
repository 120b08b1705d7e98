"""A real server for a tablet that is a browser with a profile of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.runs import shared
from tests.tablet.ground import Server


@pytest.fixture
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where databases are laid out once in a run."""
    return shared(tmp_path_factory, "prepared")


@pytest.fixture
def server(tmp_path: Path, prepared: Path) -> Iterator[Server]:
    """A server that is gone afterwards."""
    one = Server(tmp_path / "server", prepared)
    yield one
    one.kill()
