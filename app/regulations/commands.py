"""Commands for packs: load, check, publish."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.core.errors import DomainError
from app.core.extensions import db
from app.regulations import pack_files
from app.regulations.pack_check import problems_of
from app.regulations.service import load_packs

packs = AppGroup("packs", help="Packs of regulations: what is checked, as data.")


@packs.command("load")
def load() -> None:
    """Load published packs and calendars that are not there yet. Example: flask --app app packs load."""
    try:
        done = load_packs()
    except DomainError as refused:
        raise click.UsageError(refused.message) from refused
    db.session.commit()
    for one in done:
        click.echo(f"{one.name}: {one.outcome}")


@packs.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Say what is wrong with a pack file or folder. Example: flask --app app packs check app/regulations/packs/cn/cn-school/v1."""
    problems = problems_of(file)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        raise SystemExit(2)
    content = pack_files.read_pack(file)
    click.echo(f"{pack_files.name_of(content)}: {len(content['items'])} items, {pack_files.fingerprint(content)}")


@packs.command("publish")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
def publish(file: Path) -> None:
    """Fix a version for ever: write its fingerprint into the lock. Example: flask --app app packs publish FOLDER/v2."""
    if problems := problems_of(file):
        raise click.UsageError(str(problems[0]))
    try:
        click.echo(pack_files.publish(file))
    except pack_files.PackChanged as changed:
        raise click.UsageError(f"{changed} is published and no longer the same; write a new version") from changed


COMMANDS = [packs]
