"""Each test of this folder is made with either log."""

from __future__ import annotations

import pytest

from tests.logbook.logs import LOGS, Log


@pytest.fixture(params=LOGS, ids=[log.at.strip("/") for log in LOGS])
def log(request: pytest.FixtureRequest) -> Log:
    """The log of drills, then that of trainings."""
    chosen: Log = request.param
    return chosen
