"""Pages on which the office keeps days off, shifted working days and school terms."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.core.web import found
from app.organisations import queries as organisations
from app.organisations.rules import AreaFact
from app.regulations import queries, service
from app.regulations.forms import WORK, DaysForm, FilledForm, ReasonForm, RegionForm, TermForm, WithdrawForm
from app.regulations.models import Calendar
from app.regulations.rules.year import runs, year_grid
from app.regulations.views.base import bp
from app.regulations.words import moves_sentence

SEEING = (Permission.SEE_PACKS, Permission.EDIT_CALENDARS)
EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def _years() -> range:
    this_year = clock.today().year
    return range(this_year - 1, this_year + 2)


def _areas() -> list[AreaFact]:
    """The area of the viewer's brigade and those it lies in, the nearest first."""
    own = viewer.own_brigade_area
    return sorted(organisations.area_names([own] if own else []).values(), key=lambda area: area.code, reverse=True)


def _area_choices() -> list[SelectChoice]:
    return [SelectChoice(area.code, localised(area.name, area.name_en)) for area in _areas()]


@bp.get("/calendars")
@requires(*SEEING)
def calendars() -> ResponseReturnValue:
    """The calendars of the country and of the viewer's areas, and what is not entered in them."""
    rows = queries.calendars_for(viewer)
    return render_template(
        "regulations/calendars.html",
        rows=rows,
        years=list(_years()),
        states=queries.year_states(rows, _years()),
        terms=queries.terms_for(viewer)[:4],
    )


def _year_page(calendar: Calendar, year: int, form: DaysForm, status: int = 200) -> ResponseReturnValue:
    own = queries.layer_of(calendar)
    marked = queries.days_of(calendar, year)
    return (
        render_template(
            "regulations/year.html",
            calendar=calendar,
            year=year,
            months=year_grid(year, own, queries.calendar_of(calendar.area_code)),
            runs=runs((d.day, d.is_working, d.name, d.source) for d in marked),
            state=queries.year_states([calendar], range(year, year + 1))[calendar.id][0],
            form=form,
            withdraw=WithdrawForm(formdata=None),
            filled=FilledForm(formdata=None),
        ),
        status,
    )


def _calendar(code: str, year: int) -> Calendar:
    in_range = EARLIEST_YEAR <= year <= LATEST_YEAR
    return found(queries.calendar_by_code(viewer, code) if in_range else None)


@bp.get("/calendars/<code>/<int:year>")
@requires(*SEEING)
def year(code: str, year: int) -> ResponseReturnValue:
    """A year of a calendar as a grid, with what was entered."""
    return _year_page(_calendar(code, year), year, DaysForm(formdata=None))


@bp.post("/calendars/<code>/<int:year>/days")
@requires(Permission.EDIT_CALENDARS)
def mark_days(code: str, year: int) -> ResponseReturnValue:
    """Enter days, say which open clocks moved."""
    calendar, form = _calendar(code, year), DaysForm()
    if not form.validate_on_submit():
        return _year_page(calendar, year, form, 422)
    try:
        count, moves = service.mark_days(
            viewer,
            calendar=calendar,
            start=form.start.data,
            end=form.end.data,
            is_working=form.kind.data == WORK,
            name=form.name.data,
            source=form.source.data,
            replace=form.replace.data,
        )
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _year_page(_calendar(code, year), year, form, 422)
    db.session.commit()
    flash(_("已录入 %(num)s 天。%(moves)s", num=count, moves=moves_sentence(moves)))
    return redirect(url_for("regulations.year", code=code, year=form.start.data.year))


@bp.post("/calendars/<code>/<int:year>/withdraw")
@requires(Permission.EDIT_CALENDARS)
def withdraw_days(code: str, year: int) -> ResponseReturnValue:
    """Take a run of days back, say which open clocks moved."""
    calendar, form = _calendar(code, year), WithdrawForm()
    if not form.validate_on_submit():
        flash(_("请写明撤销原因。"), "bad")
        return redirect(url_for("regulations.year", code=code, year=year))
    days = [d for d in queries.days_of(calendar, year) if form.start.data <= d.day <= form.end.data]
    moves = service.withdraw_days(viewer, calendar=calendar, days=days, reason=form.reason.data)
    db.session.commit()
    flash(_("已撤销 %(num)s 天。%(moves)s", num=len(days), moves=moves_sentence(moves)))
    return redirect(url_for("regulations.year", code=code, year=year))


@bp.post("/calendars/<code>/<int:year>/filled")
@requires(Permission.EDIT_CALENDARS)
def set_filled(code: str, year: int) -> ResponseReturnValue:
    """Say that a year is complete, or not."""
    calendar, form = _calendar(code, year), FilledForm()
    if form.validate_on_submit():
        service.set_year_filled(viewer, calendar=calendar, year=year, filled=form.filled.data)
        db.session.commit()
        flash(_("已标为录入完整。") if form.filled.data else _("已标为尚未录入完整。"))
    return redirect(url_for("regulations.year", code=code, year=year))


@bp.route("/calendars/new", methods=["GET", "POST"])
@requires(Permission.EDIT_CALENDARS)
def new_calendar() -> ResponseReturnValue:
    """Begin a calendar of an area's own days off."""
    form = RegionForm()
    form.area_code.choices = _area_choices()
    status = 200
    if form.validate_on_submit():
        try:
            calendar = service.add_region_calendar(
                viewer, area_code=form.area_code.data, name=form.name.data, name_en=form.name_en.data or ""
            )
            db.session.commit()
            return redirect(url_for("regulations.year", code=calendar.code, year=clock.today().year))
        except DomainError as problem:
            db.session.rollback()
            form.add_problem(problem)
    if form.is_submitted():
        status = 422
    return render_template("regulations/new_calendar.html", form=form), status


def _terms_page(form: TermForm, status: int = 200) -> ResponseReturnValue:
    form.area_code.choices = _area_choices()
    rows = queries.terms_for(viewer)
    names: dict[str, Any] = organisations.area_names({term.area_code for term in rows}) if rows else {}
    return render_template("regulations/terms.html", form=form, rows=rows, names=names), status


@bp.get("/calendars/terms")
@requires(*SEEING)
def terms() -> ResponseReturnValue:
    """The school terms of the viewer's areas."""
    return _terms_page(TermForm(formdata=None))


@bp.post("/calendars/terms")
@requires(Permission.EDIT_CALENDARS)
def add_term() -> ResponseReturnValue:
    """Enter a term."""
    form = TermForm()
    form.area_code.choices = _area_choices()
    if not form.validate_on_submit():
        return _terms_page(form, 422)
    try:
        service.add_term(
            viewer,
            area_code=form.area_code.data,
            name=form.name.data,
            starts_on=form.starts_on.data,
            ends_on=form.ends_on.data,
        )
    except DomainError as problem:
        db.session.rollback()
        form.add_problem(problem)
        return _terms_page(form, 422)
    db.session.commit()
    flash(_("学期已录入。"))
    return redirect(url_for("regulations.terms"))


@bp.post("/calendars/terms/<uuid:term_id>/withdraw")
@requires(Permission.EDIT_CALENDARS)
def withdraw_term(term_id: uuid.UUID) -> ResponseReturnValue:
    """Take a term back."""
    term, form = found(queries.term_by_id(viewer, term_id)), ReasonForm()
    if form.validate_on_submit():
        service.withdraw_term(viewer, term=term, reason=form.reason.data)
        db.session.commit()
        flash(_("学期已撤销。"))
    else:
        flash(_("请写明撤销原因。"), "bad")
    return redirect(url_for("regulations.terms"))
