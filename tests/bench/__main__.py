"""Pages, papers and imports on a demo district of a fixed seed, each beside yardsticks of the same minute.

Prints a table and writes <out>/<name>.json with every figure. Fails on no threshold.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

from app.core import garbage
from app.core.extensions import db
from tests.bench import (
    city,
    comeback,
    district,
    grid,
    imports,
    opening,
    pages,
    papers,
    records,
    report,
    tablets,
    yardsticks,
)
from tests.bench.taps import measure

#: The file that says what is in a data folder.
MADE = "made"
ROOT = Path(__file__).resolve().parents[2]


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--schools", type=int, help="schools of the district (24; for the tablet alone 6)")
    parser.add_argument("--years", type=int, help="years of its history (2; for the tablet alone 1)")
    parser.add_argument("--seed", type=int, default=1, help="the same number makes the same district (1)")
    parser.add_argument("--rounds", type=int, default=40, help="warm requests of each page, at most (40)")
    parser.add_argument("--papers", type=int, default=3, help="warm rounds of each paper (3)")
    parser.add_argument("--rows", type=int, default=2000, help="rows of the imported list (2000)")
    parser.add_argument("--along", type=int, default=40, help="schools that a tablet takes along, at most (40)")
    parser.add_argument("--city", type=int, default=5000, help="schools of the city, measured last (5000)")
    parser.add_argument("--grid", type=int, default=500, help="schools of the grid of duties (500)")
    parser.add_argument("--orders", type=int, default=100_000, help="orders of the city (100000)")
    parser.add_argument("--seconds", type=float, default=20, help="for how long records come in, each way (20)")
    parser.add_argument("--without", default="", help="one of them that is left out (none)")
    parser.add_argument("--ways", default="", help="only those ways of the tablet whose name has these words (all)")
    parser.add_argument("--tablets", type=int, default=100, help="tablets that come back all at once (100)")
    parser.add_argument("--photos", type=int, default=40, help="photos on each of them, and eight inspections (40)")
    parser.add_argument("--opens", type=int, default=5, help="times that a tablet opens a visit without network (5)")
    parser.add_argument(
        "--only",
        default="",
        help="one of pages, papers, imports, tablets, opening, tablet, records, comeback, city, grid (all)",
    )
    parser.add_argument(
        "--folder", type=Path, help="a data folder to keep: what is there is measured again, not made anew"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench", help="folder of the figures (var/bench)")
    options = parser.parse_args(words)
    # One visit is a visit, however many other schools there are: what the tablet alone is measured on is made in a minute.
    schools, years = (6, 1) if options.only == "tablet" else (24, 2)
    options.schools, options.years = options.schools or schools, options.years or years
    return options


def main(words: Sequence[str] | None = None) -> None:
    """Measure all of it."""
    options, began = _options(words), time.perf_counter()
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        _run(options, options.folder)
    else:
        with tempfile.TemporaryDirectory(prefix="xiaofang-bench-") as name:
            _run(options, Path(name))
    report.say(f"{time.perf_counter() - began:.0f} s in all; every figure is in {options.out}/*.json")


def _district(app: Flask, options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """What the data folder holds; an empty one gets its district."""
    told = folder / f"{MADE}.json"
    if told.exists():
        made: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
        return made
    report.say(f"making a district of {options.schools} schools …")
    seeding = district.make(app, schools=options.schools, years=options.years, seed=options.seed)
    with app.app_context():
        made = {"seed": options.seed, "years": options.years, "seeding_s": round(seeding, 1), **district.sizes()}
    report.say("  " + ", ".join(f"{what} {number}" for what, number in made.items()) + "\n")
    report.keep(folder, MADE, made)
    return made


def came_back(app: Flask, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """The tablets of the options, each with eight inspections, or as many as it has photos for."""
    inspections = min(8, options.photos)
    return comeback.measure(app, folder, tablets=options.tablets, inspections=inspections, photos=options.photos)


def _run(options: argparse.Namespace, folder: Path) -> None:
    app = district.application(folder)
    yardsticks.register(app)
    made = _district(app, options, folder)
    garbage.settle()  # as a worker of the server does

    def group(name: str, act: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
        """One group of figures between two measurings of the yardsticks."""
        report.say(f"{name} …")
        before = yardsticks.measure(app, rounds=options.rounds)
        found = act()
        after = yardsticks.measure(app, rounds=options.rounds)
        kept = {"yardsticks": before, "yardsticks_after": after, name: found}
        report.keep(options.out, name, {**report.circumstances(district=made), **kept})
        report.tell_yardsticks(before)
        return before, found

    def city_pages() -> dict[str, Any]:
        if "city" not in made:
            report.say(f"building a city of {options.city} schools and {options.orders} orders …")
            made["city"] = city.make(app, schools=options.city, orders=options.orders, seed=options.seed)
            report.keep(folder, MADE, made)
        report.say("  " + ", ".join(f"{what} {number}" for what, number in made["city"].items()))
        return city.measure(app, rounds=options.rounds)

    def wanted(name: str) -> bool:
        return options.only in ("", name) and name != options.without

    if wanted("pages"):
        before, found = group("pages", lambda: pages.measure(app, rounds=options.rounds))
        report.tell_pages(found, empty_ms=before["empty_page"]["p50_ms"])
    if wanted("papers"):
        report.tell_papers(group("papers", lambda: papers.measure(app, folder, rounds=options.papers))[1])
    if wanted("imports"):
        report.tell_imports(group("imports", lambda: imports.measure(app, rows=options.rows, seed=options.seed))[1])
    if wanted("tablets"):
        found = group("tablets", lambda: tablets.measure(app, most=options.along))[1]
        report.say("  " + ", ".join(f"{what} {number}" for what, number in found.items()) + "\n")
    if wanted("opening") and options.opens:
        found = group("opening", lambda: opening.measure(app, folder, opens=options.opens))[1]
        report.say("  " + ", ".join(f"{what} {number}" for what, number in found.items()) + "\n")
    if wanted("tablet"):
        measure.tell(
            group("tablet", lambda: measure.measure(app, folder, ways_wanted=options.ways, real=not options.ways))[1]
        )
    if wanted("records"):
        found = group("records", lambda: records.measure(app, folder, seconds=options.seconds))[1]
        report.say("  " + ", ".join(f"{what} {number}" for what, number in found.items()) + "\n")
    if wanted("comeback"):
        found = group("comeback", lambda: came_back(app, folder, options))[1]
        report.say("\n".join(f"  {what}: {number}" for what, number in found.items()) + "\n")
    if wanted("city"):
        before, found = group("city", city_pages)
        report.tell_pages(found, empty_ms=before["empty_page"]["p50_ms"])
    if wanted("grid"):
        made["grid"] = grid.make(app, schools=options.grid, seed=options.seed)
        report.say("  " + ", ".join(f"{what} {number}" for what, number in made["grid"].items()))
        before, found = group("grid", lambda: grid.measure(app, rounds=options.rounds))
        report.tell_pages(found, empty_ms=before["empty_page"]["p50_ms"])
        report.say("\n".join(f"  {name}: {one['cells']} cells, {one['wrong']} wrong" for name, one in found.items()))
    with app.app_context():
        db.engine.dispose()


if __name__ == "__main__":
    main()
