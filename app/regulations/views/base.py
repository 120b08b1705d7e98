"""The blueprint of the pages of regulations."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from app.core.formats import WEEKDAYS
from app.core.i18n import language
from app.regulations.words import gap_sentence, holiday

bp = Blueprint("regulations", __name__, url_prefix="/admin")
bp.add_app_template_global(holiday, "holiday")
bp.add_app_template_filter(holiday, "holiday")
bp.add_app_template_global(gap_sentence, "gap_sentence")


@bp.app_template_filter("month")
def month(value: date) -> str:
    """1 月 · January."""
    return f"{value:%B}" if language() == "en" else f"{value.month} 月"


@bp.app_template_filter("weekday_short")
def weekday_short(value: date) -> str:
    """一 · Mon."""
    return f"{value:%a}" if language() == "en" else WEEKDAYS[value.weekday()][-1]
