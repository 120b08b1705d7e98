"""Pages for people: values that met and work that was kept, and the register of tablets."""

from __future__ import annotations

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import found
from app.inspections import queries as inspections
from app.inspections import wording
from app.schools.models import School
from app.sync import words
from app.sync.queries import kept
from app.sync.queries import traces as left
from app.sync.reading import as_id
from app.sync.service import settling, tablets
from app.sync.views.blueprint import bp


@bp.get("/inspections/<uuid:inspection_id>/traces")
@requires(Permission.WITHDRAW_INSPECTIONS)
def traces(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """How an inspection was filled in, for the leader of the brigade that inspected."""
    inspection = found(inspections.get(viewer, inspection_id))
    if not left.may_review(viewer, inspection):
        abort(404)
    return render_template(
        "sync/traces.html",
        inspection=inspection,
        school=db.session.get(School, inspection.school_id),
        traces=left.of(inspection),
        words=words,
        vias=wording.VIAS,
    )


@bp.get("/sync/conflicts")
@requires(Permission.INSPECT)
def conflicts() -> ResponseReturnValue:
    """Values that met, side by side, and what tablets brought that could not be applied."""
    return render_template(
        "sync/conflicts.html",
        contests=kept.contests(viewer),
        groups=kept.groups(viewer),
        words=words,
        may_decide=viewer.may(Permission.WITHDRAW_INSPECTIONS),
    )


@bp.post("/sync/conflicts/<uuid:inspection_id>")
@requires(Permission.INSPECT)
def settle(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """Decide between two values."""
    inspection = found(inspections.locked(viewer, inspection_id))
    if not inspections.may_fill(viewer, inspection):
        abort(403)
    chosen = as_id(request.form.get("chosen", ""))
    if chosen is None:
        abort(400)
    fields = {name: request.form.get(name, "")[:40] for name in ("item", "place", "field")}
    settling.settle(viewer, inspection, chosen=chosen, **fields)
    db.session.commit()
    flash(_("已确定。两种说法都保留在记录里。"))
    return redirect(url_for("sync.conflicts"))


@bp.post("/sync/kept/<int:kept_id>/take-in")
@requires(Permission.INSPECT)
def take_in(kept_id: int) -> ResponseReturnValue:
    """Take what was kept into its inspection."""
    rows = kept.same_group(found(kept.kept(viewer, kept_id)))
    try:
        count = settling.take_in(viewer, rows)
        db.session.commit()
        flash(ngettext("已采用 %(num)d 条内容。", "已采用 %(num)d 条内容。", count))
    except DomainError as refused:
        db.session.rollback()
        flash(refused.message, "bad")
    return redirect(url_for("sync.conflicts"))


@bp.post("/sync/kept/<int:kept_id>/put-aside")
@requires(Permission.INSPECT)
def put_aside(kept_id: int) -> ResponseReturnValue:
    """Say that what was kept is not wanted."""
    rows = kept.same_group(found(kept.kept(viewer, kept_id)))
    try:
        settling.put_aside(viewer, rows, reason=request.form.get("reason", ""))
        db.session.commit()
        flash(_("已记为不采用，内容仍保留备查。"))
    except DomainError as refused:
        db.session.rollback()
        flash(refused.message, "bad")
    return redirect(url_for("sync.conflicts"))


@bp.get("/sync/devices")
@requires(Permission.SEE_TABLETS)
def devices() -> ResponseReturnValue:
    """The tablets, what they took along and still hold, and which have gone quiet."""
    return render_template("sync/devices.html", lines=kept.tablets(viewer))


@bp.post("/sync/devices/<uuid:tablet_id>/lost")
@requires(Permission.SEE_TABLETS)
def lost(tablet_id: uuid.UUID) -> ResponseReturnValue:
    """Note that a tablet is gone."""
    tablets.mark_lost(viewer, found(kept.tablet(viewer, tablet_id)))
    db.session.commit()
    flash(_("已标记遗失。请提醒使用人修改密码，并到“登录的设备”退出该平板。"))
    return redirect(url_for("sync.devices"))
