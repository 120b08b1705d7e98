"""What a school said of itself beside what the brigade found next: pairs of checks and inspections of two years."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
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
    """The last inspections of a school, each with the self-check that came last before it, in one query."""
    before = (
        sa.select(OwnCheck.id)
        .where(
            OwnCheck.school_id == Inspection.school_id,
            OwnCheck.form == CheckForm.MONTHLY,
            OwnCheck.finished_at < Inspection.started_at,
        )
        .order_by(OwnCheck.finished_at.desc(), OwnCheck.id)
        .limit(1)
        .correlate(Inspection)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(Inspection, OwnCheck)
        .join(OwnCheck, OwnCheck.id == before)
        .where(
            Inspection.school_id == school.id,
            Inspection.kind == InspectionKind.INSPECTION,
            Inspection.state == InspectionState.SIGNED,
            Inspection.started_at >= clock.now() - SINCE,
        )
        .order_by(Inspection.started_at.desc(), Inspection.id)
        .limit(MOST)
    )
    found = []
    for inspection, own in rows:
        if own.finished_at is None or inspection.started_at - own.finished_at > HOLDS:
            continue
        judged = json.loads(inspection.record or "{}").get("rows", ())
        found.append(Pair(check=own, inspection=inspection, rows=compare(own.result or (), judged)))
    return [pair for pair in found if pair.rows]
