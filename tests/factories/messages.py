"""Something told, and receivers on this machine that take it, refuse it, stall, or take it and answer an error."""

from __future__ import annotations

import email
import email.policy
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask, current_app

from app.core.extensions import db
from app.notifications import service
from tests.cast import Cast
from tests.databases import free_port


def channels(**urls: str) -> None:
    """Set the roads of this application (`mail="mailto://…"`); none named: none set."""
    settings = current_app.config["SETTINGS"]
    current_app.config["SETTINGS"] = replace(settings, channels=dict(urls))


def tell_school(cast: Cast, number: int = 1, **more: Any) -> None:
    """Something told to Pema's school, committed."""
    given: dict[str, Any] = {
        "event": "evidence_returned",
        "school_id": cast.school_id,
        "data": {"school": "示范区第一小学", "text": f"第{number}处出口上锁", "reason": "照片看不清。"},
        "key": f"thing:{number}",
    }
    service.tell(**{**given, **more})
    db.session.commit()


def reachable(cast: Cast, name: str, *, email: str = "", phone: str = "") -> None:
    """Give somebody an address."""
    person = cast.person(name)
    person.email, person.phone = email, phone
    db.session.commit()


@dataclass
class Mailbox:
    """A mail server: `answer` is what it says to each mail ("" takes it), `stall_s` how long it thinks."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = ""
    refuses: dict[str, str] = field(default_factory=dict)
    takes_then_breaks: bool = False
    stall_s: float = 0

    @property
    def url(self) -> str:
        """What XF_MAIL_URL would say."""
        return f"mailto://127.0.0.1:{self.port}?from=xf@example.cn"

    async def handle_RCPT(self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]) -> str:
        """Refuse an address, or note it."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Take a mail, or not."""
        if self.stall_s:
            import asyncio

            await asyncio.sleep(self.stall_s)
        if not self.answer or self.takes_then_breaks:
            content = envelope.content
            assert isinstance(content, bytes)
            mail = email.message_from_bytes(content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            self.mails.append(mail)
        if self.takes_then_breaks and server.transport is not None:
            server.transport.abort()
        return self.answer or "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each mail taken."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def words(self, index: int = -1) -> str:
        """What a mail says as plain text."""
        body = self.mails[index].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


@contextmanager
def mail_server(port: int = 0) -> Iterator[Mailbox]:
    """A mail server that runs inside."""
    box = Mailbox(port or free_port())
    controller = Controller(box, hostname="127.0.0.1", port=box.port, ready_timeout=20)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@dataclass
class Request:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Receiver:
    """An HTTP receiver: `answers` are (status, body) one after the other, the last for ever."""

    port: int = 0
    requests: list[Request] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=lambda: [(200, "{}")])
    stall_s: float = 0
    keys: dict[str, int] = field(default_factory=dict)

    def next_answer(self) -> tuple[int, str]:
        """What to say now."""
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    """A receiver that runs inside; it counts how often each Idempotency-Key came."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.requests.append(Request(self.path, dict(self.headers), json.loads(body or b"{}")))
            key = self.headers.get("Idempotency-Key", "")
            receiver.keys[key] = receiver.keys.get(key, 0) + 1
            if receiver.stall_s:
                time.sleep(receiver.stall_s)
            status, text = receiver.next_answer()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Rounds = Callable[[Flask], None]
