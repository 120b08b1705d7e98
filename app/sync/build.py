"""Which build of the product this is: a name that changes whenever a page, a script or a rule may have changed."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("app/**/*.py", "app/static/**/*", "app/translations/**/*.po", "templates/**/*.html")


@cache
def build() -> str:
    """Twelve hex digits of the SHA-256 over everything that a tablet may see; read once a process."""
    found = hashlib.sha256()
    for pattern in PARTS:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file():
                found.update(str(path.relative_to(ROOT)).encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]
