"""What a school must buy or order, as a page to print and as a file."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.i18n import localised
from app.core.tables import write_report
from app.core.web import found
from app.rectification import shopping_words as words
from app.rectification.queries import shopping as queries
from app.rectification.views.blueprint import bp
from app.schools import queries as schools
from app.schools.models import School

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _school() -> School:
    """The school asked for, else the first one the viewer works at."""
    asked = request.args.get("school", "")
    if not asked:
        return found(next(iter(queries.own_schools(viewer)), None))
    try:
        return found(schools.get(viewer, uuid.UUID(asked)))
    except ValueError:
        abort(404)


def _months() -> int:
    asked = request.args.get("months", type=int)
    return asked if asked in words.SPANS else min(words.SPANS)


@bp.get("/portal/shopping")
@requires(Permission.SEE_FINDINGS)
def shopping() -> ResponseReturnValue:
    """The list by building, with totals."""
    school, months = _school(), _months()
    tabs = [
        (str(label), url_for(".shopping", school=school.id, months=span), span == months)
        for span, label in words.SPANS.items()
    ]
    return render_template(
        "rectification/shopping.html",
        school=school,
        months=months,
        tabs_of_span=tabs,
        shopping=queries.of_school(viewer, school.id, months=months),
    )


def _file(kind: str) -> ResponseReturnValue:
    school, months = _school(), _months()
    headings = [
        _("建筑"),
        _("办理"),
        _("物品和规格"),
        _("数量"),
        _("单位"),
        _("到现场清点（处）"),
        _("怎么数"),
        _("对应问题"),
    ]
    listed = queries.of_school(viewer, school.id, months=months)
    rows = [
        (
            words.building(line.building),
            str(words.ACTS[line.act]),
            line.article,
            line.amount or None,
            line.unit,
            line.to_count or None,
            line.how,
            "；".join(
                localised(listed.findings[key].text, listed.findings[key].text_en)
                for key in line.findings
            ),
        )
        for line in listed.lines
    ]  # fmt: skip
    answer = make_response(write_report(headings, rows, kind=kind, sheet=str(_("采购和送修清单"))))
    answer.headers["Content-Type"] = TYPES[kind]
    answer.headers["Content-Disposition"] = f'attachment; filename="shopping-{clock.today():%Y%m%d}.{kind}"'
    return answer


@bp.get("/portal/shopping.xlsx")
@requires(Permission.SEE_FINDINGS)
def shopping_workbook() -> ResponseReturnValue:
    """The list as a workbook."""
    return _file("xlsx")


@bp.get("/portal/shopping.csv")
@requires(Permission.SEE_FINDINGS)
def shopping_csv() -> ResponseReturnValue:
    """The list as text for any program."""
    return _file("csv")


@bp.app_context_processor
def _words() -> dict[str, Any]:
    """Templates of other pages print the list with the same words."""
    return {"shopping_words": words}
