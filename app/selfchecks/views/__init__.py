"""Pages of what a school looks after itself."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort

from app.accounts.access import viewer
from app.core.web import found
from app.schools import queries as schools
from app.schools.models import School
from app.selfchecks import words
from app.selfchecks.rules.checks import CheckForm, Match
from app.selfchecks.rules.rounds import Ended, RouteKind

bp = Blueprint("selfchecks", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of self-checks call things."""
    return {"own_words": words, "Ended": Ended, "RouteKind": RouteKind, "Match": Match, "CheckForm": CheckForm}


def own_school(school_id: uuid.UUID) -> School:
    """A school of the viewer's own; 404 where it is not to be seen, 403 where it is another's."""
    school = found(schools.get(viewer, school_id))
    if not schools.serves(viewer, school):
        abort(403)
    return school


from app.selfchecks.views import checks, laying, paper, printing, todos, walking  # noqa: E402

__all__ = ["bp", "checks", "laying", "own_school", "paper", "printing", "todos", "walking"]
