"""Labels of patrol points and the sheet of a route. Neither is a numbered paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale

from app.documents import rendering
from app.documents.composing import qr_code
from app.equipment.rules.tags import spaced
from app.selfchecks import words
from app.selfchecks.rules.rounds import LABEL, RouteKind

#: Labels on a page of A4: two beside each other, large enough to be scanned in a dim corridor.
PER_PAGE = 10
#: Lines on a sheet even where the route is shorter.
LEAST_LINES = 12


@dataclass(frozen=True, kw_only=True)
class PointLabel:
    """What the label of a point says."""

    code: str
    school: str
    name: str
    where: str = ""
    look_at: str = ""

    @property
    def shown(self) -> str:
        """The code as people read it."""
        return spaced(self.code)


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """A point on the sheet."""

    name: str
    where: str = ""
    look_at: str = ""


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The sheet of a route, with empty fields to write in."""

    school: str
    school_bo: str
    kind: RouteKind
    route: str
    points: tuple[SheetLine, ...]

    @property
    def blanks(self) -> int:
        """Empty lines for what is not on the route."""
        return max(2, LEAST_LINES - len(self.points))


def _render(
    template: str, *, language: str, made: datetime, assets: Mapping[str, bytes], **shown: Any
) -> rendering.Rendered:
    settings = current_app.config["SETTINGS"]
    rendering.use_fonts(settings.data / "fonts", settings.fonts)
    with force_locale(language):
        html = render_template(template, own_words=words, **shown)
    return rendering.render(html, made=made, assets=assets)


def labels(found: Sequence[PointLabel], *, language: str, made: datetime) -> rendering.Rendered:
    """The labels in their order, on as many pages as they need; the code opens the point on the phone that scans it."""
    base = current_app.config["SETTINGS"].base_url
    pages = [found[start : start + PER_PAGE] for start in range(0, len(found), PER_PAGE)]
    codes = {one.code: qr_code(f"{base}{LABEL}{one.code}") for one in found}
    return _render("selfchecks/labels_print.html", language=language, made=made, assets=codes, pages=pages)


def sheet(of: Sheet, *, language: str, made: datetime) -> rendering.Rendered:
    """The sheet of a route."""
    return _render("selfchecks/sheet_print.html", language=language, made=made, assets={}, sheet=of)
