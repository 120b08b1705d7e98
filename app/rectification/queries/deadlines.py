"""Which dates of an order are no school days, by the calendar and the terms of its school."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date

from app.rectification.models.findings import Finding
from app.rectification.rules.deadlines import Doubt, blocks_way_out, doubt_of
from app.regulations.queries import calendar_of
from app.schools.models import School


def doubts(
    school: School, days: Iterable[tuple[Finding, date | None]], *, earliest: date | None
) -> dict[uuid.UUID, Doubt]:
    """The question that each finding's date raises, by finding; school days raise none."""
    calendar = calendar_of(school.area_code, school_id=school.id)
    asked = {}
    for finding, day in days:
        way_out = blocks_way_out(severity=finding.severity, category=finding.category, violation=finding.violation_code)
        doubt = (
            doubt_of(day, earliest=earliest or finding.found_on, calendar=calendar, way_out=way_out) if day else None
        )
        if doubt is not None:
            asked[finding.id] = doubt
    return asked
