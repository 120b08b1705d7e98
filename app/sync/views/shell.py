"""What makes the tablet's page open without network: the worker, the manifest, the shell and the page of each visit."""

from __future__ import annotations

import uuid

from flask import Response, abort, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.i18n import language_tag, localised
from app.core.web import CONTENT_SECURITY, found, public
from app.inspections import queries as inspections
from app.inspections import sheet
from app.sync import shell, visits
from app.sync.views.blueprint import bp


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
    text = render_template("sync/sw.js", build=shell.build_of(listed), files=listed)
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


@bp.get("/sync/visits")
@requires(Permission.USE_TABLETS)
def own_visits() -> ResponseReturnValue:
    """The viewer's own drafts, as the tablet's list offers them to be taken along; who inspects nothing has none."""
    lines = inspections.unfinished_of(viewer) if viewer.may(Permission.INSPECT) else []
    return jsonify(
        drafts=[
            {
                "id": str(line.inspection.id),
                "kind": inspections.target_kind(line.inspection).value,
                "title": localised(line.school.name, line.school.name_en),
                "state": line.inspection.state.value,
                "rev": line.inspection.rev,
            }
            for line in lines
        ]
    )


@bp.get("/sync/visits/<uuid:inspection_id>")
@requires(Permission.INSPECT)
def visit(inspection_id: uuid.UUID) -> ResponseReturnValue:
    """The whole of a draft on one page, to be kept on the tablet: every area, every row, no token."""
    current = found(sheet.load(viewer, inspection_id))
    if not inspections.may_fill(viewer, current.inspection):
        abort(403)
    answer = Response(visits.page(viewer, current))
    # The reader of labels is compiled code; it runs on this page only.
    answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY}; script-src 'self' 'wasm-unsafe-eval'"
    return answer
