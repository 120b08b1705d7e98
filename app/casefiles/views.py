"""What a case file lacks, the archive, and the ledger of one school as page, spreadsheet and paper."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.casefiles import service
from app.casefiles.panels import shown
from app.casefiles.queries import ledger as ledgers
from app.casefiles.queries.completeness import completeness
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.core.tables.reports import write_report
from app.core.web import found
from app.rectification.models.orders import Order
from app.rectification.queries import orders
from app.rectification.service import steps
from app.schools import queries as schools
from app.schools.models import School

bp = Blueprint("casefiles", __name__)


def _own(order_id: uuid.UUID) -> Order:
    order = found(orders.get(viewer, order_id))
    if order.brigade_id not in viewer.brigade_ids:
        abort(403)
    return order


def _page(order: Order, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    case = orders.case_file(order, viewer, for_check=True)
    told = completeness(case)
    page = render_template(
        "casefiles/show.html",
        case=case,
        order=order,
        told=told,
        lines=shown(case, told.gaps),
        problem=problem,
        may_archive=viewer.may(Permission.ARCHIVE_CASES),
    )
    return page, status


@bp.get("/casefiles/<uuid:order_id>")
@requires(Permission.SEE_BRIGADE_HOME)
def show(order_id: uuid.UUID) -> ResponseReturnValue:
    """What the case file lacks, each with a jump to where it is mended."""
    return _page(_own(order_id))


@bp.post("/casefiles/<uuid:order_id>/archive")
@requires(Permission.ARCHIVE_CASES)
def archive(order_id: uuid.UUID) -> ResponseReturnValue:
    """Put a complete case into the archive."""
    _own(order_id)
    order = steps.lock(order_id)
    try:
        service.archive(viewer, order)
    except DomainError as refused:
        db.session.rollback()
        return _page(_own(order_id), problem=refused.message, status=409)
    db.session.commit()
    flash(_("已归档。"))
    return redirect(url_for(".show", order_id=order_id))


def _school(school_id: uuid.UUID) -> School:
    return found(schools.get(viewer, school_id))


def _year() -> int:
    asked = request.values.get("year", "")
    this = clock.today().year
    return int(asked) if asked.isdecimal() and len(asked) == 4 and 2000 <= int(asked) <= this else this


@bp.get("/schools/<uuid:school_id>/ledger")
@requires(Permission.SEE_FINDINGS)
def ledger(school_id: uuid.UUID) -> ResponseReturnValue:
    """One year of one school: fault, measure, who, date, result."""
    school, year = _school(school_id), _year()
    return render_template(
        "casefiles/ledger.html",
        school=school,
        year=year,
        years=ledgers.years_of(viewer, school),
        ledger=ledgers.ledger(viewer, school, year),
        may_issue=viewer.may(Permission.ISSUE_DOCUMENTS) and school.brigade_id in viewer.brigade_ids,
    )


@bp.get("/schools/<uuid:school_id>/ledger.xlsx")
@requires(Permission.SEE_FINDINGS)
def export_ledger(school_id: uuid.UUID) -> ResponseReturnValue:
    """The same as a spreadsheet with real days and numbers, in which no cell can turn into a formula."""
    school, year = _school(school_id), _year()
    rows = ledgers.rows(ledgers.ledger(viewer, school, year))
    content = write_report(ledgers.headings(), rows, sheet=_("%(year)d 年台账", year=year))
    answer = Response(content, mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    name = quote(f"{localised(school.name, school.name_en)}-{_('台账')}-{year}.xlsx")
    answer.headers["Content-Disposition"] = f"attachment; filename=\"ledger-{year}.xlsx\"; filename*=UTF-8''{name}"
    return answer


def _language() -> str:
    return "en" if request.form.get("language") == "en" else "zh_Hans_CN"


def _served(school_id: uuid.UUID) -> School:
    school = _school(school_id)
    if school.brigade_id not in viewer.brigade_ids:
        abort(403)
    return school


@bp.post("/schools/<uuid:school_id>/ledger/preview")
@requires(Permission.ISSUE_DOCUMENTS)
def preview_ledger(school_id: uuid.UUID) -> ResponseReturnValue:
    """Make the ledger as it would look, without a number."""
    job_id = service.preview_ledger(viewer, _served(school_id), _year(), lang=_language())
    db.session.commit()
    return redirect(url_for("documents.preview", job_id=job_id))


@bp.post("/schools/<uuid:school_id>/ledger")
@requires(Permission.ISSUE_DOCUMENTS)
def issue_ledger(school_id: uuid.UUID) -> ResponseReturnValue:
    """Issue the ledger of a year; pressing twice issues it once."""
    school = _served(school_id)
    db.session.refresh(school, with_for_update=True)
    paper = service.issue_ledger(viewer, school, _year(), lang=_language())
    db.session.commit()
    return redirect(url_for("documents.show", document_id=paper.id))
