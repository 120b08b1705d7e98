"""Planning a session, its page, the code to sign in with, the list of those who came, quiz results."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import done, made
from app.core.db import new_id
from app.core.extensions import db
from app.core.i18n import LANGUAGES
from app.core.web import found
from app.documents import queries as papers
from app.documents.composing import qr_code
from app.logbook import pages
from app.schools import queries as schools
from app.trainings import queries as held
from app.trainings.queries import sessions as queries
from app.trainings.queries.sessions import SessionLine
from app.trainings.rules import attendance as rules
from app.trainings.service import sessions, signing
from app.trainings.session_forms import NamesForm, PlanForm, ReasonForm, results_form
from app.trainings.views import bp, topics


def _plan_form(**known: Any) -> PlanForm:
    form = PlanForm(**known)
    if viewer.is_school:
        del form.is_half_day
    return form


@bp.get("/trainings/sessions/new")
@requires(Permission.LOG_TRAININGS)
def new_session() -> ResponseReturnValue:
    """The page on which a session is planned; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记培训。"), "info")
        return redirect(url_for("schools.index"))
    school = pages.school_to_log_for()
    known = {"key": str(new_id()), "is_half_day": request.args.get("half_day") == "1", **topics.chosen()}
    form = _plan_form(formdata=None, **known)
    return render_template("trainings/plan.html", form=form, school=school, line=None)


@bp.post("/trainings/sessions/new")
@requires(Permission.LOG_TRAININGS)
def plan_session() -> ResponseReturnValue:
    """Plan a session."""
    school = pages.school_to_log_for()
    form = _plan_form()
    if form.validate_on_submit():
        session = made(
            form,
            lambda: sessions.plan(viewer, school=school, session_id=form.session_id(), new=form.new_session()),
        )
        if session is not None:
            flash(_("已列入计划。"))
            return redirect(url_for(".session", training_session_id=session.id))
    return render_template("trainings/plan.html", form=form, school=school, line=None), 422


def own(session_id: uuid.UUID) -> SessionLine:
    """A session of a school that the viewer serves."""
    line = found(queries.get(viewer, session_id))
    if not schools.serves(viewer, line.school):
        abort(403)
    return line


