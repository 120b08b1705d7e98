"""Pages of handbooks: a school's posts and gaps, one post, receipts, its paper."""

from __future__ import annotations

from flask import Blueprint

from app.handbook import words
from app.handbook.rules import ReceiptState

bp = Blueprint("handbook", __name__)


@bp.context_processor
def said() -> dict[str, object]:
    """What templates of handbooks call things."""
    return {"words": words, "ReceiptState": ReceiptState}


from app.handbook.views import paper, posts, receipts  # noqa: E402

__all__ = ["bp", "paper", "posts", "receipts"]
