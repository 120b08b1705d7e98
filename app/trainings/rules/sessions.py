"""What a session's figures say. DOMAIN §4.5."""

from __future__ import annotations

import enum


class Audience(enum.StrEnum):
    """Who was trained."""

    GUARDS = "guards"
    CANTEEN = "canteen"
    WARDENS = "wardens"
    TEACHERS = "teachers"
    NEW_STAFF = "new_staff"
    PUPILS = "pupils"
    PARENTS = "parents"
    ALL_STAFF = "all_staff"
    UNKNOWN = "unknown"


class TrainingForm(enum.StrEnum):
    """How it was given."""

    LECTURE = "lecture"
    FILM = "film"
    DEMONSTRATION = "demonstration"
    HANDS_ON = "hands_on"
    WATER_SHOW = "water_show"
    STATION_VISIT = "station_visit"
    CAMPAIGN = "campaign"
    QUIZ = "quiz"
    UNKNOWN = "unknown"


#: What can be chosen; not known is only what an older list did not say.
AUDIENCES_TO_CHOOSE = tuple(one for one in Audience if one is not Audience.UNKNOWN)
FORMS_TO_CHOOSE = tuple(one for one in TrainingForm if one is not TrainingForm.UNKNOWN)
#: Sessions that count for the staff training owed every twelve months.
STAFF = frozenset(set(AUDIENCES_TO_CHOOSE) - {Audience.PUPILS, Audience.PARENTS})


class Hint(enum.StrEnum):
    """What is unlikely: said, never refused."""

    MORE_THAN_EXPECTED = "more_than_expected"
    NOBODY_CAME = "nobody_came"


def attendance_percent(expected: int | None, attended: int | None) -> int | None:
    """Share of those expected who came, whole percent, rounded down so that 100 means all; None without a figure."""
    return attended * 100 // expected if expected and attended is not None else None


def hints(expected: int | None, attended: int | None) -> list[Hint]:
    """What to look at again."""
    found = []
    if expected is not None and attended is not None and attended > expected:
        found.append(Hint.MORE_THAN_EXPECTED)
    if attended == 0:
        found.append(Hint.NOBODY_CAME)
    return found
