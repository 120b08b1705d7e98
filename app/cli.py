"""Commands: `flask --app app …`. Features bring their own in `commands.py`."""

from __future__ import annotations

import importlib
import importlib.util
import signal
import threading
from typing import IO, Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.config import SettingsError

SEAL_EVERY_S = 20.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the jobs that pages leave: papers, imports. Example: flask --app app worker."""
    from app.audit.service import seal_and_commit
    from app.core import jobs
    from app.duties import recount
    from app.notifications.worker import CHORES, go_round
    from app.rectification.service import looks
    from app.sync.service import uploads

    if once:
        click.echo(f"{jobs.run_all()} jobs done")
        looks.go_round()
        go_round()
        recount.go_round()
        seal_and_commit()
        return
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    jobs.work(
        keep_going=lambda: not told_to_stop.is_set(),
        chores=[
            (SEAL_EVERY_S, seal_and_commit),
            *CHORES,
            (looks.EVERY_S, looks.go_round),
            (uploads.EVERY_S, uploads.clear_old),
            (recount.EVERY_S, recount.go_round),
        ],
    )


def _check_database() -> None:
    from app.organisations.brigades import has_any, is_demo

    settings = current_app.config["SETTINGS"]
    if settings.production and is_demo():
        raise SettingsError("This database was made as a demo and stays one; name another by XF_DATA or DATABASE_URL.")
    if settings.demo and has_any() and not is_demo():
        raise SettingsError(
            "This database is in earnest, not a demo; start it by make serve, or name another by XF_DATA."
        )


@click.command("prepare")
@click.pass_context
@with_appcontext
def prepare(context: click.Context) -> None:
    """Bring tables, areas and packs up to date: what every start does first. Example: flask --app app prepare."""
    from flask_migrate import upgrade

    upgrade()
    _check_database()
    for group in ("areas", "packs"):
        loading = current_app.cli.commands[group]
        assert isinstance(loading, click.Group)
        context.invoke(loading.commands["load"])


def _in_one_line(problem: click.UsageError, file: IO[str] | None = None) -> None:
    """A wrong argument is answered in one line; how to use the command stands behind --help."""
    where = f" ({problem.ctx.command_path} --help)" if problem.ctx else ""
    click.echo(f"Error: {problem.format_message()}{where}", file=file, err=True)


def _tells_missing_tables(command: click.Command) -> click.Command:
    """The command, made to answer in one line when nobody has prepared its database."""
    if "invoke" in vars(command):
        return command
    invoke = command.invoke

    def guarded(context: click.Context) -> Any:
        try:
            return invoke(context)
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as problem:
            if not any(mark in str(problem.orig) for mark in ("no such table", "no such column", "does not exist")):
                raise
            message = "the database has no tables yet, or those of an older release; first run: flask --app app prepare"
            raise click.ClickException(message) from problem

    command.invoke = guarded  # type: ignore[method-assign,assignment]
    return command


def register(app: Flask) -> None:
    """Add the commands of the program and of every feature that has some."""
    from app import FEATURES

    click.UsageError.show = _in_one_line  # type: ignore[method-assign,assignment]
    app.cli.add_command(worker)
    app.cli.add_command(prepare)
    for feature in (*FEATURES, "demo", "operators"):
        name = f"app.{feature}.commands"
        if importlib.util.find_spec(name) is not None:
            for command in importlib.import_module(name).COMMANDS:
                app.cli.add_command(_tells_missing_tables(command))
