"""Previews and papers beside the notices of major hazards and sealings: sheet of approval, strips."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.rectification.models.major import MajorHazard
from app.rectification.models.sealing import Sealing
from app.rectification.service import record_prints as service
from app.rectification.service import trail
from app.rectification.service.steps import NotYours
from app.rectification.views import records as shared
from app.rectification.views.blueprint import bp


def _make(table: Any, record_id: uuid.UUID, act: Callable[[Any], str], back: str) -> ResponseReturnValue:
    """Do it and go where the paper or preview is; a refusal is said on the record's page."""
    shared.own(table, record_id)
    try:
        address = act(trail.lock(table, record_id))
    except NotYours:
        abort(403)
    except DomainError as refused:
        db.session.rollback()
        flash(refused.message, "error")
        return redirect(back)
    db.session.commit()
    return redirect(address)


def _shown(job_id: uuid.UUID) -> str:
    return url_for("documents.preview", job_id=job_id)


def _issued(paper: Any) -> str:
    return url_for("documents.show", document_id=paper.id)


@bp.post("/major/<uuid:major_id>/approval/preview")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def preview_major_approval(major_id: uuid.UUID) -> ResponseReturnValue:
    """Show the sheet of the collective study."""
    back = url_for(".major", major_id=major_id)
    return _make(MajorHazard, major_id, lambda one: _shown(service.preview_approval(viewer, one)), back)


@bp.post("/major/<uuid:major_id>/approval")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def print_major_approval(major_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the sheet of the collective study."""
    back = url_for(".major", major_id=major_id)
    return _make(MajorHazard, major_id, lambda one: _issued(service.print_approval(viewer, one)), back)


@bp.post("/sealings/<uuid:sealing_id>/approval/preview")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def preview_sealing_approval(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Show the sheet of the decision."""
    back = url_for(".sealing", sealing_id=sealing_id)
    return _make(Sealing, sealing_id, lambda one: _shown(service.preview_approval(viewer, one)), back)


@bp.post("/sealings/<uuid:sealing_id>/approval")
@requires(Permission.DRAFT_ORDERS, Permission.REVIEW_ORDERS)
def print_sealing_approval(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the sheet of the decision."""
    back = url_for(".sealing", sealing_id=sealing_id)
    return _make(Sealing, sealing_id, lambda one: _issued(service.print_approval(viewer, one)), back)


@bp.post("/sealings/<uuid:sealing_id>/strips/preview")
@requires(Permission.ISSUE_DOCUMENTS)
def preview_strips(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Show the strips."""
    back = url_for(".sealing", sealing_id=sealing_id)
    return _make(Sealing, sealing_id, lambda one: _shown(service.preview_strips(viewer, one)), back)


@bp.post("/sealings/<uuid:sealing_id>/strips")
@requires(Permission.ISSUE_DOCUMENTS)
def print_strips(sealing_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the strips, to be cut out and stuck on."""
    back = url_for(".sealing", sealing_id=sealing_id)
    return _make(Sealing, sealing_id, lambda one: _issued(service.print_strips(viewer, one)), back)
