"""What papers are about: each feature says of its own things whether they were taken back, so that no paper outlives them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

_withdrawn: dict[str, Callable[[uuid.UUID], bool]] = {}


def register_subject(kind: str, *, is_withdrawn: Callable[[uuid.UUID], bool]) -> None:
    """Declare how to see whether a thing of this kind (table name) was withdrawn."""
    _withdrawn[kind] = is_withdrawn


def is_withdrawn(kind: str, subject_id: uuid.UUID) -> bool:
    """Whether what a paper is about was withdrawn; what nobody speaks for was not."""
    return kind in _withdrawn and _withdrawn[kind](subject_id)
