"""How an entry reads, and where it leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.core import clock
from app.core.i18n import localised
from app.drills import plan_words
from app.drills import words as drill_words
from app.drills.rules import DrillKind
from app.drills.rules.plans import PlanState
from app.planning import words as planning_words
from app.planning.models import DayPart, VisitKind, VisitState
from app.trainings import words as training_words
from app.trainings.rules import Audience
from app.workcalendar import words
from app.workcalendar.queries.agenda import Agenda
from app.workcalendar.queries.entries import HELD
from app.workcalendar.rules import Entry, Kind


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry as pages show it: when, what, where, who, how it stands, what does not fit."""

    entry: Entry
    when: str
    what: str
    school: str
    who: str
    state: str
    look: str
    href: str
    problems: tuple[str, ...] = ()


def plain_visit() -> str:
    """A visit that is nothing but an inspection."""
    return str(pgettext("calendar", "检查"))


def what(entry: Entry) -> str:
    """What it is, in a few words."""
    if entry.kind is Kind.VISIT:
        kind = VisitKind(entry.sub)
        return plain_visit() if kind is VisitKind.CHECK else str(planning_words.VISIT_KINDS[kind])
    if entry.kind is Kind.DRILL:
        return str(drill_words.KINDS[DrillKind(entry.sub)])
    if entry.is_half_day:
        return str(_("半日宣传：%(audience)s", audience=training_words.AUDIENCES[Audience(entry.sub)]))
    if entry.kind is Kind.TRAINING:
        return str(_("培训：%(audience)s", audience=training_words.AUDIENCES[Audience(entry.sub)]))
    if entry.kind is Kind.TASK:
        return str(_("任务到期：%(title)s", title=entry.text))
    return str(ngettext("整改到期 %(num)d 项", "整改到期 %(num)d 项", entry.count))


def when(entry: Entry) -> str:
    """The time or the half of the day, where it is known."""
    if entry.at is not None:
        return f"{clock.local(entry.at):%H:%M}"
    return str(planning_words.PARTS[DayPart(entry.part)]) if entry.part else ""


def state(entry: Entry) -> tuple[str, str]:
    """How it stands, in words and as the look of a tag."""
    if entry.state == HELD:
        return _("已完成"), "ok"
    if entry.kind is Kind.VISIT:
        known = VisitState(entry.state)
        return str(planning_words.STATES[known]), planning_words.LOOKS[known]
    if entry.kind is Kind.DRILL:
        plan = PlanState(entry.state)
        return str(plan_words.STATES[plan]), plan_words.LOOKS[plan]
    if entry.kind is Kind.TRAINING:
        return (_("待登记"), "warn") if entry.day < clock.today() else (_("已计划"), "info")
    if entry.kind is Kind.TASK:
        return _task(entry)
    return (_("逾期"), "bad") if entry.day < clock.today() else ("", "")


def _task(entry: Entry) -> tuple[str, str]:
    if not entry.count:
        return _("已报告"), "ok"
    look = "bad" if entry.day < clock.today() else "na"
    if entry.is_one:
        return _("未报告"), look
    return _("%(left)d / %(all)d 所未报告", left=entry.count, all=entry.all), look


def href(entry: Entry) -> str:
    """The page of the thing itself."""
    held = entry.state == HELD
    if entry.kind is Kind.VISIT:
        return url_for("planning.show", visit_id=entry.id)
    if entry.kind is Kind.DRILL:
        return url_for("drills.show", drill_id=entry.id) if held else url_for("drills.plan", plan_id=entry.id)
    if entry.kind is Kind.TRAINING:
        if held:
            return url_for("trainings.show", training_id=entry.id)
        return url_for("trainings.session", training_session_id=entry.id)
    if entry.kind is Kind.TASK:
        return url_for("tasks.at", task_at_id=entry.id) if entry.is_one else url_for("tasks.show", task_id=entry.id)
    return url_for("rectification.index", school=entry.school_id)


def line(entry: Entry, names: Mapping[UUID, str], problems: tuple[str, ...] = ()) -> Line:
    """One entry, ready for a page."""
    said, look = state(entry)
    return Line(
        entry=entry,
        when=when(entry),
        what=what(entry),
        school=localised(entry.school_name, entry.school_name_en),
        who=_("、").join(names[person] for person in entry.people if person in names),
        state=said,
        look=look,
        href=href(entry),
        problems=problems,
    )


def lines(agenda: Agenda, *, most: int | None = None) -> dict[str, list[Line]]:
    """The lines of each day (the first ones of them), by its ISO date."""
    return {
        day.isoformat(): [
            line(entry, agenda.names, tuple(str(words.CLASHES[why]) for why in agenda.clashes.get(entry.key, ())))
            for entry in entries[:most]
        ]
        for day, entries in agenda.by_day.items()
    }


def tallies(agenda: Agenda) -> dict[str, list[tuple[str, int]]]:
    """How many of each kind stand on each day, by its ISO date."""
    short = {kind: str(words.SHORT[kind]) for kind in Kind}
    counted = {day: Counter(entry.kind for entry in entries) for day, entries in agenda.by_day.items()}
    return {
        day.isoformat(): [(short[kind], kinds[kind]) for kind in Kind if kinds[kind]] for day, kinds in counted.items()
    }
