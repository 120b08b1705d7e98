"""Commands: `flask --app app …`. Features bring their own in `commands.py`."""

from __future__ import annotations

import importlib
import importlib.util

import click
from flask import Flask
from flask.cli import with_appcontext


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the jobs that pages leave: papers, imports. Example: flask --app app worker."""
    from app.audit.service import seal
    from app.core import jobs
    from app.core.extensions import db

    if once:
        click.echo(f"{jobs.run_all()} jobs done")
        seal()
        db.session.commit()
        return
    jobs.work()


def register(app: Flask) -> None:
    """Add the commands of the program and of every feature that has some."""
    from app import FEATURES

    app.cli.add_command(worker)
    for feature in FEATURES:
        name = f"app.{feature}.commands"
        if importlib.util.find_spec(name) is not None:
            for command in importlib.import_module(name).COMMANDS:
                app.cli.add_command(command)
