"""The demo district of four schools and the walk through all its pages: made once in a run, by whichever test process asks first."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app.core.extensions import db
from tests.cases import with_cases
from tests.crawl import PEOPLE, Found, demo, everything
from tests.runs import once, shared

SCHOOLS = 4


@contextmanager
def _open(folder: Path) -> Iterator[Flask]:
    with demo(str(folder), schools=SCHOOLS) as app:
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _seed(folder: Path) -> None:
    folder.mkdir()
    with _open(folder):
        pass


def _seeded(factory: pytest.TempPathFactory) -> Path:
    return once(shared(factory, "districts") / "seeded", _seed)


def _walked(factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_seeded(factory), folder)
        with _open(folder) as app:
            found = everything(app, list(PEOPLE))
        (folder / "pages.pickle").write_bytes(pickle.dumps(found))

    return once(shared(factory, "districts") / "walked", make)


def _with_cases(factory: pytest.TempPathFactory) -> Path:
    def make(folder: Path) -> None:
        shutil.copytree(_walked(factory), folder)
        found: list[Found] = pickle.loads((folder / "pages.pickle").read_bytes())
        with _open(folder) as app:
            found = with_cases(app, found)
        (folder / "pages.pickle").write_bytes(pickle.dumps(found))

    return once(shared(factory, "districts") / "cases", make)


def seeded(factory: pytest.TempPathFactory) -> Path:
    """A data folder of one's own with the district in it."""
    return Path(shutil.copytree(_seeded(factory), factory.mktemp("district") / "data"))


@contextmanager
def district(factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The district as `make run` makes it, to do with as one likes."""
    with _open(seeded(factory)) as app:
        yield app


@contextmanager
def walked(factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[Found]]]:
    """The district after everybody's walk, and one address for each page; the sessions of the walk still hold."""
    folder = factory.mktemp("walked") / "data"
    with _copied(_walked(factory), folder) as found:
        yield found


@contextmanager
def every_case(factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[Found]]]:
    """The same with an order at each step, what tokens open, and one thing of each kind: every page of the product."""
    folder = factory.mktemp("cases") / "data"
    with _copied(_with_cases(factory), folder) as found:
        yield found


@contextmanager
def _copied(made: Path, folder: Path) -> Iterator[tuple[Flask, list[Found]]]:
    shutil.copytree(made, folder)
    found: list[Found] = pickle.loads((folder / "pages.pickle").read_bytes())
    with _open(folder) as app:
        yield app, found
