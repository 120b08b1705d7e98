"""A world in which anybody tries anything with orders and findings, and what must hold after each try."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order
from app.rectification.queries import progress
from app.rectification.rules.machine import FindingAct, finding_step
from tests.factories.random_acts.die import Before, Try
from tests.factories.random_acts.finding_tries import FindingTries
from tests.factories.random_acts.holding import Holding, check_numbers
from tests.factories.random_acts.order_tries import OrderTries


@dataclass
class World(OrderTries, FindingTries, Holding):
    """Deals out the tries, one after the other, and counts what came of each."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)
    deck: list[str] = field(default_factory=list)
    known: Before | None = None
    known_on: date | None = None

    WEIGHTS = {
        "inspect": 8, "draft": 5, "edit": 3, "submit": 9, "review": 8, "approve": 10, "send_back": 5, "deputy": 3, "discard": 2,
        "issue": 10, "serve": 9, "confirm": 5, "receipt": 2, "void": 2, "link": 5, "evidence": 9, "answer": 6, "ask": 8,
        "decide": 5, "recheck": 9, "withdraw": 2, "reopen": 3, "road": 1,
    }  # fmt: skip

    def step(self, number: int) -> None:
        """Time passes, somebody tries something, and it either leads where the table says or changes nothing.

        The first to try an act is a stranger, who is refused; until it is done once, those who try it take care.
        """
        self._pass_time()
        kind = self._next()
        self.stranger = not self.tried[kind] and kind != "road"
        self.careful = not self.accepted[kind]
        name = self.anyone(kind)
        attempt: Try | None = getattr(self, f"try_{kind}")(name)
        if attempt is None:
            db.session.rollback()
            return
        self.tried[kind] += 1
        where = f"step {number}: {kind} by {name}"
        db.session.commit()
        before = self.known if self.known and self.known_on == clock.today() else self._before()
        try:
            attempt.call()
            db.session.flush()
        except DomainError:
            db.session.rollback()
            self.refused[kind] += 1
            if number % 5 == 0:
                assert self._before() == before, where
            return
        assert not self.stranger, f"{where}: a stranger got it done"
        after = self.known = self._before()
        self.known_on = clock.today()
        self._check_orders(before, after, attempt, name, where)
        self._check_findings(before, after, attempt, where)
        if (before.orders, before.stages) != (after.orders, after.stages) and kind != "road":
            assert after.audited > before.audited, where
        db.session.commit()
        self.accepted[kind] += 1

    def _next(self) -> str:
        """The next act of a shuffled deck: none is left out for long."""
        if not self.deck:
            self.deck = [kind for kind, many in self.WEIGHTS.items() for _n in range(many)]
            self.die.shuffle(self.deck)
        return self.deck.pop()

    def _pass_time(self) -> None:
        hours = self.die.choice([0] * 60 + [5, 24, 24, 72])
        evening = clock.today()
        before = progress.stages(self._finding_ids()) if hours else {}
        self.traveller.shift(timedelta(hours=hours, minutes=self.die.randint(1, 5)))
        if not hours or clock.today() == evening:
            return
        for key, stage in progress.stages(self._finding_ids()).items():
            if stage is not before[key]:
                step = finding_step(before[key], FindingAct.PASS_DEADLINE)
                assert step is not None, before[key]
                assert stage in step.to, (before[key], stage)

    def _finding_ids(self) -> Sequence[uuid.UUID]:
        return db.session.scalars(sa.select(Finding.id)).all()

    def _before(self) -> Before:
        orders = db.session.execute(sa.select(Order.id, Order.state))
        return Before(
            orders={key: state for key, state in orders},  # noqa: C416
            stages=progress.stages(self._finding_ids()),
            audited=db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0,
        )

    def never_accepted(self) -> set[str]:
        """Acts that nobody got done."""
        return set(self.WEIGHTS) - set(self.accepted)

    def never_refused(self) -> set[str]:
        """Acts that nobody was refused, of those that there was ever something to try on."""
        return set(self.tried) - set(self.refused) - {"road"}


__all__ = ["World", "check_numbers"]
