"""Planning a measure, reporting it done, cancelling it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Role
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.measures.models import Measure
from app.measures.rules import MeasureKind, days_of
from app.teams import queries as teams

#: Who of a brigade may answer for a measure.
ANSWERING = frozenset({Role.INSPECTOR, Role.LEADER, Role.OFFICE, Role.STATION})


@dataclass(frozen=True, kw_only=True)
class NewMeasure:
    """A measure as planned; see models.Measure."""

    year: int
    quarter: int | None
    kind: MeasureKind
    title: str
    school_kinds: Sequence[str] = field(default_factory=list)
    team_id: uuid.UUID | None = None
    target: int | None = None
    due_on: date
    answers_id: uuid.UUID


def _record(viewer: Viewer, act: str, measure: Measure, **detail: object) -> None:
    audit.record(viewer, act, subject="measure", subject_id=measure.id, detail=detail)
    db.session.flush()


def plan(viewer: Viewer, *, measure_id: uuid.UUID, new: NewMeasure) -> Measure:
    """Put a measure into the plan of the viewer's brigade. The same id twice plans it once."""
    known = db.session.get(Measure, measure_id)
    if known is not None:
        if known.brigade_id != viewer.own_brigade_id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    if viewer.own_brigade_id is None:
        raise DomainError(_("只有消防救援大队可以列工作计划。"), code="no_brigade")
    first, last = days_of(new.year, new.quarter)
    if not first <= new.due_on <= last:
        raise DomainError(_("完成期限要在计划的年度或季度之内。"), field="due_on", code="outside")
    if new.answers_id not in {one.id for one in accounts.holders([viewer.own_brigade_id], roles=ANSWERING)}:
        raise DomainError(_("负责人须是本大队的在岗人员。"), field="answers", code="not_ours")
    team = teams.team(viewer, new.team_id) if new.team_id else None
    if new.team_id and (team is None or team.brigade_id != viewer.own_brigade_id):
        raise DomainError(_("接收的分组须是本大队的。"), field="team", code="not_ours")
    row = Measure(id=measure_id, brigade_id=viewer.own_brigade_id, made_by_id=viewer.person_id, **asdict(new))
    row.school_kinds = list(new.school_kinds)
    db.session.add(row)
    db.session.flush()
    _record(viewer, "plan_measure", row, title=row.title, due=row.due_on.isoformat())
    return row


def finish(viewer: Viewer, measure: Measure, *, done_on: date, words: str, late_reason: str = "") -> None:
    """Report a measure done, with what was done; after its day also with the reason. Twice keeps the first."""
    if measure.done_on is not None:
        return
    if measure.cancelled_at is not None:
        raise DomainError(_("这项措施已取消。"), code="cancelled")
    if not words.strip():
        raise DomainError(_("请写明完成情况。"), field="words", code="words_missing")
    if done_on > clock.today():
        raise DomainError(_("日期不能晚于今天。"), field="done_on", code="future")
    if done_on < days_of(measure.year, None)[0]:
        raise DomainError(_("日期早于计划的年度，请核对。"), field="done_on", code="too_early")
    if done_on > measure.due_on and not late_reason.strip():
        raise DomainError(_("逾期完成须写明原因。"), field="late_reason", code="reason_missing")
    measure.done_on, measure.done_words, measure.done_by_id = done_on, words.strip(), viewer.person_id
    measure.late_reason = late_reason.strip()[:300]
    _record(viewer, "finish_measure", measure, on=done_on.isoformat(), words=measure.done_words)


def cancel(viewer: Viewer, measure: Measure, *, reason: str) -> None:
    """Take a measure out of the plan, with the reason. Twice does no harm."""
    if measure.cancelled_at is not None:
        return
    if measure.done_on is not None:
        raise DomainError(_("已完成的措施不能取消。"), code="done")
    if not reason.strip():
        raise DomainError(_("取消须写明理由。"), field="reason", code="reason_missing")
    measure.cancelled_at, measure.cancelled_reason = clock.now(), reason.strip()[:300]
    _record(viewer, "cancel_measure", measure, reason=measure.cancelled_reason)
