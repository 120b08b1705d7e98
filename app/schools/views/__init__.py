"""Pages of schools."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort

from app.accounts.access import viewer
from app.core.web import found
from app.schools import labels, queries
from app.schools.models import School

bp = Blueprint("schools", __name__)


@bp.context_processor
def words() -> dict[str, object]:
    """What templates of schools call things."""
    return {"words": labels}


def seen(school_id: uuid.UUID) -> School:
    """A school that the viewer may see, or the page that says it is not there."""
    return found(queries.get(viewer, school_id))


def served(school_id: uuid.UUID) -> School:
    """A school that the viewer may act for; one that is only seen is refused."""
    school = seen(school_id)
    if school.brigade_id not in viewer.brigade_ids:
        abort(403)
    return school


from app.schools.views import grounds, imports, merging, register  # noqa: E402, F401
