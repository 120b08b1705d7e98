"""What a hand-over of schools means for visits that are planned there: they are shown, and go over to who receives the schools."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.accounts import queries as accounts
from app.audit import service as audit
from app.core.extensions import db
from app.planning.models.visits import Visit, VisitState
from app.planning.queries.visits import OPEN
from app.planning.service.visits import OFFICERS
from app.teams import queries as teams
from app.teams.brought import Counts, Kind, Moving, register_brought, register_mover


def _count(school_ids: Collection[uuid.UUID]) -> Counts:
    rows = db.session.execute(
        sa.select(Visit.school_id, sa.func.count())
        .where(Visit.school_id.in_(list(school_ids)), Visit.state.in_(OPEN))
        .group_by(Visit.school_id)
    )
    return dict(rows.all())


def _move(moving: Moving) -> int:
    """Visits from the day on that one of those who give the schools leads are led by who receives them."""
    able = {one.id for one in accounts.colleagues(moving.viewer, roles=OFFICERS)}
    takers = [one for one in moving.takers if one in able]
    if not takers:
        return 0
    visits = db.session.scalars(
        sa.select(Visit).where(
            Visit.school_id.in_(list(moving.school_ids)),
            Visit.state == VisitState.PLANNED,
            Visit.planned_on >= moving.from_day,
        )
    )
    moved = [visit for visit in visits if _take(visit, takers, moving.givers)]
    details = [(visit.id, {"lead": str(visit.lead_id), "second": str(visit.second_id or "")}) for visit in moved]
    audit.record_many(moving.viewer, "hand_over_visit", subject="visit", details=details)
    return len(moved)


def _take(visit: Visit, takers: list[uuid.UUID], givers: Collection[uuid.UUID]) -> bool:
    """The first who receives leads; a second officer of the givers' is replaced by the next who receives, if there is one."""
    if visit.lead_id in takers or (givers and visit.lead_id not in givers):
        return False
    visit.lead_id = takers[0]
    if visit.second_id in givers or visit.second_id == visit.lead_id:
        visit.second_id = takers[1] if len(takers) > 1 else None
    return True


def proposed_officers(school_id: uuid.UUID, known: Collection[uuid.UUID]) -> list[uuid.UUID]:
    """Who of those known would go to a school by its team: its officer, then the leader, then the others; at most two."""
    answering = teams.answering_for(school_id)
    return [one for one in answering.people if one in known][:2] if answering else []


register_brought(Kind("visits", _l("计划或进行中的检查"), 30, _count, lambda school_id: f"/schools/{school_id}"))
register_mover("visits", _move)
