"""The words for visits."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.planning.models import VisitState

STATES = {
    VisitState.PLANNED: _l("已计划"),
    VisitState.UNDER_WAY: _l("进行中"),
    VisitState.DONE: _l("已完成"),
    VisitState.CANCELLED: _l("已取消"),
}
LOOKS = {
    VisitState.PLANNED: "info",
    VisitState.UNDER_WAY: "warn",
    VisitState.DONE: "ok",
    VisitState.CANCELLED: "na",
}
