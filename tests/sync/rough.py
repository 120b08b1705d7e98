"""A server of its own for the tablets: killed by the system, on a small disk that fills up, over a line that is cut after any byte."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask

from app import create_app
from app.config import load
from app.core.extensions import db
from app.organisations.service import load_areas
from app.regulations.service import load_packs
from tests import cast as casting
from tests.cast import Cast
from tests.sync.faults import Fault, Line, Lines, Wish
from tests.sync.officers import sign_in
from tests.sync.serving import Serving
from tests.sync.tablet import Tablet
from tests.sync.wire import Answer, Wire

LARGE = 2 * 1024**3


class Disk:
    """Where the server keeps everything. Full, no file of the server may grow: the system refuses to write on (EFBIG)."""

    words = "the system refused to let files grow"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, serving: Serving, left: int) -> None:
        """From now on only so many bytes can be written."""
        serving.may_write(left)

    def free(self, serving: Serving) -> None:
        """There is space again."""
        serving.may_write(-1)


class Mounted(Disk):
    """A file system of its own in memory: full, it says so as a disk does (ENOSPC)."""

    words = "a file system without space left"

    def _resize(self, size: int) -> None:
        command = ["mount", "-o", f"remount,size={size}", "tmpfs", str(self.folder)]
        subprocess.run(command, check=True, capture_output=True)

    def fill(self, serving: Serving, left: int) -> None:
        """Only so many bytes are left."""
        for _try in range(20):
            found = os.statvfs(self.folder)
            with contextlib.suppress(subprocess.CalledProcessError):  # an act before this one is still writing
                return self._resize((found.f_blocks - found.f_bfree) * found.f_frsize + left)
        raise AssertionError("the disk grows as fast as it is made small")

    def free(self, serving: Serving) -> None:
        """There is space again."""
        self._resize(LARGE)


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """A disk that can be filled without harm: mounted where this user may do that."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={LARGE}", "tmpfs", str(folder)]
    is_mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    try:
        yield Mounted(folder) if is_mounted else Disk(folder)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


@contextmanager
def application(disk: Disk) -> Iterator[tuple[Flask, Cast]]:
    """The product and its people with everything on this disk, durability as in production; no buildings, so a visit is short."""
    app = create_app(load({"XF_DATA": str(disk.folder), "DATABASE_URL": "", "SECRET_KEY": "only for the tests"}))
    with app.app_context():
        db.create_all()
        load_areas()
        load_packs()
        db.session.commit()
        cast = casting.assemble()
        cast.school.facilities = ["fire_alarm"]
        db.session.commit()
        yield app, cast
        db.session.remove()
        db.engine.dispose()


@dataclass
class Site:
    """The server, its disk, and what happened to them."""

    app: Flask
    serving: Serving
    disk: Disk
    kills: int = 0
    refused: int = 0

    def kill(self) -> None:
        """Killed, and started again."""
        self.serving.kill()
        self.kills += 1
        db.session.remove()
        self.serving.start()


@contextmanager
def site(app: Flask, disk: Disk, *, log: Path) -> Iterator[Site]:
    """The server, up until the end."""
    db.session.remove()
    serving = Serving.of(app, log=log)
    serving.start()
    try:
        yield Site(app, serving, disk)
    finally:
        serving.kill()


@dataclass(kw_only=True)
class RoughLine(Line):
    """A line to that server."""

    site: Site
    wire: Wire

    def suffer(self, fault: Fault | None, wish: Wish) -> Answer | None:
        """What this fault makes of the request."""
        content = self.wire.bytes_of(wish.method, wish.path, wish.body, wish.headers)
        match fault:
            case Fault.CUT:
                self._hang_up_after(content[: self.chance.randrange(1, len(content))])
            case Fault.LOST:
                self._hang_up_after(content)
            case Fault.KILLED:
                return self._killed(content, wish)
            case Fault.TOKEN:
                refused = self._with(wish, csrf="expired")
                assert (refused.status, refused.told["error"]) == (400, "csrf")
                self.wire.begin()
            case Fault.SIGNED_OUT:
                assert self._with(wish, cookie="").status in (400, 401)
            case Fault.FULL:
                return self._on_a_full_disk(wish)
            case _:
                return self.wire.ask(wish.method, wish.path, wish.body, wish.headers)
        return None

    def _hang_up_after(self, content: bytes) -> None:
        self.wire.send(content)
        time.sleep(self.chance.uniform(0, 0.02))
        self.wire.close()

    def _killed(self, content: bytes, wish: Wish) -> Answer | None:
        self.wire.send(content)
        time.sleep(self.chance.uniform(0, 0.12))
        self.site.kill()
        try:
            return self.wire.hear(wish.method)  # what had come before the end counts
        except (OSError, http.client.HTTPException):
            return None
        finally:
            self.wire.close()
            self.wire.begin()

    def _with(self, wish: Wish, **other: str) -> Answer:
        return replace(self.wire, **other).ask(wish.method, wish.path, wish.body, wish.headers)  # type: ignore[arg-type]

    def _on_a_full_disk(self, wish: Wish) -> Answer:
        self.site.disk.fill(self.site.serving, self.chance.choice((0, 4096, self.chance.randrange(300_000))))
        try:
            answer = self.wire.ask(wish.method, wish.path, wish.body, wish.headers)
        finally:
            self.site.disk.free(self.site.serving)
        assert answer.status < 500 or answer.status in (503, 507), (answer.status, answer.body[:200])
        self.site.refused += answer.status in (503, 507)
        return answer


def lines(site: Site, cast: Cast) -> Lines:
    """Two tablets, of Ines and of Ivo, each signed in at that server."""
    cookies = [sign_in(site.app, cast.people[name]) for name in ("ines", "ivo")]
    db.session.commit()
    db.session.remove()

    def made(chance: random.Random, seen: Counter[Fault]) -> tuple[Line, Line]:
        found = []
        for name, cookie in zip(("ines", "ivo"), cookies, strict=True):
            wire = Wire(site.serving.port, cookie)
            wire.begin()
            tablet = Tablet(None, f"tab-{name}")  # type: ignore[arg-type]
            found.append(RoughLine(site.app, chance, tablet, seen, rate=0.9, site=site, wire=wire))
        return found[0], found[1]

    return made
