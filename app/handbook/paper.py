"""From a post to the plain values of its paper."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale

from app.accounts.viewer import Viewer
from app.core import clock
from app.duties import words as duty_words
from app.duties.rules.duties import Duty
from app.handbook import queries
from app.handbook.documents import HandbookDuty, HandbookFault, PostHandbook
from app.handbook.queries import Fault, Station
from app.logbook.documents import school_lines
from app.regulations.rules.citations import may_print
from app.regulations.rules.items import Clause, clause_from
from app.regulations.rules.posts import PostDuty
from app.schools.models import School

#: How many how-to cards are printed whole; the others by their titles.
CARDS_IN_FULL = 6


def _refs(clauses: Iterable[Clause]) -> str:
    return "；".join(dict.fromkeys(clause.ref for clause in clauses))


def _duty(duty: PostDuty, tag: str) -> HandbookDuty:
    return HandbookDuty(
        text=duty.text.in_language(tag),
        law=_refs(duty.law),
        to_verify=_refs(duty.to_verify),
        advice=duty.only_advises,
    )


def _rule(duty: Duty, tag: str) -> HandbookDuty:
    clauses = [clause_from(clause) for clause in duty.content["basis"]]
    return HandbookDuty(
        text=duty.content["en" if tag == "en" else "zh"],
        often=str(duty_words.PERS[duty.per]),
        law=_refs(clause for clause in clauses if may_print(clause)),
        to_verify=_refs(clause for clause in clauses if not may_print(clause)),
        advice=duty.is_unsure,
    )


def duties_of(station: Station, tag: str) -> tuple[tuple[HandbookDuty, ...], tuple[HandbookDuty, ...]]:
    """What the post does, and the counted duties of the pack that belong to it, as both page and paper say them."""
    return (
        tuple(_duty(duty, tag) for duty in station.post.duties),
        tuple(_rule(duty, tag) for duty in station.duties),
    )


def _fault(fault: Fault, tag: str, *, in_full: bool) -> HandbookFault:
    return HandbookFault(
        text=fault.words[1 if tag == "en" else 0],
        times=fault.count.times,
        last_on=fault.count.last_on,
        title=fault.card.title.in_language(tag) if fault.card else "",
        steps=tuple(step.in_language(tag) for step in fault.card.steps) if fault.card and in_full else (),
    )


def handbook(viewer: Viewer, school: School, station: Station, *, language: str) -> PostHandbook:
    """What the paper prints, in its language."""
    tag = "en" if language.startswith("en") else "zh"
    faults = queries.faults(viewer, school, station.post)
    shown = {fault.card.code for fault in faults if fault.card}
    names = school_lines(school, language=language)
    with force_locale(language):
        duties, rules = duties_of(station, tag)
        return PostHandbook(
            school=names["school"],
            school_bo=names["school_bo"],
            post=station.post.name.in_language(tag),
            who=station.post.who.in_language(tag),
            holders=tuple(one.holder.name for one in station.holdings),
            duties=duties,
            rules=rules,
            faults=tuple(_fault(fault, tag, in_full=n < CARDS_IN_FULL) for n, fault in enumerate(faults)),
            cards=tuple(
                card.title.in_language(tag) for card in queries.cards_of(station.post) if card.code not in shown
            ),
            fire=tuple(step.in_language(tag) for step in station.post.fire),
            text_mark=station.sha256[:12],
            issued_on=clock.today(),
        )
