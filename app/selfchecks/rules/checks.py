"""The lists that a school fills in by itself."""

from __future__ import annotations

import enum


class CheckForm(enum.StrEnum):
    """The monthly self-check, or the short list of a post."""

    MONTHLY = "monthly"
    WARDEN = "warden"
    KITCHEN = "kitchen"
    CONTROL_ROOM = "control_room"
