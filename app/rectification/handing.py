"""What a hand-over of schools shows of findings and orders that are open there."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.core.extensions import db
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order
from app.rectification.rules.machine import IN_FORCE, IN_PREPARATION
from app.teams.brought import Counts, Kind, register_brought


def _counted(school: Any, is_open: sa.ColumnElement[bool], school_ids: Collection[uuid.UUID]) -> Counts:
    query = sa.select(school, sa.func.count()).where(school.in_(list(school_ids)), is_open).group_by(school)
    return dict(db.session.execute(query).all())


def _findings(school_ids: Collection[uuid.UUID]) -> Counts:
    return _counted(Finding.school_id, Finding.closed_on.is_(None), school_ids)


def _orders(school_ids: Collection[uuid.UUID]) -> Counts:
    return _counted(Order.school_id, Order.state.in_(IN_PREPARATION | IN_FORCE), school_ids)


register_brought(Kind("findings", _l("未销号的隐患"), 10, _findings, lambda one: f"/findings?school={one}"))
register_brought(Kind("orders", _l("在办的责令文书"), 20, _orders, lambda one: f"/orders?school={one}"))
