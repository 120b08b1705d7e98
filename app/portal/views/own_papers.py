"""A school's own papers beside any order: switching a system off, patrol and check records. Filled in, shown, issued."""

from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.limits import limit
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import language
from app.core.jobs import Job
from app.core.web import found
from app.documents import queries as document_queries
from app.documents.kinds import title_of
from app.documents.models import DocumentState, IssuedDocument
from app.portal import documents as contexts
from app.portal.forms import as_id
from app.portal.queries import home as queries
from app.portal.views.blueprint import bp
from app.portal.views.doors import SENDINGS
from app.portal.views.letters import file_answer
from app.rectification.papers.check_record import CHECK_ITEMS
from app.rectification.papers.patrol_record import POINTS
from app.rectification.service import school_papers
from app.rectification.service.school_papers import KINDS, OwnPaper
from app.schools.models import School

#: Rows that a press of the button adds to a patrol.
MORE_ROWS = 4


def _school() -> School:
    wanted = request.values.get("school", "")
    return found(next((s for s in queries.own_schools(viewer) if not wanted or str(s.id) == wanted), None))


def _page(school: School, paper: OwnPaper, form: Any, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        f"portal/own/{paper.value}.html",
        school=school,
        paper=paper,
        title=title_of(KINDS[paper].code),
        form=form,
        replaced=_replaced(school, paper),
        points=[(chr(ord("A") + n), text) for n, text in enumerate(POINTS)],
        CHECK_ITEMS=CHECK_ITEMS,
    )
    return page, status


def _replaced(school: School, paper: OwnPaper) -> IssuedDocument | None:
    """The paper that this one completes or corrects, as the address names it."""
    if not request.values.get("replaces"):
        return None
    wanted = found(as_id(request.values["replaces"]))
    return found(document_queries.own_paper(school.id, KINDS[paper].code, wanted))


@bp.get("/portal/papers/<any(shutdown, patrol, check):paper>")
@requires(Permission.SEND_EVIDENCE)
def own_paper(paper: str) -> ResponseReturnValue:
    """The form of one of the school's own papers, empty or (`?replaces=`, `?from=`) with what another says."""
    school, kind = _school(), OwnPaper(paper)
    before = _replaced(school, kind)
    known = document_queries.issued_data(before) if before else None
    if "from" in request.args:
        known = document_queries.previewed_data(_shown(school, found(as_id(request.args["from"]))))
    return _page(school, kind, contexts.form_of(kind, school, known))


@bp.post("/portal/papers/<any(shutdown, patrol, check):paper>")
@requires(Permission.SEND_EVIDENCE)
@limit("evidence", most=SENDINGS)
def preview_own_paper(paper: str) -> ResponseReturnValue:
    """Show it as it would be printed; also as a blank form (`blank`), or with more rows (`more`)."""
    school, kind = _school(), OwnPaper(paper)
    if "blank" in request.form and kind in contexts.BLANKS:
        return _show(school, kind, contexts.blank(kind, language()))
    form = contexts.form_of(kind, school, posted=True)
    if "more" in request.form and kind is OwnPaper.PATROL:
        for _row in range(min(MORE_ROWS, form.rows.max_entries - len(form.rows))):
            form.rows.append_entry()
        return _page(school, kind, form)
    if not form.validate_on_submit():
        return _page(school, kind, form, 422)
    try:
        return _show(school, kind, contexts.context_of(kind, form, language()))
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(_school(), kind, form, 422)


def _show(school: School, kind: OwnPaper, context: Any) -> ResponseReturnValue:
    replaces = _replaced(school, kind)
    job = school_papers.preview(viewer, school, kind, context, lang=language(), replaces=replaces)
    db.session.commit()
    return redirect(url_for("portal.shown_paper", job_id=job.id, school=school.id))


def _shown(school: School, job_id: uuid.UUID, *, lock: bool = False) -> Job:
    return found(document_queries.preview_about(("school", school.id), job_id, lock=lock))


@bp.get("/portal/papers/previews/<uuid:job_id>")
@requires(Permission.SEND_EVIDENCE)
def shown_paper(job_id: uuid.UUID) -> ResponseReturnValue:
    """The paper being laid out, ready to be looked at and issued, or issued."""
    school = _school()
    job = _shown(school, job_id)
    issued = document_queries.issued_from(job)
    making = issued is not None and issued.state is DocumentState.RENDERING
    kind = document_queries.kind_shown(job)
    return render_template(
        "portal/own/preview.html",
        school=school,
        job=job,
        paper=next(own for own in OwnPaper if KINDS[own].code == kind),
        title=title_of(kind),
        issued=issued,
        replaces=job.arguments["replaces"],
        refresh=2 if making or not job.is_finished else None,
    )


@bp.get("/portal/papers/previews/<uuid:job_id>.pdf")
@requires(Permission.SEND_EVIDENCE)
def shown_paper_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The preview's bytes."""
    job = _shown(_school(), job_id)
    title = title_of(document_queries.kind_shown(job))
    return file_answer(found(job.result)["sha256"], f"{title}.pdf", "application/pdf", "preview.pdf")


@bp.post("/portal/papers/previews/<uuid:job_id>")
@requires(Permission.SEND_EVIDENCE)
@limit("evidence", most=SENDINGS)
def issue_own_paper(job_id: uuid.UUID) -> ResponseReturnValue:
    """Give what was shown its number."""
    school = _school()
    school_papers.issue(viewer, school, _shown(school, job_id, lock=True))
    db.session.commit()
    return redirect(url_for("portal.shown_paper", job_id=job_id, school=school.id))
