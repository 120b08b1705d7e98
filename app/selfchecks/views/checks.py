"""A school's own checks: the list of them, filling one area by area, ending it, its result."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import can, requires, viewer
from app.accounts.policy import Permission
from app.core.acts import made
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.pictures import unpack_ahead
from app.core.web import found
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import service as fieldwork
from app.fieldwork.rules import OpStatus, TargetKind
from app.inspections import wording
from app.inspections.posted import posted_photos, posted_rows
from app.inspections.presenting import Presenter
from app.inspections.rules.answers import NONE_HELD, count
from app.inspections.rules.areas import Area
from app.inspections.service import filling
from app.regulations import queries as regulations
from app.schools import queries as schools
from app.schools.models import School
from app.selfchecks import sheet as sheets
from app.selfchecks.forms import CheckStartForm
from app.selfchecks.queries import checks as queries
from app.selfchecks.queries import comparing
from app.selfchecks.rules.checks import CheckForm
from app.selfchecks.service import checking as service
from app.selfchecks.sheet import OwnSheet
from app.selfchecks.views import bp, own_school


def _overview(school: School, *, status: int = 200, form: CheckStartForm | None = None) -> ResponseReturnValue:
    own = can(Permission.KEEP_PATROLS) and schools.serves(viewer, school)
    page = render_template(
        "selfchecks/checks.html",
        school=school,
        own=own,
        drafts={one.form: one for one in queries.drafts_of(school.id)},
        finished=queries.finished_of(school.id),
        compared=comparing.of_school(school),
        texts={code: wording.words(item.text) for code, item in regulations.current_checklist().by_code.items()},
        form=form or CheckStartForm(formdata=None, key=str(new_id()), done_by=viewer.name),
    )
    return page, status


@bp.get("/schools/<uuid:school_id>/selfchecks")
@requires(Permission.SEE_DUTIES)
def checks(school_id: uuid.UUID) -> ResponseReturnValue:
    """A school's own checks: begin one, the last results, how they compare with the brigade's."""
    return _overview(found(schools.get(viewer, school_id)))


@bp.post("/schools/<uuid:school_id>/selfchecks")
@requires(Permission.KEEP_PATROLS)
def start_check(school_id: uuid.UUID) -> ResponseReturnValue:
    """Begin a list, or go on with it."""
    school, form = own_school(school_id), CheckStartForm()
    if form.validate_on_submit():
        kind = CheckForm(form.form.data)
        check_id = uuid.uuid5(form.made_id(), kind.value)  # the page has one key for all its lists
        own = made(
            form,
            lambda: service.start(viewer, school, form=kind, check_id=check_id, done_by=form.done_by.data or ""),
        )
        if own is not None:
            return redirect(url_for(".check", own_check_id=own.id))
    return _overview(own_school(school_id), status=422, form=form)


def _mine(check_id: uuid.UUID) -> OwnSheet:
    """The sheet that the viewer fills, locked: not visible 404, not theirs 403."""
    current = found(sheets.load(viewer, check_id, locked=True))
    if not queries.may_fill(viewer, current.own):
        abort(403)
    return current


def _address(current: OwnSheet, key: str) -> str:
    return url_for(".check", own_check_id=current.own.id, area=key)


def _area(current: OwnSheet, key: str | None) -> Area | None:
    return next((area for area in current.areas if area.key == key), None)


def _upcoming(current: OwnSheet, area: Area) -> Area | None:
    keys = [one.key for one in current.areas]
    return _area(current, next(iter(keys[keys.index(area.key) + 1 :]), None))


def _may_pass(current: OwnSheet, area: Area) -> int:
    """How many rows of an area the button for the rest would pass; none where the brigade does not let bulk answers stand."""
    return len(filling.bulk_rows(current, area.rows, held=NONE_HELD)) if filling.bulk_is_allowed(current) else 0


def _fill(current: OwnSheet, area: Area, *, problems: Sequence[str] = ()) -> str:
    """The page of one area."""
    counts, here, upcoming = (
        count(current.rows, current.said),
        count(area.rows, current.said),
        _upcoming(current, area),
    )
    menu = []
    for one in current.areas:
        of = count(one.rows, current.said)
        name = wording.area_name(one, current.checklist)
        menu.append((name, _address(current, one.key), of.done, of.all, one.key == area.key))
    return render_template(
        "selfchecks/fill.html",
        sheet=current,
        area=area,
        area_name=wording.area_name(area, current.checklist),
        headings=Presenter(current).headings(area),
        counts=counts,
        here=here,
        menu=menu,
        bulk_count=_may_pass(current, area),
        next_area=wording.area_name(upcoming, current.checklist) if upcoming else "",
        render=new_id(),
        problems=problems,
    )


@bp.get("/selfchecks/<uuid:own_check_id>")
@requires(Permission.SEE_DUTIES)
def check(own_check_id: uuid.UUID) -> ResponseReturnValue:
    """A draft where it is to be gone on with; a finished one with its result."""
    own = found(queries.get(viewer, own_check_id))
    if not queries.is_draft(own) or not queries.may_fill(viewer, own):
        checklist = regulations.checklist(own.pack_version_id)
        pictures: dict[str, list[Any]] = {}
        for photo in fieldwork_queries.photos_of(TargetKind.OWN_CHECK, [own.id]):
            pictures.setdefault(f"{photo.item}@{photo.place}" if photo.place else photo.item, []).append(photo)
        school = found(schools.get(viewer, own.school_id))
        return render_template(
            "selfchecks/result.html",
            own=own,
            school=school,
            checklist=checklist,
            photos=pictures,
            answers=wording.ANSWERS,
        )
    current = sheets.of(own)
    area = _area(current, request.args.get("area"))
    if area is None:
        still = (one for one in current.areas if any(current.said[row.name].is_open for row in one.rows))
        area = next(still, None) or next(iter(current.areas), None)
    return _fill(current, area) if area else redirect(url_for(".review_check", own_check_id=own.id))


@bp.post("/selfchecks/<uuid:own_check_id>")
@requires(Permission.KEEP_PATROLS)
def save_check(own_check_id: uuid.UUID) -> ResponseReturnValue:
    """Save an area's form, then do what the button says."""
    current = _mine(own_check_id)
    try:
        render = uuid.UUID(request.form.get("render", ""))
    except ValueError:
        render = new_id()
    posted = posted_rows(current, request.form)
    verdicts = filling.save(viewer, current, posted, render=render, base_rev=request.form.get("rev", 0, type=int))
    problems = [v.message for v in verdicts if v.status is OpStatus.REJECTED]
    db.session.commit()
    problems += _save_photos(current, render)
    current = _mine(own_check_id)
    area = _area(current, request.form.get("area")) or current.areas[0]
    if problems:
        return _fill(current, area, problems=problems), 422
    wish = request.form.get("do", "save")
    if wish == "bulk":
        done = filling.rest_passes(viewer, current, area.rows, act=render, held=NONE_HELD)
        flash(_("本区 %(count)d 项已批量记为合格，记录中注明批量。", count=done))
    upcoming = _upcoming(current, area) if wish == "next" else area
    db.session.commit()
    return redirect(
        _address(current, upcoming.key) if upcoming else url_for(".review_check", own_check_id=own_check_id)
    )


