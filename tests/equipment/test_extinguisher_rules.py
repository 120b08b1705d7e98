"""Due dates, scrapping and numbers of extinguishers, with the shipped tables."""

from __future__ import annotations

from datetime import date

import pytest

from app.equipment.rules.extinguishers import (
    DueStatus,
    add_years,
    base_day,
    extinguisher_due,
    extinguishers_required,
    hazard_of_use,
    may_send_to_service,
    powder_rating,
    provision,
    worst_walk,
)
from app.regulations import pack_files

TABLES = pack_files.read_pack(pack_files.PACKS / "cn" / "cn-school" / "v1")["tables"]
LIFE, HAZARDS, REQUIRED = (TABLES[t] for t in ("extinguisher_life", "extinguisher_hazards", "extinguisher_required"))


def month(text: str | None) -> date | None:
    return base_day(*map(int, text.split("-"))) if text else None


@pytest.mark.parametrize(
    ("agent", "made", "serviced", "due", "scrap", "replace"),
    [
        ("powder", "2021-03", None, "2026-03", "2031-03", False),
        ("powder", "2021-03", "2028-04", "2030-04", "2031-03", False),
        ("powder", "2021-03", "2030-04", "2031-03", "2031-03", True),
        ("water", "2023-06", "2027-06", "2028-06", "2029-06", False),
        ("co2", "2015-05", "2024-05", "2026-05", "2027-05", False),
        ("clean_gas", "2020-01", None, "2025-01", "2030-01", False),
        ("water", "2023-06", None, "2026-06", "2029-06", False),
    ],
)
def test_next_service_and_scrapping(
    agent: str, made: str, serviced: str | None, due: str, scrap: str, replace: bool
) -> None:
    found = extinguisher_due(LIFE, agent=agent, made=month(made), serviced=month(serviced), today=date(2026, 1, 1))
    assert (found.due, found.scrap, found.replace) == (month(due), month(scrap), replace)


@pytest.mark.parametrize(
    ("today", "status", "days_left"),
    [
        (date(2025, 12, 30), DueStatus.OK, 61),
        (date(2025, 12, 31), DueStatus.SOON, 60),
        (date(2026, 2, 28), DueStatus.SOON, 1),
        (date(2026, 3, 1), DueStatus.DUE, 0),
        (date(2026, 3, 2), DueStatus.OVERDUE, -1),
        (date(2031, 2, 28), DueStatus.OVERDUE, -1825),
        (date(2031, 3, 1), DueStatus.SCRAP, -1826),
    ],
)
def test_status_on_a_day(today: date, status: DueStatus, days_left: int) -> None:
    found = extinguisher_due(LIFE, agent="powder", made=date(2021, 3, 1), today=today)
    assert (found.status, found.days_left) == (status, days_left)


@pytest.mark.parametrize("event", ["discharged", "gauge_red", "pin_or_seal_lost", "leak", "damage", "rust"])
def test_what_was_seen_makes_it_due_today(event: str) -> None:
    today = date(2022, 5, 5)
    found = extinguisher_due(LIFE, agent="powder", made=date(2021, 3, 1), today=today, events={event})
    assert (found.due, found.status, found.by_event) == (today, DueStatus.DUE, (event,))


def test_heavy_rust_scraps_it_today() -> None:
    today = date(2022, 5, 5)
    found = extinguisher_due(LIFE, agent="powder", made=date(2021, 3, 1), today=today, events={"rust_third", "rust"})
    assert (found.scrap, found.status, found.replace) == (today, DueStatus.SCRAP, True)


