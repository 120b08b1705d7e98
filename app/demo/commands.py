"""The command that makes the demo district."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.config import Settings
from app.core.errors import DomainError
from app.core.extensions import db
from app.demo.district import SIGN_INS
from app.demo.seed import seed as make

demo = AppGroup("demo", help="The demo district.")


def _password(settings: Settings) -> tuple[str, str]:
    """The password of all demo sign-ins and where it comes from; one that is made here is kept in the data folder."""
    kept: Path = settings.data / "demo-password"
    if settings.demo_password:
        return settings.demo_password, "XF_DEMO_PASSWORD"
    if kept.exists():
        return kept.read_text().strip(), str(kept)
    made = secrets.token_urlsafe(9)
    kept.touch(mode=0o600)
    kept.write_text(made + "\n")
    return made, str(kept)


def _tell(part: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{part}", nl=False, err=True)


@demo.command("seed")
@click.option("--schools", type=click.IntRange(2, 20_000), default=24, show_default=True, help="How many schools.")
@click.option("--years", type=click.IntRange(1, 20), default=2, show_default=True, help="How many years of history.")
@click.option(
    "--seed", "number", type=int, default=1, show_default=True, help="The same number makes the same district."
)
@with_appcontext
def seed(schools: int, years: int, number: int) -> None:
    """Fill an empty database with an invented district and flag it as a demo for ever.

    Example: flask --app app demo seed --schools 40 --years 3
    """
    settings: Settings = current_app.config["SETTINGS"]
    if settings.production:
        raise click.UsageError("A production server takes no demo data.")
    password, where = _password(settings)
    try:
        made = make(
            schools=schools,
            years=years,
            number=number,
            password=password,
            progress=lambda done, total, what: _tell(f"{done}/{total} {what}"),
        )
    except DomainError as refused:
        db.session.rollback()
        raise click.UsageError(refused.message) from None
    _tell("")
    written = made.written
    click.echo(
        f"made {written.get('school', 0)} schools, {written.get('equipment', 0)} pieces of equipment, "
        f"{written.get('inspection', 0)} inspections, {written.get('finding', 0)} findings, "
        f"{written.get('rectification_order', 0)} orders, {written.get('photo', 0)} photos"
    )
    if made.link:
        click.echo(f"one of the orders, as a school without an account opens it: {made.link}")
    click.echo(f"sign in as {', '.join(SIGN_INS)}; the password of all is in {where}")


COMMANDS = [demo]
