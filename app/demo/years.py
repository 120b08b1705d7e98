"""When the schools of the district were visited over the years, and the writing of all that."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.demo.history import Historian, Past
from app.demo.writing import Progress, Writer

#: Schools that were visited lately, place in the list → days ago: a few where orders are still on their way, others where
#: the school is at work.
LATELY = {2: 1, 3: 2, 4: 3, 5: 2, 6: 1, 9: 3, 7: 8, 8: 15, 10: 12, 11: 7, 13: 17, 14: 10, 16: 11, 19: 20, 21: 9}
#: No other visit was so few days before one of those.
APART = 40


def weekday_before(today: date, days: int) -> date:
    """So many days ago, or the last weekday before."""
    day = today - timedelta(days=days)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def write_history(
    writer: Writer, historian: Historian, district: District, *, today: date, years: int, progress: Progress
) -> list[Past]:
    """The inspections of every school over the years; a few schools were not visited this year."""
    found: list[Past] = []
    for number, row in enumerate(district.schools):
        days = _days(writer.random, today, years, row, skip_this_year=number % 9 == 8)
        # The first schools are those of the demo's sign-ins: there is something to put right at each.
        shows_work = number < 2
        if shows_work and days[-1:] < [today - timedelta(days=8)]:
            days.append(today - timedelta(days=6 + number))
        days = [historian.workday(day) for day in days]
        if number in LATELY:
            last = weekday_before(today, LATELY[number])
            days = [day for day in days if day < last - timedelta(days=APART)] + [last]
        past = historian.write(row, days, leave_open=shows_work or number in LATELY)
        found.append(past)
        writer.flush()
        db.session.commit()
        progress(number + 1, len(district.schools), row.plan.name.name)
    return found


def _days(random: Random, today: date, years: int, row: SchoolRow, *, skip_this_year: bool) -> list[date]:
    """When a school was visited: once a year, key units and boarding schools twice, and once more of late for some."""
    often = 2 if row.plan.is_key_unit or row.plan.boarders else 1
    days = []
    for n in range(years * often):
        month = 12 // often * n
        days.append(today - timedelta(days=365 * years) + timedelta(days=30 * month + random.randint(5, 80)))
    if random.random() < 0.45:
        days.append(today - timedelta(days=random.randint(6, 24)))
    days = sorted(day for day in days if day < today - timedelta(days=3))
    return [day for day in days if not (skip_this_year and day.year == today.year)]
