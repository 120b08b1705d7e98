"""Drill plans: the list, writing, sending, giving back, agreeing; their two papers."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done, made
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import LANGUAGES
from app.core.web import found
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import DocumentState
from app.drills import plan_paper, plan_words, queries, words
from app.drills.plan_forms import PlanForm, ReasonForm, filled_from
from app.drills.queries import plans
from app.drills.queries.plans import PlanLine
from app.drills.rules.plans import OPEN, PlanState
from app.drills.service import plans as service
from app.drills.views.blueprint import bp
from app.logbook import pages
from app.organisations.models import Brigade
from app.schools import queries as schools
from app.schools.models import School


@bp.get("/drills/plans")
@requires(Permission.SEE_DRILLS)
def plan_index() -> ResponseReturnValue:
    """Plans, the latest first."""
    school, state = pages.school_named(), request.args.get("state", "")
    page = plans.listing(viewer, school_id=school.id if school else None, state=state, key=request.args.get("page"))
    return render_template(
        "drills/plans/index.html",
        lines=page.rows,
        school=school,
        state=state,
        states=PlanState,
        words=words,
        plan_words=plan_words,
        **pages.neighbours(".plan_index", page),
    )


def _form(school: School, **more: Any) -> Any:
    buildings = [(building.id, building.name) for building in schools.buildings_of(school.id)]
    return PlanForm(buildings=buildings, key=request.form.get("key") or str(new_id()), **more)


def _form_page(form: Any, school: School, plan: Any = None, status: int = 200) -> ResponseReturnValue:
    return render_template("drills/plans/edit.html", form=form, school=school, plan=plan), status


@bp.route("/drills/plans/new", methods=["GET", "POST"])
@requires(Permission.LOG_DRILLS)
def new_plan() -> ResponseReturnValue:
    """Write a plan; it begins from the school's last one."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面编制演练方案。"), "info")
        return redirect(url_for("schools.index"))
    school = pages.school_to_log_for()
    last = plans.last_of_school(school.id)
    form = _form(school, data=filled_from(last, again=True) if last else None)
    if form.validate_on_submit():
        plan = made(form, lambda: service.write(viewer, school=school, plan_id=form.plan_id(), new=form.new_plan()))
        if plan is not None:
            flash(_("方案已保存。"))
            return redirect(url_for(".plan", plan_id=plan.id))
    return _form_page(form, school, status=422 if form.is_submitted() else 200)


def own(plan_id: uuid.UUID) -> PlanLine:
    """A plan of a school that the viewer works for or serves; others see it and no more."""
    line = found(plans.get(viewer, plan_id))
    if not schools.serves(viewer, found(schools.get(viewer, line.plan.school_id))):
        abort(403)
    return line


