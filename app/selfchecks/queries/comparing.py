"""What a school said of itself beside what the brigade found next: pairs of checks and inspections of two years."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.schools.models import School
from app.selfchecks.models import OwnCheck
from app.selfchecks.rules.checks import CheckForm, Compared, Match, compare

#: Further back nobody looks.
SINCE = timedelta(days=730)
#: A self-check older than that says nothing about the day of an inspection [P].
HOLDS = timedelta(days=62)
#: So many inspections are compared.
MOST = 6


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One inspection with the self-check before it, and the rows that both judged."""

    check: OwnCheck
    inspection: Inspection
    rows: Sequence[Compared]

    @cached_property
    def counts(self) -> Counter[Match]:
        """How many rows of each kind."""
        return Counter(one.match for one in self.rows)

    @property
    def shown(self) -> list[Compared]:
        """What differs, or was reported first: what agrees is only counted."""
        return [one for one in self.rows if one.match is not Match.AGREES]


def share(pairs: Sequence[Pair]) -> int | None:
    """Of a hundred rows that both judged, on how many they said the same; None where there are none."""
    rows = [one for pair in pairs for one in pair.rows]
    same = sum(one.match in (Match.AGREES, Match.REPORTED) for one in rows)
    return round(100 * same / len(rows)) if rows else None


def of_school(school: School) -> list[Pair]:
    """The last inspections of a school, each with the self-check that came before it, in two queries."""
    since: datetime = clock.now() - SINCE
    inspections = db.session.scalars(
        sa.select(Inspection)
        .where(
            Inspection.school_id == school.id,
            Inspection.kind == InspectionKind.INSPECTION,
            Inspection.state == InspectionState.SIGNED,
            Inspection.started_at >= since,
        )
        .order_by(Inspection.started_at.desc(), Inspection.id)
        .limit(MOST)
    ).all()
    checks = db.session.scalars(
        sa.select(OwnCheck)
        .where(
            OwnCheck.school_id == school.id,
            OwnCheck.form == CheckForm.MONTHLY,
            OwnCheck.finished_at >= since - HOLDS,
        )
        .order_by(OwnCheck.finished_at.desc(), OwnCheck.id)
    ).all()
    found = []
    for one in inspections:
        before = next((c for c in checks if c.finished_at is not None and c.finished_at < one.started_at), None)
        if before is None or before.finished_at is None or one.started_at - before.finished_at > HOLDS:
            continue
        rows = json.loads(one.record or "{}").get("rows", ())
        found.append(Pair(check=before, inspection=one, rows=compare(before.result or (), rows)))
    return [pair for pair in found if pair.rows]
