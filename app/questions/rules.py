"""How a question stands, by when it is to be answered, whether it is late. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, datetime


class QuestionKind(enum.StrEnum):
    """What a school wants: to know, to say, to be given."""

    QUESTION = "question"
    OPINION = "opinion"
    REQUEST = "request"


class State(enum.StrEnum):
    """How far it is."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"


class QuestionAct(enum.StrEnum):
    """What somebody did about it."""

    ASK = "ask"
    ADD = "add"
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"


#: States in which the brigade owes an answer.
WAITING = frozenset({State.OPEN, State.REOPENED})


@dataclass(frozen=True, kw_only=True)
class Stamps:
    """When it was last answered, closed and reopened; reopening takes answer and closing off."""

    answered_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None


def state_of(stamps: Stamps) -> State:
    """How far it is."""
    if stamps.closed_at:
        return State.CLOSED
    if stamps.answered_at:
        return State.ANSWERED
    return State.REOPENED if stamps.reopened_at else State.OPEN


def is_late(state: State, due_on: date, *, today: date) -> bool:
    """Whether an answer is owed and its day is over; on the day itself it is not late."""
    return state in WAITING and due_on < today


def was_late(answered_on: date, due_on: date) -> bool:
    """Whether an answer came after its day."""
    return answered_on > due_on
