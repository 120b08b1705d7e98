"""A counted year as it is kept: twelve months of figures, added up, told apart, put in order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.duties.rules.counting import NAMES, WORST_FIRST, Standing, Stood, Tally

#: January to December, each as the figures of a Tally in their order.
Months = Sequence[Sequence[int]]

_PLACE = {Standing(name): place for place, name in enumerate(NAMES)}
_FROM_WORST = tuple((standing, _PLACE[standing]) for standing in WORST_FIRST)


def nothing() -> list[list[int]]:
    """Twelve months in which nothing is owed."""
    return [[0] * len(NAMES) for _month in range(12)]


def figures(stood: Iterable[Stood]) -> list[list[int]]:
    """The figures of some periods, each in the month in which it ends."""
    found = nothing()
    for one in stood:
        found[one.period.end.month - 1][_PLACE[one.standing]] += 1
    return found


def added(several: Iterable[Months]) -> list[list[int]]:
    """Years added month by month."""
    whole = list(several)
    return [[sum(column) for column in zip(*same, strict=True)] for same in zip(*whole, strict=True)] or nothing()


def tallies(months: Months) -> list[Tally]:
    """The months to reckon with."""
    return [Tally(*month) for month in months]


def worst(months: Months, which: Iterable[int]) -> Standing | None:
    """What colours these months (1 to 12) together; None where nothing is owed."""
    chosen = [months[number - 1] for number in which]
    return next((standing for standing, place in _FROM_WORST if any(month[place] for month in chosen)), None)


def rank(months: Months) -> tuple[int, ...]:
    """By which a list goes from bad to good: most missed, then most done late, then most that end soon."""
    return tuple(-sum(month[place] for month in months) for _standing, place in _FROM_WORST[:3])
