"""Tablets for the tests of sync."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.extensions import db
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionState
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.sync.tablet import Tablet

TabletOf = Callable[..., Tablet]


@pytest.fixture
def tablet_of(as_person: SignInAs) -> TabletOf:
    """`tablet_of("ines", "tab-2")`: a tablet in the hands of somebody."""

    def of(name: str = "ines", device: str = "", *, wrong: timedelta = timedelta(0)) -> Tablet:
        return Tablet(as_person(name), device or f"tab-{name}", clock_wrong_by=wrong)

    return of


@pytest.fixture
def no_files_of_others(app: Flask) -> None:
    """Uploads of earlier tests are gone, as their rows are."""
    for path in (app.config["SETTINGS"].data / "uploads").rglob("*"):
        if path.is_file():
            path.unlink()


@pytest.fixture
def row(cast: Cast) -> Inspection:
    """A draft of Ines and Ivo at a school with some equipment."""
    campus(cast, pieces=4)
    return draft(cast, accompanying="索南")


def answers(tablet: Tablet, target: uuid.UUID, sheet: sheets.Sheet, **fields: Any) -> list[dict[str, Any]]:
    """Every row of a sheet answered 合格."""
    return [tablet.op(target, r.item, "pass", place=r.place, **fields) for r in sheet.rows]


@pytest.fixture
def finished(cast: Cast, tablet_of: TabletOf) -> Inspection:
    """A short visit to a school without buildings, filled in on a tablet at the fire station within seconds, with an old photo."""
    cast.school.facilities, cast.school.latitude, cast.school.longitude = ["fire_alarm"], 29.65, 91.13
    other = draft(cast, accompanying="索南")
    target = draft(cast, accompanying="索南", started_at=clock.now() - timedelta(minutes=5))
    tablet = tablet_of("ines", wrong=timedelta(minutes=7))
    content = pictures.picture()
    tablet.upload(content)
    tablet.send(tablet.photo(other.id, content))
    rows = sheets.of(target, cast.school, cast.brigade).rows
    said = {"latitude": 29.68, "longitude": 91.13, "accuracy_m": 15}
    taken = (tablet.now() - timedelta(days=3)).isoformat()
    shot = tablet.photo(target.id, content)
    shot["value"]["taken_at"] = taken
    told = tablet.send(
        tablet.op(target.id, "VISIT", said, field="position"),
        *(tablet.op(target.id, r.item, "pass", place=r.place) for r in rows),
        shot,
        tablet.act("finalise", target.id),
    )
    assert {one["status"] for one in told} == {"applied"}, [one for one in told if one["status"] != "applied"]
    db.session.rollback()
    assert db.session.get_one(Inspection, target.id).state is InspectionState.SIGNING
    return target
