"""Complaints: the list, taking one in, its page, its photos, the counts."""

from __future__ import annotations

import io
import uuid
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.pictures import unpack_ahead
from app.core.web import found
from app.planning import words
from app.planning.forms import complaints as forms
from app.planning.forms.visits import chosen
from app.planning.queries import complaints as queries
from app.planning.queries import visits
from app.planning.rules import complaints as rules
from app.planning.rules.complaints import Act, ComplaintKind, ComplaintState, Intake
from app.planning.service import complainants, replies
from app.planning.service import complaints as service
from app.planning.service.visits import OFFICERS
from app.planning.views.blueprint import bp
from app.regulations.words import gap_sentences
from app.schools import queries as schools
from app.schools.models import School
from app.schools.queries import register


def _one(enum: Any, text: str | None) -> Any:
    return enum(text) if text in set(enum) else None


@bp.get("/complaints")
@requires(Permission.SEE_COMPLAINTS)
def complaints() -> ResponseReturnValue:
    """The complaints of the brigade: those to be dealt with, or all."""
    form = forms.FilterForm(request.args)
    every, school_id = "all" in request.args, chosen(request.args.get("school"))
    wanted = queries.Wanted(
        text=form.q.data or "",
        state=_one(ComplaintState, form.state.data),
        kind=_one(ComplaintKind, form.kind.data),
        intake=_one(Intake, form.intake.data),
        school_id=school_id,
        late=bool(form.late.data),
        to_do=not every,
    )
    listed = queries.listing(viewer, wanted, key=request.args.get("page"))
    school = schools.get(viewer, school_id) if school_id else None
    return render_template(
        "planning/complaints.html", listed=listed, form=form, every=every, school=school, words=words, rules=rules
    )


def schools_named(text: str) -> list[School]:
    """Schools of the viewer's brigade that a search finds, a few."""
    if not text.strip():
        return []
    listed = register.find(viewer, register.Wanted(text=text), size=8)
    return [school for school in listed.rows if visits.may_visit(viewer, school)]


def _chosen_school() -> School | None:
    if not request.args.get("school"):
        return None
    school = found(schools.get(viewer, found(chosen(request.args.get("school")))))
    if not visits.may_visit(viewer, school):
        abort(403)
    return school


@bp.route("/complaints/new", methods=["GET", "POST"])
@requires(Permission.KEEP_COMPLAINTS)
def new_complaint() -> ResponseReturnValue:
    """Take down a complaint that came by phone, by letter, by a visitor or from another office."""
    school, form = _chosen_school(), forms.IntakeForm()
    brigade_id = school.brigade_id if school else found(viewer.own_brigade_id)
    status = 200
    if form.is_submitted():
        status = 422
        if form.validate():
            photos = form.photos.chosen()
            unpack_ahead(photos[: service.MOST_PHOTOS])
            try:
                complaint = service.receive(
                    viewer, brigade_id=brigade_id, school=school, said=form.said(about=form.about.data or ""),
                    came=form.came_in(), complaint_id=chosen(form.id.data),
                )  # fmt: skip
                _keep_photos(complaint, photos)
                db.session.commit()
                flash(_("投诉已登记，编号 %(number)s。", number=complaint.number))
                return redirect(url_for("planning.complaint", complaint_id=complaint.id))
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = _chosen_school()
    q = request.args.get("q", "")
    return render_template(
        "planning/new_complaint.html", form=form, school=school, q=q, schools=schools_named(q)
    ), status


def _keep_photos(complaint: Any, photos: list[tuple[str, bytes]]) -> None:
    """Once: a form sent twice brings its photos twice."""
    if queries.count_photos(complaint.id) == 0:
        for problem in service.add_photos(complaint, photos):
            flash(problem, "warning")


def _forms_of(line: queries.Line) -> dict[str, forms.ActForm]:
    """The forms of the acts that the table allows now, by act."""
    complaint = line.complaint
    may = rules.acts_for(complaint.state)
    made: dict[str, forms.ActForm] = {}
    if Act.ACCEPT in may:
        made["accept"] = forms.AcceptForm(kind=complaint.kind.value)
    if Act.PLAN in may and complaint.school_id and viewer.may(Permission.INSPECT):
        colleagues = accounts.colleagues(viewer, roles=OFFICERS)
        made["plan"] = forms.PlanForm(colleagues=colleagues, lead_id=str(viewer.person_id))
    if Act.ARRIVE in may and complaint.state is ComplaintState.ACCEPTED:
        been = queries.visits_since(complaint)
        if been:
            made["checked"] = forms.CheckedForm(visits=been)
    for act, form in (
        (Act.REPLY, forms.ReplyForm), (Act.TRANSFER, forms.TransferForm), (Act.REJECT, forms.RejectForm),
        (Act.RETAKE, forms.RetakeForm), (Act.CLOSE, forms.CloseForm),
    ):  # fmt: skip
        if act in may:
            made[act.value] = form()
    if complaint.duplicate_of_id is None and complaint.school_id:
        others = queries.alike(viewer, complaint)
        if others:
            made["link"] = forms.LinkForm(others=others)
    return made


def show_page(
    complaint_id: uuid.UUID,
    *,
    refused: forms.ActForm | None = None,
    person: complainants.Person | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page of one complaint, with the form that was refused, or with who complained."""
    line = found(queries.line(viewer, complaint_id))
    acts = _forms_of(line) if viewer.may(Permission.KEEP_COMPLAINTS) else {}
    if refused is not None:
        acts[refused.act] = refused
    page = render_template(
        "planning/complaint.html",
        line=line,
        complaint=line.complaint,
        outing=queries.outing_of(line.complaint),
        photos=queries.photos_of(complaint_id),
        events=queries.events_of(complaint_id),
        beside=queries.beside(line.complaint),
        forms=acts,
        refused=refused,
        person=person,
        reply_paper=replies.reply_paper(line.complaint) if line.complaint.replied_on else None,
        gaps=gap_sentences(line.due.gaps),
        words=words,
        rules=rules,
    )
    return page, status


@bp.get("/complaints/<uuid:complaint_id>")
@requires(Permission.SEE_COMPLAINTS)
def complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """One complaint: what it says, its clock, its timeline, and what may be done with it."""
    return show_page(complaint_id)


@bp.get("/complaints/<uuid:complaint_id>/photos/<int:position>.jpg")
@requires(Permission.SEE_COMPLAINTS)
def complaint_photo(complaint_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """A photo that came with it; `small` for the thumbnail."""
    photo = found(queries.photo(viewer, complaint_id, position))
    sha256 = photo.thumb_sha256 if "small" in request.args else photo.picture_sha256
    answer: Response = send_file(io.BytesIO(files().get(sha256)), mimetype="image/jpeg", etag=sha256)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


@bp.get("/complaints/counts")
@requires(Permission.COUNT_COMPLAINTS)
def complaint_counts() -> ResponseReturnValue:
    """How many complaints came in by month, kind, way and outcome: figures only."""
    years = queries.years_of(viewer)
    asked = request.args.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    return render_template(
        "planning/complaint_counts.html",
        years=years,
        year=year,
        counts=rules.Tally(queries.counted(viewer, year)),
        words=words,
    )
