"""The inspection record and the result notice as PDF: in a fresh process, and in one that has made papers before."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from flask import Flask

from app.certificates import service as certificates
from app.core.extensions import db
from app.documents import composing
from app.inspections import papers
from tests.bench.district import application, viewer
from tests.bench.pages import signed_inspection

LANGUAGE = "zh_Hans_CN"


def _texts() -> dict[str, str]:
    """The frozen data of both papers of the longest record."""
    inspection, inspector = signed_inspection(), viewer("inspector")
    record = papers.issue_record(inspector, inspection)
    notice = certificates.issue(inspector, inspection, lang=LANGUAGE)
    db.session.commit()
    return {"record": record.context, "certificate": notice.context}


def _in_fresh_process(folder: Path, text: Path, rounds: int) -> dict[str, Any]:
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.papers", str(folder), str(text), str(rounds), str(began)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return dict(json.loads(done.stdout))


def measure(app: Flask, folder: Path, *, rounds: int) -> dict[str, Any]:
    """Both papers. The first process of all also builds the cache of the fonts, which a data folder needs once."""
    with app.app_context():
        texts = _texts()
        db.session.remove()
    found: dict[str, Any] = {}
    for name, text in texts.items():
        file = folder / f"bench-{name}.json"
        file.write_text(text, encoding="utf-8")
        if not found:
            found["first of the data folder"] = _in_fresh_process(folder, file, 0)
        found[name] = _in_fresh_process(folder, file, rounds)
    return found


def _made(text: str) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    rendered = composing.compose(text)
    return {
        "wall_s": round(time.perf_counter() - wall, 3),
        "cpu_s": round(time.process_time() - cpu, 3),
        "bytes": len(rendered.pdf),
        "pages": rendered.pages,
    }


def child(folder: str, text: str, rounds: int, began: float) -> dict[str, Any]:
    """In the fresh process: how long it took to be ready, the first paper, and the same one again and again."""
    app = application(Path(folder))
    ready = time.monotonic() - began
    frozen = Path(text).read_text(encoding="utf-8")
    with app.app_context():
        cold, warm = _made(frozen), [_made(frozen) for _ in range(rounds)]
    middle = sorted(warm, key=lambda one: one["wall_s"])[len(warm) // 2] if warm else None
    return {
        "process_start_s": round(ready, 3),
        "cold": cold,
        "warm": middle,
        "every_warm": warm,
        "most_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(child(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))))