def _save_photos(current: OwnSheet, render: uuid.UUID) -> list[str]:
    """Each photo is kept by itself, so that one that is refused costs nothing else; returns the refusals."""
    problems = []
    for photo in posted_photos(current, request.files, render=render):
        unpack_ahead([(photo["name"], photo["content"])])  # a large one takes a while, and on SQLite nobody else writes
        try:
            fieldwork.add_photo(viewer, kind=current.kind, target_id=current.own.id, device=f"page {render}", **photo)
            db.session.commit()
        except DomainError as refused:
            db.session.rollback()
            problems.append(refused.message)
    return problems


@bp.get("/selfchecks/<uuid:own_check_id>/review")
@requires(Permission.KEEP_PATROLS)
def review_check(own_check_id: uuid.UUID) -> ResponseReturnValue:
    """What is still missing, and the end."""
    return _review(_mine(own_check_id))


def _review(current: OwnSheet, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    if not queries.is_draft(current.own):
        return redirect(url_for(".check", own_check_id=current.own.id))
    places = {row.name: area.key for area in current.areas for row in area.rows}
    page = render_template(
        "selfchecks/review.html",
        sheet=current,
        own=current.own,
        school=current.school,
        counts=count(current.rows, current.said),
        troubles=service.troubles(current),
        places=places,
        words=wording,
        problem=problem,
    )
    return page, status


@bp.post("/selfchecks/<uuid:own_check_id>/finish")
@requires(Permission.KEEP_PATROLS)
def finish_check(own_check_id: uuid.UUID) -> ResponseReturnValue:
    """End it: the result is frozen, what failed goes on the school's own list."""
    try:
        service.finish(viewer, _mine(own_check_id))
    except DomainError as refused:
        db.session.rollback()
        return _review(_mine(own_check_id), problem=refused.message, status=422)
    db.session.commit()
    flash(_("自查已完成。"))
    return redirect(url_for(".check", own_check_id=own_check_id))


@bp.post("/selfchecks/<uuid:own_check_id>/drop")
@requires(Permission.KEEP_PATROLS)
def drop_check(own_check_id: uuid.UUID) -> ResponseReturnValue:
    """Give up a draft."""
    current = _mine(own_check_id)
    service.drop(viewer, current.own)
    db.session.commit()
    flash(_("已放弃，填过的内容留存。"))
    return redirect(url_for(".checks", school_id=current.school.id))
