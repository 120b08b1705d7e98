"""Values that the papers of orders have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _

from app.documents.kinds import Picture


@dataclass(frozen=True, kw_only=True)
class Unit:
    """The inspected unit as it was on the day. Empty values print as a stroke."""

    name: str
    name_bo: str = ""
    address: str = ""
    responsible: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault on a paper. `clause` holds only what may print as law; `photos` are numbers in the annex."""

    number: int
    where: str
    text: str
    violation: str = ""
    clause: str = ""
    deadline: date | None = None
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The block of the archive copy in which the party says that it has the paper, or a witness that it refused."""

    name: str = ""
    post: str = ""
    signature: Picture | None = None
    at: datetime | None = None
    refusal: str = ""
    witness: str = ""
    witness_signature: Picture | None = None


#: Nobody has signed yet: space for ink.
NO_RECEIPT = Receipt()


def positions(numbers: Iterable[int]) -> str:
    """Numbers in words, longer runs drawn together: 1、3至6."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return str(_("、")).join(part for run in runs for part in _run(run))


def _run(run: list[int]) -> list[str]:
    if len(run) < 3:
        return [str(number) for number in run]
    return [str(_("%(first)s至%(last)s", first=run[0], last=run[-1]))]


def by_deadline(problems: Iterable[Problem]) -> tuple[tuple[date, str], ...]:
    """Each deadline with the problems it is for, in words, the earliest first."""
    found: dict[date, list[int]] = {}
    for problem in problems:
        if problem.deadline is not None:
            found.setdefault(problem.deadline, []).append(problem.number)
    return tuple((deadline, positions(found[deadline])) for deadline in sorted(found))
