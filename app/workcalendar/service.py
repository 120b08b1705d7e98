"""Making an address for calendars elsewhere, and making it useless."""

from __future__ import annotations

import secrets

from flask_babel import gettext as _

from app.accounts.service import token_hash
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools.models import School
from app.workcalendar.models import CalendarFeed
from app.workcalendar.queries import feeds

#: How many addresses one person or one school may have at a time.
MOST = 5


def make(viewer: Viewer, *, school: School | None = None) -> tuple[CalendarFeed, str]:
    """A new address of the viewer's own calendar or of a school's, and its token, which is never shown again."""
    if school is not None and not feeds.may_have(viewer, school):
        raise DomainError(_("只有本校人员和负责这所学校的大队可以生成日历地址。"), code="role")
    if len(feeds.standing(viewer, school)) >= MOST:
        raise DomainError(_("最多同时有 5 个日历地址，请先撤销不用的。"), code="too_many")
    token = secrets.token_urlsafe(24)
    feed = CalendarFeed(
        token_sha256=token_hash(token),
        person_id=None if school else viewer.person_id,
        school_id=school.id if school else None,
        made_by_id=viewer.person_id,
    )
    db.session.add(feed)
    db.session.flush()
    audit.record(viewer, "make_feed", subject="calendar_feed", subject_id=feed.id, detail=_whose(feed))
    return feed, token


def revoke(viewer: Viewer, feed: CalendarFeed) -> None:
    """Make an address useless at once; twice does no harm."""
    if feed.revoked_at is None:
        feed.revoked_at, feed.revoked_by_id = clock.now(), viewer.person_id
        db.session.flush()
        audit.record(viewer, "revoke_feed", subject="calendar_feed", subject_id=feed.id, detail=_whose(feed))


def _whose(feed: CalendarFeed) -> dict[str, str]:
    return {"school": str(feed.school_id)} if feed.school_id else {"person": str(feed.person_id)}
