"""The rules of `rules.py` as SQL, word for word: the database filters, sorts and counts by the same definition."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.core import clock
from app.core.web import once_per_request
from app.organisations.queries import settings_in_force
from app.organisations.settings import BrigadeSettings
from app.rectification.models.findings import Finding
from app.rectification.rules import findings as rules
from app.rectification.rules.findings import (
    DEFAULT_THRESHOLDS,
    RANK,
    Colour,
    Facts,
    RecheckOutcome,
    Standing,
    State,
    ThresholdBook,
    Thresholds,
)


class days_between(GenericFunction[int]):  # noqa: N801
    """Days from the first date to the second."""

    type = sa.Integer()
    inherit_cache = True


@compiles(days_between, "postgresql")
def _days_on_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = element.clauses
    return f"({compiler.process(second, **kw)} - {compiler.process(first, **kw)})"


@compiles(days_between, "sqlite")
def _days_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = element.clauses
    return f"CAST(julianday({compiler.process(second, **kw)}) - julianday({compiler.process(first, **kw)}) AS INTEGER)"


def facts_of(finding: Finding) -> Facts:
    """What is known of a finding."""
    return Facts(
        found_on=finding.found_on,
        deadline=finding.deadline,
        closed_on=finding.closed_on,
        evidence_at=finding.evidence_at,
        returned_at=finding.returned_at,
        applied_at=finding.applied_at,
        rechecked_at=finding.rechecked_at,
        outcome=finding.recheck_outcome,
    )


@once_per_request
def settings() -> Mapping[uuid.UUID, BrigadeSettings]:
    """What brigades have set, by brigade; those that set nothing are not in it. One query a request."""
    return settings_in_force()


@once_per_request
def thresholds() -> ThresholdBook:
    """When findings of each brigade turn yellow."""
    return ThresholdBook(
        own={
            key: Thresholds(days_left=found.yellow_days_left, percent_left=found.yellow_percent_left)
            for key, found in settings().items()
        }
    )


def _percent_left() -> Any:
    """The threshold as SQL, by the brigade of the finding."""
    proposed = DEFAULT_THRESHOLDS.percent_left
    own = {key: one.percent_left for key, one in thresholds().own.items() if one.percent_left != proposed}
    return sa.case(own, value=Finding.brigade_id, else_=proposed) if own else sa.literal(proposed)


def _last_near_day(today: date) -> Any:
    """The last deadline with no more days left than the threshold: dates are compared, days need not be counted."""
    kind, proposed = sa.Date(), DEFAULT_THRESHOLDS.days_left
    last = sa.literal(today + timedelta(days=proposed), kind)
    own = {
        key: sa.literal(today + timedelta(days=one.days_left), kind)
        for key, one in thresholds().own.items()
        if one.days_left != proposed
    }
    return sa.case(own, value=Finding.brigade_id, else_=last) if own else last


def standing_of(finding: Finding, facts: Facts) -> Standing:
    """How a finding stands today, by the thresholds of its brigade."""
    return rules.standing_of(facts, clock.today(), thresholds().of(finding.brigade_id))


def is_overdue(today: date) -> sa.ColumnElement[bool]:
    """rules.is_overdue."""
    return sa.and_(Finding.closed_on.is_(None), Finding.deadline.is_not(None), Finding.deadline < today)


def is_due_soon(today: date) -> sa.ColumnElement[bool]:
    """rules.is_due_soon."""
    left = days_between(sa.literal(today, sa.Date()), Finding.deadline)
    period = days_between(Finding.found_on, Finding.deadline)
    return sa.and_(
        Finding.closed_on.is_(None),
        Finding.deadline.is_not(None),
        Finding.deadline >= today,
        sa.or_(Finding.deadline <= _last_near_day(today), left * 100 <= period * _percent_left()),
    )


def is_near(today: date) -> sa.ColumnElement[bool]:
    """Open, not late, and no more days left than the brigade's threshold."""
    return sa.and_(Finding.closed_on.is_(None), Finding.deadline >= today, Finding.deadline <= _last_near_day(today))


def has_unanswered_evidence() -> sa.ColumnElement[bool]:
    """rules.has_unanswered_evidence."""
    since = sa.or_(Finding.rechecked_at.is_(None), Finding.evidence_at > Finding.rechecked_at)
    return sa.and_(Finding.evidence_at.is_not(None), since)


def was_returned() -> sa.ColumnElement[bool]:
    """rules.was_returned."""
    return sa.and_(
        Finding.closed_on.is_(None),
        Finding.returned_at.is_not(None),
        ~has_unanswered_evidence(),
        sa.or_(Finding.rechecked_at.is_(None), Finding.returned_at > Finding.rechecked_at),
    )


def was_not_accepted() -> sa.ColumnElement[bool]:
    """rules.was_not_accepted."""
    refused = Finding.recheck_outcome.in_([RecheckOutcome.PARTLY, RecheckOutcome.NOT_CORRECTED])
    return sa.and_(Finding.closed_on.is_(None), refused, ~has_unanswered_evidence())


def state(today: date) -> sa.ColumnElement[str]:
    """rules.state_of, as its word."""
    return sa.case(
        (Finding.closed_on.is_not(None), State.CLOSED.value),
        (is_overdue(today), State.OVERDUE.value),
        (has_unanswered_evidence(), State.EVIDENCE_SENT.value),
        (is_due_soon(today), State.DUE_SOON.value),
        else_=State.OPEN.value,
    )


def colour_rank(today: date) -> sa.ColumnElement[int]:
    """The rank of rules.standing_of's colour: 0 green, 1 yellow, 2 red."""
    return sa.case(
        (is_overdue(today), RANK[Colour.RED]),
        (sa.or_(is_due_soon(today), was_returned(), was_not_accepted()), RANK[Colour.YELLOW]),
        else_=RANK[Colour.GREEN],
    )


def is_unseen_since(today: date) -> sa.ColumnElement[bool]:
    """Past a deadline after which no officer has looked."""
    unseen = sa.or_(Finding.looked_on.is_(None), Finding.looked_on <= Finding.deadline)
    return sa.and_(Finding.deadline.is_not(None), Finding.deadline < today, unseen)


def awaits_recheck(today: date) -> sa.ColumnElement[bool]:
    """rules.awaits_recheck: asked for, or past a deadline after which nobody has looked."""
    return sa.and_(Finding.closed_on.is_(None), sa.or_(Finding.applied_at.is_not(None), is_unseen_since(today)))
