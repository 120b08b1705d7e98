"""Commands: `flask --app app …`. Features bring their own in `commands.py`."""

from __future__ import annotations

import importlib
import importlib.util
import signal
import threading

import click
from flask import Flask
from flask.cli import with_appcontext

SEAL_EVERY_S = 20.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is waiting, then stop.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the jobs that pages leave: papers, imports. Example: flask --app app worker."""
    from app.audit.service import seal_and_commit
    from app.core import jobs

    if once:
        click.echo(f"{jobs.run_all()} jobs done")
        seal_and_commit()
        return
    told_to_stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_stop.set())
    jobs.work(keep_going=lambda: not told_to_stop.is_set(), chores=[(SEAL_EVERY_S, seal_and_commit)])


def register(app: Flask) -> None:
    """Add the commands of the program and of every feature that has some."""
    from app import FEATURES

    app.cli.add_command(worker)
    for feature in (*FEATURES, "demo"):
        name = f"app.{feature}.commands"
        if importlib.util.find_spec(name) is not None:
            for command in importlib.import_module(name).COMMANDS:
                app.cli.add_command(command)
