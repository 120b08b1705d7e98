"""Acts on papers: preview, issue, make again, replace, revoke, void a number."""

from app.documents.service.issuing import (
    PREVIEW,
    RENDER,
    is_stuck,
    issue,
    make_again,
    next_serial,
    preview,
    replace,
    revoke,
    void,
)

__all__ = [
    "PREVIEW",
    "RENDER",
    "is_stuck",
    "issue",
    "make_again",
    "next_serial",
    "preview",
    "replace",
    "revoke",
    "void",
]
