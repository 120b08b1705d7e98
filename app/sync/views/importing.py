"""The page on which a file that a tablet exported is taken in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.audit import service as audit
from app.core.errors import DomainError
from app.core.extensions import db
from app.sync.forms import ImportForm
from app.sync.reading import Request
from app.sync.service import importing, receiving
from app.sync.service.importing import Carried
from app.sync.service.receiving import Told
from app.sync.views.blueprint import bp, keeps_its_word


@dataclass(frozen=True)
class Outcome:
    """What became of a file: how many operations for each verdict, and the sentences of those that did not go through."""

    carried: Carried
    counts: Counter[str]
    sentences: Counter[str]


@bp.route("/sync/import", methods=["GET", "POST"])
@requires(Permission.INSPECT)
@keeps_its_word
def bring() -> ResponseReturnValue:
    """Upload what a tablet could not send; the same operations, the same verdicts, each once."""
    form = ImportForm()
    outcome = None
    if form.validate_on_submit():
        try:
            outcome = _taken_in(form)
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    status = 422 if request.method == "POST" and outcome is None else 200
    return render_template("sync/import.html", form=form, outcome=outcome), status


def _taken_in(form: ImportForm) -> Outcome:
    file = form.file.data.stream
    carried = importing.read(file)
    for name, content in importing.photos(file):
        importing.take_photo(viewer, name, content, device=carried.device)
        db.session.commit()
    told = [one for wish in carried.requests() for one in _received(wish)]
    said = [one.as_json() for one in told]
    kinds = Counter("again" if one.get("again") or one["status"] == "duplicate" else one["status"] for one in said)
    sentences = Counter(one["message"] for one in said if one.get("message") and one["status"] in ("held", "rejected"))
    detail = {"device": carried.device, "of": str(carried.owner_id or ""), "photos": carried.photos, **kinds}
    audit.record(viewer, "import_unsent", subject="tablet", subject_id="", detail=detail)
    db.session.commit()
    return Outcome(carried, kinds, sentences)


def _received(wish: Request) -> list[Told]:
    try:
        told = receiving.receive(viewer, wish, proven=frozenset())
        db.session.commit()
    except sa.exc.IntegrityError:  # the tablet has sent it meanwhile: now that stands
        db.session.rollback()
        told = receiving.receive(viewer, wish, proven=frozenset())
        db.session.commit()
    return told
