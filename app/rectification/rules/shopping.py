"""What a school must buy or order, added up from what its faults and its due pieces ask for. Plain values in and out."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.regulations.rules.cards import Act, Buy, Count


class Per(StrEnum):
    """What one need is counted for: each fault by itself, or once a building, or once a school."""

    FAULT = "fault"
    BUILDING = "building"
    SCHOOL = "school"


PER = {Count.BUILDING: Per.BUILDING, Count.SCHOOL: Per.SCHOOL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What one fault or one due piece asks for. `amount` None: to be counted at the place.

    `building` is empty for the grounds and where it is not known. `piece` is the piece it replaces or repairs as a
    whole. `findings` are those that ask for it, none where only the register's dates do.
    """

    act: Act
    article: str
    unit: str
    how: str = ""
    amount: int | None = 1
    per: Per = Per.FAULT
    building: str = ""
    piece: uuid.UUID | None = None
    findings: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list. `to_count`: faults for which the amount must be counted at the place, and is not in `amount`."""

    act: Act
    article: str
    unit: str
    how: str
    building: str
    amount: int
    to_count: int
    findings: tuple[uuid.UUID, ...]
    due: int


@dataclass(frozen=True, slots=True)
class Total:
    """One article over all buildings."""

    act: Act
    article: str
    unit: str
    amount: int
    to_count: int


def amount_of(buy: Buy, *, has_piece: bool, reading: str = "") -> int | None:
    """How many one fault asks for; None where somebody must count at the place."""
    if buy.count is Count.SITE or (buy.count is Count.PIECE and not has_piece):
        return None
    if buy.count is Count.UP_TO:
        there = re.fullmatch(r"\s*(\d{1,4})(\.0+)?\D*", reading)
        return max((buy.target or 0) - int(there[1]), 0) if there else None
    return 1


def _joined(needs: Sequence[Need]) -> Need:
    findings = dict.fromkeys(finding for need in needs for finding in need.findings)
    return replace(next((need for need in needs if need.act is Act.BUY), needs[0]), findings=tuple(findings))


def without_doubles(needs: Iterable[Need]) -> list[Need]:
    """A piece is bought or repaired once, whatever is wrong with it; where it is to be replaced nobody repairs it."""
    groups: dict[object, list[Need]] = {}
    for number, need in enumerate(needs):
        groups.setdefault(need.piece or number, []).append(need)
    return [_joined(group) for group in groups.values()]


def _key(need: Need) -> tuple[str, Act, str, str]:
    return ("" if need.per is Per.SCHOOL else need.building, need.act, need.article, need.unit)


def _line(needs: Sequence[Need]) -> Line:
    first = needs[0]
    each = sum(need.amount or 0 for need in needs if need.per is Per.FAULT)
    once = max((need.amount or 0 for need in needs if need.per is not Per.FAULT), default=0)
    return Line(
        act=first.act,
        article=first.article,
        unit=first.unit,
        how=next((need.how for need in needs if need.how), ""),
        building=_key(first)[0],
        amount=each + once,
        to_count=sum(need.amount is None for need in needs),
        findings=tuple(dict.fromkeys(finding for need in needs for finding in need.findings)),
        due=sum(not need.findings for need in needs),
    )


def lines_of(needs: Iterable[Need], *, buildings: Sequence[str] = ()) -> list[Line]:
    """The list: by building in the given order (what belongs to none comes last), to buy before to order."""
    groups: dict[tuple[str, Act, str, str], list[Need]] = {}
    for need in without_doubles(needs):
        groups.setdefault(_key(need), []).append(need)
    lines = [line for line in map(_line, groups.values()) if line.amount or line.to_count]
    order = {name: place for place, name in enumerate(buildings)}

    def place(line: Line) -> tuple[bool, int, str, str, str]:
        return (not line.building, order.get(line.building, len(order)), line.building, line.act.value, line.article)

    return sorted(lines, key=place)


def totals_of(lines: Iterable[Line]) -> list[Total]:
    """Each article once over all buildings, to buy before to order."""
    totals: dict[tuple[Act, str, str], tuple[int, int]] = {}
    for line in lines:
        key = (line.act, line.article, line.unit)
        amount, to_count = totals.get(key, (0, 0))
        totals[key] = (amount + line.amount, to_count + line.to_count)
    ordered = sorted(totals.items(), key=lambda one: (one[0][0].value, one[0][1]))
    return [Total(*key, *figures) for key, figures in ordered]
