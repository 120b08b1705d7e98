"""What makes the tablet's page open without network: the worker, the manifest, the shell and the page of each visit."""

from __future__ import annotations

import uuid

from flask import Response, abort, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.i18n import language_tag
from app.core.web import CONTENT_SECURITY, found, public
from app.inspections import queries as inspections
from app.inspections import sheet
from app.sync import shell, visits
from app.sync.build import build
from app.sync.queries import bundle
from app.sync.views.blueprint import bp
from app.sync.views.packing import pack, unchanged


@bp.get("/sync/")
@public
def home() -> ResponseReturnValue:
    """The tablet's list of visits; it holds nothing of anybody until script has read the tablet's own store."""
    return shell.home()


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker with the list of its files."""
    listed = shell.files()
    text = render_template("sync/sw.js", build=shell.build_of(listed), app_build=build(), files=listed)
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What an installed page is called and looks like."""
    icons = [
        {
            "src": url_for("static", filename=f"img/icon-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": use,
        }
        for size in (192, 512)
        for use in ("any", "maskable")
    ]
    answer = jsonify(
        id="/sync/", name=_("校防 · 校园消防安全检查与演练"), short_name=_("校防"), lang=language_tag(), dir="ltr",
        start_url=url_for("sync.home"), scope="/", display="standalone", orientation="any",
        background_color="#eef2f7", theme_color="#12366b", icons=icons,
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    return answer


def _kept_page(text: str, etag: str) -> Response:
    answer = pack(text.encode(), "text/html", etag)
    # The reader of labels is compiled code; it runs on these pages only.
    answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY}; script-src 'self' 'wasm-unsafe-eval'"
    return answer


@bp.get("/sync/visits/<uuid:inspection_id>")
@requires(Permission.INSPECT)
def visit(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The whole of a draft on one page, to be kept on the tablet: every area, every row, no token."""
    current = found(sheet.load(viewer, inspection_id))
    if not inspections.may_fill(viewer, current.inspection):
        abort(403)
    etag = bundle.offer(viewer).stamp_of(f"draft-{inspection_id}")
    return unchanged(etag) or _kept_page(visits.page(viewer, current, etag=etag), etag)


@bp.get("/sync/schools/<uuid:school_id>")
@requires(Permission.INSPECT)
def school(school_id: uuid.UUID) -> ResponseReturnValue:
    """A school with every walk, to be kept on the tablet: there a visit is begun without network, and filled."""
    offer = bundle.offer(viewer, also=[school_id])
    one = found(next((one for one in offer.schools if one.id == school_id), None))
    etag = offer.stamp_of(f"school-{school_id}")
    return unchanged(etag) or _kept_page(visits.school_page(viewer, one, etag=etag), etag)
