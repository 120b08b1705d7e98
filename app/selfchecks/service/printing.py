"""Asking for labels and sheets; the worker makes them."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.core.jobs import Job, enqueue
from app.schools.models import School
from app.selfchecks.models import PatrolRoute
from app.selfchecks.queries import patrols
from app.selfchecks.queries.printing import LABELS, SHEET
from app.selfchecks.service.walking import kept_stops


def print_labels(viewer: Viewer, school: School, *, language: str) -> Job:
    """The labels of all points in use."""
    if not patrols.points_of(school.id):
        raise DomainError(_("还没有巡查点，请先添加。"), code="no_points")
    return enqueue(LABELS, {"school": str(school.id), "language": language}, by=viewer.person_id)


def print_sheet(viewer: Viewer, route: PatrolRoute, *, language: str) -> Job:
    """The paper sheet of a route."""
    if not kept_stops(route):
        raise DomainError(_("这条路线还没有巡查点，请先添加。"), code="no_stops")
    arguments = {"school": str(route.school_id), "route": str(route.id), "language": language}
    return enqueue(SHEET, arguments, by=viewer.person_id)
