"""The posts of schools: the list of gaps, one school, one post, who is in it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.acts import done
from app.core.i18n import LANGUAGES, language_tag
from app.core.web import found
from app.handbook import queries, service
from app.handbook.forms import AppointForm, HandOverForm
from app.handbook.models import PostHolder
from app.handbook.paper import duties_of
from app.handbook.queries import Desk, Station
from app.handbook.views import bp
from app.logbook import pages
from app.schools import queries as schools
from app.schools.models import School


@bp.get("/handbook")
@requires(Permission.SEE_DUTIES)
def index() -> ResponseReturnValue:
    """Schools with what is missing at their posts; a school's own people are led to theirs."""
    if viewer.is_school and len(viewer.school_ids) == 1:
        return redirect(url_for(".school", school_id=next(iter(viewer.school_ids))))
    text = request.args.get("q", "")
    lines, page = queries.listing(viewer, text=text, key=request.args.get("page"))
    return render_template("handbook/index.html", lines=lines, text=text, **pages.neighbours(".index", page))


def may_keep(school: School) -> bool:
    """Whether the viewer keeps the posts of this school."""
    return viewer.may(Permission.LOG_DUTIES) and schools.serves(viewer, school)


@bp.get("/schools/<uuid:school_id>/handbook")
@requires(Permission.SEE_DUTIES)
def school(school_id: uuid.UUID) -> ResponseReturnValue:
    """The posts of one school, who is in them, and the gaps."""
    desk = queries.desk(found(schools.get(viewer, school_id)))
    return render_template("handbook/school.html", desk=desk, school=desk.school)


def at(school_id: uuid.UUID, post_code: str) -> tuple[Desk, Station]:
    """One post of a school that the viewer sees."""
    desk = queries.desk(found(schools.get(viewer, school_id)))
    return desk, found(desk.station(post_code))


def post_page(desk: Desk, station: Station, *, status: int = 200, **forms: Any) -> ResponseReturnValue:
    """The handbook of a post as a page."""
    duties, rules = duties_of(station, language_tag())
    past = queries.past(desk.school.id, station.post.code)
    return (
        render_template(
            "handbook/post.html",
            desk=desk,
            school=desk.school,
            station=station,
            duties=duties,
            rules=rules,
            faults=queries.faults(viewer, desk.school, station.post),
            cards=queries.cards_of(station.post),
            past=past,
            signatures=queries.signatures({receipt.id for _holder, receipt in past if receipt}),
            papers=queries.papers(desk.school.id, station.post),
            languages=LANGUAGES,
            may_keep=may_keep(desk.school),
            appoint_form=forms.get("appoint_form") or AppointForm(formdata=None),
        ),
        status,
    )


@bp.get("/schools/<uuid:school_id>/handbook/<post_code>")
@requires(Permission.SEE_DUTIES)
def post(school_id: uuid.UUID, post_code: str) -> ResponseReturnValue:
    """One post: its duties, its clauses, this school's faults, how to put them right, who has received it."""
    return post_page(*at(school_id, post_code))


def own(school_id: uuid.UUID, post_code: str) -> tuple[Desk, Station]:
    """One post of a school whose posts the viewer keeps."""
    desk, station = at(school_id, post_code)
    if not may_keep(desk.school):
        abort(403)
    return desk, station


@bp.post("/schools/<uuid:school_id>/handbook/<post_code>/holders")
@requires(Permission.LOG_DUTIES)
def appoint(school_id: uuid.UUID, post_code: str) -> ResponseReturnValue:
    """Put somebody into a post."""
    (desk, station), form = own(school_id, post_code), AppointForm()
    if form.validate_on_submit() and done(
        form,
        lambda: service.appoint(
            viewer, school=desk.school, post=station.post.code, name=form.name.data or "", from_day=form.from_day.data
        ),
    ):
        flash(_("已登记，请本人阅读手册并签收。"))
        return redirect(url_for(".post", school_id=school_id, post_code=post_code))
    return post_page(*own(school_id, post_code), status=422, appoint_form=form)


def kept_holder(holder_id: uuid.UUID) -> tuple[PostHolder, School]:
    """Somebody in a post of a school whose posts the viewer keeps."""
    holder, of_school = found(queries.holder(viewer, holder_id))
    if not may_keep(of_school):
        abort(403)
    return holder, of_school


@bp.route("/handbook/holders/<uuid:post_holder_id>/hand-over", methods=["GET", "POST"])
@requires(Permission.LOG_DUTIES)
def hand_over(post_holder_id: uuid.UUID) -> ResponseReturnValue:
    """Note that somebody leaves a post, and who follows."""
    holder, of_school = kept_holder(post_holder_id)
    form, code = HandOverForm(), holder.post
    if form.validate_on_submit() and done(
        form,
        lambda: service.hand_over(viewer, holder, school=of_school, on=form.to_day.data, to=form.successor.data or ""),
    ):
        flash(_("交接已登记。"))
        return redirect(url_for(".post", school_id=of_school.id, post_code=code))
    holder, of_school = kept_holder(post_holder_id)
    page = render_template(
        "handbook/hand_over.html",
        form=form,
        holder=holder,
        school=of_school,
        post=queries.post_named(holder.post),
    )
    return page, 422 if form.errors or form.form_errors else 200
