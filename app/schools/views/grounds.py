"""What stands on a school's ground: buildings, floors, places; and whom to call."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form
from app.core.web import found
from app.schools import queries, service
from app.schools.forms import BuildingForm, ContactForm, FloorForm, NewFloorForm, PlaceForm, ReasonForm
from app.schools.models import Building, Contact, Place, School
from app.schools.views import bp, seen, served
from app.schools.views.register import facility_choices


@bp.get("/schools/<uuid:school_id>/grounds")
@requires(Permission.SEE_SCHOOLS)
def grounds(school_id: uuid.UUID) -> ResponseReturnValue:
    """Buildings with their floors, and places."""
    school = seen(school_id)
    places = queries.places_of(school.id)
    by_building: dict[uuid.UUID | None, list[Place]] = {}
    for place in places:
        by_building.setdefault(place.building_id, []).append(place)
    return render_template(
        "schools/grounds.html",
        school=school,
        serves=school.brigade_id in viewer.brigade_ids,
        buildings=queries.buildings_of(school.id),
        places=by_building,
        facilities={choice.value: choice.label for choice in facility_choices()},
    )


def _building(building_id: uuid.UUID) -> Building:
    building = found(queries.building(viewer, building_id))
    _serve(building.school_id)
    return building


def _serve(school_id: uuid.UUID) -> School:
    return served(school_id)


def _answer(
    form: Form, school: School, title: str, *, reason: ReasonForm | None = None, retire: str = "", thing: str = ""
) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "schools/part.html", form=form, school=school, title=title, reason=reason, retire=retire, thing=thing
    )
    return page, status


def _done(school_id: uuid.UUID, endpoint: str = ".grounds") -> ResponseReturnValue:
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for(endpoint, school_id=school_id))


def _refused(form: Form, problem: DomainError) -> None:
    db.session.rollback()
    form.add_problem(problem)


@bp.route("/schools/<uuid:school_id>/buildings/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def new_building(school_id: uuid.UUID) -> ResponseReturnValue:
    """Add a building."""
    school = served(school_id)
    form = BuildingForm()
    form.facilities.choices = facility_choices()
    if form.validate_on_submit():
        try:
            service.add_building(viewer, school, **form.values())
            return _done(school_id)
        except DomainError as problem:
            _refused(form, problem)
    return _answer(form, school, _("增加建筑"))


@bp.route("/buildings/<uuid:building_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def edit_building(building_id: uuid.UUID) -> ResponseReturnValue:
    """Change a building."""
    building = _building(building_id)
    school = served(building.school_id)
    form = BuildingForm(obj=building)
    form.facilities.choices = facility_choices()
    if form.validate_on_submit():
        try:
            service.edit_building(viewer, building, **form.values())
            return _done(school.id)
        except DomainError as problem:
            _refused(form, problem)
    retire = "" if building.retired_on else url_for(".retire_building", building_id=building_id)
    return _answer(form, school, _("修改建筑"), reason=ReasonForm(formdata=None), retire=retire, thing=building.name)


@bp.post("/buildings/<uuid:building_id>/retire")
@requires(Permission.EDIT_SCHOOLS)
def retire_building(building_id: uuid.UUID) -> ResponseReturnValue:
    """A building is no longer in use."""
    building = _building(building_id)
    service.retire_building(viewer, building, reason=_reason())
    return _done(building.school_id)


def _reason() -> str:
    form = ReasonForm()
    if not form.validate():
        raise DomainError(_("请写明原因（最多 500 字）。"))
    return str(form.reason.data)


@bp.route("/buildings/<uuid:building_id>/floors/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def new_floor(building_id: uuid.UUID) -> ResponseReturnValue:
    """Add a floor."""
    building = _building(building_id)
    form = NewFloorForm()
    if form.validate_on_submit():
        try:
            service.add_floor(
                viewer, building, level=form.level.data or 0, name=form.name.data or "", heads=form.heads.data
            )
            return _done(building.school_id)
        except DomainError as problem:
            _refused(form, problem)
    return _answer(form, served(building.school_id), _("增加楼层：%(name)s", name=building.name))


@bp.route("/buildings/<uuid:building_id>/floors/<uuid:floor_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def edit_floor(building_id: uuid.UUID, floor_id: uuid.UUID) -> ResponseReturnValue:
    """Change a floor's name and head-count."""
    building = _building(building_id)
    floor = found(next((one for one in building.floors if one.id == floor_id), None))
    form = FloorForm(obj=floor)
    if form.validate_on_submit():
        service.edit_floor(viewer, building, floor, name=form.name.data or "", heads=form.heads.data)
        return _done(building.school_id)
    return _answer(form, served(building.school_id), f"{building.name} {floor.name}")


