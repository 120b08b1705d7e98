"""Taking in the taps of a live drill, from any number of watchers, in any order, any number of times."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.drills.models import Drill, DrillPlan, DrillTap
from app.drills.queries import plans as queries
from app.drills.rules import Figures, live
from app.drills.rules.live import Standing, TapKind
from app.drills.rules.plans import MOST_HEADS, PlanState, Post
from app.drills.service.plans import hold
from app.logbook import service as logbook

#: So long after its end a drill still takes taps that were made during it, or a correction.
OPEN_AFTER = timedelta(days=7)
MOST_TAPS = 200


class TapStatus(enum.StrEnum):
    """What became of a tap. One that came before the signal is known is not kept: the sender sends it again."""

    KEPT = "kept"
    SAME = "same"
    EARLY = "early"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class NewTap:
    """One tap as a watcher's page sends it. `said_at` and `offset_ms`: its own clock, and how far that is behind ours."""

    op_id: uuid.UUID
    kind: TapKind
    key: str = ""
    present: int | None = None
    elsewhere: int = 0
    undoes: uuid.UUID | None = None
    said_at: datetime | None = None
    offset_ms: int | None = None


def _check_open(plan: DrillPlan) -> None:
    if plan.state is not PlanState.READY:
        raise DomainError(_("方案还没有定稿或已撤回，不能开始演练。"), code="not_ready")
    if plan.finished_at is not None and clock.now() > plan.finished_at + OPEN_AFTER:
        raise DomainError(_("演练结束已超过七天，不能再补充。"), code="over")


def _fits(plan: DrillPlan, tap: NewTap) -> bool:
    if tap.kind is TapKind.HEADS:
        known = tap.key in {line.key for line in plan.class_lines}
        return known and tap.present is not None and 0 <= tap.present <= MOST_HEADS and 0 <= tap.elsewhere <= MOST_HEADS
    if tap.kind is TapKind.STAIR:
        return tap.key in {line.key for line in plan.guide_lines}
    return tap.kind is not TapKind.UNDO or tap.undoes is not None


def _may_undo(plan: DrillPlan, tap: NewTap, known: dict[uuid.UUID, DrillTap]) -> bool:
    """An end is not taken back: the record is withdrawn instead. Nor the signal of a drill that has ended."""
    other = known.get(tap.undoes) if tap.undoes else None
    if other is None or other.plan_id != plan.id or other.kind is TapKind.FINISH:
        return False
    return other.kind is not TapKind.SIGNAL or plan.finished_at is None


def apply(
    viewer: Viewer, plan: DrillPlan, taps: Sequence[NewTap], *, said_now: datetime | None = None
) -> list[TapStatus]:
    """Keep these taps, and tell of each what became of it. `said_now`: what the sender's clock says as it sends."""
    hold(plan)
    _check_open(plan)
    now, known = clock.now(), queries.taps_by_id(plan)
    elsewhere = queries.taken_elsewhere(plan, [tap.op_id for tap in taps])
    statuses: list[TapStatus] = []
    began = queries.standing(plan, known.values()).signal_at is not None
    for tap in taps:
        status = _status(plan, tap, known, elsewhere, began=began)
        if status is TapStatus.KEPT:
            known[tap.op_id] = _kept(viewer, plan, tap, said_now=said_now, now=now)
            began = began or tap.kind is TapKind.SIGNAL
        statuses.append(status)
    if TapStatus.KEPT in statuses:
        db.session.flush()
        _settle(viewer, plan, queries.standing(plan, known.values()))
    return statuses


def _status(
    plan: DrillPlan, tap: NewTap, known: dict[uuid.UUID, DrillTap], elsewhere: set[uuid.UUID], *, began: bool
) -> TapStatus:
    if tap.op_id in known:
        return TapStatus.SAME
    if tap.op_id in elsewhere or not _fits(plan, tap):
        return TapStatus.REFUSED
    if tap.kind is TapKind.UNDO and not _may_undo(plan, tap, known):
        return TapStatus.REFUSED
    return TapStatus.KEPT if began or tap.kind is TapKind.SIGNAL else TapStatus.EARLY


def _kept(viewer: Viewer, plan: DrillPlan, tap: NewTap, *, said_now: datetime | None, now: datetime) -> DrillTap:
    at = now
    if tap.said_at is not None:
        at = live.corrected(tap.said_at, offset_ms=tap.offset_ms, said_now=said_now, now=now)
    plan.version += 1
    row = DrillTap(
        op_id=tap.op_id,
        plan_id=plan.id,
        number=plan.version,
        kind=tap.kind,
        key=tap.key,
        present=tap.present,
        elsewhere=tap.elsewhere,
        undoes=tap.undoes,
        at=at,
        said_at=tap.said_at,
        offset_ms=tap.offset_ms,
        by_id=viewer.person_id,
        by_name=viewer.name,
        received_at=now,
    )
    db.session.add(row)
    return row


def _settle(viewer: Viewer, plan: DrillPlan, standing: Standing) -> None:
    """Bring the plan, and the record of a drill that has ended, in line with its taps."""
    if plan.signal_at is None and standing.signal_at is not None:
        audit.record(viewer, "start_drill", subject="drill_plan", subject_id=plan.id, detail={})
    plan.signal_at, plan.finished_at = standing.signal_at, standing.finished_at
    db.session.flush()
    if standing.finished_at is not None and standing.signal_at is not None:
        _record(viewer, plan, standing)


def _figures(standing: Standing) -> Figures:
    figures = standing.figures
    first, last = figures.first_out_s, figures.last_out_s
    if first is not None and last is not None and last < first:
        return replace(figures, first_out_s=None)  # the last one out is told by whoever saw the last exit
    return figures


def _record(viewer: Viewer, plan: DrillPlan, standing: Standing) -> None:
    drill = queries.drill_of(plan)
    if drill is not None and drill.withdrawn_at is not None:
        return  # what was taken back stays as it was; the taps are kept
    is_new = drill is None
    if drill is None:
        drill = Drill(
            id=new_id(),
            plan_id=plan.id,
            school_id=plan.school_id,
            building_id=plan.building_id,
            kind=plan.kind,
            led_by=str(plan.posts.get(Post.COMMAND.value, ""))[:80],
            scenario=plan.scenario,
            signal=plan.signal,
            logged_by_id=viewer.person_id,
        )
    drill.held_at = standing.signal_at or clock.now()
    for name, value in vars(_figures(standing)).items():
        setattr(drill, name, value)
    drill.classes = [
        {
            "name": one.line.name,
            "expected": one.line.expected,
            "present": one.present,
            "elsewhere": one.elsewhere,
            "missing": one.missing,
            "seconds": standing.since_signal(one.at),
        }
        for one in standing.classes
    ]
    drill.stairs = [{"place": line.place, "seconds": standing.since_signal(at)} for line, at in standing.stairs]
    if is_new:
        logbook.keep(viewer, drill, (), sort="kind", about=plan.kind.value)
    db.session.flush()
