"""What other pages show of tablets: what waits to be settled, the way to work offline, and to who reviews what travelled along."""

from __future__ import annotations

from typing import Any

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.panels import register_panel
from app.planning import queries as planning
from app.sync.queries import kept, traces


def _of_home(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    # The leader's day is full of figures already; the list of inspections leads there.
    if not viewer.may(Permission.INSPECT) or viewer.may(Permission.WITHDRAW_INSPECTIONS):
        return None
    count = kept.waiting(viewer)
    return {"count": count} if count else None


def _offline(viewer: Viewer, _subject: Any) -> dict[str, Any] | None:
    return {} if viewer.may(Permission.INSPECT) else None


def _of_own_school(viewer: Viewer, _school: Any) -> dict[str, Any] | None:
    return {} if viewer.is_school and viewer.may(Permission.USE_TABLETS) else None


def _of_school(viewer: Viewer, school: Any) -> dict[str, Any] | None:
    may = viewer.may(Permission.INSPECT) and planning.may_visit(viewer, school)
    return {"school": school} if may else None


def _of_inspection(viewer: Viewer, inspection: Any) -> dict[str, Any] | None:
    """For the leader of the brigade that inspected: nobody else is asked, and nobody is judged."""
    return {"inspection": inspection} if traces.may_review(viewer, inspection) else None


register_panel("inspection", order=40, template="sync/traces_panel.html", context=_of_inspection)
register_panel("day", order=5, template="sync/home_panel.html", context=_of_home)
register_panel("day", order=12, template="sync/offline_panel.html", context=_offline)
register_panel("portal", order=65, template="sync/portal_panel.html", context=_of_own_school)
register_panel("school", order=16, template="sync/school_panel.html", context=_of_school)
