"""The sheet with the code for a school's wall. It is no numbered paper."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale

from app.documents import rendering
from app.documents.composing import qr_code


def wall_sheet(names: Iterable[str], *, address: str, code: str, made: datetime, language: str) -> rendering.Rendered:
    """One page of A4: what it is for, the QR code, the address and code for who cannot scan."""
    settings = current_app.config["SETTINGS"]
    rendering.use_fonts(settings.data / "fonts", settings.fonts)
    with force_locale(language):
        html = render_template(
            "planning/wall_sheet.html", names=[name for name in names if name], address=address, code=code
        )
    return rendering.render(html, made=made, assets={"qr": qr_code(address)})
