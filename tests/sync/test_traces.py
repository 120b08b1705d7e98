"""What travels along with answers: shown to the leader of the brigade, with questions where it looks forged, and never a verdict."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.core.extensions import db
from app.fieldwork.rules import Via
from app.inspections.models import Inspection, InspectionState
from app.sync.traces import Doubt, Limits, Shot, Sign, Stand, Trace, Visit, doubts, metres
from tests.bench.timing import statements
from tests.conftest import SignInAs

BEGAN = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
LIMITS = Limits(fast_answers=5, fast_seconds=10, photo_minutes=60, metres=1000, clock_minutes=30)
SCHOOL = (29.65, 91.13)


def _visit(**more: Any) -> Visit:
    return Visit(**{"began": BEGAN, "school": SCHOOL, "answers": [], "shots": [], "stands": []} | more)


def _answers(*seconds: float, wrong_by: float = 0, via: Via = Via.TAP, device: str = "tab") -> list[Trace]:
    return [
        Trace(item=f"MGT-{n:02d}", place="", at=at, via=via, device=device, told_at=at + timedelta(seconds=wrong_by))
        for n, s in enumerate(seconds)
        if (at := BEGAN + timedelta(seconds=s))
    ]


def _shot(**more: Any) -> Shot:
    return Shot(**{"item": "MGT-01", "place": "", "taken_at": BEGAN, "added_at": BEGAN} | more)


FORGED = {
    "five taps in four seconds": (_visit(answers=_answers(0, 1, 2, 3, 4)), Doubt(sign=Sign.FAST, count=5, most=4)),
    "the fastest ten seconds count": (
        _visit(answers=_answers(0, 60, 61, 62, 63, 64, 65, 200)),
        Doubt(sign=Sign.FAST, count=6, most=5),
    ),
    "a photo of yesterday": (
        _visit(shots=[_shot(), _shot(taken_at=BEGAN - timedelta(days=1))]),
        Doubt(sign=Sign.OLD_PHOTO, count=1, most=1440),
    ),
    "a photo of another school": (_visit(shots=[_shot(elsewhere=True), _shot()]), Doubt(sign=Sign.SAME_PHOTO, count=1)),
    "filled in at the station": (
        _visit(stands=[Stand(point=(29.68, 91.13), accuracy_m=20, at=BEGAN)]),
        Doubt(sign=Sign.FAR, count=1, most=3316),
    ),
    "a photo far away": (_visit(shots=[_shot(point=(29.68, 91.13))]), Doubt(sign=Sign.FAR, count=1, most=3336)),
    "a clock set back by a day": (
        _visit(answers=[*_answers(0, 60), *_answers(120, wrong_by=-86_400)]),
        Doubt(sign=Sign.CLOCK, count=1, most=1440),
    ),
}
HONEST = {
    "four taps": _visit(answers=_answers(0, 1, 2, 3)),
    "a walk": _visit(answers=_answers(*range(0, 400, 4))),
    "in bulk, and recorded so": _visit(answers=_answers(*[0.0] * 40, via=Via.BULK)),
    "by scan": _visit(answers=_answers(*range(20), via=Via.SCAN)),
    "a whole page saved without script": _visit(
        answers=[Trace(item="MGT-01", place="", at=BEGAN, via=Via.TAP, device="") for _n in range(40)]
    ),
    "a photo taken just before": _visit(shots=[_shot(taken_at=BEGAN - timedelta(minutes=50))]),
    "a photo that says no time": _visit(shots=[_shot(taken_at=None)]),
    "a poor position that may be the school": _visit(stands=[Stand(point=(29.68, 91.13), accuracy_m=3000, at=BEGAN)]),
    "a school whose position nobody knows": _visit(school=None, stands=[Stand(point=(1, 1), accuracy_m=9, at=BEGAN)]),
    "a clock that is always wrong": _visit(answers=_answers(0, 60, 120, wrong_by=90_000)),
    "two tablets with other clocks": _visit(answers=[*_answers(0, 60), *_answers(1, 61, wrong_by=9_000, device="other")]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED)
def test_what_looks_forged_makes_one_ask(name: str) -> None:
    visit, expected = FORGED[name]
    assert doubts(visit, LIMITS) == [expected]


@pytest.mark.parametrize("name", HONEST)
def test_what_an_honest_visit_looks_like_makes_nobody_ask(name: str) -> None:
    assert doubts(HONEST[name], LIMITS) == []


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert metres((29.0, 91.0), (30.0, 91.0)) == pytest.approx(111_195, abs=5)
    assert metres(SCHOOL, SCHOOL) == 0


# the page --------------------------------------------------------------------------------------------------------


def test_the_leader_sees_what_travelled_along_and_is_asked_not_told(finished: Inspection, as_person: SignInAs) -> None:
    client, address = as_person("lea"), f"/inspections/{finished.id}/traces"
    assert address in client.get(f"/inspections/{finished.id}/record").get_data(as_text=True)
    page = client.page(address)
    (panel,) = page.all('//*[@id="traces"]')
    text = " ".join(panel.itertext())
    for words in (
        "秒内逐项点选",
        "1 张照片早于检查开始，最早的早 3 天",
        "完全相同",
        "最远 3321 米",
        "不是结论",
        "快 7 分钟",
    ):
        assert words in " ".join(text.split()), words
    assert len(page.all('//*[@id="traces"]//tbody/tr')) == finished.passed
    db.session.rollback()
    assert db.session.get_one(Inspection, finished.id).state is InspectionState.SIGNING
    for name in ("ines", "olga", "dora", "pema"):
        assert as_person(name).get(address).status_code in (403, 404), name
    assert address not in as_person("ines").get(f"/inspections/{finished.id}/record").get_data(as_text=True)


def test_the_page_asks_no_more_than_any_page_however_much_travelled_along(
    finished: Inspection, as_person: SignInAs
) -> None:
    client, address = as_person("lea"), f"/inspections/{finished.id}/traces"
    client.page(address)
    with statements(db.engine) as sent:
        client.page(address)
    assert len(sent) <= 12, (len(sent), [s[:60] for s in sent])  # and three for the names of places
