"""Commands about equipment."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from flask_babel import force_locale

from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment import remarks, reports
from app.equipment.service import importing, writing
from app.imports import queries as lists
from app.imports.command_line import brigade_meant, columns_meant, report_kind, show_rows
from app.imports.models import ImportRow, ImportRun, Verdict
from app.schools.models import School

equipment = AppGroup("equipment", help="Extinguishers, hydrants, exits, lights and doors.")


def _school(name: str) -> School | None:
    if not name:
        return None
    found = db.session.scalars(sa.select(School).where(School.name == name).limit(2)).all()
    if len(found) != 1:
        raise click.UsageError(f"{len(found)} schools are named {name}; there must be exactly one.")
    return found[0]


def _start(
    file: Path, school: School | None, brigade_id: uuid.UUID, mapping: Sequence[str], add_places: bool
) -> ImportRun:
    run = importing.start(
        None,
        brigade_id=brigade_id,
        brigade_ids=[brigade_id],
        file_name=file.name,
        data=file.read_bytes(),
        school_id=school.id if school else None,
        add_places=add_places,
    )
    columns = columns_meant(run, importing.KIND, mapping)
    importing.set_mapping(run, columns=columns, add_places=add_places)
    return run


def _tell(rows: Sequence[ImportRow], *, counts: dict[str, int]) -> None:
    words = ", ".join(
        f"{counts.get(v.value, 0)} {v.value}" for v in (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.ERROR)
    )
    click.echo(f"{sum(counts.values())} rows: {words}")
    wrong = [row for row in rows if row.verdict is Verdict.ERROR]
    show_rows(wrong, lambda row: remarks.sentences(row.remarks), err=True)


@equipment.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", default="", help="Name of the school, when the list has no column for it.")
@click.option("--brigade", default="", help="Name of the brigade; needed when there are several.")
@click.option("--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="What a column is; may be repeated.")
@click.option("--no-new-places", is_flag=True, help="Do not add buildings and floors that the list names.")
@click.option("--good-rows", is_flag=True, help="Write the good rows although others are wrong.")
@click.option("--dry-run", is_flag=True, help="Only check; write nothing.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), help="Write every row's result to this CSV or XLSX."
)
def import_list(
    file: Path,
    school: str,
    brigade: str,
    mapping: Sequence[str],
    no_new_places: bool,
    good_rows: bool,
    dry_run: bool,
    report: Path | None,
) -> None:
    """Bring a list of equipment (CSV, XLSX, XLS) into the register; twice does no harm.

    Example: flask --app app equipment import extinguishers.xlsx --school 示范区第一小学 --map 编号=label
    """
    one = _school(school)
    brigade_id = one.brigade_id if one and not brigade else brigade_meant(brigade).id
    with force_locale("zh_Hans_CN"):
        try:
            _import(
                file, one, brigade_id, mapping, not no_new_places, good_rows=good_rows, dry_run=dry_run, report=report
            )
        except DomainError as refused:
            db.session.rollback()
            raise click.UsageError(refused.message) from None


def _import(
    file: Path,
    school: School | None,
    brigade_id: uuid.UUID,
    mapping: Sequence[str],
    add_places: bool,
    *,
    good_rows: bool,
    dry_run: bool,
    report: Path | None,
) -> None:
    run = _start(file, school, brigade_id, mapping, add_places)
    importing.keep(run, importing.judge(run))
    counts = run.summary["verdicts"]
    wrong = counts.get("error", 0)
    written = not dry_run and (good_rows or not wrong)
    if written:
        importing.accept(None, run, only_good=good_rows)
        writing.write(run, lambda done, total, _words: click.echo(f"written {done} of {total}"))
    rows = lists.all_rows(run)
    _tell(rows, counts=counts)
    if report:
        report.write_bytes(reports.import_report(rows, kind=report_kind(report.suffix)))
    if written:
        db.session.commit()
    else:
        db.session.rollback()
        click.echo("nothing written" + ("" if dry_run else ": mend the rows above, or use --good-rows"))
        if wrong:
            raise SystemExit(0 if dry_run else 1)


COMMANDS = [equipment]
