"""The lists that a school fills in by itself: which items, on which rows, and what becomes of what failed."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.inspections.rules.answers import Said
from app.inspections.rules.faults import problems_of
from app.inspections.rules.fields import Answer
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist


class CheckForm(enum.StrEnum):
    """The monthly self-check, or the short list of a post."""

    MONTHLY = "monthly"
    WARDEN = "warden"
    KITCHEN = "kitchen"
    CONTROL_ROOM = "control_room"


#: What the pack wants looked at at least once a month belongs to the month's check; what is for the night does not.
_MONTHLY = frozenset({"monthly", "weekly", "daily", "daily_winter"})


def monthly_items(checklist: Checklist) -> tuple[str, ...]:
    """The items of the monthly self-check, in the pack's order."""
    return tuple(item.code for item in checklist.items if item.self_check in _MONTHLY)


def rows_for(
    rows: Iterable[Row], codes: Collection[str], *, houses: Collection[str] | None = None, pieces: bool = True
) -> list[Row]:
    """Those rows that ask one of these items, cut down to them; `houses`: only what is in these, or in none."""
    found = []
    for row in rows:
        if houses is not None and row.house is not None and row.house not in houses:
            continue
        if row.is_piece:
            kept = tuple(code for code in row.codes if code in codes)
            if kept and pieces:
                found.append(replace(row, codes=kept))
        elif row.item in codes and (pieces or not row.owner):
            found.append(row)
    return found


@dataclass(frozen=True, slots=True)
class Fault:
    """What failed on one row, in both languages."""

    row: Row
    zh: str
    en: str


def faults_of(rows: Iterable[Row], said: Mapping[str, Said], checklist: Checklist) -> list[Fault]:
    """The rows that failed, in words."""
    found = []
    for row in rows:
        one = said[row.name]
        if one.answer != Answer.FAIL:
            continue
        problems = problems_of(row, one, checklist)
        note = one.note.strip()
        texts = ["；".join(p.text.zh for p in problems), "; ".join(p.text.en for p in problems)]
        zh, en = (text if not note or note in text else f"{text}（{note}）" for text in texts)
        found.append(Fault(row, zh, en))
    return found


def line_of(row: Row, said: Said, *, photos: int) -> dict[str, Any]:
    """A row as the finished check keeps it."""
    return {
        "row": row.name,
        "item": row.item,
        "codes": list(row.codes),
        "where": row.where if row.piece is None else " · ".join(filter(None, (row.where, row.piece.where))),
        "answer": str(said.answer),
        "faults": list(said.faults),
        "reading": said.reading,
        "choice": said.choice,
        "note": said.note,
        "photos": photos,
    }


class Match(enum.StrEnum):
    """How the school's last word on a row compares with the brigade's next."""

    AGREES = "agrees"
    MISSED = "missed"
    REPORTED = "reported"
    STRICTER = "stricter"


@dataclass(frozen=True, slots=True)
class Compared:
    """One row that both looked at."""

    row: str
    item: str
    where: str
    own: str
    brigade: str
    match: Match


def match_of(own: str, brigade: str) -> Match | None:
    """What two words on one row mean together; None where either did not judge."""
    judged = (Answer.PASS.value, Answer.FAIL.value)
    if own not in judged or brigade not in judged:
        return None
    if brigade == Answer.FAIL:
        return Match.REPORTED if own == Answer.FAIL else Match.MISSED
    return Match.AGREES if own == Answer.PASS else Match.STRICTER


def _asked_of(own: Mapping[str, Any], brigade: Mapping[str, Any]) -> bool:
    """Whether the school was asked about what the brigade found wrong with a whole piece."""
    named = {str(one).partition(":")[0] for one in brigade.get("faults") or () if ":" in str(one)}
    return not named or bool(named & set(own.get("codes") or ()))


def compare(own: Iterable[Mapping[str, Any]], brigade: Iterable[Mapping[str, Any]]) -> list[Compared]:
    """The school's last self-check beside the brigade's next inspection, where both judged the same row; what was missed first.

    `own` are the lines of a finished check, `brigade` the rows of a frozen record.
    """
    mine, found = {str(line["row"]): line for line in own}, []
    for row in brigade:
        line = mine.get(str(row["name"]))
        if line is None or not _asked_of(line, row):
            continue
        match = match_of(str(line["answer"]), str(row.get("answer") or ""))
        if match is not None:
            found.append(
                Compared(str(row["name"]), str(row["item"]), str(line["where"]), line["answer"], row["answer"], match)
            )
    order = list(_FIRST)
    return sorted(found, key=lambda one: (order.index(one.match), one.item, one.where))


#: What matters first.
_FIRST = (Match.MISSED, Match.REPORTED, Match.STRICTER, Match.AGREES)
