"""What the notices that order a school to put right have in common: how they are numbered, filed and begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare
from app.documents.parts import Photo, Signatory
from app.rectification.papers import samples
from app.rectification.papers.parts import NO_RECEIPT, Problem, Receipt, Unit


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What both notices after a check print. 消防监督检查规定 Art. 19."""

    unit: Unit
    visited_on: date
    record_number: str = ""
    problems: tuple[Problem, ...]
    statement: str = ""
    officers: tuple[Signatory, ...]
    receipt: Receipt = NO_RECEIPT
    issued_on: date
    photos: tuple[Photo, ...] = ()


def declare_notice(
    code: str,
    *,
    title: LazyString,
    context: type[Any],
    numbering: str,
    number_setting: str,
    texts: tuple[TextPiece, ...],
) -> DocumentKind:
    """Declare a notice: one copy for the school, one with the receipt for the archive."""
    return declare(
        DocumentKind(
            code=code,
            title=title,
            template=f"documents/{code}.html",
            context=context,
            numbering=numbering,
            number_setting=number_setting,
            archive_copy=True,
            copies=_l("本通知书一式两份，一份交被检查单位（场所），一份存档。"),
            texts=texts,
            pictures=samples.pictures,
        )
    )


def opening(default: LazyString, **places: LazyString) -> TextPiece:
    """The paragraph that says when the check was and what was found; `places` are those beside the day of the check."""
    return TextPiece(name="opening", label=_l("事由和依据"), default=default, places={"day": _l("检查日期"), **places})


def duty(default: LazyString) -> TextPiece:
    """The paragraph about the time until it is put right."""
    return TextPiece(name="duty", label=_l("改正期间的要求"), default=default)
