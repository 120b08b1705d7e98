"""The plan (整改方案) of an order: filled in, shown, issued; by account or by link."""

from __future__ import annotations

import uuid

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import language
from app.core.jobs import Job
from app.core.web import found
from app.documents import queries as document_queries
from app.documents.kinds import kind_of, title_of
from app.portal import documents as contexts
from app.portal.paper_forms import PlanForm
from app.portal.queries import orders as queries
from app.portal.views.doors import Door, both_doors
from app.portal.views.letters import file_answer
from app.portal.views.orders import order_page
from app.rectification.papers.plan import PLAN
from app.rectification.service import school_papers, steps


def _page(door: Door, form: PlanForm, status: int = 200) -> ResponseReturnValue:
    place = door.place
    page = render_template(
        "portal/plan.html",
        door=door,
        order=place.order,
        school=place.school,
        brigade=place.brigade,
        form=form,
        by_number={str(item.number): item for item in school_papers.open_items(place.order)},
    )
    return page, status


def _shown(door: Door, job_id: uuid.UUID, *, lock: bool = False) -> Job:
    return found(document_queries.preview_about(("order", door.place.order.id), job_id, lock=lock))


def _begun(door: Door, known: object = None) -> ResponseReturnValue:
    items = school_papers.open_items(door.place.order)
    return _page(door, PlanForm(formdata=None, data=contexts.plan_form_data(items, door.place.school, known)))  # type: ignore[arg-type]


@both_doors("/plan", "plan")
def plan(door: Door) -> ResponseReturnValue:
    """The form: each open item with what the order says, or as it was planned last."""
    found(door.place.is_open or None)
    last = document_queries.last_about(("order", door.place.order.id), PLAN.code)
    return _begun(door, document_queries.issued_data(last) if last else None)


@both_doors("/plan", "preview_plan", methods=("POST",))
def preview_plan(door: Door) -> ResponseReturnValue:
    """Show the plan as it would be printed."""
    form = PlanForm()
    if not form.validate_on_submit():
        return _page(door, form, 422)
    try:
        job = school_papers.preview_plan(
            door.sender,
            door.place.order,
            measures=contexts.measures_of(form),
            leader=form.leader.data or "",
            team=form.names(),
            lang=language(),
        )
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(door, form, 422)
    db.session.commit()
    return redirect(door.url("plan_preview", job_id=job.id))


@both_doors("/plan/<uuid:job_id>", "plan_preview")
def show_plan(door: Door, job_id: uuid.UUID) -> ResponseReturnValue:
    """The plan being laid out, or ready to be looked at and issued."""
    job = _shown(door, job_id)
    return render_template(
        "portal/plan_preview.html",
        door=door,
        order=door.place.order,
        school=door.place.school,
        brigade=door.place.brigade,
        title=title_of(PLAN.code),
        job=job,
        refresh=None if job.is_finished else 2,
    )


@both_doors("/plan/<uuid:job_id>/again", "plan_again")
def again(door: Door, job_id: uuid.UUID) -> ResponseReturnValue:
    """The form with what the preview shows, to be corrected."""
    found(door.place.is_open or None)
    return _begun(door, document_queries.previewed_data(_shown(door, job_id)))


@both_doors("/plan/<uuid:job_id>.pdf", "plan_pdf")
def pdf(door: Door, job_id: uuid.UUID) -> ResponseReturnValue:
    """The preview's bytes."""
    result = found(_shown(door, job_id).result)
    return file_answer(result["sha256"], f"{kind_of(PLAN.code).title}.pdf", "application/pdf", "preview.pdf")


@both_doors("/plan/<uuid:job_id>/issue", "issue_plan", methods=("POST",))
def issue(door: Door, job_id: uuid.UUID) -> ResponseReturnValue:
    """Give what was shown its number."""
    order = steps.lock(door.place.order.id)
    try:
        paper = school_papers.issue_plan(door.sender, order, _shown(door, job_id, lock=True))
    except DomainError as refused:
        db.session.rollback()
        db.session.refresh(door.place.order)
        return order_page(door, status=422, problem=refused.message)
    db.session.commit()
    return redirect(door.url("paper", document_id=found(queries.paper_of(door.place.order, paper.id)).id))
