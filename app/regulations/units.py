"""The units of what a checklist measures, in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

#: Units that are words; the others are signs and the same everywhere.
UNITS = {"pcs": _l("个"), "persons": _l("人"), "beds": _l("张床"), "deg": _l("度"), "min": _l("分钟"), "s": _l("秒")}


def unit(text: str | None) -> str:
    """A unit in the reader's language."""
    return str(UNITS.get(text, text)) if text else ""
