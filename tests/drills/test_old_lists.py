"""Drills of former years from a list: what is sure is taken, what is not stays as typed, a missing year is never filled in."""

from __future__ import annotations

import io
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, jobs
from app.core.extensions import db
from app.core.tables import write_report
from app.drills.models import Drill, DrillKind
from app.drills.rules import old_logs as rules
from app.imports.models import ImportRun
from tests.cast import Cast
from tests.conftest import SignInAs

TODAY = clock.today()
HEADINGS = ("学校名称", "演练日期", "演练类型", "疏散用时", "应到人数", "实到人数", "备注")
ROWS = (
    ("示范区第一小学", "2025-09-16", "应急疏散演练", "3 mins 20 seconds", "620", "618", "东侧楼梯拥挤"),
    ("示范区第一小学", "2025年10月21日", "消防疏散演练", "2:05", "620", "约600", ""),
    ("示范区第二小学", "2025-11-18", "疏散", "70-79 seconds", "410", "410", ""),
    ("示范区第一小学", "10月9日", "应急疏散演练", "1:50", "620", "620", "没有年份"),
    ("示范区第一小学", "2025.12.3", "应急疏散演练", "1:50", "620", "620", "点分日期"),
    ("示范区第九小学", "2025-09-16", "应急疏散演练", "1:50", "1", "1", ""),
    ("示范区第二小学", "2025-12-18", "联欢", "2分30", "", "", ""),
    ("示范区第一小学", "2025-09-16", "应急疏散演练", "3 mins 20 seconds", "620", "618", "再一次"),
)


def _bring(browser: Any, kind: str, rows: Any = ROWS) -> ImportRun:
    content = write_report(HEADINGS, rows, kind=kind)
    answer = browser.post("/drills/import", data={"file": (io.BytesIO(content), f"旧演练.{kind}")})
    columns = {
        f"column_{n}": name
        for n, name in enumerate(("school", "day", "kind", "last_out", "expected", "accounted", "note"))
    }
    assert browser.post(answer.location, data=columns).status_code == 302
    jobs.run_all()
    db.session.rollback()
    return db.session.scalars(sa.select(ImportRun).order_by(ImportRun.made_at.desc())).first() or pytest.fail("no run")


def _accept(browser: Any, run: ImportRun, **more: str) -> None:
    address = f"/drills/import/{run.id}/accept"
    db.session.rollback()
    browser.post(address, data=more)
    jobs.run_all()
    db.session.expire_all()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_sure_is_taken_and_the_rest_stays_as_typed(cast: Cast, as_person: SignInAs, kind: str) -> None:
    lea = as_person("lea")
    run = _bring(lea, kind)
    at = f"/drills/import/{run.id}"
    assert run.summary["verdicts"] == {"new": 4, "error": 3, "duplicate": 1}
    page = lea.get(at).text
    for said in (
        "“70-79 seconds”是一个范围",
        "“约600”是约数",
        "“10月9日”缺少年、月或日",
        "登记册中没有这所学校",
        "“2分30”看不出数值",
    ):
        assert said in page
    _accept(lea, run, only_good="y")
    drills = {
        drill.held_at.astimezone(clock.ZONE).date().isoformat(): drill for drill in db.session.scalars(sa.select(Drill))
    }
    assert sorted(drills) == ["2025-09-16", "2025-10-21", "2025-11-18", "2025-12-18"]
    assert (drills["2025-09-16"].last_out_s, drills["2025-09-16"].accounted) == (200, 618)
    assert (drills["2025-10-21"].last_out_s, drills["2025-10-21"].accounted) == (125, None)
    assert (drills["2025-11-18"].last_out_s, drills["2025-11-18"].raw["疏散用时"]) == (None, "70-79 seconds")
    assert (drills["2025-12-18"].kind, drills["2025-12-18"].expected) == (DrillKind.OTHER, None)
    shown = lea.get(f"/drills/{drills['2025-10-21'].id}").text
    assert "约600" in shown
    assert "旧清单没有写几点" in shown
    assert lea.get(f"{at}/report.{kind}").status_code == 200


def test_the_same_list_again_brings_nothing_twice(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea, "csv"), only_good="y")
    run = _bring(lea, "csv")
    assert run.summary["verdicts"]["unchanged"] == 5
    assert "new" not in run.summary["verdicts"]
    assert db.session.scalar(sa.select(sa.func.count(Drill.id))) == 4


def test_a_list_with_errors_is_not_taken_whole(cast: Cast, as_person: SignInAs) -> None:
    lea = as_person("lea")
    _accept(lea, _bring(lea, "csv"))
    assert db.session.scalar(sa.select(sa.func.count(Drill.id))) == 0


def test_whoever_may_not_bring_lists_is_refused(cast: Cast, as_person: SignInAs) -> None:
    run = _bring(as_person("lea"), "csv")
    at = f"/drills/import/{run.id}"
    db.session.rollback()
    for name in ("pema", "ines", "beate"):
        assert as_person(name).get(at).status_code == 403
        assert as_person(name).post(f"{at}/accept").status_code == 403


def _row(**texts: str) -> rules.ReadRow:
    return rules.read_row(2, {"school": "一小", "day": "2025-09-16", **texts}, {}, today=TODAY)


def test_times_that_contradict_are_none_of_them_taken() -> None:
    row = _row(first_out="2:00", last_out="1:00")
    assert (row.values, row.flags[-1]) == ({}, "times:contradict")


@given(st.dictionaries(st.sampled_from(rules.FIELDS), st.text(max_size=30)))
def test_every_row_keeps_its_texts_and_invents_no_day(texts: dict[str, str]) -> None:
    row = rules.read_row(2, texts, {}, today=TODAY)
    assert row.texts == {name: text.strip() for name, text in texts.items() if text.strip()}
    day = row.day.clean
    if day is not None:
        assert f"{day.year}" in rules.plain_text(row.texts["day"])
    elif not row.errors:
        pytest.fail("a row without a sure day must be an error")
