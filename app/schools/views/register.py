"""The list of schools, one school's page, and the forms of its head data."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import language, localised
from app.core.panels import rendered_panels
from app.organisations import queries as organisations
from app.regulations import queries as regulations
from app.schools import queries, service
from app.schools.forms import FilterForm, ReasonForm, SchoolForm
from app.schools.models import School, SchoolKind, SchoolStatus
from app.schools.queries import groups, history, register
from app.schools.views import bp, seen, served


def _filters() -> tuple[FilterForm, register.Wanted]:
    form = FilterForm(request.args)
    areas = register.areas_in_use(viewer)
    form.area.choices = [
        SelectChoice("", _("全部")),
        *(SelectChoice(area.code, localised(area.name, area.name_en)) for area in areas),
    ]
    known = groups.choices(viewer)
    if known:
        known = [("", _("全部")), ("none", _("没有分组")), *known]
        form.group.choices = [SelectChoice(value, name) for value, name in known]
    form.forget_nonsense()
    good = form.data
    wanted = register.Wanted(
        text=request.args.get("q", "")[:200],
        kind=SchoolKind(good["kind"]) if good.get("kind") else None,
        area_code=good.get("area") or "",
        status=SchoolStatus(good["status"]) if good.get("status") else None,
        boarding=bool(good.get("boarding")),
        key_unit=bool(good.get("key_unit")),
        unvisited=bool(good.get("unvisited")),
        group=good.get("group") or "",
    )
    return form, wanted


def _at(kept: dict[str, Any], key: str | None) -> str:
    return url_for(".index", **{**kept, "page": key}) if key else ""


@bp.get("/schools")
@requires(Permission.SEE_SCHOOLS)
def index() -> ResponseReturnValue:
    """The schools a viewer may see, searched and filtered, a page at a time."""
    form, wanted = _filters()
    page = register.find(viewer, wanted, key=request.args.get("page"))
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "page" and value}
    return render_template(
        "schools/index.html",
        form=form,
        wanted=wanted,
        page=page,
        number=None if wanted.text else register.count(viewer, wanted),
        areas=organisations.area_names(school.area_code for school in page.rows),
        groups=groups.names(viewer, [school.id for school in page.rows]) if len(form.group.choices) > 1 else None,
        year_begins=register.year_begins(),
        next=_at(kept, page.next_key),
        previous=_at(kept, page.previous_key),
    )


def facility_choices() -> list[SelectChoice]:
    """The facilities that decide on a checklist, as the pack in force names them."""
    content = regulations.current_checklist().content
    tongue = "en" if language() == "en" else "zh"
    flags = {name: text for name, text in content["flags"].items() if name != "key_unit"}
    return [SelectChoice(name, text[tongue]) for name, text in {**content["amenities"], **flags}.items()]


@bp.get("/schools/<uuid:school_id>")
@requires(Permission.SEE_SCHOOLS)
def show(school_id: uuid.UUID) -> ResponseReturnValue:
    """One school. The page of a merged one leads to the school it was merged into."""
    school = seen(school_id)
    if school.merged_into_id and queries.get(viewer, school.merged_into_id):
        flash(_("“%(name)s”已并入这所学校。", name=school.name))
        return redirect(url_for(".show", school_id=school.merged_into_id))
    relatives, contacts, group = queries.around(viewer, school)
    return render_template(
        "schools/show.html",
        school=school,
        serves=school.brigade_id in viewer.brigade_ids,
        area=organisations.area_names([school.area_code]),
        relatives=relatives,
        contacts=contacts,
        group=group,
        panels=rendered_panels("school", viewer, school),
        year_begins=register.year_begins(),
        reason=ReasonForm(formdata=None),
    )


@bp.get("/schools/<uuid:school_id>/history")
@requires(Permission.SEE_SCHOOLS)
def school_history(school_id: uuid.UUID) -> ResponseReturnValue:
    """What was changed in a school's entry, by whom and when."""
    school = seen(school_id)
    page = history.history(school.id, key=request.args.get("page"))
    return render_template("schools/history.html", school=school, page=page)


def _form(school: School | None = None) -> SchoolForm:
    form = SchoolForm(obj=school)
    brigades = organisations.brigades(viewer.brigade_ids)
    if school is None and len(brigades) > 1:
        form.brigade_id.choices = [SelectChoice(str(brigade.id), brigade.name) for brigade in brigades]
    else:
        del form.brigade_id
    brigade_id = school.brigade_id if school else viewer.own_brigade_id
    areas = organisations.areas_below(viewer.own_brigade_area or "")
    form.area_code.choices = [SelectChoice(area.code, localised(area.name, area.name_en)) for area in areas]
    if school and school.area_code not in {area.code for area in areas}:
        form.area_code.choices.append(SelectChoice(school.area_code, school.area_code))
    parents = queries.possible_parents(viewer, brigade_id=brigade_id) if brigade_id else []
    form.parent_id.choices = [
        SelectChoice("", _("没有（独立的学校）")),
        *(SelectChoice(str(one.id), one.name) for one in parents if not school or one.id != school.id),
    ]
    form.facilities.choices = facility_choices()
    if request.method == "GET" and school is None:
        form.area_code.data = viewer.own_brigade_area
        form.parent_id.data = request.args.get("parent", type=uuid.UUID)
    return form


def _edited(form: SchoolForm, school: School | None) -> School | None:
    """Do what the form says; None when it was refused, with the reason in the form."""
    try:
        if school is not None:
            service.edit_school(viewer, school, **form.values())
            return school
        chosen = form.brigade_id
        brigade_id: Any = chosen.data if chosen is not None else viewer.own_brigade_id
        return service.create_school(viewer, brigade_id=brigade_id, is_sure=bool(form.is_sure.data), **form.values())
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return None


@bp.route("/schools/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def new() -> ResponseReturnValue:
    """Register a school."""
    form = _form()
    if form.validate_on_submit():
        school = _edited(form, None)
        if school is not None:
            db.session.commit()
            flash(_("已登记“%(name)s”。", name=school.name))
            return redirect(url_for(".show", school_id=school.id))
    status = 422 if request.method == "POST" else 200
    return render_template("schools/edit.html", form=form, school=None), status


@bp.route("/schools/<uuid:school_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def edit(school_id: uuid.UUID) -> ResponseReturnValue:
    """Change a school's head data."""
    school = served(school_id)
    form = _form(school)
    if form.validate_on_submit() and _edited(form, school):
        db.session.commit()
        flash(_("已保存。"))
        return redirect(url_for(".show", school_id=school_id))
    status = 422 if request.method == "POST" else 200
    return render_template("schools/edit.html", form=form, school=school), status


_ACTS = {"suspend": service.suspend, "close": service.close, "reopen": service.reopen}


@bp.post("/schools/<uuid:school_id>/<any(suspend, close, reopen):act>")
@requires(Permission.EDIT_SCHOOLS)
def change_status(school_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Stop, give up or reopen a school, with a reason."""
    school = served(school_id)
    form = ReasonForm()
    if not form.validate():
        raise DomainError(_("请写明原因（最多 500 字）。"))
    _ACTS[act](viewer, school, reason=form.reason.data)
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for(".show", school_id=school_id))
