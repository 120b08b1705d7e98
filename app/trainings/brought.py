"""The training log for whoever has no page of ours before them: the same form, filled in elsewhere, and the same act."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from app.accounts.viewer import Viewer
from app.logbook import queries as logbook
from app.logbook.service import NewPhoto
from app.schools.models import School
from app.trainings import service
from app.trainings.forms import LogForm
from app.trainings.models import Training


def form_for(viewer: Viewer, school: School, **more: Any) -> LogForm:
    """The log of a training at a school, with the school's visits to choose from."""
    return LogForm(visits=logbook.visits_to_choose(viewer, school.id), **more)


def blank_form() -> LogForm:
    """The log with nothing in it and nothing to choose a school by; the tablet fills in the rest."""
    return LogForm(formdata=None, visits=[], day=None, meta={"csrf": False})


def log(viewer: Viewer, school: School, *, entry_id: uuid.UUID, form: Any, photos: Sequence[NewPhoto]) -> Training:
    """Keep what a valid form says."""
    return service.log(viewer, school=school, training_id=entry_id, new=form.new_training(), photos=photos)
