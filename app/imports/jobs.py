"""The two jobs of a list: checking its rows, and writing what was accepted."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from app.core.extensions import db
from app.core.jobs import Job, Progress, handles
from app.imports.kinds import ListKind
from app.imports.models import ImportRun, ImportState


def handle_lists(
    kind: ListKind,
    *,
    check: Callable[[ImportRun, Progress], None],
    write: Callable[[ImportRun, Progress], dict[str, Any]],
) -> None:
    """Have the worker check lists of this kind against what is known, and write accepted ones, whole or not at all, once."""

    def check_list(job: Job, progress: Progress) -> dict[str, Any]:
        run = db.session.get_one(ImportRun, uuid.UUID(job.arguments["run"]))
        _begin(run, progress)
        check(run, progress)
        return dict(run.summary)

    def write_list(job: Job, progress: Progress) -> dict[str, Any]:
        run = db.session.get_one(ImportRun, uuid.UUID(job.arguments["run"]))
        if run.state is ImportState.WRITTEN:
            return dict(run.summary)
        _begin(run, progress)
        return write(run, progress)

    handles(kind.check_job)(check_list)
    handles(kind.write_job)(write_list)


def _begin(run: ImportRun, progress: Progress) -> None:
    """Say how much there is to do. Nothing was written yet: SQLite tells progress only between transactions."""
    rows = run.options["rows"]
    db.session.commit()
    progress(0, rows, "")
