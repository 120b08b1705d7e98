"""Lists about equipment that people take away as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.core.tables import write_report, write_workbook
from app.equipment import forecast_words, remarks, wording
from app.equipment.models import EquipmentKind
from app.equipment.queries.forecast import DuePiece, Forecast
from app.imports.models import ImportRow


def forecast_workbook(forecast: Forecast, pieces: Sequence[DuePiece]) -> bytes:
    """Months, shopping list, schools, and the pieces one by one, a sheet each."""
    months = [(forecast_words.month_words(one.month), one.services, one.replacements) for one in forecast.lines]
    shopping = [
        (forecast_words.month_words(one.month), wording.purchase_kind(one), one.pieces) for one in forecast.shopping
    ]
    schools = [(one.name, one.at_once, one.services, one.replacements) for one in forecast.schools]
    each = [
        (
            one.school,
            one.piece.where,
            one.piece.label,
            one.piece.summary,
            one.due,
            forecast_words.ACTS[one.act],
            one.piece.due,
        )
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


def import_report(rows: Sequence[ImportRow], *, kind: str = "xlsx") -> bytes:
    """Every row of a list: its number in the file, what was found, what became of it."""
    headings = [_("行号"), _("学校"), _("种类"), _("编号"), _("件数"), _("核对"), _("结果"), _("说明")]
    lines = [
        (
            row.number,
            row.content["school"],
            wording.KINDS[EquipmentKind(row.content["kind"])] if row.content["kind"] else "",
            row.name,
            row.content["pieces"],
            remarks.VERDICTS[row.verdict],
            remarks.OUTCOMES[row.outcome] if row.outcome else "",
            remarks.sentences(row.remarks),
        )
        for row in rows
    ]
    return write_report(
        headings, [[str(c) if not isinstance(c, int) else c for c in line] for line in lines], kind=kind
    )