def _place_form(school: School, place: Place | None = None) -> PlaceForm:
    form = PlaceForm(obj=place)
    choices = [SelectChoice("", _("校园（不在建筑内）"))]
    for building in queries.buildings_of(school.id):
        choices.append(SelectChoice(f"building:{building.id}", building.name))
        choices += [SelectChoice(f"floor:{floor.id}", f"{building.name} {floor.name}") for floor in building.floors]
    form.where.choices = choices
    if request.method == "GET" and place is not None:
        form.where.data = (
            f"floor:{place.floor_id}"
            if place.floor_id
            else f"building:{place.building_id}"
            if place.building_id
            else ""
        )
    elif request.method == "GET":
        form.where.data = request.args.get("where", "")
    return form


@bp.route("/schools/<uuid:school_id>/places/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def new_place(school_id: uuid.UUID) -> ResponseReturnValue:
    """Add a place."""
    school = served(school_id)
    form = _place_form(school)
    if form.validate_on_submit():
        try:
            service.add_place(viewer, school, **form.values())
            return _done(school_id)
        except DomainError as problem:
            _refused(form, problem)
    return _answer(form, school, _("增加场所"))


def _place(place_id: uuid.UUID) -> Place:
    place = found(queries.place(viewer, place_id))
    _serve(place.school_id)
    return place


@bp.route("/places/<uuid:place_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def edit_place(place_id: uuid.UUID) -> ResponseReturnValue:
    """Change a place."""
    place = _place(place_id)
    school = served(place.school_id)
    form = _place_form(school, place)
    if form.validate_on_submit():
        try:
            service.edit_place(viewer, place, **form.values())
            return _done(school.id)
        except DomainError as problem:
            _refused(form, problem)
    retire = "" if place.retired_on else url_for(".retire_place", place_id=place_id)
    return _answer(form, school, _("修改场所"), reason=ReasonForm(formdata=None), retire=retire, thing=place.name)


@bp.post("/places/<uuid:place_id>/retire")
@requires(Permission.EDIT_SCHOOLS)
def retire_place(place_id: uuid.UUID) -> ResponseReturnValue:
    """A place is no longer there."""
    place = _place(place_id)
    service.retire_place(viewer, place, reason=_reason())
    return _done(place.school_id)


def _contact(contact_id: uuid.UUID) -> Contact:
    contact = found(queries.contact(viewer, contact_id))
    _serve(contact.school_id)
    if contact.ended_on is not None:
        abort(404)
    return contact


@bp.route("/schools/<uuid:school_id>/contacts/new", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def new_contact(school_id: uuid.UUID) -> ResponseReturnValue:
    """Add somebody to call."""
    school = served(school_id)
    form = ContactForm()
    if form.validate_on_submit():
        name, post, phone = form.name.data or "", form.post.data or "", form.phone.data or ""
        service.add_contact(viewer, school, name=name, post=post, phone=phone)
        return _done(school_id, ".show")
    return _answer(form, school, _("增加联系人"))


@bp.route("/contacts/<uuid:contact_id>", methods=["GET", "POST"])
@requires(Permission.EDIT_SCHOOLS)
def edit_contact(contact_id: uuid.UUID) -> ResponseReturnValue:
    """Change a contact."""
    contact = _contact(contact_id)
    form = ContactForm(obj=contact)
    if form.validate_on_submit():
        values = {"name": form.name.data, "post": form.post.data or "", "phone": form.phone.data or ""}
        service.edit_contact(viewer, contact, **values)
        return _done(contact.school_id, ".show")
    return _answer(form, served(contact.school_id), _("修改联系人"))


@bp.post("/contacts/<uuid:contact_id>/end")
@requires(Permission.EDIT_SCHOOLS)
def end_contact(contact_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody left the school."""
    contact = _contact(contact_id)
    service.end_contact(viewer, contact)
    return _done(contact.school_id, ".show")
