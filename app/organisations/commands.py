"""Commands about areas."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from app.core.extensions import db
from app.organisations.service import load_areas

areas = AppGroup("areas", help="Areas after GB/T 2260.")


@areas.command("load")
@with_appcontext
def load() -> None:
    """Bring codes and names of areas up to date. Example: flask --app app areas load."""
    count = load_areas()
    db.session.commit()
    click.echo(f"areas: {count} new or changed")


COMMANDS = [areas]
