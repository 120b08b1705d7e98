"""Long work with equipment: printing labels, checking and writing lists."""

from __future__ import annotations

import uuid
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.core.jobs import Job, Progress, handles
from app.equipment import documents
from app.equipment.documents import PAPERS, Label
from app.equipment.queries import printing
from app.equipment.service import importing, writing
from app.imports.jobs import handle_lists
from app.imports.models import ImportRun

#: Labels in one file: a file stays small enough to open, and progress can be told between files.
PER_FILE = 240


@handles("equipment.labels")
def print_labels(job: Job, progress: Progress) -> dict[str, Any]:
    """Render the labels a person asked for into files, and tell how far it is."""
    arguments, made = job.arguments, job.made_at
    paper, language = PAPERS[arguments["paper"]], arguments["language"]
    labels = _labels(arguments)
    db.session.commit()  # nothing is held while pages are laid out, so that progress can be written
    parts, pages = [], 0
    progress(0, len(labels), "")
    for start in range(0, len(labels), PER_FILE):
        some = labels[start : start + PER_FILE]
        rendered = documents.render_labels(some, paper, language=language, made=clock.local(made))
        parts.append({"sha256": files().put(rendered.pdf), "labels": len(some), "first": start + 1})
        pages += rendered.pages
        progress(start + len(some), len(labels), "")
    return {"parts": parts, "labels": len(labels), "pages": pages, "paper": paper.code}


def _labels(arguments: dict[str, Any]) -> list[Label]:
    if "codes" in arguments:
        return [Label(code, agency=arguments.get("agency", "")) for code in arguments["codes"]]
    wanted = [uuid.UUID(one) for one in arguments["pieces"]]
    return printing.labels_of(wanted, language=arguments["language"])


def _check(run: ImportRun, _progress: Progress) -> None:
    importing.keep(run, importing.judge(run))


handle_lists(importing.KIND, check=_check, write=writing.write)
