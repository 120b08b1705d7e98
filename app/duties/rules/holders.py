"""The posts of a school that duties are given to. DOMAIN §6.1; 61号令 art. 4, 6, 7, 25, 38."""

from __future__ import annotations

import enum


class Post(enum.StrEnum):
    """A post at a school."""

    RESPONSIBLE = "responsible"
    MANAGER = "manager"
    SAFETY_OFFICER = "safety_officer"
    CONTROL_ROOM = "control_room"
    GUARD = "guard"
    WARDEN = "warden"
    CANTEEN = "canteen"
    LAB = "lab"
    MAINTENANCE = "maintenance"
    TEACHER = "teacher"
    OTHER = "other"


#: Further ahead is a slip of the year.
MOST_DAYS_AHEAD = 366
