"""Page times and query counts, papers and imports on the demo district, each beside a yardstick of the same minute.

Prints a table and writes var/bench/<name>.json with every figure. Fails on no threshold.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template_string

from app.core import clock, jobs
from app.core.extensions import db
from app.core.web import public
from app.documents.models import IssuedDocument
from tests.crawl import PEOPLE, demo, everything, signed_in

ROUNDS = int(os.environ.get("XF_BENCH_ROUNDS", "15"))
OUT = Path(os.environ.get("XF_DATA", "var")) / "bench"


def timed(act: Callable[[], Any], rounds: int = ROUNDS) -> list[float]:
    """Milliseconds of each round, after one that warms up."""
    act()
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return found


def figures(times: list[float], **more: Any) -> dict[str, Any]:
    """p50 and p95 of the times in milliseconds, with every one of them."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))]
    return {"p50_ms": round(statistics.median(ordered), 2), "p95_ms": round(p95, 2), "times_ms": ordered, **more}


def queries_of(act: Callable[[], Any]) -> int:
    """How many statements an act sends."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def yardstick(app: Flask) -> dict[str, Any]:
    """Bare SQL, and a Flask page of an empty template, in this minute on this machine."""

    def bare() -> None:
        with db.engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM school").scalar()

    client = app.test_client()
    return {"bare_sql": figures(timed(bare)), "empty_page": figures(timed(lambda: client.get("/bench-empty")))}


def pages(app: Flask) -> dict[str, Any]:
    """Every kind of page that the demo's people reach."""
    found = {}
    for page in everything(app, list(PEOPLE)):
        client = signed_in(app, page.person if page.person != "visitor" else "")
        client_get = super(
            type(client).__mro__[1], client
        ).open  # the request itself, without the checks of the test client
        times = timed(lambda get=client_get, page=page: get(page.address, method="GET"))
        count = queries_of(lambda get=client_get, page=page: get(page.address, method="GET"))
        found[page.endpoint] = figures(times, address=page.address, person=page.person, queries=count)
    return found


def papers() -> dict[str, Any]:
    """Rendering each kind of paper: the first one in a fresh process is cold, the others warm."""
    times: dict[str, list[float]] = {}
    while True:
        start = time.perf_counter()
        if not jobs.run_one():
            break
        last = db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.issued_at.desc())).first()
        times.setdefault(last.kind if last else "?", []).append((time.perf_counter() - start) * 1000)
    return {
        kind: {"cold_ms": round(all_[0], 1), "warm": figures(all_[1:] or all_), "count": len(all_)}
        for kind, all_ in times.items()
    }


def imports(app: Flask, rows: int) -> dict[str, Any]:
    """Rows a second of `schools import` for a list of so many invented schools."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "schools.csv"
        lines = [f"{n},B{n:08d},示范区测试第{n}小学,小学,540102,示范路{n}号" for n in range(rows)]
        path.write_text(
            "序号,学校标识码,学校名称,办学类型,行政区划代码,地址\n" + "\n".join(lines) + "\n", encoding="utf-8"
        )
        start = time.perf_counter()
        result = app.test_cli_runner().invoke(args=["schools", "import", str(path)])
        seconds = time.perf_counter() - start
    said = result.output.strip().splitlines()[-1:] or [""]
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_s": round(rows / seconds),
        "exit": result.exit_code,
        "said": said[0],
    }


def write(name: str, content: dict[str, Any]) -> None:
    """Keep every figure."""
    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _line(*cells: Any) -> None:
    sys.stdout.write(f"{cells[0]!s:<44}" + "".join(f"{cell!s:>12}" for cell in cells[1:]) + "\n")


def main() -> None:
    """Run all of it on a fresh demo district."""
    with (
        tempfile.TemporaryDirectory() as folder,
        demo(folder, schools=int(os.environ.get("XF_BENCH_SCHOOLS", "24"))) as app,
    ):
        app.add_url_rule("/bench-empty", "bench_empty", public(lambda: render_template_string("")))
        when = clock.now().isoformat()
        measure = yardstick(app)
        write("yardstick", {"at": when, **measure})
        _line("milliseconds", "p50", "p95", "queries", "× empty")
        base = measure["empty_page"]["p50_ms"] or 1
        for name, one in measure.items():
            _line(name, one["p50_ms"], one["p95_ms"])
        found = pages(app)
        write("pages", {"at": when, "yardstick": measure, "pages": found})
        for name, one in sorted(found.items(), key=lambda item: -item[1]["p50_ms"]):
            _line(name, one["p50_ms"], one["p95_ms"], one["queries"], round(one["p50_ms"] / base, 1))
        rendered = papers()
        write("papers", {"at": when, "yardstick": measure, "papers": rendered})
        for name, one in rendered.items():
            _line(f"{name} (cold {one['cold_ms']} ms)", one["warm"]["p50_ms"], one["warm"]["p95_ms"])
        imported = imports(app, int(os.environ.get("XF_BENCH_ROWS", "2000")))
        write("imports", {"at": when, "yardstick": measure, "imports": imported})
        _line("schools import, rows/s", imported["rows_per_s"], f"{imported['seconds']} s")
        sys.stdout.write(f"every figure: {OUT}/*.json\n")


if __name__ == "__main__":
    main()
