"""What a tablet takes along."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.db import leaving_a_trace
from app.core.extensions import db
from app.core.i18n import language_tag
from app.inspections import queries as inspections
from app.sync.build import build
from app.sync.queries import bundle, parts
from app.sync.queries.bundle import Part, visit_json
from app.sync.reading import as_id
from app.sync.service import tablets
from app.sync.views.blueprint import bp, keeps_its_word
from app.sync.views.packing import pack, unchanged
from app.sync.views.session import device_asked


def packed(content: dict[str, Any], etag: str) -> Response:
    """JSON with its ETag, packed where the browser can open it."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return pack(body, "application/json", etag)


def _asked() -> list[uuid.UUID]:
    ids = (as_id(text) for text in request.args.getlist("school")[: bundle.MOST_SCHOOLS])
    return [key for key in ids if key is not None]


def _told(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {"key": part.key, "etag": part.stamp, "url": _address(part)}
    if part.school_id:
        told |= {"title": part.title, "school": str(part.school_id)}
    if part.draft is not None:
        row = part.draft
        told |= {
            "kind": inspections.target_kind(row).value, "state": row.state.value, "rev": row.rev,
            "visit": str(row.visit_id) if row.visit_id else None,
        }  # fmt: skip
    return told


def _address(part: Part) -> str:
    if part.draft is not None:
        return url_for("sync.visit", inspection_id=part.draft.id)
    if part.school_id is not None:
        return url_for("sync.school", school_id=part.school_id)
    return url_for("sync.common")


@bp.get("/sync/bundle")
@requires(Permission.INSPECT)
@keeps_its_word
def bundle_index() -> ResponseReturnValue:
    """Which parts there are for this person, and by what each is known to have changed."""
    offer = bundle.offer(viewer, also=_asked())
    listed = [_told(part) for part in offer.parts]
    content = {
        "etag": offer.etag,
        "server_now": clock.now().isoformat(timespec="milliseconds"),
        "today": clock.today().isoformat(),
        "build": build(),
        "language": language_tag(),
        "person": {"id": str(viewer.person_id), "name": viewer.name},
        "parts": listed,
        "visits": [visit_json(line) for line in offer.visits],
    }
    _note_taken(listed)
    return unchanged(offer.etag) or packed(content, offer.etag)


def _note_taken(listed: list[dict[str, Any]]) -> None:
    device = device_asked()
    if device:
        with leaving_a_trace():
            db.session.rollback()
            tablet = tablets.seen(viewer, device, agent=request.user_agent.string or "")
            tablets.took_along(tablet, listed)
            db.session.commit()


@bp.get("/sync/bundle/common")
@requires(Permission.INSPECT)
@keeps_its_word
def common() -> ResponseReturnValue:
    """What all visits need. Schools and drafts come as the pages that the tablet keeps."""
    offer = bundle.offer(viewer, also=_asked())
    stamp = offer.parts[0].stamp
    content = {"key": "common", "etag": stamp} | parts.common(viewer, [one.area_code for one in offer.schools])
    return unchanged(stamp) or packed(content, stamp)
