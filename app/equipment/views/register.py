"""The list of pieces, one piece, and the forms to register and change one."""

from __future__ import annotations

import enum
import uuid
from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.panels import rendered_panels
from app.core.web import found
from app.documents.composing import qr_code
from app.equipment import dates, law, wording
from app.equipment.forms import FilterForm, PieceForm, piece_form
from app.equipment.models import Equipment, EquipmentKind, EquipmentStatus
from app.equipment.queries import register as queries
from app.equipment.service import labels, links
from app.equipment.service import register as service
from app.equipment.service.trail import must_be_kept
from app.equipment.views import bp, piece_to_edit, school_to_edit
from app.schools import queries as schools
from app.schools.models import School

Choice = TypeVar("Choice", bound=enum.StrEnum)


def uuid_or_none(text: str | None) -> uuid.UUID | None:
    """An id from an address; None where it is none."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def member(choices: type[Choice], text: str | None) -> Choice | None:
    """The member of an enum that a text names, or None."""
    return next((one for one in choices if one.value == text), None)


def wanted_from(form: FilterForm, school: School | None) -> queries.Wanted:
    """What the filters ask for; a word that is no choice asks for nothing."""
    return queries.Wanted(
        kind=member(EquipmentKind, form.kind.data),
        school_id=school.id if school else None,
        building_id=uuid_or_none(form.building.data),
        status=member(EquipmentStatus, form.status.data),
        due=form.due.data or "",
        text=(form.q.data or "")[:100],
    )


def filters() -> tuple[FilterForm, School | None]:
    """The filter form of this request and the school it is about, if one is named."""
    school_id = uuid_or_none(request.args.get("school"))
    if request.args.get("school") and school_id is None:
        abort(404)
    school = found(schools.get(viewer, school_id)) if school_id else None
    form = FilterForm(request.args)
    buildings = schools.buildings_of(school.id) if school else []
    form.building.choices = [SelectChoice("", _("全部建筑")), *(SelectChoice(str(b.id), b.name) for b in buildings)]
    return form, school


@bp.get("/equipment")
@requires(Permission.SEE_EQUIPMENT)
def index() -> ResponseReturnValue:
    """Every piece of the schools the viewer sees, filtered and paged."""
    form, school = filters()
    wanted = wanted_from(form, school)
    listed = queries.listing(viewer, wanted, key=request.args.get("page"))
    kept = {key: value for key, value in request.args.items() if key != "page" and value}
    return render_template(
        "equipment/index.html",
        form=form,
        school=school,
        may_edit=school is not None and schools.serves(viewer, school),
        figures=queries.figures_of_school(viewer, school.id)[0] if school else queries.figures(viewer),
        listed=listed,
        kept=kept,
        is_filtered=bool(set(kept) - {"school"}),
        wording=wording,
    )


@bp.get("/equipment/<uuid:piece_id>")
@requires(Permission.SEE_EQUIPMENT)
def show(piece_id: uuid.UUID) -> ResponseReturnValue:
    """One piece: facts, dates with reason and clause, history, and what other features say of it."""
    return show_page(piece_id)


def show_page(piece_id: uuid.UUID) -> str:
    """The page of a piece, also where an act on it was refused."""
    piece = found(queries.get(viewer, piece_id))
    school = found(schools.get(viewer, piece.school_id))
    due = dates.due_of(piece, clock.today())
    return render_template(
        "equipment/show.html",
        piece=piece,
        shown=queries.shown(piece),
        school=school,
        may_edit=schools.serves(viewer, school),
        due=due,
        basis=law.basis("extinguisher_life") if due else "",
        unit=queries.unit_of(piece),
        history=queries.history(piece),
        chain=queries.chain(piece),
        panels=rendered_panels("equipment", viewer, piece),
        wording=wording,
    )


@bp.get("/equipment/<uuid:piece_id>/qr.svg")
@requires(Permission.SEE_EQUIPMENT)
def qr(piece_id: uuid.UUID) -> ResponseReturnValue:
    """The label's QR code as a picture."""
    piece = found(queries.get(viewer, piece_id))
    if piece.tag_code is None:
        abort(404)
    return qr_code(links.address(piece.tag_code)), {"Content-Type": "image/svg+xml"}


