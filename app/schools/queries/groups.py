"""Who looks after a school, as a feature above says: a filter of the list, and a name beside each school."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer


@dataclass(frozen=True)
class Groups:
    """What the feature brings: the groups to choose from, the schools of one, the name as a column of School, names by school."""

    choices: Callable[[Viewer], list[tuple[str, str]]]
    condition: Callable[[str], sa.ColumnElement[bool]]
    name: Callable[[], Any]
    names: Callable[[Viewer, Collection[uuid.UUID]], Mapping[uuid.UUID, str]]


_brought: list[Groups] = []


def register_groups(groups: Groups) -> None:
    """Bring the groups of schools; there is one kind of them."""
    _brought[:] = [groups]


def choices(viewer: Viewer) -> list[tuple[str, str]]:
    """The groups that the viewer may filter by; none where nobody has made any."""
    return _brought[0].choices(viewer) if _brought else []


def condition(group: str) -> sa.ColumnElement[bool]:
    """A condition on School: it is of this group."""
    return _brought[0].condition(group) if _brought else sa.false()


def name_column() -> Any:
    """The name of the group that has a school today, as a column beside School; empty where none has."""
    return _brought[0].name() if _brought else sa.literal("")


def names(viewer: Viewer, school_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """The names of the groups of these schools, by school."""
    return _brought[0].names(viewer, school_ids) if _brought and school_ids else {}
