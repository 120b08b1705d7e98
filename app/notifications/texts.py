"""The words of a message in its reader's language, made from the templates of its events; nothing but the given data enters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.config import Settings
from app.core import clock
from app.core.i18n import LANGUAGES, localised
from app.notifications.models import Outbox
from app.notifications.rules import Channel, signature
from app.notifications.words import EVENTS

FOLDER = "notifications"
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
#: Where the things that messages are about have their pages.
_PAGES = {
    "finding": "/findings/{}",
    "order": "/orders/{}",
    "inspection": "/inspections/{}",
    "document": "/documents/{}",
    "school": "/schools/{}",
    "complaint": "/complaints/{}",
    "visit": "/visits/{}",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing told: its heading, its sentence, the page it leads to."""

    heading: str
    sentence: str
    html: str
    page: str


@dataclass(frozen=True, kw_only=True)
class Words:
    """A whole message."""

    title: str
    text: str
    html: str


def page_of(told: Outbox) -> str:
    """The page that a line leads to: an address of this site, or empty."""
    given = str(told.data.get("page", ""))
    if given.startswith("/") and not given.startswith("//"):
        return given
    pattern = _PAGES.get(told.subject_kind, "")
    return pattern.format(told.subject_id) if pattern and told.subject_id else ""


def _readable(data: dict[str, Any]) -> dict[str, Any]:
    """The data with ISO days as dates, so that templates write them by the filters; `…_en` goes before on an English page."""
    return {
        key: date.fromisoformat(value)
        if isinstance(value, str) and _ISO_DAY.fullmatch(value)
        else localised(value, data.get(f"{key}_en"))
        for key, value in data.items()
    }


def _tidy(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text).strip()


def _render(names: Iterable[str], **context: Any) -> str:
    return current_app.jinja_env.get_or_select_template([f"{FOLDER}/{name}" for name in names]).render(**context)


def _days_left(data: dict[str, Any]) -> int | None:
    deadline = data.get("deadline")
    return (deadline - clock.today()).days if isinstance(deadline, date) else None


def _base_url() -> str:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.base_url


def line(told: Outbox, *, short: bool = False) -> Line:
    """One thing in the language of the moment; `short`: as an SMS says it."""
    data = _readable(told.data)
    heading = str(EVENTS.get(told.event) or _("消防安全通知"))
    context = {"data": data, "days": _days_left(data), "heading": heading, "page": page_of(told), "base": _base_url()}
    sentence = _tidy(
        _render([*([f"{told.event}.sms.txt"] if short else []), f"{told.event}.txt", "plain.txt"], **context)
    )
    html = _render([f"{told.event}.html", "plain.html"], **context, sentence=sentence).strip()
    return Line(heading=heading, sentence=sentence, html=html, page=page_of(told))


def latest(told: Sequence[Outbox]) -> list[Outbox]:
    """Without what a later one of the same event about the same thing has overtaken; urgent and near ones first."""
    kept: dict[tuple[str, ...], Outbox] = {}
    for one in sorted(told, key=lambda o: (o.made_at, o.id)):
        same = one.event.startswith("deadline_") and one.subject_id
        kept[("deadline", one.subject_kind, one.subject_id) if same else (str(one.id),)] = one
    return sorted(kept.values(), key=lambda o: (not o.urgent, str(o.data.get("deadline") or "9999"), o.made_at))


def compose(told: Sequence[Outbox], *, channel: Channel, language: str, house: str, name: str) -> Words:
    """The whole message. `house`: the brigade's name; `name`: the reader's."""
    chosen = language if language in LANGUAGES else current_app.config["XF_LANGUAGE"]
    with force_locale(chosen):
        lines = [line(one, short=channel is Channel.SMS) for one in latest(told)]
        title = (
            lines[0].heading
            if len(lines) == 1
            else str(ngettext("%(num)d 条消防安全消息", "%(num)d 条消防安全消息", len(lines)))
        )
        context = {"lines": lines, "house": house, "name": name, "title": title, "base": _base_url()}
        context["signature"] = signature(house)
        if channel is Channel.SMS:
            return Words(title="", text=_tidy(_render(["sms.txt"], **context)), html="")
        text = _render(["digest.txt"], **context).strip()
        html = _render(["digest.html"], **context, language=chosen) if channel is Channel.EMAIL else ""
        return Words(title=f"【{signature(house)}】{title}" if house else title, text=text, html=html)
