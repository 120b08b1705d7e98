"""What holds for every record beside the orders: its steps as a table, who may take them, what kinds there are."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from app.accounts.policy import Permission


class RecordKind(enum.StrEnum):
    """What a timeline or a scan belongs to."""

    MAJOR = "major_hazard"
    SEALING = "sealing"
    TRANSFER = "transfer"


class AuthorityKind(enum.StrEnum):
    """Who else may be competent."""

    HOUSING = "housing"
    EDUCATION = "education"
    GAS = "gas"
    POWER = "power"
    MARKET = "market"
    POLICE = "police"
    GOVERNMENT = "government"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class RecordStep:
    """One row of a table of steps. `needs`: the permission; `not_finder`: not by an officer of the visit."""

    at: str
    act: str
    to: str
    needs: Permission
    not_finder: bool = False


def step_of(steps: Iterable[RecordStep], at: str, act: str) -> RecordStep | None:
    """The row for an act in a state, or None where the table has none."""
    return next((step for step in steps if (step.at, step.act) == (at, act)), None)


def acts_of(steps: Iterable[RecordStep], at: str, *, permissions: Iterable[str], is_finder: bool) -> tuple[str, ...]:
    """What somebody may do with a record now: the buttons of its page."""
    held = frozenset(permissions)
    return tuple(
        step.act for step in steps if step.at == at and step.needs in held and not (step.not_finder and is_finder)
    )
