"""The blueprint of the pages of regulations."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _

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


@bp.app_template_global("admin_crumb")
def admin_crumb() -> list[tuple[str, str]]:
    """The first step of a page's place: the hub of administration."""
    here = "accounts.admin" in current_app.view_functions
    return [(_("管理"), url_for("accounts.admin"))] if here else []
