"""Long work on lists of schools: checking all rows, and writing what was accepted."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import Person
from app.core.extensions import db
from app.core.jobs import Job, Progress, handles
from app.imports.models import ImportRun, ImportState
from app.schools.service import imports, writing


@dataclass(frozen=True)
class Actor:
    """Who stands behind a job."""

    person_id: uuid.UUID | None
    name: str


def _actor(person_id: uuid.UUID | None) -> Actor:
    person = db.session.get(Person, person_id) if person_id else None
    return Actor(person_id, person.name if person else "")


@handles(imports.KIND.check_job)
def check_list(job: Job, progress: Progress) -> dict[str, Any]:
    """Check every row of a list; safe to run twice, since the rows are written anew."""
    run_id = uuid.UUID(job.arguments["run"])
    return {"rows": run_check(run_id, progress)}


def run_check(run_id: uuid.UUID, progress: Progress) -> int:
    """Check a list and keep what was found; leaves the last transaction open for the caller to commit."""
    found = imports.judge(db.session.get_one(ImportRun, run_id), progress)
    progress(80, 100, _("正在保存核对结果"))
    imports.keep(db.session.get_one(ImportRun, run_id), found)
    return len(found)


@handles(imports.KIND.write_job)
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """Write an accepted list, whole or not at all; a second run finds it written and does nothing."""
    return {"outcomes": run_write(uuid.UUID(job.arguments["run"]), job.made_by, progress)}


def run_write(run_id: uuid.UUID, person_id: uuid.UUID | None, progress: Progress) -> dict[str, int]:
    """Prepare and write an accepted list; leaves the transaction open for the caller to commit."""
    run = db.session.get_one(ImportRun, run_id)
    if run.state == ImportState.WRITTEN:
        return dict(run.summary["outcomes"])
    prepared = writing.prepare(run, progress)
    progress(60, 100, _("正在写入 %(number)s 所学校", number=len(prepared.schools)))
    return writing.write(_actor(person_id), db.session.get_one(ImportRun, run_id), prepared)
