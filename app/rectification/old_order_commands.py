"""The command that takes over a list of orders of former years."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.tables import mapping_from_options
from app.imports import queries as lists
from app.imports.models import ImportRow, ImportRun, Verdict
from app.organisations import queries as organisations
from app.organisations.models import Brigade, BrigadeKind
from app.rectification import old_order_words as words
from app.rectification.rules.old_orders import FIELDS
from app.rectification.service import old_orders as service

MOST_SHOWN = 20


def _brigade(name: str) -> Brigade:
    """The brigade named, or the only one there is."""
    units = [one for one in organisations.all_brigades() if one.kind is BrigadeKind.BRIGADE]
    found = [one for one in units if name in (one.name, one.name_en, one.code_word)] if name else units
    if len(found) != 1:
        raise click.UsageError(f"Say for which brigade: --brigade NAME, one of {', '.join(one.name for one in units)}.")
    return found[0]


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--brigade", default="", help="Name of the brigade; needed when there are several.")
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Which field a column is; - leaves it out.")
@click.option("--take-readable", is_flag=True, help="Take days written with dots, as serial numbers or among words.")
@click.option("--all-or-nothing", is_flag=True, help="Write nothing when a single row is wrong or open.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option(
    "--report", "report_file", type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write a line for each row (.xlsx or .csv).",
)  # fmt: skip
@with_appcontext
def import_list(
    file: Path,
    brigade: str,
    maps: tuple[str, ...],
    take_readable: bool,
    all_or_nothing: bool,
    dry_run: bool,
    report_file: Path | None,
) -> None:
    """Take over a list of former orders (CSV, XLSX, XLS) and account for every row; twice does no harm.

    Rows without fault are written in one transaction. Doubtful dates stay as they were typed and are flagged.

    \b
    Example: flask --app app orders import 2023.xlsx --map 通知书=number --report report.xlsx
    """
    with force_locale("zh_Hans_CN"):
        try:
            run = _checked(file, _brigade(brigade), maps)
            if not dry_run:
                service.accept(None, run, only_good=not all_or_nothing, take_readable=take_readable)
                service.write(run)
        except DomainError as problem:
            db.session.rollback()
            raise click.ClickException(f"{file.name}: {problem.message} (nothing was written)") from problem
        rows = list(lists.all_rows(run))
        for row in rows:
            db.session.refresh(row)
        if report_file:
            report_file.write_bytes(words.report(rows, kind="csv" if report_file.suffix.lower() == ".csv" else "xlsx"))
        _account(run, rows, dry=dry_run)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()


def _checked(file: Path, brigade: Brigade, maps: tuple[str, ...]) -> ImportRun:
    run = service.start(None, brigade_id=brigade.id, file_name=file.name, data=file.read_bytes())
    columns = {int(column): name for column, name in run.mapping["columns"].items()}
    said = mapping_from_options(run.options["headings"], maps, FIELDS)
    columns = {c: name for c, name in columns.items() if name not in said.values()} | said
    service.set_mapping(run, columns=columns)
    service.check(run)
    click.echo(f"for {brigade.name}: " + ", ".join(f"{run.options['headings'][c]} = {n}" for c, n in columns.items()))
    return run


def _account(run: ImportRun, rows: list[ImportRow], *, dry: bool) -> None:
    counts = run.summary["verdicts"]
    said = ", ".join(f"{counts.get(one.value, 0)} {one.value}" for one in words.VERDICTS)
    click.echo(
        f"{'would be: ' if dry else ''}rows {len(rows)}: {said}; {run.summary['flagged']} with doubtful dates or words"
    )
    if not dry:
        click.echo(f"orders written: {run.summary['added']}")
    shown = [row for row in rows if row.verdict in (Verdict.ERROR, Verdict.LIKELY)]
    for row in shown[:MOST_SHOWN]:
        click.echo(f"  row {row.number} {row.name}: {' '.join(words.remarks_of(row))}")
    if len(shown) > MOST_SHOWN:
        click.echo(f"  … and {len(shown) - MOST_SHOWN} more; --report FILE lists every row")
