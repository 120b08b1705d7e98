"""The files that the tablet keeps to open without network, and the build they make together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from flask import current_app, render_template, request, url_for

from app.core.i18n import language_tag
from app.sync.build import build
from app.sync.service.logs import LOGS

#: What the pages of the tablet load. One file that cannot be fetched refuses the whole build on the tablet.
STATIC = (
    "css/tokens.css", "css/dark.css", "css/contrast.css", "css/base.css", "css/components.css", "css/sheet.css", "css/print.css",
    "css/tablet.css", "img/favicon.svg", "img/chevron.svg", "img/icon-192.png", "img/icon-512.png", "js/app.js", "js/shrink.js",
    "js/tablet/words.js", "js/tablet/words_zh.js",
    "js/tablet/words_en.js", "js/tablet/store.js", "js/tablet/lock.js", "js/tablet/pages.js", "js/tablet/sync.js",
    "js/tablet/take.js", "js/tablet/kept.js", "js/tablet/look.js", "js/tablet/ability.js", "js/tablet/home.js",
    "js/tablet/open.js", "js/tablet/rows.js", "js/tablet/fill.js", "js/tablet/photos.js",
    "js/tablet/log.js", "js/tablet/log_words.js", "js/tablet/logs.js", "js/tablet/labels.js", "js/tablet/scan.js",
    "js/tablet/finished.js", "js/tablet/grants.js",
)  # fmt: skip
#: Kept as well, loaded when it is asked for: the review with its signatures; scanning, with the camera and its reader of codes;
#: drawing on photos; the dialogs of the lock.
LAZY = (
    "js/tablet/review.js", "js/tablet/signing.js", "js/tablet/stands.js", "js/signature.js", "vendor/signature_pad@5.1.4/signature_pad.js",
    "js/tablet/pin.js", "js/tablet/scanning.js", "js/tablet/camera.js", "js/tablet/draw.js", "vendor/zxing-wasm@3.1.4/reader/index.js", "vendor/zxing-wasm@3.1.4/share.js",
    "vendor/zxing-wasm@3.1.4/zxing_reader.wasm",
)  # fmt: skip


@lru_cache(maxsize=128)
def _hash_of(path: str, _changed: int, _size: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def hash_of_file(name: str) -> str:
    """SHA-256 of a static file as it is now."""
    path = Path(str(current_app.static_folder)) / name
    stat = path.stat()
    return _hash_of(str(path), stat.st_mtime_ns, stat.st_size)


def home() -> str:
    """The tablet's first page: the same bytes for everybody, without names and tokens."""
    return render_template("sync/home.html")


def log_page(kind: str) -> str:
    """The empty log of a kind: the page's own form, the same bytes for everybody."""
    return render_template("sync/log.html", kind=kind, form=LOGS[kind].blank_form())


def files() -> list[tuple[str, str]]:
    """Address and hash of everything that opens without network, the shell in the language and theme of the request."""
    pages = [(url_for("sync.home"), home()), *((url_for("sync.log_page", kind=kind), log_page(kind)) for kind in LOGS)]
    listed = [(address, hashlib.sha256(page.encode()).hexdigest()) for address, page in pages]
    return [*listed, *((url_for("static", filename=n), hash_of_file(n)) for n in (*STATIC, *LAZY))]


def build_of(listed: Sequence[tuple[str, str]]) -> str:
    """A short name of exactly these files, the worker itself, and the language and theme of their texts."""
    worker = current_app.jinja_env.get_template("sync/sw.js").render(build="", app_build=build(), files=[])
    said = "\n".join(
        [f"{url} {digest}" for url, digest in listed] + [worker, language_tag(), request.cookies.get("theme", "")]
    )
    return hashlib.sha256(said.encode()).hexdigest()[:16]
