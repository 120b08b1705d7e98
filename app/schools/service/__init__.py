"""Acts on schools: registering, changing, closing, merging, and what stands on their ground."""

from app.schools.service.grounds import (
    add_building,
    add_contact,
    add_floor,
    add_place,
    edit_building,
    edit_contact,
    edit_floor,
    edit_place,
    end_contact,
    retire_building,
    retire_place,
)
from app.schools.service.merging import merge, unmerge
from app.schools.service.register import (
    LooksLikeAnother,
    close,
    create_school,
    edit_school,
    index_schools,
    note_visit,
    reindex_all,
    reopen,
    suspend,
    term_rows,
)

__all__ = [
    "LooksLikeAnother",
    "add_building",
    "add_contact",
    "add_floor",
    "add_place",
    "close",
    "create_school",
    "edit_building",
    "edit_contact",
    "edit_floor",
    "edit_place",
    "edit_school",
    "end_contact",
    "index_schools",
    "merge",
    "note_visit",
    "reindex_all",
    "reopen",
    "retire_building",
    "retire_place",
    "suspend",
    "term_rows",
    "unmerge",
]
