"""The command that takes over a list of orders of former years."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import force_locale

from app.core.errors import DomainError
from app.core.extensions import db
from app.imports import queries as lists
from app.imports.command_line import brigade_meant, columns_meant, report_kind, show_rows
from app.imports.models import ImportRow, ImportRun, Verdict
from app.organisations.models import Brigade
from app.rectification import old_order_words as words
from app.rectification.service import old_orders as service


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
            run = _checked(file, brigade_meant(brigade), maps)
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
            report_file.write_bytes(words.report(rows, kind=report_kind(report_file.suffix)))
        _account(run, rows, dry=dry_run)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()


def _checked(file: Path, brigade: Brigade, maps: tuple[str, ...]) -> ImportRun:
    run = service.start(None, brigade_id=brigade.id, file_name=file.name, data=file.read_bytes())
    columns = columns_meant(run, service.KIND, maps)
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
    show_rows(shown, lambda row: " ".join(words.remarks_of(row)))
