"""Pages of the equipment register."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort

from app.accounts.access import viewer
from app.core.web import found
from app.equipment.models import Equipment
from app.equipment.queries import register as queries
from app.schools import queries as schools
from app.schools.models import School

bp = Blueprint("equipment", __name__)


def school_to_edit(school_id: uuid.UUID) -> School:
    """A school whose equipment the viewer may change; 404 where it is not to be seen, 403 where it is another's."""
    school = found(schools.get(viewer, school_id))
    if not schools.serves(viewer, school):
        abort(403)
    return school


def piece_to_edit(piece_id: uuid.UUID) -> Equipment:
    """A piece that the viewer may change; 404 and 403 as for schools."""
    piece = found(queries.get(viewer, piece_id))
    school_to_edit(piece.school_id)
    return piece


from app.equipment.views import acts, forecast, imports, labels, register, requirement, tags  # noqa: E402, F401