@bp.route("/drills/plans/<uuid:plan_id>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_DRILLS)
def edit_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Change a plan that is still open."""
    plan = own(plan_id).plan
    school = found(schools.get(viewer, plan.school_id))
    form = _form(school, data=filled_from(plan))
    if form.validate_on_submit() and done(form, lambda: service.change(viewer, plan, form.new_plan())):
        flash(_("方案已保存。"))
        return redirect(url_for(".plan", plan_id=plan_id))
    return _form_page(form, school, plan, status=422 if form.is_submitted() else 200)


def _show(line: PlanLine, form: ReasonForm | None = None, status: int = 200) -> ResponseReturnValue:
    plan = line.plan
    school = found(schools.get(viewer, plan.school_id))
    serves = schools.serves(viewer, school) and viewer.may(Permission.LOG_DRILLS)
    return (
        render_template(
            "drills/plans/show.html",
            line=line,
            plan=plan,
            school=school,
            words=words,
            plan_words=plan_words,
            states=PlanState,
            is_open=plan.state in OPEN,
            lacks=service.lacks(plan),
            asks_approval=service.asks_approval(plan),
            may_write=serves,
            may_decide=service.may_decide(viewer, plan),
            goal=plan.target_s or queries.goal_seconds(line.building),
            stairs=queries.stairs_figures(line.building, people=plan.heads),
            form=form or ReasonForm(),
            papers=plans.papers(plan),
            made=DocumentState.ISSUED,
            languages=LANGUAGES,
            kinds=plan_paper.KINDS,
        ),
        status,
    )


@bp.get("/drills/plans/<uuid:plan_id>")
@requires(Permission.SEE_DRILLS)
def plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """One plan with what became of it."""
    return _show(found(plans.get(viewer, plan_id)))


def _act(plan_id: uuid.UUID, act: Callable[[Any], None], said: str) -> ResponseReturnValue:
    act(own(plan_id).plan)
    db.session.commit()
    flash(said)
    return redirect(url_for(".plan", plan_id=plan_id))


def _with_reason(plan_id: uuid.UUID, act: Callable[..., None], said: str) -> ResponseReturnValue:
    line, form = own(plan_id), ReasonForm()
    if form.validate_on_submit() and done(form, lambda: act(viewer, line.plan, reason=form.reason.data or "")):
        flash(said)
        return redirect(url_for(".plan", plan_id=plan_id))
    return _show(own(plan_id), form, 422)


@bp.post("/drills/plans/<uuid:plan_id>/submit")
@requires(Permission.LOG_DRILLS)
def submit_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Send it, or settle it where the brigade does not ask to agree."""
    return _act(plan_id, lambda plan: service.submit(viewer, plan), _("方案已送出。"))


@bp.post("/drills/plans/<uuid:plan_id>/approve")
@requires(Permission.APPROVE_DRILLS)
def approve_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Agree."""
    return _act(plan_id, lambda plan: service.approve(viewer, plan), _("已同意，学校可以按方案开始演练。"))


@bp.post("/drills/plans/<uuid:plan_id>/return")
@requires(Permission.APPROVE_DRILLS)
def return_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Give it back with the reason."""
    return _with_reason(plan_id, service.give_back, _("已退回，学校会看到理由。"))


@bp.post("/drills/plans/<uuid:plan_id>/reopen")
@requires(Permission.LOG_DRILLS)
def reopen_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Take it back to change it."""
    return _act(plan_id, lambda plan: service.reopen(viewer, plan), _("已收回，可以修改。"))


@bp.post("/drills/plans/<uuid:plan_id>/withdraw")
@requires(Permission.LOG_DRILLS)
def withdraw_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """The drill is not held after all."""
    return _with_reason(plan_id, service.withdraw, _("已撤回，理由已存档。"))


def _paper_asked() -> tuple[Any, Any, str]:
    name = request.form.get("paper", "")
    if name not in plan_paper.KINDS:
        abort(404)
    language = request.form.get("language", "")
    kind, context = plan_paper.KINDS[name]
    return kind, context, language if language in kind.languages else kind.languages[0]


@bp.post("/drills/plans/<uuid:plan_id>/preview")
@requires(Permission.LOG_DRILLS)
def preview_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """The plan or the announcement as it would look."""
    line = own(plan_id)
    kind, context, language = _paper_asked()
    school = found(schools.get(viewer, line.plan.school_id))
    brigade = db.session.get_one(Brigade, school.brigade_id)
    job = documents.preview(
        kind, context(line, language=language), brigade=brigade, by=viewer, school=school, language=language
    )
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job.id))


@bp.post("/drills/plans/<uuid:plan_id>/issue")
@requires(Permission.LOG_DRILLS)
def issue_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """The plan or the announcement in the school's own name, with a number; the same once in each language."""
    line = own(plan_id)
    kind, context, language = _paper_asked()
    if line.plan.state is not PlanState.READY:
        raise DomainError(_("方案定稿后才能制作正式文本。"), code="state")
    school = found(schools.get(viewer, line.plan.school_id))
    if document_queries.newest_about(("drill_plan", line.plan.id), kind.code, language=language) is None:
        documents.issue(
            kind,
            context(line, language=language),
            brigade=db.session.get_one(Brigade, school.brigade_id),
            by=viewer,
            subject=("drill_plan", line.plan.id),
            school=school,
            language=language,
        )
        db.session.commit()
    flash(_("正在制作，片刻后在这一页打开。"))
    return redirect(url_for(".plan", plan_id=plan_id))
