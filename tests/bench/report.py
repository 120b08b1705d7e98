"""The machine the figures come from, the files that keep them, and the table."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("Flask", "Jinja2", "SQLAlchemy", "Werkzeug", "weasyprint")


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def circumstances(**more: Any) -> dict[str, Any]:
    """When, where and with what it was measured; `load` is how many processes wanted a core in the last minute."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "system": platform.platform(),
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
            "load": round(os.getloadavg()[0], 2),
        },
        "python": platform.python_version(),
        "versions": {**{name: version(name) for name in LIBRARIES}, "SQLite": sqlite3.sqlite_version},
        **more,
    }


def keep(folder: Path, name: str, content: Mapping[str, Any]) -> Path:
    """Write one group of figures."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def say(text: str = "") -> None:
    """A line for who waits."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Aligned columns: the first to the left, numbers to the right."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    for line in lines:
        say(line[0].ljust(widths[0]) + "".join("  " + c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True)))
    say()


def tell_yardsticks(found: Mapping[str, Any]) -> None:
    """The yardsticks of a group, before it."""
    for name, one in found.items():
        say(f"  {name.replace('_', ' ')}: p50 {one['p50_ms']} ms, p95 {one['p95_ms']} ms")
    say()


def tell_pages(found: Mapping[str, Any], *, empty_ms: float) -> None:
    """The pages, as they come in a day's work; × says how many empty pages one is worth."""
    head = ("page", "as", "first ms", "p50 ms", "p95 ms", "× empty", "queries", "kB", "status")
    rows = [
        (
            name, one["person"], f"{one['first_ms']:.0f}", f"{one['p50_ms']:.1f}", f"{one['p95_ms']:.1f}",
            f"{one['p50_ms'] / empty_ms:.1f}", one["queries"], f"{one['bytes'] / 1000:.0f}", one["status"],
        )
        for name, one in found.items()
    ]  # fmt: skip
    table(head, rows)


def tell_papers(found: Mapping[str, Any]) -> None:
    """The papers; "ready" is the start of the fresh process before the paper."""
    head = ("paper", "ready s", "cold s", "cpu s", "warm s", "cpu s", "pages", "kB", "memory MB")
    rows = []
    for name, one in found.items():
        cold, warm = one["cold"], one["warm"] or {"wall_s": "-", "cpu_s": "-"}
        times = (one["process_start_s"], cold["wall_s"], cold["cpu_s"], warm["wall_s"], warm["cpu_s"])
        rows.append((name, *times, cold["pages"], cold["bytes"] // 1000, one["most_memory_mb"]))
    table(head, rows)


def tell_imports(found: Mapping[str, Any]) -> None:
    """The import, and what the same number of bare rows takes."""
    parts = found["seconds"]
    rows = [(found["rows"], found["total_s"], *parts.values(), found["rows_per_s"], found["bare_insert_rows_per_s"])]
    table(("rows", "s", *(f"{part} s" for part in parts), "rows/s", "bare rows/s"), rows)
    say("  " + ", ".join(f"{outcome} {number}" for outcome, number in found["outcomes"].items()))
