"""Planning by itself who looks again and when: re-checks that are due, half way through long work, back after a closure.

Every function may be called at any time: what is planned already is not planned again.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TypeVar

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.core import clock
from app.core.extensions import db
from app.notifications import service as notifications
from app.organisations import queries as organisations
from app.organisations.settings import BrigadeSettings
from app.planning import service as planning
from app.planning.handing import proposed_officers
from app.planning.models import Visit, VisitKind
from app.rectification.models.findings import Finding
from app.rectification.models.looks import PlannedLook
from app.rectification.queries import looks as queries
from app.rectification.rules import looks as rules
from app.rectification.rules.findings import recheck_due
from app.regulations.queries import workdays_of
from app.schools.models import School

T = TypeVar("T")
#: How often the worker looks whether something is to be planned, in seconds.
EVERY_S = 600.0
#: The shortest period of which any brigade may want a look half way, in days (lowest value of the setting).
SHORTEST = 7
#: The furthest back that any brigade may want to look after a closure, in days (highest value of the setting).
FURTHEST = 365
#: The officers of a visit this many days ahead, or fewer, are told at once; of later ones in the day's digest.
SOON_DAYS = 1
#: Visits half way, this many days apart, are one.
NEAR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A finding that somebody has to look at: the day proposed, and the last one on which it is of use."""

    finding: Finding
    key: str
    day: date
    due_on: date


def go_round() -> None:
    """What the worker does: plan all that is to be planned, take back what is no longer needed; commits."""
    plan_rechecks()
    plan_midterms()
    plan_look_backs()
    for visit in queries.needless():
        planning.drop(visit, reason=_("要看的问题已经复查或已经结束，不再需要。"))
    db.session.commit()


def plan_rechecks(school_id: uuid.UUID | None = None) -> None:
    """A visit for what is due or was applied for, within the three working days of 消防监督检查规定 Art. 20; one a school."""
    for school, found in _by_school(queries.awaiting(school_id)):
        calendar, today = workdays_of(school.area_code), clock.today()
        wishes = []
        for finding, facts in found:
            due = recheck_due(facts, calendar)
            if due is not None:
                key = f"recheck:{facts.deadline}:{facts.applied_at.isoformat() if facts.applied_at else ''}"
                day = rules.recheck_day(due.day, today, calendar)
                wishes.append(Wish(finding=finding, key=key, day=day, due_on=due.day))
        _plan(school, VisitKind.RECHECK, wishes, first=date.min, last=date.max)


def plan_midterms() -> None:
    """A visit half way through long work, by each brigade's setting."""
    for school, found in _by_school((f, None) for f in queries.long_ones(SHORTEST)):
        settings, calendar = _settings(school), workdays_of(school.area_code)
        for finding, _none in found:
            assert finding.deadline is not None
            day = rules.midterm_day(
                finding.found_on,
                finding.deadline,
                clock.today(),
                from_days=settings.midterm_from_days,
                calendar=calendar,
            )
            if day is not None:
                wish = Wish(finding=finding, key="midterm", day=day, due_on=finding.deadline)
                _plan(school, VisitKind.MIDTERM, [wish], first=day - NEAR, last=day + NEAR)


def plan_look_backs() -> None:
    """回头看: a visit some time after a critical finding was closed, by each brigade's setting. DOMAIN §6.3."""
    since = clock.today() - timedelta(days=FURTHEST)
    for school, found in _by_school((f, None) for f in queries.closed_critical(since)):
        settings, calendar = _settings(school), workdays_of(school.area_code)
        for finding, _none in found:
            assert finding.closed_on is not None
            last = finding.closed_on + timedelta(days=settings.look_back_to_days)
            day = rules.look_back_day(
                finding.closed_on,
                clock.today(),
                from_days=settings.look_back_from_days,
                to_days=settings.look_back_to_days,
                calendar=calendar,
            )
            if day is not None:
                wish = Wish(finding=finding, key=f"look_back:{finding.closed_on}", day=day, due_on=last)
                _plan(school, VisitKind.LOOK_BACK, [wish], first=day, last=last)


def _settings(school: School) -> BrigadeSettings:
    return organisations.brigade_settings(school.brigade_id)


def _by_school(found: Iterable[tuple[Finding, T]]) -> list[tuple[School, list[tuple[Finding, T]]]]:
    """By school, whose rows are held, so that two workers never plan the same visit twice."""
    grouped = {key: list(rows) for key, rows in groupby(found, key=lambda row: row[0].school_id)}
    query = sa.select(School).where(School.id.in_(list(grouped))).order_by(School.id).with_for_update(key_share=True)
    return [(school, grouped[school.id]) for school in db.session.scalars(query)] if grouped else []


def _plan(school: School, kind: VisitKind, wishes: Sequence[Wish], *, first: date, last: date) -> None:
    keys = {(w.finding.id, w.key) for w in wishes}
    rows = db.session.execute(
        sa.select(PlannedLook.finding_id, PlannedLook.key).where(
            PlannedLook.finding_id.in_([finding_id for finding_id, _key in keys])
        )
    )
    known = {(finding_id, key) for finding_id, key in rows}
    fresh = [w for w in wishes if (w.finding.id, w.key) not in known]
    if not fresh:
        return
    day = min(w.day for w in fresh)
    visit = queries.planned_visit(school.id, kind, first=first, last=last)
    if visit is None:
        visit = _new_visit(school, kind, day, [w.finding.id for w in fresh])
    elif kind is VisitKind.RECHECK:
        planning.bring_forward(visit, to=day)
    if visit is None:
        return
    for wish in fresh:
        db.session.add(
            PlannedLook(visit_id=visit.id, finding_id=wish.finding.id, kind=kind, key=wish.key, due_on=wish.due_on)
        )
    db.session.flush()
    _tell(school, visit)


def _tell(school: School, visit: Visit) -> None:
    """Tell the officers of a visit that the program planned, once for each day it is put on; at once when it is near."""
    people = [person for person in (visit.lead_id, visit.second_id) if person]
    if visit.made_by_id is not None:
        return
    notifications.tell(
        "visit_planned",
        person_ids=people,
        subject=("visit", visit.id),
        data={"school": school.name, "school_en": school.name_en, "day": visit.planned_on, "kind": visit.kind.value},
        urgent=(visit.planned_on - clock.today()).days <= SOON_DAYS,
        key=f"visit_planned:{visit.id}:{visit.planned_on.isoformat()}",
    )


def _new_visit(school: School, kind: VisitKind, day: date, finding_ids: Sequence[uuid.UUID]) -> Visit | None:
    """For the officers of the school's team, those first who have most of it in hand; without a team for these; else for the leader.

    None without anybody.
    """
    people = {p.id for p in accounts.holders([school.brigade_id], roles=planning.OFFICERS)}
    count = Counter(one for found in queries.officers_of(finding_ids).values() for one in found if one in people)
    team = proposed_officers(school.id, people)
    chosen = sorted(team, key=lambda one: -count[one]) or [person for person, _times in count.most_common(2)]
    if not chosen:
        chosen = [p.id for p in accounts.holders([school.brigade_id], roles=frozenset({Role.LEADER}))][:1]
    if not chosen:
        return None
    second = chosen[1] if len(chosen) > 1 else None
    return planning.propose(school=school, planned_on=day, lead_id=chosen[0], second_id=second, kind=kind)
