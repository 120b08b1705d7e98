"""HTTP by hand over a socket: whole, cut after any byte, or without waiting for the answer."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """Its JSON."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Wire:
    """A line to the server with the cookie of somebody who is signed in. Keeps the connection where `keep`."""

    port: int
    cookie: str
    csrf: str = ""
    keep: bool = False
    _socket: socket.socket | None = field(default=None, repr=False)

    def bytes_of(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
        """The request as it goes over the line."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Content-Length: {len(body)}"]
        lines += [f"Cookie: xf={self.cookie}"] if self.cookie else []
        lines += [f"X-CSRFToken: {self.csrf}"] if self.csrf else []
        lines += [] if self.keep else ["Connection: close"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode() + body

    def _line(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=90)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, content: bytes) -> None:
        """Send, and do not wait."""
        self._line().sendall(content)

    def hear(self, method: str) -> Answer:
        """Wait for the answer of what was sent. Raises OSError or HTTPException where none comes whole."""
        answer = http.client.HTTPResponse(self._line(), method=method)
        try:
            answer.begin()
            body = answer.read()
        finally:
            answer.close()
        cookie = answer.getheader("Set-Cookie") or ""
        if cookie.startswith("xf="):
            self.cookie = cookie[3:].partition(";")[0]
        if not self.keep or answer.will_close:
            self.close()
        return Answer(status=answer.status, headers=dict(answer.getheaders()), body=body)

    def ask(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
        """Send and wait; once more where a kept connection had been closed meanwhile."""
        kept, content = self._socket is not None, self.bytes_of(method, path, body, headers)
        try:
            self.send(content)
            return self.hear(method)
        except (OSError, http.client.HTTPException):
            self.close()
            if not kept:
                raise
        self.send(content)
        return self.hear(method)

    def begin(self) -> dict[str, Any]:
        """Ask who is signed in, and take the token."""
        answer = self.ask("GET", "/sync/session")
        assert answer.status == 200, answer.body[:300]
        self.csrf = str(answer.told["csrf"])
        return answer.told
