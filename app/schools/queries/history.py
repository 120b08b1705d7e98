"""What was done to a school's entry, by whom and when."""

from __future__ import annotations

import uuid

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.paging import Page, page


def history(school_id: uuid.UUID, *, key: str | None = None, size: int = 30) -> Page[AuditEntry]:
    """Acts on a school and what stands on its ground, newest first, one page."""
    query = sa.select(AuditEntry).where(
        AuditEntry.subject_kind == "school", AuditEntry.subject_id == str(school_id), AuditEntry.action.in_(ACTIONS)
    )
    return page(query, keys=[(AuditEntry.id, True)], key=key, size=size)


#: The acts that change an entry of the register.
ACTIONS = (
    "register_school", "change_school", "suspend_school", "close_school", "reopen_school", "merge_school", "receive_school",
    "unmerge_school", "release_school", "import_school", "import_change", "add_building", "change_building", "retire_building",
    "add_floor", "change_floor", "add_place", "change_place", "retire_place", "add_contact", "change_contact", "end_contact",
)  # fmt: skip
