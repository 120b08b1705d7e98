"""People in posts, and receipts of handbooks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.core import clock
from app.core.db import insert_ignore, new_id
from app.core.extensions import db
from app.handbook.models import HandbookReceipt, HandbookText, PostHolder
from tests.cast import Cast


def holder(cast: Cast, **more: Any) -> PostHolder:
    """A guard of Pema's school since last month."""
    row = PostHolder(
        **{
            "school_id": cast.school_id,
            "post": "guard",
            "name": "丹增",
            "from_day": clock.today() - timedelta(days=30),
            "made_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def receipt(cast: Cast, of: PostHolder, *, sha256: str = "0" * 64, **more: Any) -> HandbookReceipt:
    """That somebody received a text of long ago, on paper."""
    text = {"sha256": sha256, "content": "{}", "kept_at": clock.now()}
    db.session.execute(insert_ignore(HandbookText).values(**text))
    row = HandbookReceipt(
        **{
            "id": new_id(),
            "school_id": of.school_id,
            "post": of.post,
            "holder_id": of.id,
            "text_sha256": sha256,
            "received_on": clock.today(),
            "on_paper": True,
            "entered_by_id": cast.people["pema"],
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row
