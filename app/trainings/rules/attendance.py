"""Who came: whose names may be kept, how a list is read, from when until when people sign in."""

from __future__ import annotations

import enum
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.trainings.rules.sessions import Audience

#: Pupils are counted, never named, and where nobody knows who came pupils may be among them.
WITHOUT_NAMES = frozenset({Audience.PUPILS, Audience.UNKNOWN})
LONGEST_NAME = 80
#: More names than any hall holds are a mistake or mischief.
MOST_NAMES = 2000
#: A class hour, and how long before and after a session people may sign in.
CLASS_HOUR, AROUND = timedelta(minutes=45), timedelta(hours=1)
#: How long after its end a session may still be opened for signing in.
LATEST_OPENING = timedelta(hours=24)


def keeps_names(audience: Audience) -> bool:
    """Whether the names of those who came are kept."""
    return audience not in WITHOUT_NAMES


def clean(text: str) -> str:
    """White space inside a name made single, the outer off."""
    return re.sub(r"\s+", " ", text).strip()


def _plain(text: str) -> str:
    return re.sub(r"[\s·・.•]+", "", unicodedata.normalize("NFKC", text)).casefold()


def person_key(name: str, post: str) -> str:
    """The same for the same person however the name was spaced; two of one name are told apart by their post."""
    return f"{_plain(name)[:90]}|{_plain(post)[:90]}"


@dataclass(frozen=True, slots=True)
class Named:
    """One line of a list of adults."""

    name: str
    post: str = ""

    @property
    def key(self) -> str:
        """See person_key."""
        return person_key(self.name, self.post)


_NUMBERED = re.compile(r"^\s*(?:\d+\s*[.．、)）]|[（(]\d+[)）]|\d+\s+(?=\D))\s*")


def read_names(text: str) -> tuple[list[Named], list[str]]:
    """The people of a list with one line each, "name, post", and the lines that cannot be names; the same one twice is one."""
    found: dict[str, Named] = {}
    wrong = []
    for line in text.splitlines():
        said = _NUMBERED.sub("", line).strip()
        if not said:
            continue
        name, post = _split(said)
        if not name or len(name) > LONGEST_NAME or len(post) > LONGEST_NAME or not re.search(r"[^\W\d_]", name):
            wrong.append(line.strip()[:80])
            continue
        one = Named(clean(name), clean(post))
        found.setdefault(one.key, one)
    return list(found.values()), wrong


def _split(said: str) -> tuple[str, str]:
    """Name and post; a name in Latin or Tibetan letters may hold spaces, so a space alone parts only Chinese ones."""
    parts = re.split(r"\s*[\t,，;；、|]\s*", said, maxsplit=1)
    if len(parts) == 1 and re.fullmatch(r"[\u3400-\u9fff·]{2,}\s+\S+", said):
        parts = said.split(maxsplit=1)
    return parts[0].strip(), parts[1].strip() if len(parts) > 1 else ""


def token_hash(token: str) -> str:
    """What is kept of the address that people sign in at."""
    return hashlib.sha256(token.encode()).hexdigest()


class SignIn(enum.StrEnum):
    """Whether people can sign in."""

    NONE = "none"
    EARLY = "early"
    OPEN = "open"
    OVER = "over"
    CLOSED = "closed"


def sign_in_state(
    start: datetime | None, until: datetime | None, closed_at: datetime | None, *, now: datetime
) -> SignIn:
    """How the signing in of a session stands."""
    if start is None or until is None:
        return SignIn.NONE
    if closed_at is not None:
        return SignIn.CLOSED
    if now < start:
        return SignIn.EARLY
    return SignIn.OPEN if now < until else SignIn.OVER


def sign_in_window(starts_at: datetime, class_hours: float, *, now: datetime) -> tuple[datetime, datetime] | None:
    """From when until when people sign in: an hour around the session, longer where it is opened late; None long after it."""
    end = starts_at + CLASS_HOUR * class_hours
    if now > end + LATEST_OPENING:
        return None
    start, until = starts_at - AROUND, end + AROUND
    return min(start, now) if now >= start else start, max(until, now + AROUND)


def best(percents: Iterable[int]) -> int | None:
    """Of several attempts the best counts."""
    return max(percents, default=None)


def has_passed(percents: Iterable[int], pass_percent: int | None) -> bool | None:
    """Whether the quiz was passed; None where there is no pass mark or nobody was examined."""
    reached = best(percents)
    return None if pass_percent is None or reached is None else reached >= pass_percent


def earns_certificate(percents: Iterable[int], pass_percent: int | None) -> bool:
    """Whoever came earns one; where there is a pass mark, whoever passed."""
    return pass_percent is None or has_passed(percents, pass_percent) is True
