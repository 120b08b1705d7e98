"""A school's letters about an order: made, read, and uploaded again with the seal."""

from __future__ import annotations

import io
import uuid
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import viewer
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.i18n import language
from app.core.web import found
from app.documents import service as documents
from app.documents.models import DocumentState, IssuedDocument
from app.documents.service import keeping
from app.portal import forms
from app.portal.queries import orders as queries
from app.portal.views.doors import Door, both_doors
from app.portal.views.orders import order_page
from app.rectification.papers.plan import PLAN
from app.rectification.service import events, letters, steps
from app.rectification.service.letters import Letter

#: The kinds that the school itself has made.
OWN = frozenset(kind.code for kind in letters.KINDS.values()) | {PLAN.code}


@both_doors("/letters/<any(extension, recheck, reply):letter>", "letter", methods=("POST",))
def write(door: Door, letter: str) -> ResponseReturnValue:
    """Have a letter made from what was sent."""
    try:
        paper = letters.write(door.sender, steps.lock(door.place.order.id), Letter(letter), lang=language())
    except DomainError as refused:
        db.session.rollback()
        db.session.refresh(door.place.order)
        return order_page(door, status=422, problem=refused.message)
    db.session.commit()
    return redirect(door.url("paper", document_id=paper.id))


def _paper_page(
    door: Door, paper: IssuedDocument, form: forms.ScanForm | None = None, status: int = 200
) -> ResponseReturnValue:
    stuck = documents.is_stuck(paper)
    making = paper.state is DocumentState.RENDERING and not stuck
    if form is None:
        form = forms.ScanForm(formdata=None)
        form.needs_name(is_link=door.is_link)
    page = render_template(
        "portal/paper.html",
        door=door,
        order=door.place.order,
        school=door.place.school,
        brigade=door.place.brigade,
        paper=paper,
        making=making,
        stuck=stuck,
        refresh=2 if making else None,
        is_own=paper.kind in OWN,
        scans=queries.scans_of(paper),
        form=form,
    )
    return page, status


@both_doors("/papers/<uuid:document_id>", "paper")
def paper(door: Door, document_id: uuid.UUID) -> ResponseReturnValue:
    """One paper of this order: being made, ready to print and seal, and its sealed scan."""
    return _paper_page(door, found(queries.paper_of(door.place.order, document_id)))


def file_answer(sha256: str, name: str, kind: str, plain: str) -> Response:
    """Stored bytes under a name; `plain` is for clients that cannot read Chinese."""
    answer = send_file(io.BytesIO(files().get(sha256)), mimetype=kind, download_name=name, etag=sha256)
    names = {"filename": plain, "filename*": f"UTF-8''{quote(name)}"}
    answer.headers.set("Content-Disposition", "inline", **names)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@both_doors("/papers/<uuid:document_id>.pdf", "pdf")
def pdf(door: Door, document_id: uuid.UUID) -> ResponseReturnValue:
    """The stored bytes of the party's copy, as issued."""
    known = found(queries.paper_of(door.place.order, document_id))
    return file_answer(
        found(known.file_sha256), f"{known.title} {known.number}.pdf", "application/pdf", f"{known.check_code}.pdf"
    )


@both_doors("/papers/<uuid:document_id>/sealed", "sealed")
def sealed(door: Door, document_id: uuid.UUID) -> ResponseReturnValue:
    """The last scan of the paper with its seal."""
    known = found(queries.paper_of(door.place.order, document_id))
    found(known.kind in OWN or None)
    scan = found(next(iter(queries.scans_of(known)), None))
    plain = "sealed.pdf" if scan.media_type == "application/pdf" else "sealed.jpg"
    return file_answer(scan.sha256, scan.name or plain, scan.media_type, plain)


@both_doors("/papers/<uuid:document_id>/scan", "scan", methods=("POST",))
def add_scan(door: Door, document_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the scan of a letter as it was signed and sealed."""
    known = found(queries.paper_of(door.place.order, document_id))
    found(known.kind in OWN or None)
    form = forms.ScanForm()
    form.needs_name(is_link=door.is_link)
    if not form.validate_on_submit():
        return _paper_page(door, known, form, 422)
    name, content = form.chosen()
    before = len(queries.scans_of(known))
    try:
        sender = door.named(form.signed)
        keeping.keep_scan_of(
            known, content=content, name=name, by=None if door.is_link else viewer, by_name=sender.name
        )
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _paper_page(door, found(queries.paper_of(door.place.order, document_id)), form, 422)
    if len(queries.scans_of(known)) > before:
        events.note(sender, "seal_letter", door.place.order, number=known.number)
    db.session.commit()
    flash(_("盖章件已保存，大队可以看到。"))
    return redirect(door.url("paper", document_id=document_id))
