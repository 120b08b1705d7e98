"""What tests of papers ask for: a worker, a brigade's paper, text taken out of PDFs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest

from app.certificates.documents import RESULT, InspectionResult
from app.core import jobs
from app.core.extensions import db
from app.documents import rendering, service
from app.documents.models import IssuedDocument
from tests.cast import Cast


@pytest.fixture(scope="session")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The private font configuration, where no application gives one."""
    rendering.use_fonts(tmp_path_factory.mktemp("fonts"))
    return rendering.configuration()


@pytest.fixture
def issue(cast: Cast) -> Callable[..., IssuedDocument]:
    """`issue()` is a result notice of Pema's school, made and stored; `issue(make=False)` only numbered."""

    def act(*, by: str = "olga", make: bool = True, **more: object) -> IssuedDocument:
        document = service.issue(
            RESULT,
            InspectionResult.sample("zh_Hans_CN"),
            brigade=cast.brigade,
            school=cast.school,
            by=cast.viewer(by),
            subject=("inspection", cast.school_id),
            **more,  # type: ignore[arg-type]
        )
        db.session.commit()
        if make:
            jobs.run_all()
            db.session.refresh(document)
        return document

    return act


def text_by_mupdf(pdf: bytes) -> str:
    """All text of a PDF without white space, as MuPDF reads it."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        return "".join("".join(page.get_text().split()) for page in document)


def text_by_poppler(pdf: bytes, folder: Path) -> str:
    """All text of a PDF without white space, as poppler reads it."""
    path = folder / "paper.pdf"
    path.write_bytes(pdf)
    taken = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True)
    return "".join(taken.stdout.split())
