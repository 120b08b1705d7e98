"""Long work with drills: checking and writing lists of former years."""

from __future__ import annotations

import uuid
from typing import Any

from app.core.extensions import db
from app.core.jobs import Job, Progress, handles
from app.drills.service import old_logs
from app.imports.models import ImportRun, ImportState


@handles(old_logs.KIND.check_job)
def check_list(job: Job, progress: Progress) -> dict[str, Any]:
    """Check every row of a list against the register."""
    run = db.session.get_one(ImportRun, uuid.UUID(job.arguments["run"]))
    progress(0, run.options["rows"], "")
    old_logs.check(run)
    return dict(run.summary)


@handles(old_logs.KIND.write_job)
def write_list(job: Job, progress: Progress) -> dict[str, Any]:
    """Write an accepted list, whole or not at all."""
    run = db.session.get_one(ImportRun, uuid.UUID(job.arguments["run"]))
    if run.state is ImportState.WRITTEN:
        return dict(run.summary)
    progress(0, run.options["rows"], "")
    return old_logs.write(run)
