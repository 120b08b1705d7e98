"""The faults found most often, proposed as topics: what counts, in which order, who sees how much, the plan that follows."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from app.core import clock
from app.core.extensions import db
from app.rectification.models.findings import ClosedHow
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import rectification as make

TODAY = clock.today()
CHOSEN = re.compile(r'name="item" value="([A-Z]{3}-\d\d)"( checked)?')


def _found(cast: Cast, item: str, times: int, **more: Any) -> None:
    row = make.inspection(cast, on=more.pop("on", TODAY), school_id=more.pop("school_id", None))
    for n in range(times):
        make.finding(
            cast, row=row, item_code=item, target_id=f"{item}{n}", found_on=clock.day_of(row.started_at), **more
        )


@pytest.fixture
def faults(cast: Cast) -> None:
    """At Pema's: many at EXT-19, one at EVA-01. At Otto's: EVA-01 too. Older, withdrawn and foreign ones do not count."""
    _found(cast, "EXT-19", 4)
    _found(cast, "EVA-01", 1)
    _found(cast, "EVA-01", 1, school_id=cast.ottos_school_id)
    _found(cast, "LIT-01", 3, on=TODAY - timedelta(days=400))
    _found(cast, "LIT-02", 5, closed_on=TODAY, closed_how=ClosedHow.WITHDRAWN, closed_reason="看错")
    _found(cast, "DOR-01", 9, school_id=cast.foreign_school_id)
    db.session.commit()


def _parts(page: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """What is proposed of the school, and of all: item, and whether it is ticked."""
    own, everywhere = page.split('id="all"')
    return CHOSEN.findall(own), CHOSEN.findall(everywhere)


def test_a_school_is_led_by_what_it_had_most_and_a_district_by_what_most_schools_had(
    cast: Cast, as_person: SignInAs, faults: None
) -> None:
    page = as_person("ines").get(f"/trainings/topics?school={cast.school_id}").text
    own, everywhere = _parts(page)
    assert own == [("EXT-19", " checked"), ("EVA-01", " checked")]
    assert everywhere == [("EVA-01", ""), ("EXT-19", "")]
    assert (
        _parts(as_person("ines").get(f"/trainings/topics?school={cast.school_id}&months=24").text)[0][1][0] == "LIT-01"
    )
    district = as_person("lea").get("/trainings/topics").text
    assert CHOSEN.findall(district) == [("EVA-01", " checked"), ("EXT-19", " checked")]
    assert f'value="{cast.ottos_school_id}"' in district
    assert f'value="{cast.foreign_school_id}"' not in district


def test_one_tap_plans_a_training_on_what_was_chosen(cast: Cast, as_person: SignInAs, faults: None) -> None:
    pema = as_person("pema")
    for path in ("/trainings/sessions/new", "/trainings/new"):
        page = pema.get(f"{path}?school={cast.school_id}&item=EXT-19&item=EVA-01&item=EXT-19&item=XXX-99").text
        topics = page.split('id="topics"')[1].split("</textarea>")[0]
        assert re.findall(r"^(\d)\. ", topics.split(">", 1)[1].strip(), re.MULTILINE) == ["1", "2"]
    english = pema.get(f"/trainings/sessions/new?school={cast.school_id}&item=EXT-19&lang=en").text
    assert "1. " in english.split('id="topics"')[1]


def test_a_schools_staff_see_of_others_only_what_many_schools_had_and_no_figures(
    cast: Cast, as_person: SignInAs, faults: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pema = as_person("pema")
    own, everywhere = _parts(pema.get("/trainings/topics").text)
    assert [item for item, _ticked in own] == ["EXT-19", "EVA-01"]
    assert everywhere == []
    monkeypatch.setattr("app.rectification.queries.frequent.ENOUGH_SCHOOLS", 2)
    page = pema.get("/trainings/topics").text
    assert [item for item, _ticked in _parts(page)[1]] == ["EVA-01"]
    assert "学校数" not in page
    assert pema.get(f"/trainings/topics?school={cast.ottos_school_id}").status_code == 404


def test_who_only_reads_chooses_nothing(cast: Cast, as_person: SignInAs, faults: None) -> None:
    for name in ("beate", "dora"):
        page = as_person(name).get("/trainings/topics").text
        assert "最近一次" in page
        assert CHOSEN.findall(page) == []
        assert "按这些内容计划培训" not in page
    assert as_person("ada").get("/trainings/topics").status_code == 403


def test_nothing_found_says_so_and_the_questions_stay_few(cast: Cast, as_person: SignInAs, count_queries: Any) -> None:
    ines = as_person("ines")
    assert "这段时间没有发现问题" in ines.get(f"/trainings/topics?school={cast.school_id}&months=x").text
    for n in range(30):
        _found(cast, f"EXT-{n:02d}", 2)
    db.session.commit()
    with count_queries() as counted:
        ines.get(f"/trainings/topics?school={cast.school_id}")
    assert counted.number <= 10
