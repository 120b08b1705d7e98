"""A calendar as other programs read it (RFC 5545): facts that stand in the plan, no names of people, nothing of complaints."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from icalendar import Calendar, Event, Timezone, TimezoneStandard

from app.core import clock
from app.core.i18n import localised
from app.drills.rules.plans import PlanState
from app.planning.models import VisitKind
from app.workcalendar import presenting, words
from app.workcalendar.queries.entries import HELD
from app.workcalendar.rules import Entry, Kind

#: How often a program should ask again.
AGAIN = timedelta(hours=4)
ZONE = "Asia/Shanghai"


def _zone() -> Timezone:
    """The zone of the schools, which has had one offset since 1992."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1991, 9, 15, 1))  # noqa: DTZ001  (a zone's own rule is told without a zone)
    standard.add("tzoffsetfrom", timedelta(hours=9))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _what(entry: Entry) -> str:
    """The kind; that a visit looks into a complaint goes to nobody's calendar."""
    if entry.kind is Kind.VISIT and entry.sub == VisitKind.COMPLAINT:
        return presenting.plain_visit()
    return presenting.what(entry)


def _words(entry: Entry) -> str:
    """What else is said of it: its state; what a visit is for, but never that of a complaint."""
    said = [presenting.state(entry)[0]]
    if entry.kind is Kind.TRAINING or (entry.kind is Kind.VISIT and entry.sub != VisitKind.COMPLAINT):
        said.append(entry.text)
    return str(_("；").join(filter(None, said)))


def _uid(entry: Entry) -> str:
    """The same as long as the thing is the same, whatever else of it changes."""
    day = f"-{entry.day.isoformat()}" if entry.kind is Kind.DEADLINE else ""
    return f"{entry.kind}-{entry.id}{day}@xiaofang"


def _is_sure(entry: Entry) -> bool:
    return entry.kind is not Kind.DRILL or entry.state in (HELD, PlanState.READY)


def _event(entry: Entry, *, address: str, now: datetime) -> Event:
    event = Event()
    event.add("uid", _uid(entry))
    event.add("dtstamp", now)
    half = presenting.when(entry) if entry.part and entry.at is None else ""
    school = localised(entry.school_name, entry.school_name_en)
    event.add("summary", " ".join(filter(None, (half, _what(entry), school))))
    if entry.at is not None:
        event.add("dtstart", clock.local(entry.at))
        if entry.minutes:
            event.add("dtend", clock.local(entry.at + timedelta(minutes=entry.minutes)))
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("status", "CONFIRMED" if _is_sure(entry) else "TENTATIVE")
    event.add("categories", [str(words.KINDS[entry.kind])])
    told: dict[str, Any] = {"location": school, "description": _words(entry), "url": address + presenting.href(entry)}
    for name, value in told.items():
        if value:
            event.add(name, value)
    return event


def calendar(name: str, entries: Iterable[Entry], *, address: str) -> bytes:
    """The whole feed. `address`: where the product is reached, for the links back."""
    made = Calendar()
    made.add("prodid", "-//Xiaofang//calendar//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", ZONE)
    made.add("refresh-interval", AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT4H")
    made.add_component(_zone())
    now = clock.now()
    for entry in sorted(entries, key=lambda one: one.order):
        made.add_component(_event(entry, address=address, now=now))
    return bytes(made.to_ical())
