"""Addresses at which calendars elsewhere read a person's or a school's days."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Response, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.limits import allowed, limit
from app.accounts.policy import Permission
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import LANGUAGES, language, localised
from app.core.web import found, public
from app.schools import queries as schools
from app.schools.models import School
from app.workcalendar import ics, service
from app.workcalendar.queries import feeds as queries
from app.workcalendar.views.blueprint import bp

#: Addresses that nobody made, and readings, per network address and window; a whole school may share one address.
GUESSES, READINGS, WINDOW_S = 20, 600, 300


def _school() -> School | None:
    """The school asked for; a school's own people mean theirs only where they say so."""
    asked = request.values.get("school", "")
    if not asked:
        return None
    try:
        school = found(schools.get(viewer, uuid.UUID(asked)))
    except ValueError:
        abort(404)
    if not queries.may_have(viewer, school):
        abort(403)
    return school


@bp.get("/calendar/feeds")
@requires(Permission.SEE_DRILLS)
def feeds() -> ResponseReturnValue:
    """One's own addresses, or a school's; a new one is shown this once."""
    school = _school()
    return _page(school)


def _page(school: School | None, problem: DomainError | None = None) -> ResponseReturnValue:
    standing = queries.standing(viewer, school)
    kept = session.pop("feed", None)
    fresh = next((feed for feed, _maker in standing if kept and str(feed.id) == kept[0]), None)
    page = render_template(
        "workcalendar/feeds.html",
        school=school,
        standing=standing,
        address=_address(kept[1]) if fresh and kept else "",
        most=service.MOST,
        problem=problem,
    )
    return page, 422 if problem else 200


def _address(token: str) -> str:
    spoken = "en" if language() == "en" else None
    return str(current_app.config["SETTINGS"].base_url + url_for("workcalendar.feed", token=token, lang=spoken))


@bp.post("/calendar/feeds")
@requires(Permission.SEE_DRILLS)
def make_feed() -> ResponseReturnValue:
    """A new address."""
    school = _school()
    try:
        feed, token = service.make(viewer, school=school)
    except DomainError as refused:
        db.session.rollback()
        return _page(_school(), refused)
    db.session.commit()
    session["feed"] = [str(feed.id), token]
    return redirect(url_for(".feeds", school=school.id if school else None))


@bp.post("/calendar/feeds/<uuid:feed_id>/revoke")
@requires(Permission.SEE_DRILLS)
def revoke_feed(feed_id: uuid.UUID) -> ResponseReturnValue:
    """Make an address useless at once."""
    feed = found(queries.own(viewer, feed_id))
    service.revoke(viewer, feed)
    db.session.commit()
    flash(_("日历地址已撤销。"))
    return redirect(url_for(".feeds", school=feed.school_id))


@bp.get("/calendar/feed/<token>.ics")
@public
@limit("calendar_feed", most=READINGS, window_s=WINDOW_S, methods=("GET", "HEAD"))
def feed(token: str) -> ResponseReturnValue:
    """The feed itself; an address that opens nothing does not exist, and whoever tries many is told to wait."""
    given = queries.given(token)
    if given is None:
        if not allowed("calendar_guess", most=GUESSES, window_s=WINDOW_S):
            abort(429)
        abort(404)
    wanted = request.args.get("lang", "")
    with force_locale(wanted if wanted in LANGUAGES else current_app.config["XF_LANGUAGE"]):
        name = localised(given.school.name, given.school.name_en) if given.school else given.reader.name
        title = _("校防：%(name)s", name=name)
        body = ics.calendar(title, queries.entries(given), address=current_app.config["SETTINGS"].base_url)
    answer = Response(body, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(title)}.ics"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