def _page(line: SessionLine, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    session = line.session
    names = rules.keeps_names(session.audience)
    page = queries.people(session.id, key=request.args.get("page")) if names else None
    state = rules.sign_in_state(session.sign_in_from, session.sign_in_until, session.sign_in_closed_at, now=clock.now())
    shown = {
        "line": line,
        "session": session,
        "school": line.school,
        "people": page.rows if page else [],
        "papers": papers.about(viewer, "training_session", {session.id}) if names else [],
        "certificates": queries.certificates_of(viewer, page.rows) if page else {},
        "languages": LANGUAGES,
        "outcome": queries.outcome_of(session),
        "sign_in": state,
        "serves": schools.serves(viewer, line.school),
        "names_form": forms.get("names_form") or NamesForm(formdata=None),
        "reason_form": forms.get("reason_form") or ReasonForm(formdata=None),
        **(pages.neighbours(".session", page, training_session_id=session.id) if page else {}),
    }
    return render_template("trainings/session.html", **shown), status


@bp.get("/trainings/sessions/<uuid:training_session_id>")
@requires(Permission.SEE_TRAININGS)
def session(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """One session: its plan, how people sign in, who came."""
    return _page(found(queries.get(viewer, training_session_id)))


@bp.route("/trainings/sessions/<uuid:training_session_id>/edit", methods=["GET", "POST"])
@requires(Permission.LOG_TRAININGS)
def edit_session(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Change a plan that still lies ahead."""
    line = own(training_session_id)
    form = PlanForm.about(line.session)
    if viewer.is_school:
        del form.is_half_day
    if form.validate_on_submit() and done(form, lambda: sessions.change(viewer, line.session, new=form.new_session())):
        flash(_("计划已更改。"))
        return redirect(url_for(".session", training_session_id=training_session_id))
    page = render_template("trainings/plan.html", form=form, school=line.school, line=line)
    return page, 422 if form.errors or form.form_errors else 200


def _back(session_id: uuid.UUID, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said)
    return redirect(url_for(".session", training_session_id=session_id))


@bp.post("/trainings/sessions/<uuid:training_session_id>/call-off")
@requires(Permission.LOG_TRAININGS)
def call_off_session(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Call a session off with a reason."""
    line, form = own(training_session_id), ReasonForm()
    if not form.validate_on_submit():
        return _page(line, status=422, reason_form=form)
    sessions.call_off(viewer, line.session, reason=form.reason.data or "")
    return _back(training_session_id, _("已取消，理由已存档。"))


@bp.post("/trainings/sessions/<uuid:training_session_id>/sign-in/open")
@requires(Permission.LOG_TRAININGS)
def open_sign_in(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """A new address to sign in at; an earlier one is useless from now on."""
    signing.open_sign_in(viewer, own(training_session_id).session)
    db.session.commit()
    return redirect(url_for(".sign_in_code", training_session_id=training_session_id))


@bp.post("/trainings/sessions/<uuid:training_session_id>/sign-in/close")
@requires(Permission.LOG_TRAININGS)
def close_sign_in(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Make the address useless at once."""
    signing.close_sign_in(viewer, own(training_session_id).session)
    return _back(training_session_id, _("签到已关闭，二维码不能再用。"))


def _address(line: SessionLine) -> str:
    """Where people sign in; what is shown is made again from the session, only its hash is kept."""
    token = signing.token_of(line.session)
    if not token:
        abort(404)
    return f"{current_app.config['SETTINGS'].base_url}/t/{token}"


@bp.get("/trainings/sessions/<uuid:training_session_id>/code")
@requires(Permission.LOG_TRAININGS)
def sign_in_code(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """The code to show on the wall or to print, with how many have signed in."""
    line = own(training_session_id)
    if not signing.token_of(line.session):
        return redirect(url_for(".session", training_session_id=training_session_id))
    session = line.session
    state = rules.sign_in_state(session.sign_in_from, session.sign_in_until, session.sign_in_closed_at, now=clock.now())
    return render_template(
        "trainings/code.html",
        line=line,
        session=session,
        school=line.school,
        address=_address(line),
        sign_in=state,
        signed=queries.outcome_of(session).signed,
        refresh=10 if state is rules.SignIn.OPEN else None,
    )


@bp.get("/trainings/sessions/<uuid:training_session_id>/code.svg")
@requires(Permission.LOG_TRAININGS)
def sign_in_picture(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """The code as a picture."""
    return Response(qr_code(_address(own(training_session_id))), mimetype="image/svg+xml")


@bp.post("/trainings/sessions/<uuid:training_session_id>/names")
@requires(Permission.LOG_TRAININGS)
def list_names(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Put a list of adults on record."""
    line, form = own(training_session_id), NamesForm()
    if not form.validate_on_submit():
        return _page(line, status=422, names_form=form)
    added = made(form, lambda: signing.list_adults(viewer, line.session, text=form.names.data or ""))
    if added is None:
        return _page(own(training_session_id), status=422, names_form=form)
    flash(ngettext("新增 %(num)d 人。", "新增 %(num)d 人。", added))
    return redirect(url_for(".session", training_session_id=training_session_id))


@bp.post("/trainings/<uuid:training_id>/names")
@requires(Permission.LOG_TRAININGS)
def keep_names(training_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a list of names for a training that was logged without one."""
    line = found(held.get(viewer, training_id))
    pages.must_serve(line.training)
    session = sessions.for_names(viewer, line.training)
    db.session.commit()
    return redirect(url_for(".session", training_session_id=session.id))


@bp.route(
    "/trainings/sessions/<uuid:training_session_id>/people/<uuid:attendee_id>/off", methods=["GET", "POST"]
)  # fmt: skip
@requires(Permission.LOG_TRAININGS)
def take_off(training_session_id: uuid.UUID, attendee_id: uuid.UUID) -> ResponseReturnValue:
    """Take a name off the list with a reason."""
    line = own(training_session_id)
    attendee = found(queries.attendee(training_session_id, attendee_id))
    form = ReasonForm()
    if form.validate_on_submit():
        signing.take_off(viewer, attendee, reason=form.reason.data or "")
        return _back(training_session_id, _("已移出名单。"))
    page = render_template("trainings/take_off.html", form=form, line=line, attendee=attendee, school=line.school)
    return page, 422 if form.errors else 200


@bp.route("/trainings/sessions/<uuid:training_session_id>/results", methods=["GET", "POST"])
@requires(Permission.LOG_TRAININGS)
def results(training_session_id: uuid.UUID) -> ResponseReturnValue:
    """Quiz results of one page of people: each figure that is entered is that person's next attempt."""
    line = own(training_session_id)
    page = queries.people(training_session_id, key=request.args.get("page"))
    form = results_form(page.rows, pass_percent=line.session.pass_percent)
    if form.validate_on_submit():
        entered = made(
            form,
            lambda: signing.enter_results(
                viewer, line.session, pass_percent=form.pass_percent.data or 0, percents=form.percents()
            ),
        )
        if entered is not None:
            flash(ngettext("已登记 %(num)d 人的成绩。", "已登记 %(num)d 人的成绩。", entered))
            return redirect(url_for(".session", training_session_id=training_session_id))
    shown = render_template(
        "trainings/results.html",
        form=form,
        line=line,
        session=line.session,
        school=line.school,
        people=page.rows,
        **pages.neighbours(".results", page, training_session_id=training_session_id),
    )
    return shown, 422 if form.errors or form.form_errors else 200
