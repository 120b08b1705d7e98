"""Names and lists, when people sign in, how attempts count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.trainings.rules import attendance
from app.trainings.rules.attendance import Named, SignIn
from app.trainings.rules.sessions import Audience

STARTS = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("次仁，门卫", Named("次仁", "门卫")),
        ("1. 次仁, 门卫", Named("次仁", "门卫")),
        ("（2）次仁　门卫", Named("次仁", "门卫")),
        ("3、央金\t食堂", Named("央金", "食堂")),
        ("12 卓玛", Named("卓玛")),
        ("Tashi Dolma; canteen", Named("Tashi Dolma", "canteen")),
        ("Tashi  Dolma", Named("Tashi Dolma")),
        ("བཀྲ་ཤིས།", Named("བཀྲ་ཤིས།")),
        ("阿卜杜拉·买买提", Named("阿卜杜拉·买买提")),
    ],
)
def test_a_line_of_a_list_is_a_name_and_a_post(line: str, read: Named) -> None:
    assert attendance.read_names(line) == ([read], [])


def test_the_same_person_twice_is_one_and_no_name_is_said() -> None:
    people, wrong = attendance.read_names("次仁，门卫\n\n次 仁, 门卫\n次仁，食堂\n12345\n" + "长" * 81)
    assert [(p.name, p.post) for p in people] == [("次仁", "门卫"), ("次仁", "食堂")]
    assert wrong == ["12345", "长" * 80]


def test_pupils_and_people_nobody_knows_have_no_names() -> None:
    assert [a for a in Audience if not attendance.keeps_names(a)] == [Audience.PUPILS, Audience.UNKNOWN]


@pytest.mark.parametrize(
    ("now", "window"),
    [
        (STARTS - timedelta(days=3), (STARTS - HOUR, STARTS + 2.5 * HOUR)),
        (STARTS - HOUR, (STARTS - HOUR, STARTS + 2.5 * HOUR)),
        (STARTS + HOUR, (STARTS - HOUR, STARTS + 2.5 * HOUR)),
        (STARTS + 5 * HOUR, (STARTS - HOUR, STARTS + 6 * HOUR)),
        (STARTS + 25 * HOUR, (STARTS - HOUR, STARTS + 26 * HOUR)),
        (STARTS + 26 * HOUR, None),
    ],
)
def test_people_sign_in_an_hour_around_the_session(now: datetime, window: tuple[datetime, datetime] | None) -> None:
    assert attendance.sign_in_window(STARTS, 2, now=now) == window


@pytest.mark.parametrize(
    ("start", "until", "closed", "state"),
    [
        (None, None, None, SignIn.NONE),
        (STARTS + HOUR, STARTS + 2 * HOUR, None, SignIn.EARLY),
        (STARTS, STARTS + HOUR, None, SignIn.OPEN),
        (STARTS - HOUR, STARTS, None, SignIn.OVER),
        (STARTS - HOUR, STARTS + HOUR, STARTS, SignIn.CLOSED),
    ],
)
def test_how_signing_in_stands(
    start: datetime | None, until: datetime | None, closed: datetime | None, state: SignIn
) -> None:
    assert attendance.sign_in_state(start, until, closed, now=STARTS) is state


@pytest.mark.parametrize(
    ("percents", "mark", "passed"),
    [([], 80, None), ([79], 80, False), ([79, 80], 80, True), ([80, 10], 80, True), ([100], None, None)],
)
def test_the_best_attempt_counts(percents: list[int], mark: int | None, passed: bool | None) -> None:
    assert attendance.has_passed(percents, mark) is passed
