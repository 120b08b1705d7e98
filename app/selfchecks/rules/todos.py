"""Where a school's own to-dos come from."""

from __future__ import annotations

import enum


class TodoSource(enum.StrEnum):
    """What found it."""

    PATROL = "patrol"
    CHECK = "check"
