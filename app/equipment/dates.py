"""Next service, scrapping and status of a piece: one definition, read in Python from a row and in SQL for lists of thousands.

The Python side is rules/extinguishers.py itself. `DueColumns` says the same in SQL with the same table of the pack;
tests/equipment/test_dates.py holds both against each other, row by row, on both databases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from app.equipment import law
from app.equipment.models import Equipment, EquipmentKind
from app.equipment.rules.extinguishers import DueStatus, ExtinguisherDue, extinguisher_due
from app.equipment.rules.specification import LIFE_TYPE, Agent


class YearsLater(FunctionElement[date]):
    """A day so many whole years later; 29 February becomes the 28th where there is none, as in the rules."""

    type = sa.Date()
    name = "years_later"
    inherit_cache = True


@compiles(YearsLater, "postgresql")
def _years_later_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day, years = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST({day} + make_interval(years => {years}) AS DATE)"


@compiles(YearsLater, "sqlite")
def _years_later_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day, years = (compiler.process(part, **kw) for part in element.clauses)
    # date() carries 29 February over to 1 March: the last day of the wanted month is the bound.
    plus = f"'+' || {years} || ' years'"
    return f"min(date({day}, {plus}), date({day}, 'start of month', {plus}, '+1 month', '-1 day'))"


def years_later(day: Any, years: int) -> YearsLater:
    """The SQL for a day some years after another."""
    return YearsLater(day, sa.literal_column(str(int(years))))


def life_table() -> Mapping[str, Any]:
    """The lives of extinguishers in force."""
    table: Mapping[str, Any] = law.tables()["extinguisher_life"]
    return table


def due_of(piece: Equipment, today: date, table: Mapping[str, Any] | None = None) -> ExtinguisherDue | None:
    """When an extinguisher is due and must be scrapped; None for other kinds and where the day of making is unknown.

    A fault counts even then: its piece is reckoned as if it were made today.
    """
    agent = piece.specification.get("agent")
    made = piece.made_on or (today if piece.trouble else None)
    if piece.kind != EquipmentKind.EXTINGUISHER or made is None or agent is None:
        return None
    return extinguisher_due(
        table or life_table(),
        agent=LIFE_TYPE[Agent(agent)],
        made=made,
        serviced=piece.serviced_on,
        today=today,
        events=[piece.trouble.value] if piece.trouble else [],
    )


class DueColumns:
    """SQL expressions over Equipment for a day: `scrap`, `due` and `status`, null where nothing is due by date."""

    def __init__(self, today: date, table: Mapping[str, Any] | None = None) -> None:
        self.table = table or life_table()
        self.today = sa.literal(today, sa.Date())
        self.soon_until = sa.literal(today + timedelta(days=int(self.table["soon_days"]["value"])), sa.Date())

    @cached_property
    def _made(self) -> Any:
        faulty = Equipment.trouble.is_not(None)
        return sa.case((faulty, sa.func.coalesce(Equipment.made_on, self.today)), else_=Equipment.made_on)

    def _by_agent(self, years: str, day: Any) -> sa.ColumnElement[date | None]:
        agent = Equipment.specification["agent"].as_string()
        lives: Callable[[Agent], int] = lambda a: self.table["types"][LIFE_TYPE[a]][years]  # noqa: E731
        alike: dict[int, list[str]] = {}
        for one in Agent:
            alike.setdefault(lives(one), []).append(one.value)
        return sa.case(*[(agent.in_(names), years_later(day, number)) for number, names in alike.items()])

    def _sooner(self, one: Any, other: Any) -> Any:
        return sa.case((one <= other, one), else_=other)

    @cached_property
    def scrap(self) -> Any:
        """The day from which the piece must be scrapped."""
        by_age = self._by_agent("scrap", self._made)
        at_once = Equipment.trouble.in_(self.table["scrap_now"])
        return sa.case(
            (Equipment.kind != EquipmentKind.EXTINGUISHER, sa.null()),
            (at_once, self._sooner(by_age, self.today)),
            else_=by_age,
        )

    @cached_property
    def _service(self) -> Any:
        never = sa.or_(Equipment.serviced_on.is_(None), Equipment.serviced_on < self._made)
        return sa.case(
            (never, self._by_agent("first", self._made)), else_=self._by_agent("then", Equipment.serviced_on)
        )

    @cached_property
    def due(self) -> Any:
        """The day on which something must be done: service, or scrapping where that comes first."""
        regular = self._sooner(self._service, self.scrap)
        at_once = Equipment.trouble.in_(self.table["due_now"])
        return sa.case((self.scrap.is_(None), sa.null()), (at_once, self._sooner(regular, self.today)), else_=regular)

    @cached_property
    def status(self) -> Any:
        """The word of DueStatus, or null."""
        return sa.case(
            (self.scrap.is_(None), sa.null()),
            (self.scrap <= self.today, DueStatus.SCRAP.value),
            (self.due < self.today, DueStatus.OVERDUE.value),
            (self.due == self.today, DueStatus.DUE.value),
            (self.due <= self.soon_until, DueStatus.SOON.value),
            else_=DueStatus.OK.value,
        )
