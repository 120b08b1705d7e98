"""Lists about equipment that people take away as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.core.tables import write_workbook
from app.equipment import wording
from app.equipment.queries.forecast import DuePiece, Forecast


def forecast_workbook(forecast: Forecast, pieces: Sequence[DuePiece]) -> bytes:
    """Months, shopping list, schools, and the pieces one by one, a sheet each."""
    months = [(wording.month_words(one.month), one.services, one.replacements) for one in forecast.lines]
    shopping = [(wording.month_words(one.month), wording.purchase_kind(one), one.pieces) for one in forecast.shopping]
    schools = [(one.name, one.at_once, one.services, one.replacements) for one in forecast.schools]
    each = [
        (one.school, one.piece.where, one.piece.label, one.piece.summary, one.due, wording.ACTS[one.act], one.piece.due)
        for one in pieces
    ]
    return write_workbook(
        [
            (_("按月汇总"), [_("月份"), _("送修（具）"), _("更换（具）")], months),
            (_("采购清单"), [_("月份"), _("种类和规格"), _("数量（具）")], shopping),
            (_("按学校"), [_("学校"), _("现在就要处理（具次）"), _("送修（具次）"), _("更换（具）")], schools),
            (
                _("逐件"),
                [_("学校"), _("位置"), _("校内编号"), _("规格"), _("到期日"), _("办理"), _("说明")],
                each,
            ),
        ]
    )
