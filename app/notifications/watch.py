"""What really happened on the wire while Apprise sent something: it says only yes or no, a true log needs to know why.

Apprise's mail and HTTP plugins reach the network through two names in their modules, `AppriseSMTPController` and
`requests`. Both are put here behind watchers that note answer or error and change nothing else. The mail plugin also
gives every mail a new Message-ID; a repeated attempt must carry the first one, so that the receiver can tell.
"""

from __future__ import annotations

import smtplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from apprise.plugins.email import base
from apprise.plugins.email.smtp import AppriseSMTPController


@dataclass
class Seen:
    """The last answer or error of one attempt. `opened`: it came to speaking, so the receiver may have taken the message."""

    message_id: str
    code: str = ""
    body: str = ""
    error: Exception | None = None
    opened: bool = False


_seen: ContextVar[Seen | None] = ContextVar("seen", default=None)
#: The module of the mail plugin; its names are replaced below.
mail: Any = base
_make_message_id = mail.make_msgid


def _note(*, code: str = "", body: str = "", error: Exception | None = None, opened: bool) -> None:
    seen = _seen.get()
    if seen is not None:
        seen.code, seen.body, seen.error, seen.opened = code, body, error, opened


class WatchedSMTP(AppriseSMTPController):
    """Apprise's mail connection, with what the server answered."""

    def __enter__(self) -> AppriseSMTPController:
        """Connect and sign in."""
        try:
            return super().__enter__()
        except (OSError, smtplib.SMTPException) as problem:
            _note(error=problem, opened=False)
            raise

    def sendmail(self, from_addr: str, to_addrs: list[str], message: str) -> bool:
        """Hand one mail over."""
        connection: Any = self._socket
        try:
            refused = connection.sendmail(from_addr, to_addrs, message)
        except (OSError, smtplib.SMTPException) as problem:
            _note(error=problem, opened=True)
            return False
        if refused:
            _note(error=smtplib.SMTPRecipientsRefused(refused), opened=True)
            return False
        _note(code="250", opened=True)
        return True


class WatchedRequests:
    """`requests` for an HTTP plugin, with what the receiver answered."""

    def __getattr__(self, name: str) -> Any:
        return getattr(requests, name)

    def request(self, method: str, url: str, **more: Any) -> requests.Response:
        """Send a request."""
        try:
            answer = requests.request(method, url, **more)  # noqa: S113 the plugin brings its timeout
        except requests.RequestException as problem:
            _note(error=problem, opened=not _never_connected(problem))
            raise
        _note(code=str(answer.status_code), body=answer.text[:2000], opened=True)
        return answer

    def post(self, url: str, data: Any = None, json: Any = None, **more: Any) -> requests.Response:
        """Send a POST."""
        return self.request("POST", url, data=data, json=json, **more)

    def get(self, url: str, params: Any = None, **more: Any) -> requests.Response:
        """Send a GET."""
        return self.request("GET", url, params=params, **more)


def _never_connected(problem: requests.RequestException) -> bool:
    if isinstance(problem, requests.ConnectTimeout | requests.exceptions.SSLError):
        return True
    words = repr(problem)
    return "NewConnectionError" in words or "NameResolutionError" in words or "getaddrinfo" in words


def _message_id(idstring: str | None = None, domain: str | None = None) -> str:
    seen = _seen.get()
    return seen.message_id if seen is not None else _make_message_id(idstring, domain)


@contextmanager
def watching(plugin: object, message_id: str) -> Iterator[Seen]:
    """Watch one attempt of a plugin; mails sent inside carry this Message-ID."""
    mail.AppriseSMTPController = WatchedSMTP
    mail.make_msgid = _message_id
    module: Any = sys.modules[type(plugin).__module__]
    if getattr(module, "requests", None) is requests:
        module.requests = WatchedRequests()
    seen = Seen(message_id=message_id)
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
