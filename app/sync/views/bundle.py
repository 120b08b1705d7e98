"""What a tablet takes along."""

from __future__ import annotations

import gzip
import json
import uuid
from typing import Any

from flask import Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.db import leaving_a_trace
from app.core.extensions import db
from app.core.i18n import language_tag
from app.core.web import found
from app.inspections import sheet
from app.sync.build import build
from app.sync.queries import bundle, parts
from app.sync.queries.bundle import Offer, Part, visit_json
from app.sync.reading import as_id
from app.sync.service import tablets
from app.sync.views.blueprint import bp, keeps_its_word
from app.sync.views.session import device_asked

WORTH_PACKING = 1000


def packed(content: dict[str, Any], etag: str) -> Response:
    """JSON with its ETag, packed where the browser can open it."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    answer = Response(body, mimetype="application/json")
    answer.headers["Vary"] = "Cookie, Accept-Encoding"
    answer.headers["Cache-Control"] = "private, no-cache"
    if len(body) > WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    answer.set_etag(etag)
    return answer


def unchanged(etag: str) -> Response | None:
    """The answer to somebody who has it already."""
    if not request.if_none_match.contains(etag):
        return None
    answer = Response(status=304)
    answer.set_etag(etag)
    return answer


def _asked() -> list[uuid.UUID]:
    ids = (as_id(text) for text in request.args.getlist("school")[: bundle.MOST_SCHOOLS])
    return [key for key in ids if key is not None]


def _told(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {
        "key": part.key,
        "etag": part.stamp,
        "url": url_for("sync.bundle_part", bundle_part=part.key),
    }
    if part.title:
        told["title"] = part.title
    if part.school_id:
        told["school"] = str(part.school_id)
    return told


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


@bp.get("/sync/bundle/<bundle_part>")
@requires(Permission.INSPECT)
@keeps_its_word
def bundle_part(bundle_part: str) -> ResponseReturnValue:
    """One part: what is common, a school, or a draft."""
    kind, _dash, text = bundle_part.partition("-")
    key = as_id(text)
    if bundle_part != "common" and (kind not in ("school", "draft") or key is None):
        abort(404)
    offer = bundle.offer(viewer, also=[key] if kind == "school" and key else _asked())
    part = found(next((one for one in offer.parts if one.key == bundle_part), None))
    return unchanged(part.stamp) or packed({"key": part.key, "etag": part.stamp} | _content(part, offer), part.stamp)


def _content(part: Part, offer: Offer) -> dict[str, Any]:
    kind, _dash, text = part.key.partition("-")
    if kind == "common":
        return parts.common(viewer, [one.area_code for one in offer.schools])
    key = uuid.UUID(text)
    if kind == "school":
        return parts.school(viewer, found(next((s for s in offer.schools if s.id == key), None)))
    return parts.draft(viewer, found(sheet.load(viewer, key)))
