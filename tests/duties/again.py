"""A school's year counted again from its facts, deed by deed, without anything that is kept or shared between schools."""

from __future__ import annotations

from collections import defaultdict

from app.core import clock
from app.duties.queries import facts
from app.duties.rules.counting import Tally, owed, stand, tally
from app.duties.rules.periods import SchoolDays, reach
from app.regulations import queries as regulations
from app.schools.models import School


def months_of(school: School, year: int) -> dict[tuple[str, bool], list[Tally]]:
    """(duty, whether it only informs) → twelve months; under an empty code all that count together."""
    calendar = regulations.calendars_of({school.id: school.area_code})[school.id]
    days, after = SchoolDays(calendar, *reach(year)), SchoolDays(calendar, *reach(year + 1))
    phases = facts.phases_of([school])[school.id]
    done = facts.deeds([school.id], reach(year)[0])[school.id]
    taken_on = facts.adopted({school.brigade_id})[school.brigade_id]
    found: dict[tuple[str, bool], list[Tally]] = defaultdict(lambda: [Tally()] * 12)
    for duty in facts.duties_in_force():
        periods = owed(duty, year, days, phases)
        following = owed(duty, year + 1, after, phases)[:1]
        stood = stand(periods + following, facts.done_for(duty, done), today=clock.today(), needed=duty.needed)
        for one in stood[: len(periods)]:
            since = taken_on.get(duty.code) if duty.only_informs else one.period.start
            informs = since is None or one.period.start < since
            for code in (duty.code,) if informs else (duty.code, ""):
                found[code, informs][one.period.end.month - 1] += tally([one])
    return found
