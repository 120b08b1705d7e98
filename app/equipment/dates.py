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

from app.core.db import Rare
from app.equipment import law
from app.equipment.models import Equipment, EquipmentKind
from app.equipment.rules.extinguishers import DueStatus, ExtinguisherDue, extinguisher_due, last_day
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
    # Joining texts is many times faster than date(), which carries 29 February over to 1 March: then the last day of
    # the wanted month is the bound.
    plus = f"'+' || {years} || ' years'"
    leap = f"min(date({day}, {plus}), date({day}, 'start of month', {plus}, '+1 month', '-1 day'))"
    other = f"(substr({day}, 1, 4) + {years}) || substr({day}, 5)"
    return f"CASE WHEN substr({day}, 6) = '02-29' THEN {leap} ELSE {other} END"


def years_later(day: Any, years: int) -> YearsLater:
    """The SQL for a day some years after another."""
    return YearsLater(day, sa.literal_column(str(int(years))))


class Sooner(FunctionElement[date]):
    """The sooner of two days; null where either is."""

    type = sa.Date()
    name = "sooner"
    inherit_cache = True


@compiles(Sooner, "postgresql")
def _sooner_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    one, other = (compiler.process(part, **kw) for part in element.clauses)
    return f"CASE WHEN {one} <= {other} THEN {one} WHEN {one} > {other} THEN {other} END"


@compiles(Sooner, "sqlite")
def _sooner_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"min({compiler.process(element.clauses, **kw)})"


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


def _alike(types: Mapping[str, Mapping[str, int]]) -> list[tuple[tuple[int, int, int], list[str]]]:
    """Agents by how many years they last: until the first service, until the next, until they are scrapped."""
    found: dict[tuple[int, int, int], list[str]] = {}
    for one in Agent:
        life = types[LIFE_TYPE[one]]
        found.setdefault((life["first"], life["then"], life["scrap"]), []).append(one.value)
    return list(found.items())


class DueColumns:
    """SQL expressions over Equipment for a day: `scrap`, `due` and `status`, null where nothing is due by date.

    `status` counts no days: it compares the days of making and of service with the last that are late, by each life.
    """

    def __init__(self, today: date, table: Mapping[str, Any] | None = None) -> None:
        self.table = table or life_table()
        self.day = today
        self.today = sa.literal(today, sa.Date())

    @property
    def soon(self) -> date:
        """The last day that is near."""
        return self.day + timedelta(days=int(self.table["soon_days"]["value"]))

    @cached_property
    def _made(self) -> Any:
        faulty = Equipment.trouble.is_not(None)
        return sa.case((faulty, sa.func.coalesce(Equipment.made_on, self.today)), else_=Equipment.made_on)

    def _by_life(self, years: str, told: Callable[[int], Any]) -> Any:
        """What is told of the years that agents last, each number of years once."""
        alike: dict[int, list[str]] = {}
        for one in Agent:
            alike.setdefault(self.table["types"][LIFE_TYPE[one]][years], []).append(one.value)
        *others, (number, _names) = sorted(alike.items(), key=lambda one: len(one[1]))
        if not others:
            return told(number)
        return sa.case(*[(Equipment.agent.in_(names), told(other)) for other, names in others], else_=told(number))

    def _by_agent(self, years: str, day: Any) -> Any:
        return sa.case((Equipment.agent.is_not(None), self._by_life(years, lambda number: years_later(day, number))))

    def _last(self, years: str, until: date) -> Any:
        """The last day from which so many years are over by `until`."""
        return self._by_life(years, lambda number: sa.literal(last_day(until, number), sa.Date()))

    def may_need(self, until: date) -> Any:
        """What may be due or fit for scrap by that day: none that is, is left out, and indexes find them among a city's pieces.

        Said by agents that last as long, each by a range of days that one index of the model holds; `status` decides.
        """
        made, serviced, types = Equipment.made_on, Equipment.serviced_on, self.table["types"]
        unserviced, was_serviced = sa.or_(serviced.is_(None), serviced < made), serviced >= made
        found = []
        for life, names in _alike(types):
            with_agent = Equipment.agent.in_(names)
            first, then, scrap = (last_day(until, years) for years in life)
            found += [
                sa.and_(unserviced, with_agent, Rare(made <= max(first, scrap))),
                sa.and_(was_serviced, with_agent, Rare(serviced <= then)),
                sa.and_(was_serviced, with_agent, Rare(made <= scrap)),
            ]
        return sa.or_(Equipment.trouble.in_([*self.table["scrap_now"], *self.table["due_now"]]), *found)

    @cached_property
    def scrap(self) -> Any:
        """The day from which the piece must be scrapped."""
        by_age = self._by_agent("scrap", self._made)
        at_once = Equipment.trouble.in_(self.table["scrap_now"])
        return sa.case(
            (Equipment.kind != EquipmentKind.EXTINGUISHER, sa.null()),
            (at_once, Sooner(by_age, self.today)),
            else_=by_age,
        )

    @cached_property
    def _never_serviced(self) -> Any:
        return sa.or_(Equipment.serviced_on.is_(None), Equipment.serviced_on < self._made)

    @cached_property
    def _service(self) -> Any:
        first, then = self._by_agent("first", self._made), self._by_agent("then", Equipment.serviced_on)
        return sa.case((self._never_serviced, first), else_=then)

    def _service_by(self, until: date) -> Any:
        """Service is due on that day or before; what was made on a day that nobody knows counts as made today."""
        made, serviced = Equipment.made_on, Equipment.serviced_on
        never = sa.or_(serviced.is_(None), made.is_(None), serviced < made)
        return sa.case((never, made <= self._last("first", until)), else_=serviced <= self._last("then", until))

    @cached_property
    def due(self) -> Any:
        """The day on which something must be done: service, or scrapping where that comes first."""
        regular = Sooner(self._service, self.scrap)
        at_once = Equipment.trouble.in_(self.table["due_now"])
        return sa.case((at_once, Sooner(regular, self.today)), else_=regular)

    @cached_property
    def status(self) -> Any:
        """The word of DueStatus, or null."""
        soon = self.soon
        scrapped, urgent = (Equipment.trouble.in_(self.table[events]) for events in ("scrap_now", "due_now"))
        made = Equipment.made_on
        return sa.case(
            (Equipment.kind != EquipmentKind.EXTINGUISHER, sa.null()),
            (sa.or_(Equipment.agent.is_(None), sa.and_(made.is_(None), Equipment.trouble.is_(None))), sa.null()),
            (sa.or_(made <= self._last("scrap", self.day), scrapped), DueStatus.SCRAP.value),
            (self._service_by(self.day - timedelta(days=1)), DueStatus.OVERDUE.value),
            (sa.or_(self._service_by(self.day), urgent), DueStatus.DUE.value),
            (sa.or_(self._service_by(soon), made <= self._last("scrap", soon)), DueStatus.SOON.value),
            else_=DueStatus.OK.value,
        )