def test_a_service_before_it_was_made_counts_for_nothing() -> None:
    found = extinguisher_due(
        LIFE, agent="powder", made=date(2021, 3, 1), serviced=date(2019, 1, 1), today=date(2022, 1, 1)
    )
    assert found.due == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [(date(2024, 2, 29), 5, date(2029, 2, 28)), (date(2024, 2, 29), 4, date(2028, 2, 29))],
)
def test_a_leap_day_ends_with_february(day: date, years: int, expected: date) -> None:
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("area", "hazard", "hydrants", "rating", "points", "exact", "needed", "pieces"),
    [
        (900, "middle", True, 2, 3, 10.8, 11, 6),
        (900, "middle", True, 2, 1, 10.8, 11, 6),
        (800, "severe", True, 3, 1, 14.4, 15, 5),
        (800, "severe", True, 3, 3, 14.4, 15, 6),
        (300, "middle", False, 2, 1, 4.0, 4, 2),
        (120, "light", False, 1, 1, 1.2, 2, 2),
    ],
)
def test_pieces_a_floor_needs(
    area: float, hazard: str, hydrants: bool, rating: int, points: int, exact: float, needed: int, pieces: int
) -> None:
    found = extinguishers_required(
        HAZARDS,
        REQUIRED,
        area_m2=area,
        hazard=hazard,
        hydrants=hydrants,
        automatic=False,
        piece_rating=rating,
        points=points,
    )
    assert (found.exact, found.rating, found.pieces) == (exact, needed, pieces)


@pytest.mark.parametrize(
    ("hydrants", "automatic", "basement", "exact"),
    [(False, False, False, 10), (True, False, False, 9), (False, True, False, 7), (True, True, False, 5), (True, True, True, 6.5)],
)  # fmt: skip
def test_systems_reduce_and_basements_raise(hydrants: bool, automatic: bool, basement: bool, exact: float) -> None:
    found = extinguishers_required(
        HAZARDS, REQUIRED, area_m2=750, hazard="middle", hydrants=hydrants, automatic=automatic, piece_rating=3,
        basement=basement,
    )  # fmt: skip
    assert found.exact == exact


def test_more_than_five_at_a_point_is_pointed_out() -> None:
    found = extinguishers_required(
        HAZARDS, REQUIRED, area_m2=900, hazard="middle", hydrants=True, automatic=False, piece_rating=2
    )
    assert found.too_many_at_a_point
    assert found.pieces_per_point == 6


def test_what_hangs_there_is_compared_with_what_is_needed() -> None:
    needed = extinguishers_required(
        HAZARDS, REQUIRED, area_m2=300, hazard="middle", hydrants=False, automatic=False, piece_rating=2
    )
    enough = provision(HAZARDS, REQUIRED, required=needed, hazard="middle", ratings=[2, 2], worst_distance_m=20)
    assert enough.is_enough
    short = provision(HAZARDS, REQUIRED, required=needed, hazard="middle", ratings=[1], worst_distance_m=22.5)
    assert (short.rating_missing, short.pieces_below_minimum_rating, short.pieces_missing, short.too_far_m) == (
        3, 1, 1, 2.5,
    )  # fmt: skip
    assert not short.is_enough


@pytest.mark.parametrize(
    ("kg", "rating"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 3), (8, 4), (10, 6), (50, None)]
)
def test_rating_by_charge(kg: float, rating: int | None) -> None:
    assert powder_rating(TABLES["powder_ratings"], kg) == rating


@pytest.mark.parametrize(
    ("use", "beds", "area", "hazard"),
    [
        ("dormitory", 100, None, "severe"),
        ("dormitory", 99, None, "middle"),
        ("kindergarten", 50, None, "severe"),
        ("library", None, 2000, "severe"),
        ("library", None, 1999, "middle"),
        ("classroom", None, None, "middle"),
        ("office", None, None, "light"),
        ("moon", None, None, None),
    ],
)
def test_hazard_class_by_use(use: str, beds: int | None, area: float | None, hazard: str | None) -> None:
    assert hazard_of_use(TABLES["school_hazards"], use=use, beds=beds, area_m2=area) == hazard


@pytest.mark.parametrize(("in_unit", "away", "spares", "allowed"), [(8, 2, 0, True), (8, 3, 0, False), (8, 3, 1, True)])
def test_no_more_than_a_quarter_goes_to_service_at_once(in_unit: int, away: int, spares: int, allowed: bool) -> None:
    assert may_send_to_service(LIFE, in_unit=in_unit, away=away, equal_spares=spares) is allowed


def test_a_walk_without_drawings() -> None:
    assert worst_walk(60, 2, 8) == 23
