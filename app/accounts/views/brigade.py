"""The viewer's units of the fire service and what they set for themselves."""

from __future__ import annotations

import uuid
from dataclasses import asdict

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.forms.brigade import KIND_LABELS, BrigadeForm, NewUnitForm, SettingsForm
from app.accounts.policy import Permission
from app.accounts.views.base import bp
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form
from app.core.web import found
from app.organisations import brigades as service
from app.organisations import queries
from app.organisations.models import Brigade, BrigadeKind
from app.organisations.settings import described, grouped, settings_of


def _own_unit(unit_id: uuid.UUID | None) -> Brigade:
    wanted = unit_id or viewer.own_brigade_id
    return found(db.session.get(Brigade, wanted) if wanted in viewer.brigade_ids else None)


@bp.get("/admin/brigade")
@bp.get("/admin/brigade/<uuid:unit_id>", endpoint="unit")
@requires(Permission.MANAGE_BRIGADE)
def brigade(unit_id: uuid.UUID | None = None) -> ResponseReturnValue:
    """One unit: its data, its settings, the units below it."""
    return _unit(_own_unit(unit_id))


def _unit(unit: Brigade, details: BrigadeForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "organisations/brigade.html",
        unit=unit,
        kind=KIND_LABELS[unit.kind],
        kinds=KIND_LABELS,
        others=[u for u in queries.units(viewer.brigade_ids) if u.id != unit.id],
        details=details or BrigadeForm(formdata=None, obj=unit),
    )
    return page, 422 if details else 200


@bp.post("/admin/brigade/<uuid:unit_id>")
@requires(Permission.MANAGE_BRIGADE)
def change_brigade(unit_id: uuid.UUID) -> ResponseReturnValue:
    """Change a unit's data."""
    unit = _own_unit(unit_id)
    form = BrigadeForm()
    if form.validate_on_submit():
        try:
            service.change_brigade(viewer, unit=unit, **{key: form[key].data or "" for key in service.DETAILS})
            db.session.commit()
            flash(_("已保存。以前签发的文书不变。"))
            return redirect(url_for("accounts.unit", unit_id=unit_id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    return _unit(_own_unit(unit_id), details=form)


@bp.get("/admin/settings")
@bp.get("/admin/brigade/<uuid:unit_id>/settings", endpoint="unit_settings")
@requires(Permission.CHANGE_SETTINGS)
def settings(unit_id: uuid.UUID | None = None) -> ResponseReturnValue:
    """What the unit decides for itself, each with the proposed value and how sure that is."""
    unit = _own_unit(unit_id)
    return _settings(unit, SettingsForm(formdata=None, data=asdict(settings_of(unit.settings))))


def _settings(unit: Brigade, form: Form, status: int = 200) -> ResponseReturnValue:
    others = [u for u in queries.brigades(viewer.brigade_ids) if u.id != unit.id]
    page = render_template("organisations/settings.html", unit=unit, form=form, groups=grouped(), others=others)
    return page, status


@bp.post("/admin/brigade/<uuid:unit_id>/settings")
@requires(Permission.CHANGE_SETTINGS)
def change_settings(unit_id: uuid.UUID) -> ResponseReturnValue:
    """Set what the unit decides for itself."""
    unit, form = _own_unit(unit_id), SettingsForm()
    if form.validate_on_submit():
        try:
            service.change_settings(viewer, unit=unit, values={one.name: form[one.name].data for one in described()})
            db.session.commit()
            flash(_("设置已保存。"))
            return redirect(url_for("accounts.unit_settings", unit_id=unit_id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    return _settings(_own_unit(unit_id), form, 422)


@bp.route("/admin/brigade/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_BRIGADE)
def new_unit() -> ResponseReturnValue:
    """Add a station or another unit below one of the viewer's."""
    form = NewUnitForm()
    own = queries.units(viewer.brigade_ids)
    below = [BrigadeKind.STATION, BrigadeKind.BRIGADE]
    form.kind.choices = [SelectChoice(kind.value, KIND_LABELS[kind]) for kind in below]
    form.parent.choices = [SelectChoice(str(unit.id), unit.name) for unit in own]
    areas = queries.areas_below(viewer.own_brigade_area or "-")
    form.area_code.choices = [SelectChoice(area.code, f"{area.name} {area.code}") for area in areas]
    if form.validate_on_submit():
        try:
            unit = service.found_brigade(
                viewer,
                kind=BrigadeKind(form.kind.data),
                area_code=form.area_code.data,
                parent_id=uuid.UUID(form.parent.data),
                **{key: form[key].data or "" for key in service.DETAILS},
            )
            db.session.commit()
            flash(_("单位已建立。"))
            return redirect(url_for("accounts.unit", unit_id=unit.id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    page = render_template("organisations/new_unit.html", form=form)
    return page, 422 if request.method == "POST" else 200
