"""Finding a school's own checks, as far as the viewer may see the school; who fills one."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.fieldwork.queries import Draft
from app.inspections.models import Inspection
from app.inspections.queries import draft_of
from app.schools import queries as schools
from app.selfchecks.models import OwnCheck
from app.selfchecks.rules.checks import CheckForm

#: So many finished checks are listed.
MOST = 20


def visible_ids(viewer: Viewer, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the checks that the viewer may see."""
    query = sa.select(OwnCheck.id).where(OwnCheck.id.in_(list(ids)), schools.at_visible(viewer, OwnCheck.school_id))
    return set(db.session.scalars(query))


def get(viewer: Viewer, check_id: uuid.UUID, *, locked: bool = False) -> OwnCheck | None:
    """A check; `locked` until the transaction ends."""
    query = sa.select(OwnCheck).where(OwnCheck.id == check_id, schools.at_visible(viewer, OwnCheck.school_id))
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def may_fill(viewer: Viewer, own: OwnCheck) -> bool:
    """Whether the viewer fills it: the school's own people."""
    return viewer.may(Permission.KEEP_PATROLS) and own.school_id in viewer.school_ids


def lock(viewer: Viewer, check_id: uuid.UUID) -> Draft | None:
    """A draft, locked, as operations are applied to it."""
    own = get(viewer, check_id, locked=True)
    if own is None or not may_fill(viewer, own):
        return None
    closed = "" if is_draft(own) else str(_("这份自查已结束，不能再改。"))
    known = Inspection(school_id=own.school_id, scope={})
    return Draft(row=own, closed=closed, judge=draft_of(known).judge)


def is_draft(own: OwnCheck) -> bool:
    """Whether it may still be filled."""
    return own.finished_at is None and own.dropped_at is None


def drafts_of(school_id: uuid.UUID) -> Sequence[OwnCheck]:
    """What a school has begun and not ended, the latest first."""
    return db.session.scalars(
        sa.select(OwnCheck)
        .where(OwnCheck.school_id == school_id, OwnCheck.finished_at.is_(None), OwnCheck.dropped_at.is_(None))
        .order_by(OwnCheck.started_at.desc(), OwnCheck.id)
    ).all()


def draft_on(school_id: uuid.UUID, form: CheckForm) -> OwnCheck | None:
    """The list of that kind that is being filled."""
    return next((one for one in drafts_of(school_id) if one.form is form), None)


def finished_of(school_id: uuid.UUID, *, most: int = MOST) -> Sequence[OwnCheck]:
    """A school's finished checks, the latest first."""
    return db.session.scalars(
        sa.select(OwnCheck)
        .options(sa.orm.defer(OwnCheck.result))
        .where(OwnCheck.school_id == school_id, OwnCheck.finished_at.is_not(None))
        .order_by(OwnCheck.finished_at.desc(), OwnCheck.id)
        .limit(most)
    ).all()
