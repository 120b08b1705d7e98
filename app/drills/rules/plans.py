"""A drill plan: who does what after the guide of 2014, which classes are expected, how it gets from draft to ready. DOMAIN §1.4."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class PlanState(enum.StrEnum):
    """Where a plan stands; whether the drill was held is told by its signal."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    READY = "ready"
    WITHDRAWN = "withdrawn"


#: While a plan stands so, the one who wrote it may change it.
OPEN = frozenset({PlanState.DRAFT, PlanState.RETURNED})


class Post(enum.StrEnum):
    """Who is needed beside the class teachers and the guides. 教基一厅〔2014〕2号."""

    COMMAND = "command"
    DEPUTY = "deputy"
    RESCUE = "rescue"
    MEDICAL = "medical"
    COMMUNICATION = "communication"
    CORDON = "cordon"


#: Most lines of classes or guides that a plan takes.
MOST_CLASSES = 200
MOST_GUIDES = 60
MOST_HEADS = 2_000
_GAPS = re.compile(r"[\t,，;；:：|]+|\s{2,}")


@dataclass(frozen=True, kw_only=True)
class ClassLine:
    """One class: how it is called, how many are on its roll. Never names of pupils."""

    key: str
    name: str
    expected: int
    teacher: str = ""


@dataclass(frozen=True, kw_only=True)
class GuideLine:
    """One adult at a stair or a turn."""

    key: str
    place: str
    person: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that was done with a plan."""

    act: str
    at: datetime
    by: str
    reason: str = ""


class LineProblem(enum.StrEnum):
    """What is wrong with a typed line."""

    NO_NUMBER = "no_number"
    TOO_MANY_HEADS = "too_many_heads"
    NAMED_TWICE = "named_twice"
    TOO_LONG = "too_long"
    TOO_MANY_LINES = "too_many_lines"
    EMPTY = "empty"


class UnreadableLines(ValueError):
    """A line that cannot be read: its number from 1, and what is wrong."""

    def __init__(self, line: int, problem: LineProblem) -> None:
        super().__init__(f"{line}: {problem}")
        self.line, self.problem = line, problem


def _lines(text: str) -> list[tuple[int, str]]:
    plain = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1)]
    return [(number, line) for number, line in plain if line]


def _parts(line: str) -> list[str]:
    return [part.strip() for part in _GAPS.split(line) if part.strip()]


def classes_from(text: str) -> tuple[ClassLine, ...]:
    """Classes typed or pasted, one a line: name, heads, class teacher. Raises UnreadableLines."""
    found: list[ClassLine] = []
    for number, line in _lines(text):
        parts = _parts(line)
        if len(parts) == 1:
            parts = line.rsplit(None, 1)
        heads = unicodedata.normalize("NFKC", parts[1]).removesuffix("人") if len(parts) > 1 else ""
        if not re.fullmatch(r"[0-9]{1,6}", heads):
            raise UnreadableLines(number, LineProblem.NO_NUMBER)
        if int(heads) > MOST_HEADS:
            raise UnreadableLines(number, LineProblem.TOO_MANY_HEADS)
        if len(parts[0]) > 40 or len("".join(parts[2:])) > 40:
            raise UnreadableLines(number, LineProblem.TOO_LONG)
        if any(one.name == parts[0] for one in found):
            raise UnreadableLines(number, LineProblem.NAMED_TWICE)
        if len(found) == MOST_CLASSES:
            raise UnreadableLines(number, LineProblem.TOO_MANY_LINES)
        teacher = " ".join(parts[2:])
        found.append(ClassLine(key=f"c{len(found) + 1}", name=parts[0], expected=int(heads), teacher=teacher))
    return tuple(found)


def guides_from(text: str) -> tuple[GuideLine, ...]:
    """Guides typed, one a line: place, then who stands there. Raises UnreadableLines."""
    found: list[GuideLine] = []
    for number, line in _lines(text):
        place, *people = _parts(line) or [""]
        if not place:
            raise UnreadableLines(number, LineProblem.EMPTY)
        if len(place) > 60 or len("、".join(people)) > 60:
            raise UnreadableLines(number, LineProblem.TOO_LONG)
        if any(one.place == place for one in found):
            raise UnreadableLines(number, LineProblem.NAMED_TWICE)
        if len(found) == MOST_GUIDES:
            raise UnreadableLines(number, LineProblem.TOO_MANY_LINES)
        found.append(GuideLine(key=f"s{len(found) + 1}", place=place, person="、".join(people)))
    return tuple(found)


def classes_text(classes: Iterable[ClassLine]) -> str:
    """The classes as they are typed."""
    return "\n".join("，".join(filter(None, (one.name, str(one.expected), one.teacher))) for one in classes)


def guides_text(guides: Iterable[GuideLine]) -> str:
    """The guides as they are typed."""
    return "\n".join("：".join(filter(None, (one.place, one.person))) for one in guides)


class Lack(enum.StrEnum):
    """What a plan needs before it can be sent."""

    CLASSES = "classes"
    GUIDES = "guides"
    COMMAND = "command"
    ASSEMBLY = "assembly"
    SIGNAL = "signal"


def lacks(
    *,
    posts: Mapping[str, str],
    classes: Sequence[Any],
    guides: Sequence[Any],
    signal: str,
    assembly_point: str,
) -> list[Lack]:
    """What is still missing, in the order of the form."""
    wanting = {
        Lack.SIGNAL: not signal,
        Lack.ASSEMBLY: not assembly_point,
        Lack.COMMAND: not posts.get(Post.COMMAND.value),
        Lack.GUIDES: not guides,
        Lack.CLASSES: not classes,
    }
    return [lack for lack, is_missing in wanting.items() if is_missing]
