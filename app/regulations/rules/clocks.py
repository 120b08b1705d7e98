"""Every clock of the law as one table: how long, in which kind of days, by which clause and how sure that is. DOMAIN §2.12."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core import clock
from app.regulations.rules.calendars import Calendar, Gap, add_workdays, day_after_workdays
from app.regulations.rules.items import Clause, Evidence


class ClockKind(enum.StrEnum):
    """What a clock runs for."""

    SERVE = "serve"
    SERVE_AT_ONCE = "serve_at_once"
    RECHECK = "recheck"
    MAJOR_PROPOSAL = "major_proposal"
    MAJOR_PROPOSAL_EXPERTS = "major_proposal_experts"
    MAJOR_NOTICE = "major_notice"
    SEAL_DOCUMENT = "seal_document"
    SEAL_DOCUMENT_URGENT = "seal_document_urgent"
    SEAL_TERM = "seal_term"
    UNSEAL_CHECK = "unseal_check"
    UNSEAL_DECISION = "unseal_decision"
    RESUME_CHECK = "resume_check"
    RESUME_DECISION = "resume_decision"
    COMPLAINT_URGENT = "complaint_urgent"
    COMPLAINT = "complaint"
    POLICE_REFERRAL = "police_referral"
    PENALTY_DECISION = "penalty_decision"
    HEARING_REQUEST = "hearing_request"
    FINE_PAYMENT = "fine_payment"


class Unit(enum.StrEnum):
    """What a clock counts."""

    WORKDAYS = "workdays"
    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long a clock runs. `of_party`: the school's or the punished one's time, which never alarms the brigade."""

    amount: int
    unit: Unit
    clause: Clause
    of_party: bool = False


def _inspection_rules(article: str, evidence: Evidence = Evidence.FOUND) -> Clause:
    return Clause(f"消防监督检查规定{article}", evidence)


def _penalty_law(article: str) -> Clause:
    return Clause(f"行政处罚法{article}", Evidence.FOUND)


_KNOWN, _UNSURE = Evidence.KNOWLEDGE, Evidence.UNSURE
_WD, _DAYS, _HOURS = Unit.WORKDAYS, Unit.DAYS, Unit.HOURS

CLOCKS: Mapping[ClockKind, ClockRule] = {
    ClockKind.SERVE: ClockRule(3, _WD, _inspection_rules("第十九条")),
    ClockKind.SERVE_AT_ONCE: ClockRule(0, _DAYS, _inspection_rules("第十九条")),
    ClockKind.RECHECK: ClockRule(3, _WD, _inspection_rules("第二十条")),
    ClockKind.MAJOR_PROPOSAL: ClockRule(7, _WD, _inspection_rules("第二十一条")),
    # The expert review adds ten working days to the seven.
    ClockKind.MAJOR_PROPOSAL_EXPERTS: ClockRule(17, _WD, _inspection_rules("第二十一条")),
    ClockKind.MAJOR_NOTICE: ClockRule(3, _WD, _inspection_rules("第二十一条")),
    ClockKind.SEAL_DOCUMENT: ClockRule(3, _WD, _inspection_rules("第二十三条")),
    ClockKind.SEAL_DOCUMENT_URGENT: ClockRule(24, _HOURS, _inspection_rules("第二十三条")),
    ClockKind.SEAL_TERM: ClockRule(30, _DAYS, _inspection_rules("第二十二条", _KNOWN)),
    ClockKind.UNSEAL_CHECK: ClockRule(3, _WD, _inspection_rules("第二十五条", _KNOWN)),
    ClockKind.UNSEAL_DECISION: ClockRule(3, _WD, _inspection_rules("第二十五条", _KNOWN)),
    ClockKind.RESUME_CHECK: ClockRule(3, _WD, _inspection_rules("第二十八条", _UNSURE)),
    ClockKind.RESUME_DECISION: ClockRule(3, _WD, _inspection_rules("第二十八条", _UNSURE)),
    ClockKind.COMPLAINT_URGENT: ClockRule(24, _HOURS, _inspection_rules("第十八条", _KNOWN)),
    ClockKind.COMPLAINT: ClockRule(3, _WD, _inspection_rules("第十八条", _KNOWN)),
    ClockKind.POLICE_REFERRAL: ClockRule(5, _WD, _inspection_rules("第三十一条至第三十三条")),
    ClockKind.PENALTY_DECISION: ClockRule(90, _DAYS, _penalty_law("第六十条")),
    # "Five days" of this law are working days (Art. 85); fifteen and ninety are calendar days.
    ClockKind.HEARING_REQUEST: ClockRule(5, _WD, _penalty_law("第六十四条"), of_party=True),
    ClockKind.FINE_PAYMENT: ClockRule(15, _DAYS, _penalty_law("第六十七条"), of_party=True),
}


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock runs out: the last day that is in time, or the moment where hours count.

    `gaps`: what of the calendar is not entered on the way; such days were counted as Monday to Friday.
    """

    day: date
    moment: datetime | None = None
    gaps: tuple[Gap, ...] = ()

    def is_late(self, now: datetime, today: date) -> bool:
        """Whether the time is over; the last day itself is still in time."""
        return now > self.moment if self.moment is not None else today > self.day


def due_of(kind: ClockKind, start: date | datetime, calendar: Calendar, *, with_gaps: bool = True) -> Due:
    """When a clock that started then runs out. The day it starts on is not counted; hours count from the minute.

    Thousands of clocks are put in order without asking what the calendar lacks (`with_gaps`).
    """
    rule = CLOCKS[kind]
    if rule.unit is Unit.HOURS:
        if not isinstance(start, datetime):
            raise TypeError(f"the clock {kind} counts hours and needs the moment it started")
        ends = start + timedelta(hours=rule.amount)
        return Due(clock.day_of(ends), ends)
    day = clock.day_of(start) if isinstance(start, datetime) else start
    if rule.unit is Unit.DAYS:
        return Due(day + timedelta(days=rule.amount))
    if not with_gaps:
        return Due(day_after_workdays(day, rule.amount, calendar))
    reckoned = add_workdays(day, rule.amount, calendar)
    return Due(reckoned.day, None, reckoned.gaps)
