"""Patrol points, routes and rounds of a school."""

from __future__ import annotations

import uuid
from typing import Any

from app.core.extensions import db
from app.equipment.rules import tags
from app.regulations.queries import current_checklist
from app.selfchecks.models import OwnCheck, OwnTodo, PatrolPoint, PatrolRound, PatrolRoute
from app.selfchecks.rules.checks import CheckForm
from app.selfchecks.rules.rounds import RouteKind
from app.selfchecks.rules.todos import TodoSource
from app.selfchecks.service.walking import kept_stops


def point(school_id: uuid.UUID, by: uuid.UUID, name: str = "东楼梯", **more: Any) -> PatrolPoint:
    """A point with a code of its own."""
    row = PatrolPoint(**{"school_id": school_id, "name": name, "code": tags.new_code(), "made_by_id": by} | more)
    db.session.add(row)
    db.session.flush()
    return row


def route(school_id: uuid.UUID, by: uuid.UUID, points: list[PatrolPoint], **more: Any) -> PatrolRoute:
    """A daily route over these points."""
    values: dict[str, Any] = {
        "school_id": school_id, "kind": RouteKind.DAILY, "name": "每日巡查", "stops": [str(one.id) for one in points],
        "made_by_id": by,
    }  # fmt: skip
    row = PatrolRoute(**values | more)
    db.session.add(row)
    db.session.flush()
    return row


def round_on(of: PatrolRoute, by: uuid.UUID, **more: Any) -> PatrolRound:
    """A round of the route that has just begun."""
    values: dict[str, Any] = {
        "school_id": of.school_id, "route_id": of.id, "kind": of.kind, "name": of.name, "stops": kept_stops(of),
        "done_by": "索南", "started_by_id": by,
    }  # fmt: skip
    row = PatrolRound(**values | more)
    db.session.add(row)
    db.session.flush()
    return row


def check(school_id: uuid.UUID, by: uuid.UUID, **more: Any) -> OwnCheck:
    """The kitchen's list, just begun."""
    values: dict[str, Any] = {
        "school_id": school_id, "form": CheckForm.KITCHEN, "pack_version_id": current_checklist().version_id, "done_by": "拉姆",
        "started_by_id": by,
    }  # fmt: skip
    row = OwnCheck(**values | more)
    db.session.add(row)
    db.session.flush()
    return row


def todo(of: PatrolRound, **more: Any) -> OwnTodo:
    """Something a round brought to light."""
    values: dict[str, Any] = {
        "school_id": of.school_id, "source": TodoSource.PATROL, "source_id": of.id, "item": of.stops[0]["point"],
        "where": "东楼梯", "text": "防火门被顶开", "found_at": of.started_at,
    }  # fmt: skip
    row = OwnTodo(**values | more)
    db.session.add(row)
    db.session.flush()
    return row
