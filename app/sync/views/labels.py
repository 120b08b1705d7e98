"""The labels of a brigade, for scanning without network."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.sync.queries import labels as queries
from app.sync.views.blueprint import bp
from app.sync.views.bundle import packed
from app.sync.views.packing import unchanged


@bp.get("/sync/labels")
@requires(Permission.INSPECT)
def labels() -> ResponseReturnValue:
    """Which code is at which school, and which labels are on nothing yet; 304 while nothing changed."""
    told = queries.known(viewer)
    return unchanged(told["etag"]) or packed(told, told["etag"])
