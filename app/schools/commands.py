"""Commands about schools: importing lists, writing search terms anew."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from app.core.errors import DomainError
from app.core.extensions import db
from app.imports import queries as lists
from app.imports import service as importing
from app.imports.command_line import columns_meant, report_kind, show_rows
from app.imports.models import ImportRun, Outcome
from app.organisations import queries as organisations
from app.organisations.models import Brigade
from app.schools.documents import reasons, report
from app.schools.jobs import run_check, run_write
from app.schools.models import SchoolKind
from app.schools.service import imports as service
from app.schools.service import reindex_all

schools = AppGroup("schools", help="Schools: importing lists.")


def _wrong(message: str) -> click.UsageError:
    return click.UsageError(message)


def _brigade(name: str) -> Brigade:
    brigades = organisations.all_brigades()
    if name:
        found = [one for one in brigades if name in (one.name, one.name_en, one.code_word, str(one.id))]
        if not found:
            raise _wrong(f"no brigade {name!r}; there are: {', '.join(one.name for one in brigades) or 'none yet'}")
        return found[0]
    if not brigades:
        raise _wrong("there is no brigade yet that a school could belong to; set one up first")
    return brigades[0]


def _say(width: int = 0) -> Any:
    def progress(done: int, total: int, words: str = "") -> None:
        click.echo(f"{100 * done // max(total, 1):3d} % {words}", err=True)

    return progress


@schools.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Which field a column is; - leaves it out.")
@click.option("--brigade", default="", help="Name of the brigade that answers for the schools; else the first one.")
@click.option(
    "--area", default="", help="Code or name of the area of schools whose row names none; else the brigade's."
)
@click.option("--kind", default="", help="Kind of schools whose row and name tell none: " + ", ".join(SchoolKind) + ".")
@click.option("--source", default="", help="Who made the codes; the same source and code are the same school.")
@click.option("--sheet", default="", help="Name of the sheet of a workbook; else the one that looks most like a list.")
@click.option("--encoding", default="", help="How a CSV is written (gb18030, utf-8 …); else it is found out.")
@click.option("--apply-changes", is_flag=True, help="Also write what a row says otherwise than the register.")
@click.option("--add-likely", is_flag=True, help="Register rows that look like another school as new schools.")
@click.option("--all-or-nothing", is_flag=True, help="Write nothing when a single row is wrong or open.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Where to write a line for each row (.xlsx or .csv).",
)
@with_appcontext
def import_list(file: Path, maps: tuple[str, ...], report_file: Path | None, **options: Any) -> None:
    """Take over a list of schools (CSV, XLSX, XLS) and account for every row.

    FIELD is one of the names below. Rows without fault are written in one transaction; rows that change a school or
    look like another one are only written when asked for.

    \b
    Example: flask --app app schools import list.xlsx --map "Organization Code=external_code" --report report.xlsx
    """
    if options["kind"] and options["kind"] not in set(SchoolKind):
        raise _wrong(f"no kind {options['kind']!r}; there are: {', '.join(SchoolKind)}")
    try:
        run = _checked(file, maps, options)
        if not options["dry_run"]:
            _write(run, options)
    except DomainError as problem:
        db.session.rollback()
        raise click.ClickException(f"{file.name}: {problem.message} (nothing was written)") from problem
    rows = lists.all_rows(run)
    if report_file:
        report_file.write_bytes(report(run, rows, kind=report_kind(report_file.suffix)))
    _account(run, rows, dry=options["dry_run"])
    if options["dry_run"]:
        importing.withdraw(None, run, service.KIND)
        db.session.commit()


def _checked(file: Path, maps: tuple[str, ...], options: dict[str, Any]) -> ImportRun:
    brigade = _brigade(options["brigade"])
    area = options["area"] and organisations.area_book().resolve(options["area"], near=brigade.area_code)
    if options["area"] and not area:
        raise _wrong(f"no area {options['area']!r} in GB/T 2260")
    run = service.start(None, brigade_id=brigade.id, file_name=file.name, data=file.read_bytes())
    if options["sheet"] or options["encoding"]:
        service.reread(run, sheet=options["sheet"], encoding=options["encoding"])
    try:
        columns = columns_meant(run, service.KIND, maps)
    except DomainError as problem:
        db.session.rollback()
        raise _wrong(problem.message) from problem
    service.set_mapping(run, columns=columns, source=options["source"], area_code=area or "", kind=options["kind"])
    db.session.commit()
    click.echo(f"for {brigade.name}: " + ", ".join(f"{run.options['headings'][c]} = {n}" for c, n in columns.items()))
    run_check(run.id, _say())
    db.session.commit()
    return run


def _write(run: ImportRun, options: dict[str, Any]) -> None:
    service.accept(
        None,
        run,
        only_good=not options["all_or_nothing"],
        take_changes=options["apply_changes"],
        take_likely=options["add_likely"],
    )
    db.session.commit()
    run_write(run.id, None, _say())
    db.session.commit()


_WORDS = {
    Outcome.ADDED: "added",
    Outcome.UPDATED: "updated",
    Outcome.UNCHANGED: "unchanged",
    Outcome.DUPLICATE: "duplicate",
    Outcome.REJECTED: "rejected",
    Outcome.LEFT: "left out",
}


def _account(run: ImportRun, rows: Any, *, dry: bool) -> None:
    counts: Counter[Outcome] = Counter(row.outcome or row.expected for row in rows)
    said = ", ".join(f"{word} {counts[outcome]}" for outcome, word in _WORDS.items())
    click.echo(f"{'would be: ' if dry else ''}rows {len(rows)}: {said}")
    shown = [
        row for row in rows if (row.outcome or row.expected) in (Outcome.REJECTED, Outcome.DUPLICATE, Outcome.LEFT)
    ]
    show_rows(shown, lambda row: " ".join(reasons(row)))


@schools.command("reindex")
@with_appcontext
def reindex() -> None:
    """Write anew what schools are found by. Example: flask --app app schools reindex."""
    count = reindex_all()
    db.session.commit()
    click.echo(f"schools: {count} indexed")


COMMANDS = [schools]
