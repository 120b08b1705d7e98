"""What the rows of a list say: by field for reading, and all of it under the list's own headings for keeping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flask_babel import gettext as _

from app.core.tables import Row, Table

LONGEST_HEADING, LONGEST_CELL = 80, 4000
#: Row number, texts by field, and all that the row says under its own headings.
Cells = tuple[int, dict[str, str], dict[str, str]]


def rows_of(table: Table, fields: Mapping[int, str]) -> Iterator[Cells]:
    """Every row that says something; `fields` is column → field. Repeated headers are left out."""
    for row in table.rows:
        texts = texts_of(table, row, fields)
        if any(texts.values()) and not is_header(table, texts, fields):
            yield row.number, texts, source_of(table, row)


def texts_of(table: Table, row: Row, fields: Mapping[int, str]) -> dict[str, str]:
    """The texts of a row by field."""
    return {name: table.cell(row, column).strip() for column, name in fields.items()}


def is_header(table: Table, texts: Mapping[str, str], fields: Mapping[int, str]) -> bool:
    """Whether the header stands there once more."""
    return all(texts[name] == table.headings[column] for column, name in fields.items())


def source_of(table: Table, row: Row) -> dict[str, str]:
    """Heading → text, as typed."""
    said = {}
    for column, heading in enumerate(table.headings):
        if text := table.cell(row, column).strip():
            named = heading.strip()[:LONGEST_HEADING] or _("第 %(number)d 列", number=column + 1)
            said[named] = text[:LONGEST_CELL]
    return said
