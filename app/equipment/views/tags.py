"""What a label opens: the piece it is on, or the offer to put it on one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import can, requires, viewer
from app.accounts.policy import Permission
from app.core.web import found
from app.equipment import wording
from app.equipment.queries import register as queries
from app.equipment.rules import tags
from app.equipment.service.labels import sentence
from app.equipment.views import bp
from app.equipment.views.register import uuid_or_none
from app.schools.queries import register as schools


@bp.get("/equipment/find")
@requires(Permission.SEE_EQUIPMENT)
def find() -> ResponseReturnValue:
    """Open what was typed or scanned into the box."""
    return open_label(request.args.get("code", "")[:300])


@bp.get("/e/<path:text>")
@requires(Permission.SEE_EQUIPMENT)
def open_label(text: str) -> ResponseReturnValue:
    """The piece that carries the label; a sentence where the code is wrong; an offer where the label is on nothing yet."""
    try:
        code = tags.read(text)
    except tags.NotATag as problem:
        return render_template("equipment/wrong_code.html", text=text, problem=sentence(problem)), 404
    piece = queries.by_code(code)
    if piece is not None:
        found(queries.get(viewer, piece.id))
        return redirect(url_for("equipment.show", piece_id=piece.id))
    return _unused(code)


def _unused(code: str) -> ResponseReturnValue:
    """A label that is on nothing: those who keep the register may put it on a piece."""
    words = request.args.get("q", "")[:100]
    school_id = uuid_or_none(request.args.get("school"))
    may_claim = can(Permission.EDIT_EQUIPMENT)
    wanted = queries.Wanted(text=words, school_id=school_id)
    listed = queries.listing(viewer, wanted, key=request.args.get("page"), size=20) if may_claim and words else None
    page = render_template(
        "equipment/unused_code.html",
        code=code,
        shown=tags.spaced(code),
        last=queries.last_bearer(viewer, code),
        words=words,
        listed=listed,
        schools=schools.find(viewer, schools.Wanted(text=words), size=5).rows if listed else [],
        may_claim=may_claim,
        wording=wording,
    )
    return page, 200 if may_claim else 404
