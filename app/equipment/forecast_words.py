"""How the forecast of services and purchases reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.i18n import language
from app.equipment.rules.forecast import Act

ACTS = {Act.SERVICE: _l("送修"), Act.REPLACE: _l("更换")}


def month_words(month: date | None) -> str:
    """2026年11月; what is due already is said so."""
    if month is None:
        return str(_("现在（已到期）"))
    if language() == "en":
        return f"{month:%Y-%m}"
    return str(_("%(year)s年%(month)s月", year=month.year, month=month.month))


def span_tabs(spans: Sequence[int], chosen: int, here: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """The tabs of the forecast: 12 个月, 24 个月."""
    return [
        (str(_("%(n)s 个月", n=span)), url_for("equipment.forecast", months=span, **here), span == chosen)
        for span in spans
    ]
