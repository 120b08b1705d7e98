"""The product as `make run` starts it, web server and worker on a small demo district; or one that runs already.

XF_TEST_ADDRESS=http://… XF_DEMO_PASSWORD=… has the journeys visit that one, on another machine perhaps, instead.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.databases import free_port

ROOT = Path(__file__).resolve().parents[1]
#: The smallest district, with a first school of one teaching building and a canteen.
DISTRICT = "--schools 2 --years 1 --seed 19"
ADDRESS, PASSWORD = re.compile(r"(http://\S+)"), re.compile(r"^Password .*: (\S+)$")


@dataclass(frozen=True)
class Served:
    """Where the demo is, and the password of its sign-ins."""

    address: str
    password: str


def _told(process: subprocess.Popen[str]) -> Served:
    """What the start prints, read as a person would; it is up when it says so."""
    said, address = [], ""
    for line in process.stdout or ():
        said.append(line)
        address = found[1] if (found := ADDRESS.search(line)) else address
        if found := PASSWORD.match(line):
            return Served(address, found[1])
    raise AssertionError("the demo did not start:\n" + "".join(said))


def _put_off_old_papers(folder: Path) -> None:
    """The papers of the demo's past wait for years: no journey opens them, and the worker makes at once what one asks for."""
    with closing(sqlite3.connect(folder / "xiaofang.sqlite3", timeout=30)) as database, database:
        database.execute("UPDATE job SET run_after = '2999' || substr(run_after, 5) WHERE state = 'waiting'")


@contextmanager
def demo(folder: Path) -> Iterator[Served]:
    """The demo, made in a folder and served until the end."""
    if address := os.environ.get("XF_TEST_ADDRESS"):
        yield Served(address, os.environ["XF_DEMO_PASSWORD"])
        return
    settings = {"XF_DATA": str(folder), "PORT": str(free_port()), "DEMO_DISTRICT": DISTRICT, "DATABASE_URL": ""}
    process = subprocess.Popen(
        [ROOT / ".ci/start", "demo"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        running = _told(process)
        _put_off_old_papers(folder)
        urllib.request.urlopen(f"{running.address}/healthz", timeout=60).close()
        yield running
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        sys.stdout.write(process.communicate(timeout=60)[0])
