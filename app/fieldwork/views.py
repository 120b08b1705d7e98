"""Photos and signatures, to whom may see what they belong to."""

from __future__ import annotations

import uuid

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.files import files
from app.core.web import found
from app.fieldwork import queries

bp = Blueprint("fieldwork", __name__)


def _picture(sha256: str, kind: str) -> Response:
    if request.if_none_match.contains(sha256):
        return Response(status=304, headers={"ETag": f'"{sha256}"'})
    answer = Response(files().get(sha256), mimetype=kind)
    answer.set_etag(sha256)
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    answer.headers["Content-Disposition"] = "inline"
    return answer


@bp.get("/photos/<uuid:photo_id>")
@requires(Permission.OWN_ACCOUNT)
def photo(photo_id: uuid.UUID) -> ResponseReturnValue:
    """The picture, or its small copy (`?size=small`)."""
    shown = found(queries.photo(viewer, photo_id))
    return _picture(shown.thumb_sha256 if request.args.get("size") == "small" else shown.sha256, "image/jpeg")


@bp.get("/signatures/<uuid:signature_id>")
@requires(Permission.OWN_ACCOUNT)
def signature(signature_id: uuid.UUID) -> ResponseReturnValue:
    """The drawing of a signature."""
    shown = found(queries.signature(viewer, signature_id))
    return _picture(found(shown.image_sha256), "image/png" if shown.method == "drawn" else "image/jpeg")
