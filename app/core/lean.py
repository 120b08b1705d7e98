"""Our own scripts as they travel: without comments that stand alone on a line, and without indentation; else as they are written."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import Flask, current_app, send_file
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join


def lean(text: str) -> str:
    """A script without what only its readers need. No text of ours runs over lines (a test looks), so lines may be judged alone."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"


@lru_cache(maxsize=128)
def _made(path: str, _changed: int, _size: int) -> tuple[bytes, str]:
    body = lean(Path(path).read_text("utf-8")).encode()
    return body, hashlib.sha256(body).hexdigest()[:32]


def static(filename: str) -> ResponseReturnValue:
    """A file of app/static; scripts of ours lean."""
    path = safe_join(str(current_app.static_folder), filename) if filename.startswith("js/") else None
    if path is None or not path.endswith(".js") or not Path(path).is_file():
        return current_app.send_static_file(filename)
    stat = Path(path).stat()
    body, etag = _made(path, stat.st_mtime_ns, stat.st_size)
    return send_file(
        BytesIO(body), mimetype="text/javascript", etag=etag, last_modified=stat.st_mtime,
        max_age=current_app.get_send_file_max_age(filename),
    )  # fmt: skip


def register(app: Flask) -> None:
    """Serve static files by this module."""
    app.view_functions["static"] = static
