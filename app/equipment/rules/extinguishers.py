"""Extinguisher arithmetic: next service, scrapping, and what a floor needs. Figures come from the pack's tables."""

from __future__ import annotations

import calendar
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

EPSILON = 1e-9


class DueStatus(StrEnum):
    """How an extinguisher stands on a day."""

    OK = "ok"
    SOON = "soon"
    DUE = "due"
    OVERDUE = "overdue"
    SCRAP = "scrap"


@dataclass(frozen=True, slots=True)
class ExtinguisherDue:
    """When a piece is due for service and when it must be scrapped.

    `replace` says that the next date is the scrapping date: not to be serviced, to be replaced. `by_event` names what
    made it due at once.
    """

    due: date
    scrap: date
    replace: bool
    status: DueStatus
    days_left: int
    by_event: tuple[str, ...] = ()


def add_years(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes the last of February where there is none."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


def last_day(until: date, years: int) -> date:
    """The last day that is, so many years later, not after `until`."""
    day = add_years(until, -years)
    later = day + timedelta(days=1)
    return later if add_years(later, years) <= until else day


def base_day(year: int, month: int, day: int | None = None) -> date:
    """The day from which life counts: where only the month is known, its first day (the cautious reading)."""
    return date(year, month, 1 if day is None else day)


def _next_service(made: date, serviced: date | None, life: Mapping[str, int]) -> date:
    if serviced is None or serviced < made:
        return add_years(made, life["first"])
    return add_years(serviced, life["then"])


def _status(due: date, scrap: date, today: date, soon_days: int) -> DueStatus:
    if today >= scrap:
        return DueStatus.SCRAP
    if today > due:
        return DueStatus.OVERDUE
    if today == due:
        return DueStatus.DUE
    return DueStatus.SOON if due - today <= timedelta(days=soon_days) else DueStatus.OK


def extinguisher_due(
    table: Mapping[str, Any],
    *,
    agent: str,
    made: date,
    today: date,
    serviced: date | None = None,
    events: Collection[str] = (),
) -> ExtinguisherDue:
    """Next service and scrapping of a piece on a day (pack table `extinguisher_life`; GB 50444 5.3.2, 5.4.3).

    `agent` is water, powder, clean_gas or co2. Service never extends the scrapping date. `events` are faults seen,
    such as `discharged`, `gauge_red`, `rust_third`: they make the piece due, or fit for scrap, on the day itself.
    """
    life = table["types"][agent]
    scrap = add_years(made, life["scrap"])
    scrapping = sorted(set(events) & set(table["scrap_now"]))
    urgent = sorted(set(events) & set(table["due_now"]))
    if scrapping:
        scrap = min(scrap, today)
    due = min(_next_service(made, serviced, life), scrap)
    if urgent:
        due = min(due, today)
    return ExtinguisherDue(
        due=due,
        scrap=scrap,
        replace=due == scrap,
        status=_status(due, scrap, today, int(table["soon_days"]["value"])),
        days_left=(due - today).days,
        by_event=tuple(scrapping or urgent),
    )


def may_send_to_service(table: Mapping[str, Any], *, in_unit: int, away: int, equal_spares: int = 0) -> bool:
    """Whether so many pieces of a calculation unit may be away at once: a quarter, else equal spares (5.1.2)."""
    return away - equal_spares <= in_unit * float(table["away_for_service_share"]["value"]) + EPSILON


def powder_rating(table: Mapping[str, Any], charge_kg: float) -> int | None:
    """Rating A of an ABC powder piece by its charge; None beyond the table. The nameplate rules."""
    return next((int(step["a"]) for step in table["steps"] if charge_kg <= step["up_to_kg"]), None)


@dataclass(frozen=True, slots=True)
class Required:
    """What a calculation unit needs, in whole ratings A and in pieces."""

    exact: float
    rating: int
    per_point: float
    pieces_per_point: int
    pieces: int
    too_many_at_a_point: bool


def protection(*, hydrants: bool, automatic: bool) -> str:
    """Which reduction holds: none, hydrants, automatic or both."""
    if hydrants and automatic:
        return "both"
    return "hydrants" if hydrants else "automatic" if automatic else "none"


def extinguishers_required(
    hazards: Mapping[str, Any],
    table: Mapping[str, Any],
    *,
    area_m2: float,
    hazard: str,
    hydrants: bool,
    automatic: bool,
    piece_rating: int,
    points: int = 1,
    basement: bool = False,
) -> Required:
    """Pieces for a floor or fire compartment against Class A fires (GB 50140 7.2, 7.3; at least two, 6.1.1).

    `points` is the number of placement points the travel distance asks for. Q = f·K·S/U, a point gets Q/N.
    """
    k = float(table["k"][protection(hydrants=hydrants, automatic=automatic)])
    factor = float(table["basement_factor"]) if basement else 1.0
    exact = factor * k * area_m2 / float(hazards[hazard]["area_per_a"])
    rating = math.ceil(exact - EPSILON)
    per_point = exact / points
    pieces_per_point = max(math.ceil(per_point / piece_rating - EPSILON), 1)
    return Required(
        exact=round(exact, 2),
        rating=rating,
        per_point=round(per_point, 2),
        pieces_per_point=pieces_per_point,
        pieces=max(points * pieces_per_point, int(table["at_least_per_unit"])),
        too_many_at_a_point=pieces_per_point > int(table["at_most_per_point"]),
    )


@dataclass(frozen=True, slots=True)
class Provision:
    """Whether what hangs there is enough, and why not."""

    rating_missing: int
    pieces_below_minimum_rating: int
    pieces_missing: int
    too_far_m: float

    @property
    def is_enough(self) -> bool:
        """Rating, single ratings, number and travel distance all suffice."""
        return not (self.rating_missing or self.pieces_below_minimum_rating or self.pieces_missing or self.too_far_m)


def provision(
    hazards: Mapping[str, Any],
    table: Mapping[str, Any],
    *,
    required: Required,
    hazard: str,
    ratings: Collection[int],
    worst_distance_m: float,
    wheeled: bool = False,
) -> Provision:
    """Compare the pieces that hang there with what is required (GB 50140 5.2, 6.1, 6.2)."""
    row = hazards[hazard]
    allowed = float(row["distance_a"]["wheeled" if wheeled else "portable"])
    return Provision(
        rating_missing=max(required.rating - sum(ratings), 0),
        pieces_below_minimum_rating=sum(r < row["min_rating_a"] for r in ratings),
        pieces_missing=max(int(table["at_least_per_unit"]) - len(ratings), 0),
        too_far_m=round(max(worst_distance_m - allowed, 0), 2),
    )


def worst_walk(corridor_m: float, points: int, deepest_room_m: float) -> float:
    """A first guess of the longest walk without drawings: points spread evenly, then the deepest room's diagonal."""
    return corridor_m / (2 * points) + deepest_room_m


def hazard_of_use(
    table: Mapping[str, Any], *, use: str, beds: int | None = None, area_m2: float | None = None
) -> str | None:
    """Hazard class of a room by its use, beds and area (GB 50140 Annex D); None where the table has no such use."""
    for hazard in ("severe", "middle", "light"):
        for row in table[hazard]:
            enough_beds = "beds_from" not in row or (beds or 0) >= row["beds_from"]
            enough_area = "area_from_m2" not in row or (area_m2 or 0) >= row["area_from_m2"]
            if row["use"] == use and enough_beds and enough_area:
                return hazard
    return None
