"""What an attempt to apply an operation ends in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.accounts.viewer import Viewer
from app.core import clock
from app.sync.reading import Operation
from app.sync.rules import OpState, Reason, corrected
from app.sync.service.known import Known
from app.sync.words import NOTES, REASONS


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an operation. `detail` goes to the tablet as it is; `waits_for` is the file that is not here."""

    state: OpState = OpState.APPLIED
    reason: str = ""
    message: str = ""
    rev: int | None = None
    waits_for: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


class Kept(Exception):
    """The operation is kept and not applied; whatever the attempt wrote is taken back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


def held(reason: Reason, message: str = "", *, waits_for: str = "", **detail: Any) -> Kept:
    """The operation waits."""
    said = message or str(REASONS[reason])
    return Kept(
        Outcome(state=OpState.HELD, reason=reason.value, message=said[:400], waits_for=waits_for, detail=detail)
    )


def rejected(reason: Reason, message: str = "") -> Kept:
    """The operation makes no sense."""
    return Kept(Outcome(state=OpState.REJECTED, reason=reason.value, message=(message or str(REASONS[reason]))[:400]))


def noted(rev: int | None, *notes: str) -> Outcome:
    """Applied, with something that the officer should know."""
    if not notes:
        return Outcome(rev=rev)
    return Outcome(rev=rev, message=" ".join(str(NOTES[one]) for one in notes)[:400], detail={"note": notes[0]})


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One operation to be applied: in whose name, from which tablet, when by our clock, and what is known in its transaction."""

    op: Operation
    author: Viewer
    device: str
    at: datetime
    clock_offset_s: float | None = None
    known: Known = field(default_factory=Known, repr=False)

    def by_our_clock(self, moment: datetime) -> datetime:
        """Another moment that the tablet told."""
        return corrected(moment, offset=timedelta(seconds=self.clock_offset_s or 0), server_now=clock.now())
