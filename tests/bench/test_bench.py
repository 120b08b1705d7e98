"""A tiny run of the benchmarks keeps every figure it promises."""

from __future__ import annotations

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests import districts
from tests.bench import district, papers, report
from tests.bench.__main__ import MADE, main
from tests.bench.imports import HEADINGS, file_of
from tests.bench.pages import ROLES
from tests.bench.timing import Times

TINY = [
    "--rounds",
    "1",
    "--papers",
    "1",
    "--rows",
    "30",
    "--seconds",
    "0.1",
    "--tablets",
    "2",
    "--photos",
    "2",
    "--opens",
    "0",
    "--along",
    "1",
    "--city",
    "12",
    "--orders",
    "120",
    "--grid",
    "6",
    "--without",
    "tablet",  # a browser at work for minutes; tests/tablet/test_taps.py walks one of its ways
]
YARDSTICKS = {"bare_sql_50_rows", "empty_page", "empty_page_signed_in"}
PROMISED = {
    "board", "schools", "schools, search by name", "school", "equipment", "piece", "forecast", "inspections", "review",
    "signed record", "findings", "finding", "portal", "drills", "trainings", "documents", "verify", "calendars", "packs",
    *(f"home of {role}" for role in ROLES),
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out, folder = tmp_path_factory.mktemp("bench"), districts.seeded(tmp_path_factory)
    application, fresh = cache(district.application), papers._in_fresh_process

    def one_fresh_process(folder: Path, text: Path, rounds: int) -> dict[str, Any]:
        """The first paper in a process of its own, as all of them are when it is in earnest; the others here."""
        return papers.child(str(folder), str(text), rounds, time.monotonic()) if rounds else fresh(folder, text, 0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(district, "application", application)
        patch.setattr(papers, "application", application)
        patch.setattr(papers, "_in_fresh_process", one_fresh_process)
        with application(folder).app_context():
            report.keep(folder, MADE, {"seed": 1, "years": 2, **district.sizes()})
        main([*TINY, "--folder", str(folder), "--out", str(out)])
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.json")}


def test_each_group_says_when_where_and_beside_which_yardsticks(figures: dict[str, Any]) -> None:
    assert set(figures) == {"pages", "papers", "imports", "tablets", "records", "comeback", "city", "grid"}
    for one in figures.values():
        assert one["at"]
        assert one["python"]
        assert one["machine"]["cores"]
        assert "SQLAlchemy" in one["versions"]
        assert one["district"]["seed"] == 1
        assert one["district"]["schools"] == districts.SCHOOLS
        for yardsticks in (one["yardsticks"], one["yardsticks_after"]):
            assert set(yardsticks) == YARDSTICKS
            assert all(times["p50_ms"] > 0 for times in yardsticks.values())


def test_every_page_of_the_list_came_and_was_measured(figures: dict[str, Any]) -> None:
    pages = figures["pages"]["pages"]
    assert set(pages) >= PROMISED
    assert any(name.startswith("filling") for name in pages)
    assert {name: page["status"] for name, page in pages.items() if page["status"] != 200} == {}
    for page in pages.values():
        assert page["first_ms"] > 0
        assert 0 < page["p50_ms"] <= page["p95_ms"]
    asked = {name: page["queries"] for name, page in pages.items()}
    assert {name for name, number in asked.items() if number == 0} <= {"verify", "sign-in"}  # for whom nobody is known
    assert {name: number for name, number in asked.items() if number > 15} == {}


def test_both_papers_are_made_cold_and_warm(figures: dict[str, Any]) -> None:
    papers = figures["papers"]["papers"]
    assert set(papers) == {"first of the data folder", "record", "certificate"}
    assert papers["first of the data folder"]["process_start_s"] > 0
    for one in papers.values():
        assert one["cold"]["wall_s"] > 0
        assert one["cold"]["cpu_s"] > 0
        assert one["cold"]["pages"] >= 1
        assert one["cold"]["bytes"] > 10_000
    for name in ("record", "certificate"):
        assert papers[name]["warm"]["cpu_s"] > 0


def test_every_row_of_the_list_is_taken_over(figures: dict[str, Any]) -> None:
    found = figures["imports"]["imports"]
    assert found["outcomes"] == {"added": 30}
    assert found["rows_per_s"] > 0
    assert found["bare_insert_rows_per_s"] > 0


def test_records_come_in_beside_the_yardstick(figures: dict[str, Any]) -> None:
    found = figures["records"]["records"]
    assert found["operations of a record"] == 46
    assert found["ratio"] > 0
    assert found["ratio in batches"] > 0


def test_tablets_that_come_back_at_once_lose_and_double_nothing(figures: dict[str, Any]) -> None:
    found = figures["comeback"]["comeback"]
    assert (found["tablets"], found["inspections"], found["photos"]) == (2, 4, 4)
    assert (found["lost"], found["doubled"], found["troubles"]) == (0, 0, [])
    assert found["all: p50, p95, most ms"][1] > 0


def test_the_city_has_its_orders_and_every_page_of_it_was_measured(figures: dict[str, Any]) -> None:
    made = figures["city"]["district"]["city"]
    assert (made["school"], made["rectification_order"]) == (12, 120)
    assert made["order_item"] == made["finding"] >= 120
    measured = figures["city"]["city"]
    assert {"orders", "orders, red", "board", "schools", "clocks", "case file", "ledger"} <= set(measured)
    assert {name: page["status"] for name, page in measured.items() if page["status"] != 200} == {}
    assert {name: page["queries"] for name, page in measured.items() if page["queries"] > 15} == {}


def test_the_grid_of_duties_shows_what_the_facts_say(figures: dict[str, Any]) -> None:
    for one in figures["grid"]["grid"].values():
        assert (one["status"], one["cells"], one["wrong"]) == (200, 6 * 12, 0)
        assert one["queries"] <= 15


def test_the_list_is_the_same_for_the_same_seed() -> None:
    assert file_of(5, seed=2) == file_of(5, seed=2)
    assert file_of(5, seed=2) != file_of(5, seed=3)
    assert file_of(5, seed=2).decode("gb18030").splitlines()[0] == ",".join(HEADINGS)


def test_the_nineteenth_of_twenty_times_is_p95() -> None:
    times = Times(99.0, tuple(float(n) for n in range(20, 0, -1)))
    assert (times.at(0.5), times.at(0.95)) == (10.0, 19.0)
