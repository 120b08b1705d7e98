"""From the frozen data of a paper to its PDF: envelope, template, pictures, QR code."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from flask import current_app, render_template
from flask_babel import force_locale
from PIL import Image

from app.core.files import FileMissing, files
from app.documents import fonts, frozen, rendering, rules
from app.documents.kinds import DocumentKind, Picture, kind_of

WIDEST_PHOTO = 1000  # pixels: 75 mm on paper at over 300 dots an inch


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every paper carries beside its own data. A preview has neither number nor check code."""

    kind: str
    title: str
    agency: str
    language: str
    made_at: datetime
    number: str = ""
    check_code: str = ""
    verify_url: str = ""
    replaces: str = ""
    preview: bool = False

    @property
    def verify_address(self) -> str:
        """The address to type, without the code."""
        return self.verify_url.removeprefix("https://").removeprefix("http://").rpartition("/")[0]


def freeze(envelope: Envelope, data: Any) -> str:
    """The canonical JSON that is kept, attached to the PDF, and whose digest the paper prints."""
    return frozen.canonical({"paper": frozen.plain(envelope), "data": frozen.plain(data)})


def template_revision(kind: DocumentKind) -> str:
    """A hash over everything that decides how this kind looks."""
    folder = Path(str(current_app.root_path)).parent / str(current_app.template_folder)
    parts = ["layouts/print.html", "layouts/print.css", "documents/parts.html", kind.template]
    return hashlib.sha256(b"\0".join((folder / part).read_bytes() for part in parts)).hexdigest()


def html_of(text: str) -> str:
    """The page that WeasyPrint lays out, from the frozen data."""
    kept = json.loads(text)
    envelope = frozen.thaw(Envelope, kept["paper"])
    kind = kind_of(envelope.kind)
    with force_locale(envelope.language):
        return render_template(
            kind.template,
            paper=envelope,
            data=frozen.thaw(kind.context, kept["data"]),
            digest=frozen.digest(text),
            copies=str(kind.copies),
            translation=envelope.language != kind.languages[0],
        )


def compose(text: str, pictures: Mapping[str, bytes] | None = None) -> rendering.Rendered:
    """Make the PDF of frozen data. `pictures` stands in for the file store (samples)."""
    kept = json.loads(text)
    envelope = frozen.thaw(Envelope, kept["paper"])
    _use_fonts()
    return rendering.render(
        html_of(text),
        attachment=rendering.Attachment(f"{envelope.kind}.json", envelope.title, text.encode()),
        made=envelope.made_at,
        assets=_Assets(envelope.verify_url, pictures),
    )


def _use_fonts() -> None:
    settings = current_app.config["SETTINGS"]
    rendering.use_fonts(settings.data / "fonts", settings.fonts)


def faces() -> fonts.FontStatus:
    """Which faces papers are printed with on this machine, and what is missing."""
    _use_fonts()
    return fonts.status(rendering.configuration())


class _Assets(Mapping[str, bytes]):
    """The pictures of a paper by hash, shrunk to what paper can show, and its QR code."""

    def __init__(self, verify_url: str, pictures: Mapping[str, bytes] | None) -> None:
        self._verify_url = verify_url
        self._pictures = pictures

    def __getitem__(self, name: str) -> bytes:
        if name == "qr":
            return qr_code(self._verify_url)
        if self._pictures is not None:
            return _fit(self._pictures[name])
        try:
            return _fit(files().get(name))
        except FileMissing:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _fit(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as image:
        if image.format != "JPEG" or max(image.size) <= WIDEST_PHOTO:
            return content
        image.thumbnail((WIDEST_PHOTO, WIDEST_PHOTO))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def qr_code(text: str) -> bytes:
    """An SVG picture of a QR code with a quiet zone, medium error correction."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, omitsize=True, svgclass=None, lineclass=None
    )
    return out.getvalue()


def sample(kind: DocumentKind, language: str) -> rendering.Rendered:
    """The PDF of the kind's invented example, as a preview would show it but numbered."""
    with force_locale(language):
        title = str(kind.title)
    envelope = Envelope(
        kind=kind.code,
        title=title,
        agency="Shifan District Fire and Rescue Brigade" if language == "en" else "示范区消防救援大队",
        language=language,
        made_at=datetime.fromisoformat("2026-11-18T11:30:00+08:00"),
        number=kind.number(code_word="示", year=2026, serial=31),
        check_code=rules.spaced("4KDM97QXTB2" + rules.check_sign("4KDM97QXTB2")),
        verify_url="http://127.0.0.1:8000/verify/4KDM97QXTB2" + rules.check_sign("4KDM97QXTB2"),
    )
    return compose(freeze(envelope, kind.context.sample(language)), kind.pictures())


def pictures_of(data: Any) -> tuple[str, ...]:
    """The hashes of all pictures that the data prints."""
    return tuple(picture.sha256 for picture in frozen.found_in(data, Picture))
