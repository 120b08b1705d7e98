"""From the frozen data of a paper to its PDF: envelope, template, pictures, QR code."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from flask import current_app, render_template
from flask_babel import force_locale
from PIL import Image

from app.core.files import FileMissing, files
from app.documents import fonts, frozen, rendering, rules, texts
from app.documents.kinds import Copy, DocumentKind, Letterhead, Picture, kind_of

WIDEST_PHOTO = 1000  # pixels: 75 mm on paper at over 300 dots an inch


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """What every paper carries beside its own data. A preview has neither number nor check code.

    `agency` is whose paper it is, the school's name on a school's own; `texts` is how its paragraphs were worded, in
    version `texts_version` of the brigade's (0: the program's).
    """

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
    texts: dict[str, str] = field(default_factory=dict)
    texts_version: int = 0

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


def html_of(text: str, copy: Copy = Copy.PARTY) -> str:
    """The page that WeasyPrint lays out, from the frozen data: the same for both copies but for the archive's blocks."""
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
            copy=copy.value,
            has_archive_copy=kind.archive_copy,
            of_school=kind.letterhead is Letterhead.SCHOOL,
            say=texts.speaker(kind, envelope.language, envelope.texts),
            translation=envelope.language != kind.languages[0],
        )


def compose(text: str, pictures: Mapping[str, bytes] | None = None, *, copy: Copy = Copy.PARTY) -> rendering.Rendered:
    """Make the PDF of one copy of frozen data. `pictures` stands in for the file store (samples)."""
    kept = json.loads(text)
    envelope = frozen.thaw(Envelope, kept["paper"])
    _use_fonts()
    return rendering.render(
        html_of(text, copy),
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


SAMPLE_BRIGADE = {"en": "Shifan District Fire and Rescue Brigade"}
SAMPLE_SCHOOL = {"en": "Shifan District River Valley Boarding Primary School"}


def sample_envelope(
    kind: DocumentKind, language: str, *, worded: Mapping[str, str] | None = None, preview: bool = False
) -> Envelope:
    """The envelope of the kind's invented example; a preview has no number."""
    with force_locale(language):
        title = str(kind.title)
    code = "4KDM97QXTB2" + rules.check_sign("4KDM97QXTB2")
    of_school = kind.letterhead is Letterhead.SCHOOL
    return Envelope(
        kind=kind.code,
        title=title,
        agency=SAMPLE_SCHOOL.get(language, "示范区河谷寄宿制小学")
        if of_school
        else SAMPLE_BRIGADE.get(language, "示范区消防救援大队"),
        language=language,
        made_at=datetime.fromisoformat("2026-11-18T11:30:00+08:00"),
        number="" if preview else kind.number(code_word="示", year=2026, serial=31),
        check_code="" if preview else rules.spaced(code),
        verify_url="" if preview else f"http://127.0.0.1:8000/verify/{code}",
        preview=preview,
        texts={**texts.defaults(kind, language), **(worded or {})},
    )


def sample(kind: DocumentKind, language: str, *, copy: Copy = Copy.PARTY) -> rendering.Rendered:
    """The PDF of the kind's invented example, as a preview would show it but numbered."""
    context = kind.context.sample(language)
    return compose(freeze(sample_envelope(kind, language), context), kind.pictures(), copy=copy)


def pictures_of(data: Any) -> tuple[str, ...]:
    """The hashes of all pictures that the data prints."""
    return tuple(picture.sha256 for picture in frozen.found_in(data, Picture))
