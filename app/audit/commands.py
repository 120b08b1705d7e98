"""Commands about the audit trail."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup, with_appcontext

from app.audit import service
from app.audit.queries import standing

audit = AppGroup("audit", help="Who did what: check the chain.")


@audit.command("verify")
@with_appcontext
def verify() -> None:
    """Check that no chained entry was changed or taken out. Example: flask --app app audit verify."""
    checked, broken = service.verify()
    _chained, waiting = standing()
    if broken is not None:
        click.echo(f"BROKEN at link {broken}: {checked} links before it are sound", err=True)
        sys.exit(1)
    click.echo(f"sound: {checked} links, last {service.last_hash()[:16] or '-'}; {waiting} entries not chained yet")


COMMANDS = [audit]
