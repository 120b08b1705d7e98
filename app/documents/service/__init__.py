"""Acts on papers; those of issuing are called from every feature that prints."""

from app.documents.service.changing import (
    is_stuck,
    make_again,
    make_invalid,
    make_invalid_about,
    replace,
    revoke,
    void,
)
from app.documents.service.issuing import PREVIEW, RENDER, issue, issue_about, issue_previewed, next_serial, preview

__all__ = [
    "PREVIEW",
    "RENDER",
    "is_stuck",
    "issue",
    "issue_about",
    "issue_previewed",
    "make_again",
    "make_invalid",
    "make_invalid_about",
    "next_serial",
    "preview",
    "replace",
    "revoke",
    "void",
]
