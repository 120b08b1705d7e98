"""Commands for whoever runs the machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.operators import backup as backups
from app.operators.backup import BackupError
from app.operators.doctor import look_over


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Look the installation over: database, files, fonts, worker, calendars. Status 1 when something is not well.

    Example: flask --app app doctor
    """
    bad = 0
    for finding in look_over():
        bad += not finding.is_well
        click.echo(f"{'ok  ' if finding.is_well else 'BAD '} {finding.part:14} {finding.says}")
    sys.exit(1 if bad else 0)


backup = AppGroup("backup", help="Back up, check a backup, restore one.")


def _stop(problem: BackupError) -> NoReturn:
    click.echo(f"Error: {problem}", err=True)
    sys.exit(2)


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{done}/{total} files", nl=False, err=True)


@backup.command("create")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def create(folder: Path) -> None:
    """Copy database, files and what tablets brought into FOLDER, with a hash of each. Safe while the server runs.

    Example: flask --app app backup create /mnt/backup/2026-11-22
    """
    try:
        count = backups.create(current_app.config["SETTINGS"], folder, _tell)
    except BackupError as problem:
        _stop(problem)
    click.echo(f"backed up the database and {count} files to {folder}")


@backup.command("verify")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def verify(folder: Path) -> None:
    """Check that a backup is whole and unchanged. Example: flask --app app backup verify /mnt/backup/2026-11-22"""
    count, wrong = backups.verify(folder)
    for sentence in wrong[:20]:
        click.echo(f"BAD {sentence}", err=True)
    if wrong:
        sys.exit(1)
    click.echo(f"sound: {count} files")


@backup.command("restore")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@with_appcontext
def restore(folder: Path) -> None:
    """Put a backup back into an empty data folder. Example: XF_DATA=/srv/new flask --app app backup restore /mnt/backup/2026-11-22"""
    try:
        count = backups.restore(current_app.config["SETTINGS"], folder)
    except BackupError as problem:
        _stop(problem)
    click.echo(f"restored the database and {count} files; then: flask --app app db upgrade")


COMMANDS = [doctor, backup]
