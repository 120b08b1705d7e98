"""Commands about areas and brigades."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import brigades as acts
from app.organisations import queries
from app.organisations.models import BrigadeKind
from app.organisations.service import load_areas

areas = AppGroup("areas", help="Areas after GB/T 2260.")


@areas.command("load")
@with_appcontext
def load() -> None:
    """Bring codes and names of areas up to date. Example: flask --app app areas load."""
    count = load_areas()
    db.session.commit()
    click.echo(f"areas: {count} new or changed")


brigades = AppGroup("brigades", help="Units of the fire service.")


@brigades.command("add")
@click.option("--name", required=True, help="Full name as papers print it.")
@click.option("--area", required=True, help="Code of its area after GB/T 2260, e.g. 540102.")
@click.option("--kind", type=click.Choice([k.value for k in BrigadeKind]), default="brigade", show_default=True)
@click.option("--parent", default="", help="Name of the unit above it.")
@click.option("--code-word", default="", help="First word of the numbers of its papers.")
@with_appcontext
def add(name: str, area: str, kind: str, parent: str, code_word: str) -> None:
    """Add a unit of the fire service.

    Example: flask --app app brigades add --name 某区消防救援大队 --area 540102 --code-word 某
    """
    above = queries.brigade_named(parent) if parent else None
    if parent and above is None:
        raise click.UsageError(f"There is no unit named {parent}.")
    try:
        unit = acts.found_brigade(
            None,
            name=name,
            kind=BrigadeKind(kind),
            area_code=area,
            parent_id=above.id if above else None,
            code_word=code_word,
        )
    except DomainError as refused:
        raise click.UsageError(refused.message) from None
    db.session.commit()
    click.echo(f"added {unit.name}")


COMMANDS = [areas, brigades]
