"""The list of drills, logging one, one drill, its photos, its withdrawal, its paper."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import LANGUAGES
from app.core.web import found
from app.documents import queries as papers
from app.documents import service as documents
from app.drills import paper, queries, rules, service, words
from app.drills.documents import RECORD
from app.drills.forms import DrillForm, FilterForm, PhotosForm, WithdrawForm
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.schools import queries as schools
from app.schools.models import School

bp = Blueprint("drills", __name__)


def _school(name: str = "school") -> School | None:
    try:
        wanted = uuid.UUID(request.args.get(name, ""))
    except ValueError:
        return None
    return found(schools.get(viewer, wanted))


def _here(**changes: Any) -> str:
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return url_for(".index", **(kept | changes))


@bp.get("/drills")
@requires(Permission.SEE_DRILLS)
def index() -> ResponseReturnValue:
    """Drills, the latest first."""
    form, school = FilterForm(request.args), _school()
    page = queries.listing(viewer, form.choice(school.id if school else None), key=request.args.get("page"))
    return render_template(
        "drills/index.html",
        form=form,
        school=school,
        lines=page.rows,
        words=words,
        rules=rules,
        next=_here(page=page.next_key) if page.next_key else "",
        previous=_here(page=page.previous_key) if page.previous_key else "",
        is_filtered=bool(request.query_string),
    )


def _served(school: School | None) -> School:
    """The school to log for: the one in the address, else the only one of a school's own people."""
    if school is None and len(viewer.school_ids) == 1 and viewer.is_school:
        school = schools.get(viewer, next(iter(viewer.school_ids)))
    if school is None:
        abort(404)
    if not schools.serves(viewer, school):
        abort(403)
    return school


def _form(school: School) -> DrillForm:
    visits = [] if viewer.is_school else queries.visits_of(school.id)
    return DrillForm(
        key=request.form.get("key") or str(new_id()),
        visit=request.args.get("visit", ""),
        buildings=[(building.id, building.name) for building in schools.buildings_of(school.id)],
        visits=[(visit.id, f"{visit.planned_on.isoformat()} {visit.purpose}".strip()) for visit in visits],
    )


@bp.get("/drills/new")
@requires(Permission.LOG_DRILLS)
def new() -> ResponseReturnValue:
    """The log page; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记演练。"), "info")
        return redirect(url_for("schools.index"))
    school = _served(_school())
    return render_template("drills/new.html", form=_form(school), school=school)


@bp.post("/drills/new")
@requires(Permission.LOG_DRILLS)
def log() -> ResponseReturnValue:
    """Keep a drill."""
    school = _served(_school())
    form = _form(school)
    if form.validate_on_submit():
        try:
            drill = service.log(
                viewer, school=school, drill_id=form.drill_id(), new=form.new_drill(), photos=form.photos.chosen()
            )
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
        else:
            db.session.commit()
            flash(_("已登记。"))
            return redirect(url_for(".show", drill_id=drill.id))
    return render_template("drills/new.html", form=form, school=school), 422


def _page(
    line: queries.Line, *, photos_form: PhotosForm | None = None, form: WithdrawForm | None = None, status: int = 200
) -> ResponseReturnValue:
    drill, figures = line.drill, line.drill.figures
    school = found(schools.get(viewer, drill.school_id))
    goal = queries.goal_seconds(line.building)
    stairs = queries.stairs_seconds(line.building, people=drill.accounted)
    return (
        render_template(
            "drills/show.html",
            line=line,
            drill=drill,
            school=school,
            words=words,
            clock_time=rules.minutes_seconds,
            missing=rules.missing(figures),
            absent=rules.absent(figures),
            goal=goal,
            goal_met=rules.meets_goal(figures, goal),
            stairs=stairs,
            hints=rules.hints(figures, plausible_s=stairs),
            photos=fieldwork.photos_of(TargetKind.DRILL, [drill.id]),
            papers=papers.about(viewer, "drill", {drill.id}),
            logged_by=queries.name_of(drill.logged_by_id),
            serves=schools.serves(viewer, school),
            may_withdraw=service.may_withdraw(viewer, drill),
            photos_form=photos_form or PhotosForm(),
            form=form or WithdrawForm(),
            languages=LANGUAGES,
        ),
        status,
    )


@bp.get("/drills/<uuid:drill_id>")
@requires(Permission.SEE_DRILLS)
def show(drill_id: uuid.UUID) -> ResponseReturnValue:
    """One drill with everything about it."""
    return _page(found(queries.get(viewer, drill_id)))


def _own(drill_id: uuid.UUID) -> queries.Line:
    line = found(queries.get(viewer, drill_id))
    if not schools.serves(viewer, found(schools.get(viewer, line.drill.school_id))):
        abort(403)
    return line


@bp.post("/drills/<uuid:drill_id>/photos")
@requires(Permission.LOG_DRILLS)
def add_photos(drill_id: uuid.UUID) -> ResponseReturnValue:
    """More photos of a drill."""
    line, form = _own(drill_id), PhotosForm()
    chosen = form.photos.chosen()
    if not form.validate_on_submit() or not chosen:
        form.photos.errors = [_("请选择照片。")]
        return _page(line, photos_form=form, status=422)
    try:
        service.add_photos(viewer, drill=line.drill, photos=chosen)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _page(_own(drill_id), photos_form=form, status=422)
    db.session.commit()
    flash(_("照片已保存。"))
    return redirect(url_for(".show", drill_id=drill_id))


@bp.post("/drills/<uuid:drill_id>/withdraw")
@requires(Permission.LOG_DRILLS)
def withdraw(drill_id: uuid.UUID) -> ResponseReturnValue:
    """Take a record back, with the reason."""
    line, form = _own(drill_id), WithdrawForm()
    if not form.validate_on_submit():
        return _page(line, form=form, status=422)
    service.withdraw(viewer, drill=line.drill, reason=form.reason.data or "")
    db.session.commit()
    flash(_("已撤回，理由已存档。"))
    return redirect(url_for(".show", drill_id=drill_id))


def _language() -> str:
    chosen = request.form.get("language", "")
    return chosen if chosen in RECORD.languages else RECORD.languages[0]


@bp.post("/drills/<uuid:drill_id>/preview")
@requires(Permission.LOG_DRILLS)
def preview(drill_id: uuid.UUID) -> ResponseReturnValue:
    """The paper as it would look, without number."""
    line, language = _own(drill_id), _language()
    job = documents.preview(
        RECORD, paper.record(line, language=language), brigade=paper.brigade_of(line), by=viewer, language=language
    )
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job.id))


@bp.post("/drills/<uuid:drill_id>/issue")
@requires(Permission.ISSUE_DOCUMENTS)
def issue(drill_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the record with a number."""
    line, language = _own(drill_id), _language()
    if line.drill.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能制作文书。"))
    known = [p for p in papers.about(viewer, "drill", {drill_id}) if p.language == language and not p.revoked_at]
    document = known[0] if known else None
    if document is None:
        document = documents.issue(
            RECORD,
            paper.record(line, language=language),
            brigade=paper.brigade_of(line),
            by=viewer,
            subject=("drill", drill_id),
            school=found(schools.get(viewer, line.drill.school_id)),
            language=language,
        )
        db.session.commit()
    return redirect(url_for("documents.show", document_id=document.id))


bp.add_app_template_filter(rules.minutes_seconds, "minutes_seconds")
bp.add_app_template_filter(rules.missing, "people_missing")
