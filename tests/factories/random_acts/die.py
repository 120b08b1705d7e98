"""Who tries, on which day, with which thing: drawn from a seeded die, on a clock of its own."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderItem, PortalLink
from app.rectification.rules.machine import FindingAct, OrderAct, OrderState, Stage
from app.rectification.service.events import Sender
from tests.cast import Cast

#: The link stands for somebody of the school without an account.
LINK = "link"
OFFICERS = ("ines", "ivo", "lea")
#: Who has no business with any order or finding of the district: one who only reads, an inspector of the next brigade.
STRANGERS = ("dora", "oskar")
#: Whose business each act is; the leader's, where nothing is said.
USUAL = (
    dict.fromkeys(["inspect", "draft", "edit", "submit", "discard", "issue", "serve", "recheck"], ("ines", "ivo"))
    | dict.fromkeys(["answer", "link", "confirm", "receipt"], ("ines", "ivo", "pema"))
    | dict.fromkeys(["evidence", "ask"], ("pema", "sonam", "otto"))
    | {"review": ("olga",), "send_back": ("lea", "olga")}
)
START = datetime(2026, 12, 1, 8, tzinfo=clock.ZONE)


@dataclass
class Before:
    """How everything stood before a try."""

    orders: dict[uuid.UUID, OrderState]
    stages: dict[uuid.UUID, Stage]
    audited: int


@dataclass
class Try:
    """An act that somebody tries: what it calls, and what the tables call it for the order and for its findings."""

    call: Callable[[], Any]
    order_acts: frozenset[OrderAct] = frozenset()
    finding_acts: frozenset[FindingAct] = frozenset()
    order: Order | None = None


@dataclass
class Die:
    """The cast, a clock, and a seeded die."""

    cast: Cast
    die: random.Random
    careful: bool = False
    """Whether this try is one in which nobody slips: nothing unlikely is drawn."""
    stranger: bool = False
    """Whether this try is a stranger's, who stands in for everybody."""

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Time passes only by the die."""
        with time_machine.travel(START, tick=False) as traveller:
            self.traveller = traveller
            yield

    def anyone(self, kind: str) -> str:
        """Somebody: mostly whose business it is, often not; a stranger, where it is a stranger's try."""
        if self.stranger:
            return self.die.choice(STRANGERS)
        return self.die.choice(USUAL.get(kind, ("lea",)) if self.likely(0.65) else sorted(self.cast.people))

    def some(self, table: Any, *where: Any) -> Any:
        """Any row of a table, the newer ones more often."""
        keys = db.session.scalars(sa.select(table.id).where(*where).order_by(table.id)).all()
        if not keys:
            return None
        recent = keys[-8:] if self.die.random() < 0.8 else keys
        return db.session.get(table, self.die.choice(recent))

    def sender(self, name: str, finding: Finding, order: Order | None = None) -> Viewer | Sender:
        """Mostly the school's own principal, or whoever holds a link; now and then the wrong one of either."""
        if self.stranger:
            return self.cast.viewer(name)
        on = sa.select(OrderItem.order_id).where(OrderItem.finding_id == finding.id)
        right = PortalLink.order_id == order.id if order else PortalLink.order_id.in_(on)
        link = self.some(PortalLink, right if self.likely() else sa.true()) if self.likely(0.4) else None
        if link:
            return Sender(name="家长", link_id=link.id)
        own = "otto" if finding.school_id == self.cast.ottos_school_id else "pema"
        return self.cast.viewer(own if self.likely(0.7) else name)

    def officers(self) -> list[str]:
        """Two for a visit, seldom the leader among them."""
        return self.die.sample(OFFICERS[:2] if self.likely(0.85) else OFFICERS, 2)

    def day(self, low: int, high: int) -> date:
        """A day around today."""
        return clock.today() + timedelta(days=self.die.randint(low, high))

    def words(self) -> str:
        """A reason, now and then left out."""
        blank = [] if self.careful else ["", " "]
        return self.die.choice([*blank, "情况属实", "照片不清", "请补充", "写错了", "现场核实", "材料齐全"])

    def likely(self, share: float = 0.8) -> bool:
        """Mostly yes; in a careful try always what is more likely."""
        return self.die.random() < share or (self.careful and share >= 0.5)
