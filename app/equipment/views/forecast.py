"""What falls due in the coming months, as a page and as a workbook."""

from __future__ import annotations

import uuid

from flask import abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.web import found
from app.equipment import forecast_words, reports, wording
from app.equipment.queries import forecast as queries
from app.equipment.views import bp
from app.equipment.views.register import uuid_or_none
from app.schools import queries as schools
from app.schools.models import School

SPANS = (12, 24)


def _asked() -> tuple[int, School | None]:
    """For how many months, and for which school if only for one."""
    school_id: uuid.UUID | None = uuid_or_none(request.args.get("school"))
    if request.args.get("school") and school_id is None:
        abort(404)
    months = 24 if request.args.get("months") == "24" else 12
    return months, found(schools.get(viewer, school_id)) if school_id else None


@bp.get("/equipment/forecast")
@requires(Permission.SEE_EQUIPMENT)
def forecast() -> ResponseReturnValue:
    """Services and purchases month by month."""
    months, school = _asked()
    school_id = school.id if school else None
    return render_template(
        "equipment/forecast.html",
        forecast=queries.forecast(viewer, months=months, school_id=school_id),
        pieces=queries.pieces_due(viewer, months=months, school_id=school_id) if school else [],
        school=school,
        spans=SPANS,
        wording=wording,
        words=forecast_words,
    )


@bp.get("/equipment/forecast.xlsx")
@requires(Permission.SEE_EQUIPMENT)
def forecast_workbook() -> ResponseReturnValue:
    """The same as a workbook: months, shopping list, and every piece that falls due."""
    months, school = _asked()
    school_id = school.id if school else None
    book = reports.forecast_workbook(
        queries.forecast(viewer, months=months, school_id=school_id),
        queries.pieces_due(viewer, months=months, school_id=school_id),
    )
    answer = make_response(book)
    answer.headers["Content-Type"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer.headers["Content-Disposition"] = f'attachment; filename="forecast-{clock.today():%Y%m%d}.xlsx"'
    return answer
