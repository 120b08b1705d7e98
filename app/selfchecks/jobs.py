"""Long work: labels of patrol points, the paper sheet of a route."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job, Progress, handles
from app.documents.rendering import Rendered
from app.schools.models import School
from app.selfchecks import documents
from app.selfchecks.models import PatrolRoute
from app.selfchecks.queries import patrols
from app.selfchecks.queries.printing import LABELS, SHEET


def _school(job: Job) -> tuple[School, str]:
    school = db.session.get_one(School, uuid.UUID(job.arguments["school"]))
    language = job.arguments["language"]
    return school, school.name_en if language == "en" and school.name_en else school.name


def _kept(rendered: Rendered, progress: Progress) -> dict[str, Any]:
    progress(1, 1, "")
    return {"sha256": files().put(rendered.pdf), "pages": rendered.pages}


@handles(LABELS)
def print_labels(job: Job, progress: Progress) -> dict[str, Any]:
    """Render the labels of a school's points."""
    school, name = _school(job)
    labels = [
        documents.PointLabel(code=one.code, school=name, name=one.name, where=one.where, look_at=one.look_at)
        for one in patrols.points_of(school.id)
    ]
    made = clock.local(job.made_at)
    db.session.commit()  # nothing is held while pages are laid out
    progress(0, 1, "")
    return _kept(documents.labels(labels, language=job.arguments["language"], made=made), progress)


@handles(SHEET)
def print_sheet(job: Job, progress: Progress) -> dict[str, Any]:
    """Render the sheet on which a route is walked by hand."""
    school, name = _school(job)
    route = db.session.get_one(PatrolRoute, uuid.UUID(job.arguments["route"]))
    points = {str(one.id): one for one in patrols.points_of(school.id)}
    sheet = documents.Sheet(
        school=name,
        school_bo=school.name_bo,
        kind=route.kind,
        route=route.name,
        points=tuple(
            documents.SheetLine(name=points[p].name, where=points[p].where, look_at=points[p].look_at)
            for p in route.stops
            if p in points
        ),
    )
    made = clock.local(job.made_at)
    db.session.commit()
    progress(0, 1, "")
    return _kept(documents.sheet(sheet, language=job.arguments["language"], made=made), progress)
