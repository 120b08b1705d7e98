"""What the pages of every list have in common: finding it, taking a file in, acting on it, the report to take away."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from app.accounts.access import viewer
from app.core.acts import made
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Job
from app.core.tables import UnreadableTable
from app.core.web import found
from app.imports import queries
from app.imports.kinds import ListKind
from app.imports.models import ImportRun, ImportState, Verdict

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def run_of(kind: ListKind, run_id: uuid.UUID) -> ImportRun:
    """A list of one of the viewer's brigades, or the page that says it is not there."""
    return found(queries.get(viewer, kind, run_id))


def taken_in(form: Any, start: Callable[[str, bytes], ImportRun]) -> ImportRun | None:
    """The list that came of the uploaded file; None where it cannot be read, and the form says why beside the file."""

    def make() -> ImportRun:
        try:
            return start(form.file.data.filename or "", form.file.data.read())
        except UnreadableTable as problem:
            problem.field = "file"
            raise

    return made(form, make)


def can_be_mapped(run: ImportRun) -> bool:
    """Whether it can still be said what the columns are."""
    return run.state in (ImportState.READ, ImportState.CHECKED, ImportState.FAILED)


def is_busy(run: ImportRun, job: Job | None) -> bool:
    """Whether the worker has something to do with the list, or will have."""
    return run.state in (ImportState.CHECKING, ImportState.WRITING) and (job is None or not job.is_finished)


def asked_verdict() -> Verdict | None:
    """The verdict whose rows the address asks for."""
    asked = request.args.get("verdict", "")
    return Verdict(asked) if asked in set(Verdict) else None


def rows_named() -> list[int]:
    """The numbers of the rows that the posted form decides."""
    return [int(name[4:]) for name in request.form if name.startswith("row_") and name[4:].isdigit()]


def act(kind: ListKind, run_id: uuid.UUID, do: Callable[[ImportRun], Any], address: str) -> ResponseReturnValue:
    """Do something with a list and go back to it; a refusal is said there."""
    try:
        do(run_of(kind, run_id))
        db.session.commit()
    except DomainError as problem:
        db.session.rollback()
        flash(problem.message, "error")
    return redirect(address)


def to_take_away(content: bytes, *, kind: str, name: str) -> Response:
    """A report as a file; kind: xlsx or csv."""
    answer = Response(content, mimetype="text/csv" if kind == "csv" else _WORKBOOK)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer
