"""The roads out, all through Apprise: which are set up, and one attempt on one of them with its true outcome.

Addresses of gateways come from the environment only and are shown to nobody. `XF_SMS_URL` may hold `{phone}` and `{id}`
where the gateway wants them; without `{phone}` the number is added as `to`.
"""

from __future__ import annotations

import json
import logging
import smtplib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import requests
from flask import current_app

from app.config import Settings
from app.notifications.rules import GROUPS, PERSONAL, Answer, Channel, Outcome, Reason

#: Seconds to wait for a connection and for each answer, and for one whole attempt.
ANSWER_TIMEOUT_S = 15
WHOLE_TIMEOUT_S = 60
_SETTING = {
    Channel.EMAIL: "mail",
    Channel.SMS: "sms",
    Channel.WEBHOOK: "webhook",
    Channel.WECOM: "wecom",
    Channel.DINGTALK: "dingtalk",
    Channel.FEISHU: "feishu",
}


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What one attempt carries. `extra`: fields that a message platform gets beside the text. `again`: tried before."""

    id: str
    to: str
    title: str
    text: str
    html: str = ""
    again: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


def _addresses() -> Mapping[str, str]:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.channels


def gateway(channel: Channel, area_code: str | None = None) -> str:
    """The gateway's address: the brigade's own (by its area code) before the one for all; empty when there is none."""
    name = _SETTING.get(channel, "")
    return _addresses().get(f"{name}_{area_code}", "") or _addresses().get(name, "")


def personal() -> list[Channel]:
    """Roads to a person that are set up."""
    return [channel for channel in PERSONAL if gateway(channel)]


def groups(area_code: str) -> list[Channel]:
    """Robots of group chats that are set up for a brigade."""
    return [channel for channel in GROUPS if gateway(channel, area_code)]


def _with(address: str, more: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}" if more else address


def _url(channel: Channel, address: str, letter: Letter) -> str:
    scheme = address.partition("://")[0].lower()
    more: dict[str, str] = {}
    if scheme.rstrip("s") in ("json", "form", "xml"):
        more["+Idempotency-Key"] = letter.id
        if channel is Channel.WEBHOOK:
            more |= {f":{key}": value for key, value in letter.extra.items()} | {":id": letter.id}
    if channel is Channel.EMAIL or (channel is Channel.SMS and "{phone}" not in address):
        more["to"] = letter.to
    filled = address.replace("{phone}", quote(letter.to, safe="")).replace("{id}", quote(letter.id, safe=""))
    return _with(filled, more)


def send(channel: Channel, address: str, letter: Letter) -> Answer:
    """One attempt. Never raises for what a gateway does; says what is known of the outcome."""
    # Apprise loads slowly, and only who sends needs it.
    from apprise import Apprise, AppriseAsset

    from app.notifications.watch import watching

    for name in ("apprise", "urllib3"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # their lines hold addresses with their secrets
    asset = AppriseAsset(app_id="Xiaofang", app_desc="Xiaofang", app_url="", secure_logging=True)
    plugin: Any = Apprise.instantiate(_url(channel, address, letter), asset=asset)
    if plugin is None:
        return Answer(outcome=Outcome.REFUSED, reason=Reason.NOT_SET_UP)
    plugin.socket_connect_timeout = plugin.socket_read_timeout = ANSWER_TIMEOUT_S
    html = channel is Channel.EMAIL and bool(letter.html)
    apprise = Apprise(asset=asset)
    apprise.add(plugin)
    domain = (getattr(plugin, "from_addr", None) or ["", "xiaofang@localhost"])[1].rpartition("@")[2]
    with watching(plugin, f"<{letter.id}@{domain}>") as seen:
        result = apprise.notify(
            title=letter.title,
            body=letter.html if html else letter.text,
            body_format="html" if html else "text",
            timeout=WHOLE_TIMEOUT_S,
        )
    if seen.error is not None:
        return _from_error(seen.error, seen.opened)
    if channel is not Channel.EMAIL and seen.code:
        if seen.code == "409" and letter.again:
            return Answer(outcome=Outcome.ACCEPTED, code="409")  # it has this id already
        return _from_status(channel, int(seen.code), seen.body)
    if result:
        return Answer(outcome=Outcome.ACCEPTED, code=seen.code)
    if result.status.name == "TIMEOUT":
        return Answer(outcome=Outcome.DOUBTFUL, reason=Reason.TIMEOUT)
    return Answer(outcome=Outcome.REFUSED, reason=Reason.NOT_SET_UP)


def _code(problem: smtplib.SMTPException) -> tuple[int, str]:
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        first = next(iter(problem.recipients.values()), (0, b""))
        return int(first[0]), _words(first[1])
    if isinstance(problem, smtplib.SMTPResponseException):
        return problem.smtp_code, _words(problem.smtp_error)
    return 0, ""


def _words(said: Any) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return " ".join(text.split())[:200]


def _from_error(problem: Exception, opened: bool) -> Answer:
    if isinstance(problem, smtplib.SMTPException) and not isinstance(problem, smtplib.SMTPServerDisconnected):
        return _from_smtp(problem)
    if isinstance(problem, TimeoutError | requests.Timeout) or "timed out" in str(problem):
        return Answer(outcome=Outcome.DOUBTFUL if opened else Outcome.REFUSED, reason=Reason.TIMEOUT)
    if opened:
        return Answer(outcome=Outcome.DOUBTFUL, reason=Reason.CUT_OFF)
    words = repr(problem)
    if isinstance(problem, socket.gaierror) or "NameResolution" in words or "getaddrinfo" in words:
        return Answer(outcome=Outcome.REFUSED, reason=Reason.NO_SUCH_HOST)
    if "SSL" in words or "certificate" in words.lower():
        return Answer(outcome=Outcome.REFUSED, reason=Reason.NOT_TRUSTED)
    return Answer(outcome=Outcome.REFUSED, reason=Reason.NO_CONNECTION)


def _from_smtp(problem: smtplib.SMTPException) -> Answer:
    number, said = _code(problem)
    code = str(number or "")
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        outcome = Outcome.REJECTED if number >= 500 else Outcome.REFUSED
        return Answer(outcome=outcome, reason=Reason.ADDRESS_REFUSED, code=code, said=said)
    reason = Reason.ANSWERED_ERROR
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        reason, said = Reason.SIGN_IN_REFUSED, ""
    elif isinstance(problem, smtplib.SMTPSenderRefused):
        reason = Reason.SENDER_REFUSED
    return Answer(outcome=Outcome.REFUSED, reason=reason, code=code, said=said)


def _error_inside(body: str) -> str:
    """The robots of group chats answer 200 and say in the body that they refused: errcode, code or StatusCode."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    if not isinstance(told, dict):
        return ""
    codes = [told[key] for key in ("errcode", "code", "StatusCode") if key in told]
    return next((str(code) for code in codes if code not in (0, "0", None)), "")


def _from_status(channel: Channel, status: int, body: str) -> Answer:
    if 200 <= status < 300:
        inside = _error_inside(body) if channel in GROUPS else ""
        if inside:
            return Answer(outcome=Outcome.REFUSED, reason=Reason.ANSWERED_ERROR, code=inside)
        return Answer(outcome=Outcome.ACCEPTED, code=str(status))
    if status >= 500:
        # It may have taken the message before it broke: tried again under the same id.
        return Answer(outcome=Outcome.DOUBTFUL, reason=Reason.ANSWERED_ERROR, code=str(status))
    if status in (400, 410, 422) and channel in PERSONAL:
        return Answer(outcome=Outcome.REJECTED, reason=Reason.ADDRESS_REFUSED, code=str(status))
    reason = {401: Reason.SIGN_IN_REFUSED, 403: Reason.SIGN_IN_REFUSED, 429: Reason.TOO_MANY}
    return Answer(outcome=Outcome.REFUSED, reason=reason.get(status, Reason.ANSWERED_ERROR), code=str(status))
