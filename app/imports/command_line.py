"""What the commands that take a list in have in common: for which brigade, which column is what, the rows to look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from app.core.tables import mapping_from_options
from app.imports.kinds import ListKind
from app.imports.models import ImportRow, ImportRun
from app.organisations import queries as organisations
from app.organisations.models import Brigade

MOST_SHOWN = 20


def brigade_meant(name: str) -> Brigade:
    """The brigade named, or the only one there is. Raises UsageError."""
    units = organisations.all_brigades()
    found = [one for one in units if name in (one.name, one.name_en, one.code_word)] if name else units
    if len(found) != 1:
        what = f"There is no unit named {name}" if name else "Say for which brigade: --brigade NAME"
        raise click.UsageError(f"{what}; there are: {', '.join(one.name for one in units) or 'none yet'}.")
    return found[0]


def columns_meant(run: ImportRun, kind: ListKind, options: Sequence[str]) -> dict[int, str]:
    """What the headings tell of the columns, corrected by `COLUMN=FIELD` options. Raises DomainError."""
    columns = {int(column): name for column, name in run.mapping["columns"].items()}
    said = mapping_from_options(run.options["headings"], options, tuple(kind.headings))
    return {column: name for column, name in columns.items() if name not in said.values()} | said


def show_rows(rows: Sequence[ImportRow], sentence: Callable[[ImportRow], str], *, err: bool = False) -> None:
    """The first of the rows that were not taken, each with why."""
    for row in rows[:MOST_SHOWN]:
        click.echo(f"  row {' '.join(filter(None, (str(row.number), row.name)))}: {sentence(row)}", err=err)
    if len(rows) > MOST_SHOWN:
        click.echo(f"  … and {len(rows) - MOST_SHOWN} more; --report FILE lists every row", err=err)


def report_kind(suffix: str) -> str:
    """The kind of report that a file's ending asks for."""
    return "csv" if suffix.lower() == ".csv" else "xlsx"
