"""Recording a patrol, check or test; one record, its photos, its withdrawal."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.acts import made
from app.core.db import new_id
from app.core.web import found
from app.duties import service
from app.duties.forms import RecordForm
from app.duties.queries import records as queries
from app.duties.queries import standing
from app.duties.views import bp
from app.logbook import pages
from app.logbook import queries as logbook
from app.schools.models import School


def _form(school: School) -> RecordForm:
    english = str(get_locale()).startswith("en")
    bound = {kept.duty.code for kept in standing.year_of(school, clock.today().year).kept}
    duties = [
        (code, duty.content["en" if english else "zh"]) for code, duty in service.recorded_here().items() if code in bound
    ]  # fmt: skip
    return RecordForm(
        key=request.form.get("key") or str(new_id()),
        duty=request.args.get("duty", ""),
        visit=request.args.get("visit", ""),
        time=clock.local(clock.now()).time().replace(second=0, microsecond=0),
        done_by=viewer.name if viewer.is_school else "",
        duties=duties,
        visits=logbook.visits_to_choose(viewer, school.id),
    )


@bp.get("/duties/new")
@requires(Permission.LOG_DUTIES)
def new() -> ResponseReturnValue:
    """The page on which a check is recorded; without a school, the list of schools to begin from."""
    if not request.args.get("school") and not viewer.is_school:
        flash(_("请先选择学校，再在学校页面登记自查。"), "info")
        return redirect(url_for(".index"))
    school = pages.school_to_log_for()
    return render_template("duties/new.html", form=_form(school), school=school)


@bp.post("/duties/new")
@requires(Permission.LOG_DUTIES)
def log() -> ResponseReturnValue:
    """Keep a record."""
    school = pages.school_to_log_for()
    form = _form(school)
    if form.validate_on_submit():
        photos, problems = pages.readable(form.photos.chosen())
        record = made(
            form,
            lambda: service.log(
                viewer, school=school, record_id=form.entry_id(), new=form.new_record(), photos=photos
            ),
        )  # fmt: skip
        if record is not None:
            flash(_("已登记。"))
            pages.tell_of(problems)
            return redirect(url_for(".school", school_id=school.id))
    return render_template("duties/new.html", form=form, school=school), 422


def _page(line: queries.Line, *, status: int = 200, **refused: Any) -> ResponseReturnValue:
    shown = pages.shown(line.record, line.school, **refused)
    return render_template("duties/record.html", line=line, record=line.record, **shown), status


@bp.get("/duties/records/<uuid:duty_record_id>")
@requires(Permission.SEE_DUTIES)
def record(duty_record_id: uuid.UUID) -> ResponseReturnValue:
    """One record with everything about it."""
    return _page(found(queries.get(viewer, duty_record_id)))


def _own(record_id: uuid.UUID) -> queries.Line:
    line = found(queries.get(viewer, record_id))
    pages.must_serve(line.record)
    return line


def _again(record_id: uuid.UUID) -> pages.Again:
    return lambda **refused: _page(_own(record_id), **refused)


@bp.post("/duties/records/<uuid:duty_record_id>/photos")
@requires(Permission.LOG_DUTIES)
def add_photos(duty_record_id: uuid.UUID) -> ResponseReturnValue:
    """More photos of a check."""
    address = url_for(".record", duty_record_id=duty_record_id)
    return pages.add_photos(_own(duty_record_id).record, _again(duty_record_id), address)


@bp.post("/duties/records/<uuid:duty_record_id>/withdraw")
@requires(Permission.LOG_DUTIES)
def withdraw(duty_record_id: uuid.UUID) -> ResponseReturnValue:
    """Take a record back, with the reason."""
    address = url_for(".record", duty_record_id=duty_record_id)
    return pages.withdraw(_own(duty_record_id).record, _again(duty_record_id), address)
