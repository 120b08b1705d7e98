"""Long work of planning: the sheet for a school's wall."""

from __future__ import annotations

import uuid
from typing import Any

from flask import current_app

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job, Progress, handles
from app.documents.rules import spaced
from app.planning.documents import wall_sheet
from app.planning.queries.wall import SHEET
from app.schools.models import School

#: Where the code leads; written here because a worker has no request to make addresses in.
AT_THE_WALL = "/complaints/at/"


@handles(SHEET)
def print_sheet(job: Job, progress: Progress) -> dict[str, Any]:
    """Render the sheet that a person asked for."""
    code, language, made = job.arguments["code"], job.arguments["language"], clock.local(job.made_at)
    school = db.session.get_one(School, uuid.UUID(job.arguments["school"]))
    db.session.commit()  # nothing is held while the page is laid out
    progress(0, 1, "")
    address = current_app.config["SETTINGS"].base_url + AT_THE_WALL + code
    names = (school.name, school.name_bo) if language != "en" else (school.name, school.name_en)
    sheet = wall_sheet(names, address=address, code=spaced(code), made=made, language=language)
    progress(1, 1, "")
    return {"sha256": files().put(sheet.pdf)}
