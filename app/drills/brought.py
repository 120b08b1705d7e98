"""The drill log for whoever has no page of ours before them: the same form, filled in elsewhere, and the same act."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from app.accounts.viewer import Viewer
from app.drills import service
from app.drills.forms import DrillForm
from app.drills.models import Drill
from app.logbook import queries as logbook
from app.logbook.service import NewPhoto
from app.schools import queries as schools
from app.schools.models import School


def form_for(viewer: Viewer, school: School, **more: Any) -> DrillForm:
    """The log of a drill at a school, with the school's buildings and visits to choose from."""
    buildings = [(building.id, building.name) for building in schools.buildings_of(school.id)]
    return DrillForm(buildings=buildings, visits=logbook.visits_to_choose(viewer, school.id), **more)


def blank_form() -> DrillForm:
    """The log with nothing in it and nothing to choose a school by; the tablet fills in the rest."""
    return DrillForm(formdata=None, buildings=[], visits=[], day=None, meta={"csrf": False})


def log(viewer: Viewer, school: School, *, entry_id: uuid.UUID, form: Any, photos: Sequence[NewPhoto]) -> Drill:
    """Keep what a valid form says."""
    return service.log(viewer, school=school, drill_id=entry_id, new=form.new_drill(), photos=photos)
