"""Labels as PDF: sheets of A4 and rolls of a label printer. Labels are not numbered papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale

from app.documents import rendering
from app.documents.composing import qr_code
from app.equipment.rules import tags
from app.equipment.service import links


@dataclass(frozen=True)
class Paper:
    """What labels are printed on: size of the page and of a label in millimetres, and labels on a page."""

    code: str
    page: str
    width: int
    height: int
    per_page: int


PAPERS = {
    "sheet": Paper("sheet", "210mm 297mm", 70, 36, 24),
    "roll": Paper("roll", "60mm 40mm", 60, 40, 1),
}


@dataclass(frozen=True)
class Label:
    """What one label says. A blank one has only its code."""

    code: str
    school: str = ""
    name: str = ""
    where: str = ""
    agency: str = ""

    @property
    def shown(self) -> str:
        """The code as people read it."""
        return tags.spaced(self.code)


class _Codes(Mapping[str, bytes]):
    """The QR code of each label, drawn when it is asked for."""

    def __init__(self, labels: Sequence[Label]) -> None:
        self._codes = {label.code for label in labels}

    def __getitem__(self, name: str) -> bytes:
        if name not in self._codes:
            raise KeyError(name)
        return qr_code(links.address(name))

    def __contains__(self, name: object) -> bool:
        return name in self._codes  # the Mapping's own would draw the code to see whether it is there

    def __iter__(self) -> Iterator[str]:
        return iter(self._codes)

    def __len__(self) -> int:
        return len(self._codes)


def render_labels(labels: Sequence[Label], paper: Paper, *, language: str, made: datetime) -> rendering.Rendered:
    """The labels in their order, on as many pages as they need."""
    settings = current_app.config["SETTINGS"]
    rendering.use_fonts(settings.data / "fonts", settings.fonts)
    pages = [labels[start : start + paper.per_page] for start in range(0, len(labels), paper.per_page)]
    with force_locale(language):
        html = render_template("equipment/labels_print.html", pages=pages, paper=paper)
    return rendering.render(html, made=made, assets=_Codes(labels))
