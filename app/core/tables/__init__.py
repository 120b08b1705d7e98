"""Lists as people send them (CSV, XLSX, XLS) read into plain rows of text, and reports written for them."""

from app.core.tables.headings import (
    IGNORED,
    Table,
    find_header,
    fingerprint,
    guess_mapping,
    mapping_from_options,
    normalise_heading,
    read_table,
)
from app.core.tables.reading import MOST_ROWS, Row, Sheet, UnreadableTable, read_sheets
from app.core.tables.reports import guarded, write_report, write_workbook

__all__ = [
    "IGNORED",
    "MOST_ROWS",
    "Row",
    "Sheet",
    "Table",
    "UnreadableTable",
    "find_header",
    "fingerprint",
    "guarded",
    "guess_mapping",
    "mapping_from_options",
    "normalise_heading",
    "read_sheets",
    "read_table",
    "write_report",
    "write_workbook",
]
