"""HTML in, PDF/A-3a and PDF/UA-1 out: the same bytes for the same input, and no gap where something is missing."""

from __future__ import annotations

import logging
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ImageFile

from . import fonts, justification
from .script import printable

ASSET = "asset:"
_LOCK = threading.Lock()  # Pango's font map, shared by all papers of a process, is not made for two threads.
_PDF_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:e="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:s="http://www.aiim.org/pdfa/ns/schema#" xmlns:p="http://www.aiim.org/pdfa/ns/property#">
<e:schemas><rdf:Bag><rdf:li rdf:parseType="Resource"><s:schema>PDF/UA identification schema</s:schema>
<s:namespaceURI>http://www.aiim.org/pdfua/ns/id/</s:namespaceURI><s:prefix>pdfuaid</s:prefix>
<s:property><rdf:Seq><rdf:li rdf:parseType="Resource"><p:name>part</p:name><p:valueType>Integer</p:valueType>
<p:category>internal</p:category><p:description>PDF/UA part number</p:description></rdf:li></rdf:Seq></s:property>
</rdf:li></rdf:Bag></e:schemas></rdf:Description>
</rdf:RDF>"""


class RenderingError(Exception):
    """The paper could not be made whole: an asset was refused or missing, a glyph is lacking, a style is wrong."""


@dataclass(frozen=True)
class Attachment:
    """Data carried inside the PDF."""

    name: str
    description: str
    data: bytes


@dataclass(frozen=True)
class Rendered:
    """A finished paper, its number of pages, and the characters that no face has and that stand as numbers in it."""

    pdf: bytes
    pages: int
    substituted: tuple[str, ...]


class _Engine:
    """WeasyPrint, loaded on first use, with one font configuration for all papers of the process."""

    def __init__(self, configuration: Path) -> None:
        try:
            import weasyprint
            from weasyprint.text.fonts import FontConfiguration
        except OSError as problem:
            raise RenderingError(f"The system libraries for papers are missing; run make setup. ({problem})") from None
        # WeasyPrint tells Pillow, for the whole process, to take half pictures for whole ones; evidence must not be.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        justification.install()
        self.weasyprint = weasyprint
        self.fonts = FontConfiguration()
        self.covered = fonts.covered(configuration)


_engine: _Engine | None = None
_configuration: Path | None = None


def use_fonts(home: Path, licensed: Path | None = None) -> None:
    """Say where the font configuration and its cache live and where licensed faces are; before the first paper."""
    global _configuration
    _configuration = fonts.configure(home, licensed)


def configuration() -> Path:
    """The font configuration in force."""
    if _configuration is None:
        use_fonts(Path(tempfile.gettempdir()) / "xiaofang-fonts")
    assert _configuration is not None
    return _configuration


def _loaded() -> _Engine:
    global _engine
    if _engine is None:
        _engine = _Engine(configuration())
    return _engine


def unprintable(text: str) -> tuple[str, ...]:
    """The characters of `text` that no face has, so that a form can warn while there is time."""
    return printable(text, fonts.covered(configuration())).substituted


def render(
    html: str,
    *,
    attachment: Attachment | None = None,
    made: datetime,
    assets: Mapping[str, bytes] | None = None,
) -> Rendered:
    """Lay out one paper. Images are `asset:<name>`, given in `assets`, or data: addresses; nothing else is fetched.

    `made` is the date the file carries: a fact of the paper, never the clock. Raises RenderingError instead of
    leaving a gap.
    """
    with _LOCK:
        engine = _loaded()
        source = printable(html, engine.covered)
        with _complaints() as complaints:
            document = engine.weasyprint.HTML(
                string=source.text, url_fetcher=_fetcher({} if assets is None else assets), base_url=None
            ).render(
                font_config=engine.fonts,
                pdf_variant="pdf/a-3a",
                attachments=[_attached(engine, attachment, made)] if attachment else [],
            )
            document.metadata.created = document.metadata.modified = made.isoformat(timespec="seconds")
            pdf = document.write_pdf(
                finisher=_claim_pdf_ua,
                pdf_variant="pdf/a-3a",
                attachments=[_attached(engine, attachment, made)] if attachment else [],
            )
        if complaints:
            raise RenderingError("; ".join(sorted(set(complaints))))
        return Rendered(pdf, len(document.pages), source.substituted)


def _attached(engine: _Engine, attachment: Attachment, made: datetime) -> Any:
    return engine.weasyprint.Attachment(
        string=attachment.data,
        name=attachment.name,
        description=attachment.description,
        created=made,
        modified=made,
        relationship="Data",
    )


def _claim_pdf_ua(_document: Any, pdf: Any) -> None:
    """Add the PDF/UA-1 claim, and the schema PDF/A wants for it, to the metadata."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.stream = [part.replace(b"</rdf:RDF>", _PDF_UA) for part in stream.stream]


def _fetcher(assets: Mapping[str, bytes]) -> Any:
    """A fetcher that knows the given assets and data: addresses, and stops the paper at anything else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(ASSET) and url.removeprefix(ASSET) in assets:
                return URLFetcherResponse(url, assets[url.removeprefix(ASSET)])
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f"refused: {url[:120]}")

    return Closed(allowed_protocols={"data"})


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Collect what WeasyPrint only logs, and turn its way of stopping into our error."""
    from weasyprint.urls import FatalURLFetchingError

    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, listener = logging.getLogger("weasyprint"), Listener(level=logging.WARNING)
    before, logger.propagate = logger.propagate, False
    others, logger.handlers = logger.handlers, [listener]
    try:
        yield heard
    except FatalURLFetchingError as problem:
        raise RenderingError(str(problem)) from None
    finally:
        logger.handlers, logger.propagate = others, before
