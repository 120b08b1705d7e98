"""A line that breaks: a socket between browser and server that cuts connections on the way there and on the way back."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Line:
    """Passes connections on to `target`. Of uploads (POST) of photos every other one is cut: within the body, or, once it
    has all arrived, before the answer comes back."""

    target: str
    seed: int = 0
    cuts: dict[str, int] = field(default_factory=lambda: {"there": 0, "back": 0})

    def __post_init__(self) -> None:
        self._random, self._lock = random.Random(self.seed), threading.Lock()
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open = True
        self.address = f"http://127.0.0.1:{self._server.getsockname()[1]}"

    def _fate(self, head: bytes) -> tuple[str, int]:
        if not head.startswith(b"POST ") or b"/photos" not in head.split(b"\r\n", 1)[0]:
            return "", 0
        with self._lock:
            fate = self._random.choice(["", "there", "back"])
            if fate:
                self.cuts[fate] += 1
            return fate, self._random.randrange(2_000, 60_000)

    def _serve(self, near: socket.socket) -> None:
        parts = urlsplit(self.target)
        with suppress(OSError), near, socket.create_connection((parts.hostname, parts.port)) as far:
            near.settimeout(60)
            far.settimeout(60)
            head = b""
            while b"\r\n\r\n" not in head:
                some = near.recv(65536)
                if not some:
                    return
                head += some
            fate, room = self._fate(head)
            # One request a connection: so each has a fate of its own.
            head = head.replace(b"Connection: keep-alive", b"Connection: close")
            length = next(
                (
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                ),
                0,
            )
            body = len(head) - head.index(b"\r\n\r\n") - 4
            far.sendall(head)
            while body < length:
                some = near.recv(65536)
                if not some:
                    return
                body += len(some)
                if fate == "there" and body >= room:
                    return
                far.sendall(some)
            first = far.recv(65536)
            if fate == "back":
                return
            while first:
                near.sendall(first)
                first = far.recv(65536)

    def run(self) -> None:
        """Take connections until closed."""
        while self._open:
            with suppress(OSError):
                near, _address = self._server.accept()
                threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._open = False
        self._server.close()


@contextmanager
def cut_line(target: str, *, seed: int = 0) -> Iterator[Line]:
    """A line to the server that breaks again and again."""
    line = Line(target, seed)
    threading.Thread(target=line.run, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
