"""Judging a drill: the items of the guide of 2014, and comparing it with the drills before. DOMAIN §1.4, §4.4."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass


class Point(enum.StrEnum):
    """What is looked at. 教基一厅〔2014〕2号."""

    SIGNAL_HEARD = "signal_heard"
    TIME = "time"
    HEAD_COUNT = "head_count"
    ROUTE = "route"
    STAIRS = "stairs"
    POSTURE = "posture"
    TEACHERS = "teachers"
    ASSEMBLY = "assembly"


class Grade(enum.StrEnum):
    """How it was done."""

    DONE = "done"
    PARTLY = "partly"
    NOT_DONE = "not_done"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, kw_only=True)
class Step:
    """One drill in the row of those before it. `change_s`: seconds longer (+) or shorter (−) than the one before."""

    last_out_s: int | None
    change_s: int | None


def trend(last_outs: Sequence[int | None]) -> list[Step]:
    """Each drill against the last one before it that has a time; given and returned oldest first."""
    steps: list[Step] = []
    before: int | None = None
    for seconds in last_outs:
        change = seconds - before if seconds is not None and before is not None else None
        steps.append(Step(last_out_s=seconds, change_s=change))
        before = seconds if seconds is not None else before
    return steps
