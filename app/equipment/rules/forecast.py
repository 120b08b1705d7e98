"""What falls due in the coming months: services to arrange and pieces to buy, month by month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.equipment.rules.extinguishers import DueStatus, extinguisher_due
from app.equipment.rules.specification import LIFE_TYPE, Agent


class Act(StrEnum):
    """What is to be done with a piece when it falls due."""

    SERVICE = "service"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Alike:
    """So many extinguishers with the same facts."""

    agent: Agent
    charge: float | None
    wheeled: bool
    made: date
    serviced: date | None
    trouble: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Coming:
    """Something to do: in the month beginning on `month`, or at once where it is None because it is due already."""

    month: date | None
    act: Act
    alike: Alike


def months_from(today: date, months: int) -> list[date]:
    """The first days of so many months, this one first."""
    first = today.year * 12 + today.month - 1
    return [date((first + n) // 12, (first + n) % 12 + 1, 1) for n in range(months)]


def coming(alike: Alike, table: Mapping[str, Any], *, today: date, months: int) -> Iterator[Coming]:
    """What these pieces ask for until the end of the last month, each service taken as done on its day.

    What replaces a piece is new and asks for nothing within two years.
    """
    wanted = months_from(today, months)
    serviced, events = alike.serviced, [alike.trouble] if alike.trouble else []
    while True:
        due = extinguisher_due(
            table, agent=LIFE_TYPE[alike.agent], made=alike.made, serviced=serviced, today=today, events=events
        )
        at_once = due.due <= today or due.status is DueStatus.SCRAP
        month = None if at_once else due.due.replace(day=1)
        if month is not None and month > wanted[-1]:
            return
        if due.replace or due.status is DueStatus.SCRAP:
            yield Coming(month, Act.REPLACE, alike)
            return
        yield Coming(month, Act.SERVICE, alike)
        serviced, events = max(due.due, today), []


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month's figures; `month` None is what is due already."""

    month: date | None
    services: int
    replacements: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """So many new pieces of one kind for one month."""

    month: date | None
    agent: Agent
    charge: float | None
    wheeled: bool
    pieces: int


def by_month(things: Iterable[Coming], *, today: date, months: int) -> list[MonthLine]:
    """Figures of every month, what is due already first; months without anything too, so that the year can be read."""
    services: dict[date | None, int] = {}
    replacements: dict[date | None, int] = {}
    for thing in things:
        counts = services if thing.act is Act.SERVICE else replacements
        counts[thing.month] = counts.get(thing.month, 0) + thing.alike.count
    return [MonthLine(m, services.get(m, 0), replacements.get(m, 0)) for m in (None, *months_from(today, months))]


def purchases(things: Iterable[Coming]) -> list[Purchase]:
    """The shopping list: equal pieces for what is to be replaced, by month and kind."""
    counts: dict[tuple[date | None, Agent, float | None, bool], int] = {}
    for thing in things:
        if thing.act is Act.REPLACE:
            key = (thing.month, thing.alike.agent, thing.alike.charge, thing.alike.wheeled)
            counts[key] = counts.get(key, 0) + thing.alike.count
    ordered = sorted(counts.items(), key=lambda one: (one[0][0] or date.min, one[0][1], one[0][2] or 0, one[0][3]))
    return [Purchase(*key, pieces) for key, pieces in ordered]
