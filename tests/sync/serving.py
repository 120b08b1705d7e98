"""The web server as production starts it, forked from this process: up in a blink, and killed for real."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import shlex
import signal
import socket
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import time_machine
from flask import Flask
from gunicorn.app.base import BaseApplication

from app.core.extensions import db
from tests.databases import free_port

START = Path(__file__).resolve().parents[2] / ".ci" / "start"


def production_options() -> list[str]:
    """What `make serve` says to gunicorn, without the address."""
    text = START.read_text(encoding="utf-8").replace("\\\n", " ")
    found = re.search(r"-m gunicorn '[^']+' --bind \S+ (.+?) &", text)
    assert found, ".ci/start does not start gunicorn in the way it did"
    return shlex.split(found[1])


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn with an application that is made already."""

    def __init__(self, made: Callable[[], Any], words: list[str]) -> None:
        self._made, self._words = made, words
        super().__init__()

    def load_config(self) -> None:
        told = vars(self.cfg.parser().parse_args(self._words))
        for name, value in told.items():
            if value is not None and name != "args":
                self.cfg.set(name.lower(), value)

    def load(self) -> Any:
        return self._made()


def _own_connections(app: Flask) -> Flask:
    """The application in a process of its own: it shares no connection with the one it was forked from."""
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context(), contextlib.suppress(RuntimeError):
        db.engine.dispose(close=False)
    return app


def by_the_machines_clock(app: Flask) -> Flask:
    """The application in a process of its own that no longer goes by the tests' clock: a browser does not follow it either."""
    if time_machine.escape_hatch.is_travelling():
        real = datetime.fromtimestamp(time_machine.escape_hatch.time.time(), UTC)
        time_machine.travel(real, tick=True).start()
    return app


class Serving:
    """One server on this machine, always at the same address. `made` gives the WSGI application inside the worker."""

    def __init__(self, made: Callable[[], Any], *, log: Path, options: list[str] | None = None, port: int = 0) -> None:
        self.port, self._made, self._log = port or free_port(), made, log
        self._options = production_options() if options is None else options
        self._pid = 0

    @classmethod
    def of(cls, app: Flask, *, log: Path) -> Serving:
        """The product."""
        return cls(lambda: _own_connections(app), log=log)

    def start(self) -> None:
        """Up when somebody listens."""
        self._pid = os.fork()
        if not self._pid:
            self._be_the_server()
        end = time.monotonic() + 30
        while not self._listens():
            assert time.monotonic() < end, self._log.read_text(errors="replace")[-2000:]
            time.sleep(0.01)

    def _be_the_server(self) -> None:
        try:
            os.setsid()
            log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
                signal.signal(number, signal.SIG_DFL)
            _Gunicorn(self._made, ["--bind", f"127.0.0.1:{self.port}", *self._options]).run()
        except SystemExit:
            pass
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(0)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL, as a power cut does it: master and workers."""
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._pid = 0
            while self._listens():  # workers, that are nobody's children now, take a moment to die
                time.sleep(0.005)

    def workers(self) -> list[int]:
        """The processes that answer."""
        return [int(word) for word in Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()]

    def processor_s(self) -> float:
        """Seconds that the processes which answer have worked, those that were replaced since included; no other job counts."""
        own = [self._stat(pid)[:2] for pid in self.workers()]
        return sum(map(sum, [*own, self._stat(self._pid)[2:]])) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def _stat(pid: int) -> list[int]:
        """Ticks of a process: in its code and in the kernel, and both again of its children that have ended."""
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return [int(word) for word in words[11:15]]

    def may_write(self, most: int) -> None:
        """No file of the workers may grow beyond this; -1: as large as it likes."""
        for pid in self.workers():
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