def _form_page(form: PieceForm, *, school: School, piece: Equipment | None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "equipment/edit.html", form=form, school=school, piece=piece, kind=form.kind, wording=wording
    )
    return page, status


def _saved(form: PieceForm, act: Any) -> Any:
    """The result of an act, or None with its refusal shown in the form."""
    if not form.validate():
        return None
    try:
        return act()
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return None


@bp.get("/equipment/new")
@requires(Permission.EDIT_EQUIPMENT)
def choose_kind() -> ResponseReturnValue:
    """Which kind of piece is to be registered at which school."""
    school = school_to_edit(uuid_or_none(request.args.get("school")) or abort(404))
    tag = request.args.get("tag", "")
    return render_template("equipment/choose_kind.html", school=school, tag=tag, wording=wording)


@bp.route("/equipment/new/<any({}):kind>".format(",".join(EquipmentKind)), methods=["GET", "POST"])
@requires(Permission.EDIT_EQUIPMENT)
def new(kind: str) -> ResponseReturnValue:
    """Register a piece; with `tag` in the address its label is stuck on at once."""
    school = school_to_edit(uuid_or_none(request.args.get("school")) or abort(404))
    form = piece_form(EquipmentKind(kind))()
    form.offer(*queries.places_for_choice(school.id))

    def act() -> Equipment:
        piece = service.register(viewer, school_id=school.id, kind=form.kind, details=form.details())
        if request.args.get("tag"):
            labels.stick(viewer, piece, request.args["tag"])
        db.session.commit()
        return piece

    piece = _saved(form, act) if request.method == "POST" else None
    if piece is None:
        return _form_page(form, school=school, piece=None, status=422 if form.errors else 200)
    flash(_("已登记。"))
    return redirect(url_for("equipment.show", piece_id=piece.id))


@bp.route("/equipment/<uuid:piece_id>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_EQUIPMENT)
def edit(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Put right what is known of a piece."""
    piece = piece_to_edit(piece_id)
    school = found(schools.get(viewer, piece.school_id))
    form = piece_form(piece.kind)()
    form.offer(*queries.places_for_choice(school.id))
    if request.method == "GET":
        form.show(piece)
        return _form_page(form, school=school, piece=piece)

    def act() -> bool:
        service.change(viewer, piece, details=form.details())
        db.session.commit()
        return True

    if not _saved(form, act):
        return _form_page(form, school=school, piece=found(queries.get(viewer, piece_id)), status=422)
    flash(_("已保存。"))
    return redirect(url_for("equipment.show", piece_id=piece_id))


@bp.route("/equipment/<uuid:piece_id>/replace", methods=["GET", "POST"])
@requires(Permission.EDIT_EQUIPMENT)
def replace(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Put a new piece in the place of this one."""
    piece = piece_to_edit(piece_id)
    must_be_kept(piece)
    form = piece_form(piece.kind)()
    form.offer(*queries.places_for_choice(piece.school_id))
    if request.method == "GET":
        form.show(piece)
        for name in {"made_on", "serviced_on", "tested_on", "note"} & set(form._fields):
            form[name].data = None

    def act() -> Equipment:
        new_piece = service.replace(
            viewer,
            piece,
            details=form.details(),
            takes_label=request.form.get("takes_label") == "1",
            reason=request.form.get("reason", ""),
        )
        db.session.commit()
        return new_piece

    new_piece = _saved(form, act) if request.method == "POST" else None
    if new_piece is None:
        old = found(queries.get(viewer, piece_id))
        page = render_template(
            "equipment/replace.html", form=form, piece=old, shown=queries.shown(old), wording=wording
        )
        return page, 422 if form.errors else 200
    flash(_("已更换，原来的一件保留在记录里。"))
    return redirect(url_for("equipment.show", piece_id=new_piece.id))
