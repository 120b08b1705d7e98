"""A duty of the pack: whom it binds, what fulfils it, whether it only informs until a brigade takes it on. DOMAIN §1.13, §4.5."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from app.duties.rules.periods import Per


class Source(StrEnum):
    """Where it is recorded that a duty was done."""

    DRILL = "drill"
    TRAINING = "training"
    SELF_CHECK = "self_check"
    REPORT = "report"


#: Evidence marks of clauses that oblige nobody until the brigade takes the rule on. DOMAIN §0.
_INFORMS = frozenset({"unsure", "proposal"})

_EVACUATIONS = ("evacuation", "fire_plan", "night", "earthquake")

#: Which drills or audiences count for a duty. An earthquake drill empties the building too, but is no fire drill [P].
_COUNTED: Mapping[str, tuple[str, ...]] = {
    "evacuation_drill": _EVACUATIONS,
    "evacuation_drill_kindergarten": _EVACUATIONS,
    "evacuation_drill_term": ("evacuation", "fire_plan", "night"),
    "college_drill": _EVACUATIONS,
    "night_drill": ("night",),
    "fire_plan_drill": ("fire_plan",),
    "fire_plan_drill_half_year": ("fire_plan",),
    "staff_training": ("all_staff", "teachers"),
    "newcomer_training": ("new_staff",),
    "warden_training": ("wardens",),
    "pupil_lessons": ("pupils",),
    "freshmen_hours": ("pupils",),
}

#: Class hours that a period needs, where hours count and not sessions. 28号令.
_HOURS: Mapping[str, Decimal] = {"freshmen_hours": Decimal(4)}


@dataclass(frozen=True)
class Duty:
    """One duty rule of a pack version."""

    content: Mapping[str, Any]

    @property
    def code(self) -> str:
        """The rule's code, e.g. evacuation_drill."""
        return str(self.content["code"])

    @cached_property
    def per(self) -> Per:
        """How often it is owed."""
        return Per(self.content["per"])

    @cached_property
    def source(self) -> Source:
        """Where its fulfilment is recorded."""
        return Source(self.content["fulfilled_by"])

    @property
    def in_term_only(self) -> bool:
        """Whether only months with school count."""
        return bool(self.content.get("in_term_only"))

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The kinds of drill or audiences of a training that fulfil it; for what the school records itself, its own code."""
        if self.source in (Source.SELF_CHECK, Source.REPORT):
            return (self.code,)
        everything = _EVACUATIONS if self.source is Source.DRILL else ("all_staff", "teachers")
        return _COUNTED.get(self.code, everything)

    @property
    def counts_hours(self) -> bool:
        """Whether class hours are added up; else sessions are counted."""
        return self.code in _HOURS

    @property
    def needed(self) -> Decimal:
        """How much one period needs: times, or class hours."""
        return _HOURS.get(self.code, Decimal(1))

    @property
    def has_periods(self) -> bool:
        """Whether it is counted by the calendar; rounds by the hour and newcomers are not."""
        return self.per not in (Per.HOUR, Per.NEW_POST)

    @cached_property
    def is_unsure(self) -> bool:
        """Whether all its sources are unsure or proposed."""
        return all(clause["evidence"] in _INFORMS for clause in self.content["basis"])

    @property
    def only_informs(self) -> bool:
        """Whether nobody is blamed until the brigade takes it on.

        So with unsure sources; and with what a school records by itself, because until the brigade asks for it here it
        stands on paper, and what stands on paper is not missed.
        """
        return self.is_unsure or self.source in (Source.SELF_CHECK, Source.REPORT)

    def binds(self, traits: Collection[str]) -> bool:
        """Whether it is owed by a school with these types, flags and facilities."""
        if set(self.content.get("except", ())) & set(traits):
            return False
        wanted = set(self.content["for"])
        return "all" in wanted or bool(wanted & set(traits))


@dataclass(frozen=True, slots=True)
class Phase:
    """What a school was from a day on."""

    since: date
    traits: frozenset[str]


def traits_on(phases: Sequence[Phase], day: date) -> frozenset[str] | None:
    """What a school was on a day; None before it was on record. `phases` in order of their days."""
    found = None
    for phase in phases:
        if phase.since > day:
            break
        found = phase.traits
    return found
