"""What every start does first: tables, areas and packs up to date, and the right kind of database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app import create_app
from app.config import load
from app.core.extensions import db
from app.organisations.brigades import mark_as_demo
from app.organisations.models import Brigade

IN_EARNEST = {"XF_PRODUCTION": "1", "XF_PUBLIC_URL": "https://xf.example.cn"}
Prepare = Callable[..., Result]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def prepare(folder: Path) -> Prepare:
    def start(brigade: str = "", *, demo: bool = False, **settings: str) -> Result:
        app = create_app(load({"XF_DATA": str(folder), "SECRET_KEY": "only for the tests", **settings}))
        result = app.test_cli_runner().invoke(args=["prepare"])
        with app.app_context():
            if demo:
                mark_as_demo()
            if brigade:
                db.session.add(Brigade(name=brigade, area_code="540102"))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        return result

    return start


def test_a_start_makes_everything_and_the_next_changes_nothing(prepare: Prepare) -> None:
    first = prepare(XF_DEMO="1")
    assert (first.exit_code, "cn-school/1: loaded" in first.output) == (0, True), first.output
    second = prepare("示范区消防救援大队", **IN_EARNEST)
    assert (second.exit_code, "areas: 0 new or changed" in second.output) == (0, True), second.output


def test_the_demo_does_not_start_on_a_database_in_earnest(prepare: Prepare) -> None:
    refused = prepare(XF_DEMO="1")
    assert (refused.exit_code, "in earnest" in refused.output) == (2, True)


def test_a_demo_is_never_served_in_earnest(prepare: Prepare) -> None:
    assert prepare(demo=True).exit_code == 0
    refused = prepare(**IN_EARNEST)
    assert (refused.exit_code, "stays one" in refused.output) == (2, True)
    assert prepare(XF_DEMO="1").exit_code == 0
