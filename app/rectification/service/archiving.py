"""Putting a finished case into the archive. Whether it may be is for casefiles to say."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.extensions import db
from app.rectification.models.orders import Order
from app.rectification.service import events, steps


def archive(viewer: Viewer, order: Order) -> None:
    """Note the day and who; twice does no harm. The order's row is locked by the caller."""
    if not viewer.may(Permission.ARCHIVE_CASES) or order.brigade_id not in viewer.brigade_ids:
        raise steps.NotYours(_("您的岗位不能归档。"), code="role")
    if order.archived_on is not None:
        return
    order.archived_on, order.archived_by_id = clock.today(), viewer.person_id
    db.session.flush()
    events.note(viewer, "archive", order)
    audit.record(viewer, "order_archive", subject="order", subject_id=order.id)
