"""How many rows of a bureau's list are taken over in a second, by the acts that the page and its worker do."""

from __future__ import annotations

import csv
import io
import itertools
import time
from collections import Counter
from random import Random
from typing import Any

from flask import Flask

from app.core.extensions import db
from app.demo.district import AREA
from app.imports import queries as lists
from app.imports.models import ImportRun
from app.schools.jobs import run_check, run_write
from app.schools.service import imports as service
from tests.bench.district import viewer
from tests.bench.yardsticks import bare_insert

HEADINGS = ("序号", "学校标识码", "学校名称", "办学类型", "行政区划代码", "地址", "校长", "联系电话", "学生数")
_SYLLABLES = "东西南北上下河山云林石泉金玉松柳桃梅"
_KINDS = ("小学", "幼儿园", "初级中学", "高级中学")


def file_of(rows: int, *, seed: int) -> bytes:
    """A CSV of invented schools, each with a name and a code of its own."""
    villages = ["".join(three) for three in itertools.product(_SYLLABLES, repeat=3)]
    chosen = Random(seed).sample(villages, rows)
    out = io.StringIO(newline="")
    sheet = csv.writer(out)
    sheet.writerow(HEADINGS)
    for n, village in enumerate(chosen):
        kind = _KINDS[n % len(_KINDS)]
        head = (n + 1, f"{7000000000 + n}", f"{village}{kind}", kind, AREA)
        sheet.writerow((*head, f"{village}路{n + 1}号", f"扎西{village[0]}", f"0891-{6000000 + n}", 100 + n % 900))
    return out.getvalue().encode("gb18030")


def _silent(_done: int, _total: int, _words: str = "") -> None:
    return None


def _take_over(data: bytes) -> tuple[ImportRun, dict[str, float]]:
    """The whole way of a list; seconds of each part."""
    by, seconds, since = viewer("office"), dict[str, float](), time.perf_counter()

    def lap(part: str) -> None:
        nonlocal since
        db.session.commit()
        seconds[part], since = time.perf_counter() - since, time.perf_counter()

    assert by.own_brigade_id is not None
    run = service.start(by, brigade_id=by.own_brigade_id, file_name="schools.csv", data=data)
    columns = {int(column): name for column, name in run.mapping["columns"].items()}
    service.set_mapping(run, columns=columns, source="", area_code="", kind="")
    lap("read")
    run_check(run.id, _silent)
    lap("check")
    service.accept(by, run, only_good=True)
    run_write(run.id, by.person_id, _silent)
    lap("write")
    return run, seconds


def measure(app: Flask, *, rows: int, seed: int) -> dict[str, Any]:
    """Read, check and write the list once, and account for its rows."""
    data = file_of(rows, seed=seed)
    with app.app_context():
        run, seconds = _take_over(data)
        outcomes = Counter(str(row.outcome or row.expected) for row in lists.all_rows(run))
        db.session.remove()
        bare = bare_insert(rows)
    total = sum(seconds.values())
    return {
        "rows": rows,
        "bytes": len(data),
        "outcomes": dict(outcomes),
        "seconds": {part: round(one, 3) for part, one in seconds.items()},
        "total_s": round(total, 3),
        "rows_per_s": round(rows / total, 1),
        "bare_insert_rows_per_s": round(bare, 1),
    }
