"""One step of a complaint: the state by the table, a line in its timeline, an entry in the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.planning.models.complaints import Complaint, ComplaintEvent
from app.planning.models.visits import Visit
from app.planning.rules.complaints import Act, ComplaintState, next_state


def note(viewer: Viewer | None, complaint: Complaint, act: str, **detail: Any) -> None:
    """Add a line to the timeline and to the audit trail. `detail` must never say who complained."""
    db.session.add(
        ComplaintEvent(
            complaint_id=complaint.id,
            by_id=viewer.person_id if viewer else None,
            by_name=viewer.name if viewer else "",
            act=act,
            detail=detail,
        )
    )
    db.session.flush()
    detail = {"number": complaint.number, **detail}
    audit.record(viewer, f"complaint_{act}", subject="complaint", subject_id=complaint.id, detail=detail)


def check(complaint: Complaint, act: Act) -> ComplaintState:
    """Where the act leads. Raises DomainError where it may not be done now."""
    to = next_state(complaint.state, act)
    if to is None:
        raise DomainError(_("这件投诉的状态已变化，不能进行这一步。请刷新后查看。"))
    return to


def advance(viewer: Viewer | None, complaint: Complaint, act: Act, **detail: Any) -> None:
    """Do one step of the table and write it down; what the step needs is set on the complaint before."""
    complaint.state = check(complaint, act)
    note(viewer, complaint, act.value, **detail)


def _of(visit: Visit) -> list[Complaint]:
    waiting = sa.select(Complaint).where(Complaint.visit_id == visit.id, Complaint.state == ComplaintState.PLANNED)
    return list(db.session.scalars(waiting.order_by(Complaint.id)))


def arrived(viewer: Viewer, visit: Visit, *, at: datetime) -> None:
    """The officers are on site: the clocks of the complaints that the visit is for stop."""
    for complaint in _of(visit):
        complaint.visited_at = min(max(at, complaint.received_at), clock.now())
        advance(viewer, complaint, Act.ARRIVE, visit=str(visit.id))


def visit_cancelled(viewer: Viewer, visit: Visit) -> None:
    """The visit will not be: its complaints wait for another one."""
    for complaint in _of(visit):
        complaint.state, complaint.visit_id = check(complaint, Act.UNPLAN), None
        note(viewer, complaint, Act.UNPLAN.value, reason=visit.cancelled_reason)
