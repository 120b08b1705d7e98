"""What is done with a piece by one button: service, tests, faults, away and back, out of use."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.forms import Form
from app.equipment.forms import BackForm, ReasonForm, TagForm, TroubleForm, WhenForm
from app.equipment.models import Trouble
from app.equipment.queries import register as queries
from app.equipment.service import labels, upkeep
from app.equipment.service import register as service
from app.equipment.views import bp, piece_to_edit
from app.equipment.views.register import show_page


def _problems(form: Form) -> str:
    return " ".join(str(error) for field in form for error in field.errors)


def _do(piece_id: uuid.UUID, form: Form, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """Act and commit; what is wrong is said on the piece's page, and nothing is changed then."""
    problem = "" if form.validate() else _problems(form)
    if not problem:
        try:
            act()
            db.session.commit()
        except DomainError as refused:
            db.session.rollback()
            problem = refused.message
    if problem:
        flash(problem, "error")
        return show_page(piece_id), 422
    flash(done)
    return redirect(url_for("equipment.show", piece_id=piece_id))


@bp.post("/equipment/<uuid:piece_id>/retire")
@requires(Permission.EDIT_EQUIPMENT)
def retire(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Take the piece out of use for good."""
    piece, form = piece_to_edit(piece_id), ReasonForm()
    act = lambda: service.retire(viewer, piece, reason=form.reason.data or "", on=form.on.data)  # noqa: E731
    return _do(piece_id, form, act, _("已停用，记录保留。"))


@bp.post("/equipment/<uuid:piece_id>/send-away")
@requires(Permission.EDIT_EQUIPMENT)
def send_away(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the piece is away for service; warns where more than the law allows are away."""
    piece, form = piece_to_edit(piece_id), WhenForm()
    act = lambda: upkeep.send_away(viewer, piece, on=form.on.data, note=form.note.data or "")  # noqa: E731
    answer = _do(piece_id, form, act, _("已登记送修。"))
    unit = queries.unit_of(piece)
    if unit and unit.too_many:
        flash(
            _(
                "本楼层（计算单元）共 %(pieces)s 具灭火器，送修 %(away)s 具，超过四分之一。请用类型、规格相同的灭火器替代（GB 50444-2008 5.1.2）。",
                pieces=unit.pieces,
                away=unit.away,
            ),
            "warning",
        )
    return answer


@bp.post("/equipment/<uuid:piece_id>/came-back")
@requires(Permission.EDIT_EQUIPMENT)
def came_back(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the piece is back at its place, serviced or not."""
    piece, form = piece_to_edit(piece_id), BackForm()
    act = lambda: upkeep.came_back(viewer, piece, serviced_on=form.serviced_on.data)  # noqa: E731
    return _do(piece_id, form, act, _("已放回原位。"))


@bp.post("/equipment/<uuid:piece_id>/serviced")
@requires(Permission.EDIT_EQUIPMENT)
def serviced(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note a service."""
    piece, form = piece_to_edit(piece_id), WhenForm()
    act = lambda: upkeep.note_service(viewer, piece, on=form.on.data, note=form.note.data or "")  # noqa: E731
    return _do(piece_id, form, act, _("已登记维修。"))


@bp.post("/equipment/<uuid:piece_id>/tested")
@requires(Permission.EDIT_EQUIPMENT)
def tested(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note a test."""
    piece, form = piece_to_edit(piece_id), WhenForm()
    act = lambda: upkeep.note_test(viewer, piece, on=form.on.data, note=form.note.data or "")  # noqa: E731
    return _do(piece_id, form, act, _("已登记测试。"))


@bp.post("/equipment/<uuid:piece_id>/trouble")
@requires(Permission.EDIT_EQUIPMENT)
def trouble(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note a fault that makes an extinguisher due at once."""
    piece, form = piece_to_edit(piece_id), TroubleForm()
    act = lambda: upkeep.note_trouble(viewer, piece, trouble=Trouble(form.trouble.data), on=form.on.data)  # noqa: E731
    return _do(piece_id, form, act, _("已登记故障。"))


@bp.post("/equipment/<uuid:piece_id>/trouble-over")
@requires(Permission.EDIT_EQUIPMENT)
def trouble_over(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Note that the fault is no more."""
    piece = piece_to_edit(piece_id)
    return _do(piece_id, Form(), lambda: upkeep.trouble_over(viewer, piece), _("已登记故障排除。"))


@bp.post("/equipment/<uuid:piece_id>/tag")
@requires(Permission.EDIT_EQUIPMENT)
def stick(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Put a printed label on the piece."""
    piece, form = piece_to_edit(piece_id), TagForm()
    return _do(piece_id, form, lambda: labels.stick(viewer, piece, form.tag.data or ""), _("标签已对应到这件器材。"))


@bp.post("/equipment/<uuid:piece_id>/untag")
@requires(Permission.EDIT_EQUIPMENT)
def take_off(piece_id: uuid.UUID) -> ResponseReturnValue:
    """Take the label off the piece."""
    piece = piece_to_edit(piece_id)
    return _do(piece_id, Form(), lambda: labels.remove(viewer, piece), _("标签已取下。"))
