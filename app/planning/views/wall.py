"""The code on a school's wall: its sheet for the brigade, and the form behind it for anybody."""

from __future__ import annotations

import uuid
from typing import NoReturn

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.limits import limit
from app.accounts.policy import Permission
from app.accounts.service import count_attempt
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.core.i18n import language
from app.core.pictures import unpack_ahead
from app.core.web import found, public
from app.documents.rules import read_check_code, spaced
from app.planning import words
from app.planning.forms.complaints import WallForm
from app.planning.forms.visits import chosen
from app.planning.queries import complaints as queries
from app.planning.queries import visits
from app.planning.queries import wall as codes
from app.planning.rules import complaints as rules
from app.planning.rules.complaints import Intake
from app.planning.service import complaints as service
from app.planning.service import wall
from app.planning.views.blueprint import bp
from app.schools import queries as schools
from app.schools.models import School

#: A school's whole Wi-Fi is one address; a school's wall is not full of complaints every day.
MOST_SENT, MOST_OF_A_SCHOOL, MOST_LOOKED, DAY_S = 20, 100, 120, 86_400


def _school() -> School:
    school = found(schools.get(viewer, found(chosen(request.args.get("school")))))
    if not visits.may_visit(viewer, school):
        abort(403)
    return school


@bp.route("/complaints/wall", methods=["GET", "POST"])
@requires(Permission.KEEP_COMPLAINTS)
def wall_code() -> ResponseReturnValue:
    """The code for a school's wall: make it, renew it, open its sheet."""
    school = _school()
    if request.method == "POST" and request.form.get("act") == "print":
        job = wall.print_sheet(viewer, school, language=language())
        db.session.commit()
        return redirect(url_for("planning.wall_job", job_id=job.id))
    if request.method == "POST":
        act = wall.renew if request.form.get("act") == "renew" else wall.make
        act(viewer, school)
        db.session.commit()
        flash(_("二维码已生成，请打印后张贴。"))
        return redirect(url_for("planning.wall_code", school=school.id))
    kept = codes.code_of(school.id)
    return render_template("planning/wall.html", school=school, kept=kept, code=spaced(kept.code) if kept else "")


@bp.get("/complaints/wall/<uuid:job_id>")
@requires(Permission.KEEP_COMPLAINTS)
def wall_job(job_id: uuid.UUID) -> ResponseReturnValue:
    """How far the printing of a sheet is, then the sheet."""
    job = found(codes.sheet_job(viewer, job_id))
    school = found(schools.get(viewer, uuid.UUID(job.arguments["school"])))
    return render_template("planning/wall_job.html", job=job, school=school, refresh=0 if job.is_finished else 2)


@bp.get("/complaints/wall/<uuid:job_id>.pdf")
@requires(Permission.KEEP_COMPLAINTS)
def wall_pdf(job_id: uuid.UUID) -> ResponseReturnValue:
    """The sheet to put on the wall, for who asked for it."""
    job = found(codes.sheet_job(viewer, job_id))
    answer = Response(files().get(found(job.result)["sha256"]), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="wall.pdf"'
    return answer


def _behind(code: str) -> tuple[str, School]:
    """The school behind a code of a wall; only misses are counted, so that guessing is slow."""
    read = read_check_code(code)
    school = codes.school_behind(read) if read else None
    if read is None or school is None:
        _missed()
    return read, school


def _missed() -> NoReturn:
    db.session.rollback()
    allowed = count_attempt(f"wall:{request.remote_addr}", most=MOST_LOOKED, window_s=600)
    db.session.commit()
    abort(404 if allowed else 429)


@bp.route("/complaints/at/<code>", methods=["GET", "POST"])
@public
@limit("complaint", most=MOST_SENT, window_s=600)
def at_the_wall(code: str) -> ResponseReturnValue:
    """Anybody: say what is wrong at this school. Needs no account, no name and no script."""
    read, school = _behind(code)
    form, status = WallForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                return _take_in(read, school, form)
            except DomainError as refused:
                db.session.rollback()
                form.add_problem(refused)
                school = _behind(code)[1]
    return render_template("planning/at_the_wall.html", school=school, form=form, code=read), status


def _take_in(code: str, school: School, form: WallForm) -> ResponseReturnValue:
    complaint_id, photos = chosen(form.id.data), form.photos.chosen()
    unpack_ahead(photos[: service.MOST_PHOTOS])  # before the attempt is counted: it ends the transaction
    known = queries.from_the_wall(complaint_id, school.id) if complaint_id else None
    if known is None and not count_attempt(f"complaints of {school.id}", most=MOST_OF_A_SCHOOL, window_s=DAY_S):
        abort(429)
    complaint = service.receive(
        None,
        brigade_id=school.brigade_id,
        school=school,
        said=form.said(),
        came=service.CameIn(intake=Intake.WALL, at=clock.now()),
        complaint_id=complaint_id,
    )
    problems = [] if known else service.add_photos(complaint, photos)
    db.session.commit()
    for problem in problems:
        flash(problem, "warning")
    return redirect(url_for("planning.wall_receipt", code=code, complaint_id=complaint.id))


@bp.get("/complaints/at/<code>/<uuid:complaint_id>")
@public
def wall_receipt(code: str, complaint_id: uuid.UUID) -> ResponseReturnValue:
    """The receipt: the number, how soon somebody comes, where it stands and what was replied. Names nobody."""
    read, school = _behind(code)
    complaint = queries.from_the_wall(complaint_id, school.id)
    if complaint is None:
        _missed()
    return render_template(
        "planning/receipt.html", complaint=complaint, school=school, code=read, words=words, rules=rules
    )
