"""Commands about people: the first administrator of a new installation is made here."""

from __future__ import annotations

import secrets
import sys
import uuid
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup, with_appcontext

from app.accounts import service
from app.accounts.models import BRIGADE_ROLES, SCHOOL_ROLES, Role
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import queries as organisations
from app.organisations.models import Area

users = AppGroup("users", help="People who may sign in.")
_school = sa.table("school", sa.column("id", sa.Uuid()), sa.column("name", sa.String()))


def _school_named(name: str) -> uuid.UUID:
    found = db.session.scalars(sa.select(_school.c.id).where(_school.c.name == name)).all()
    if len(found) != 1:
        raise click.UsageError(f"{len(found)} schools are named {name}; there must be exactly one.")
    return uuid.UUID(str(found[0]))


def _place(role: Role, brigade: str, school: str, area: str) -> dict[str, Any]:
    wanted, given = ("--brigade", brigade) if role in BRIGADE_ROLES else ("--area", area)
    if role in SCHOOL_ROLES:
        wanted, given = "--school", school
    if not given or sum(map(bool, (brigade, school, area))) != 1:
        raise click.UsageError(f"The role {role.value} wants {wanted} and no other place.")
    if role in BRIGADE_ROLES:
        unit = organisations.brigade_named(brigade)
        if unit is None:
            raise click.UsageError(
                f"There is no unit named {brigade}; add it first: flask --app app brigades add --help"
            )
        return {"brigade_id": unit.id}
    if role in SCHOOL_ROLES:
        return {"school_id": _school_named(school)}
    if db.session.get(Area, area) is None:
        raise click.UsageError(f"There is no area with the code {area}.")
    return {"area_code": area}


def _password() -> tuple[str, bool]:
    """The password that was typed, or a fresh one where nobody is at the keyboard."""
    if not sys.stdin.isatty():
        return secrets.token_urlsafe(9), True
    typed = click.prompt("Password (empty: make one)", hide_input=True, default="", show_default=False)
    if not typed:
        return secrets.token_urlsafe(9), True
    if typed != click.prompt("Again", hide_input=True):
        raise click.UsageError("The two passwords differ; nothing was added.")
    return typed, False


@users.command("add")
@click.option("--username", required=True, help="The name to sign in with: a-z, 0-9, . _ -")
@click.option("--name", default="", help="The person's own name; the sign-in name unless given.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--brigade", default="", help="Name of the unit, for roles of the fire service.")
@click.option("--school", default="", help="Name of the school, for principal and safety_officer.")
@click.option("--area", default="", help="Code of the area, for bureau.")
@click.option("--title", default="", help="What the post is called, e.g. 副大队长.")
@with_appcontext
def add(username: str, name: str, role: str, brigade: str, school: str, area: str, title: str) -> None:
    """Add a person with a role. The password is asked for; without a keyboard one is made and printed once.

    Example: flask --app app users add --username ada --name 达瓦 --role admin --brigade 某区消防救援大队
    """
    place = _place(Role(role), brigade, school, area)
    try:
        service.check_username(username)
        password, made = _password()
        person = service.add_person(None, username=username, name=name or username, password=password)
        service.begin_membership(None, person=person, role=Role(role), title=title, **place)
    except DomainError as refused:
        db.session.rollback()
        raise click.UsageError(refused.message) from None
    db.session.commit()
    click.echo(f"added {person.username} as {role}")
    if made:
        click.echo(f"password, shown this once: {password}")


COMMANDS = [users]
