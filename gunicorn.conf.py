"""What gunicorn does beside its options in .ci/start; it reads this file by itself."""

from __future__ import annotations

from typing import Any


def post_worker_init(_worker: Any) -> None:
    """The application of a worker is made: it serves from now on."""
    from app.core import garbage

    garbage.settle()
