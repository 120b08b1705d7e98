"""Roads are put back after each test; nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask

from tests.factories import messages
from tests.factories.messages import Mailbox, Receiver, http_receiver, mail_server

#: A Monday, ten in the morning at the school.
MORNING = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def roads(app: Flask) -> Iterator[None]:
    """No road is set up at the beginning, and none stays."""
    before = app.config["SETTINGS"]
    messages.channels()
    yield
    app.config["SETTINGS"] = before


@pytest.fixture
def monday() -> Iterator[time_machine.Traveller]:
    """The clock stands on a Monday morning; `monday.shift(…)` moves it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server on this machine, set up as the road for e-mail."""
    with mail_server() as box:
        messages.channels(mail=box.url)
        yield box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An HTTP receiver on this machine."""
    with http_receiver() as found:
        yield found
