"""Which school a row of a list of former years means, and whether the row was taken over before."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from app.core.spelling import plain_text
from app.schools.rules.search import similar_name

MOST_MATCHES = 5


class Row(Protocol):
    """A row that was read: its texts by field, what makes it useless, and a key that is the same whenever the row is sent."""

    @property
    def texts(self) -> Mapping[str, str]: ...

    @property
    def errors(self) -> Sequence[str]: ...

    @property
    def key(self) -> str: ...


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class KnownSchool:
    """A school of the register as far as matching needs it."""

    id: uuid.UUID
    name: str
    code: str


class Register:
    """The brigade's schools and the keys of the rows that were taken over before."""

    def __init__(self, schools: Iterable[KnownSchool], *, keys: Collection[str] = ()) -> None:
        self.keys = frozenset(keys)
        self._schools = list(schools)
        self._by_code = {school.code: school.id for school in self._schools if school.code}
        self._by_name: dict[str, list[uuid.UUID]] = {}
        self._similar: dict[str, list[uuid.UUID]] = {}
        for school in self._schools:
            self._by_name.setdefault(plain_text(school.name), []).append(school.id)
            self._similar.setdefault(similar_name(school.name), []).append(school.id)
        self.likely = lru_cache(maxsize=None)(self._likely)

    def surely(self, row: Row) -> uuid.UUID | None:
        """The school with this code, or the only one with this very name; two entries merged into one are one school."""
        code = row.texts.get("school_code", "")
        if code:
            return self._by_code.get(code)
        named = set(self._by_name.get(plain_text(row.texts.get("school", "")), ()))
        return named.pop() if len(named) == 1 else None

    def _likely(self, name: str) -> tuple[uuid.UUID, ...]:
        """Schools with such a name, a similar one, or one that holds the other, a few."""
        plain = plain_text(name)
        if not plain:
            return ()
        found = [*self._by_name.get(plain, ()), *self._similar.get(similar_name(name), ())]
        if len(plain) > 2:
            known = ((one.id, plain_text(one.name)) for one in self._schools)
            found += [one for one, other in known if plain in other or (len(other) > 3 and other in plain)]
        return tuple(dict.fromkeys(found))[:MOST_MATCHES]


@dataclass(frozen=True)
class Found(Generic[R]):
    """What checking says of a row: new, likely, unchanged (taken over before), duplicate (twice in the list), error."""

    row: R
    verdict: str
    school_id: uuid.UUID | None = None
    matches: tuple[uuid.UUID, ...] = ()
    remarks: tuple[str, ...] = ()


def judge(rows: Iterable[R], register: Register, *, asks: bool) -> list[Found[R]]:
    """Hold each row against the register and the rows before it.

    A school that is not surely meant is never chosen for anybody: where the list `asks`, a person chooses among those it may
    mean, else the row is an error.
    """
    seen: set[str] = set()
    found = []
    for row in rows:
        found.append(_judge(row, register, seen, asks))
        seen.add(row.key)
    return found


def _judge(row: R, register: Register, seen: set[str], asks: bool) -> Found[R]:
    if row.errors:
        return Found(row, "error", remarks=tuple(row.errors))
    if row.key in register.keys:
        return Found(row, "unchanged", remarks=("known",))
    if row.key in seen:
        return Found(row, "duplicate", remarks=("twice",))
    school = register.surely(row)
    if school is not None:
        return Found(row, "new", school)
    matches = register.likely(row.texts.get("school", "")) if asks else ()
    return Found(row, "likely", matches=matches) if matches else Found(row, "error", remarks=("unknown_school",))
