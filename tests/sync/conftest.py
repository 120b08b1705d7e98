"""Tablets for the tests of sync."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.inspections import sheet as sheets
from app.inspections.models import Inspection
from tests.cast import Cast
from tests.conftest import SignInAs
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
def row(cast: Cast) -> Inspection:
    """A draft of Ines and Ivo at a school with some equipment."""
    campus(cast, pieces=4)
    return draft(cast, accompanying="索南")


def answers(tablet: Tablet, target: uuid.UUID, sheet: sheets.Sheet, **fields: Any) -> list[dict[str, Any]]:
    """Every row of a sheet answered 合格."""
    return [tablet.op(target, r.item, "pass", place=r.place, **fields) for r in sheet.rows]
