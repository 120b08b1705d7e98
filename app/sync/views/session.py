"""The beginning of every sync: who is signed in, the token, the clock; and the token for a second person."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.db import leaving_a_trace
from app.core.extensions import db
from app.sync import rules
from app.sync.build import build
from app.sync.reading import as_text
from app.sync.service import tablets
from app.sync.views.blueprint import bp, keeps_its_word, refusal


def device_asked() -> str:
    """The tablet that is asking, when it says so."""
    return as_text(request.args.get("device", ""), 64)


@bp.get("/sync/session")
@requires(Permission.USE_TABLETS)
@keeps_its_word
def session() -> ResponseReturnValue:
    """Who is signed in here, and what the next requests need."""
    device = device_asked()
    if device:
        with leaving_a_trace():
            db.session.rollback()
            label = as_text(request.headers.get("X-Device", ""), 80)
            tablets.seen(viewer, device, agent=request.user_agent.string or "", label=label)
            db.session.commit()
    answer = jsonify(
        user={
            "id": str(viewer.person_id), "name": viewer.name, "username": viewer.username, "brigade": viewer.own_brigade_name,
            "roles": sorted(viewer.roles), "may_inspect": viewer.may(Permission.INSPECT),
        },
        csrf=generate_csrf(),
        server_now=clock.now().isoformat(timespec="milliseconds"),
        build=build(),
        proto=rules.PROTO,
        min_proto=rules.MIN_PROTO,
        limits={
            "ops": rules.MOST_OPS, "body": rules.LARGEST_BODY, "piece": rules.LARGEST_PIECE, "blob": rules.LARGEST_BLOB,
        },
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/sync/key")
@requires(Permission.USE_TABLETS)
@keeps_its_word
def key() -> ResponseReturnValue:
    """The server's part of the key under which this person's work lies on this tablet; empty when they did not just sign in."""
    part = tablets.key_part(viewer, device) if (device := device_asked()) else None
    answer = jsonify(person=str(viewer.person_id), name=viewer.name, part=part.hex() if part else "")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/sync/grant")
@requires(Permission.USE_TABLETS)
@keeps_its_word
def grant() -> ResponseReturnValue:
    """The token that says: this person signed in on this tablet."""
    body = request.get_json(silent=True)
    device = as_text(body.get("device"), 64) if isinstance(body, dict) else ""
    if not device:
        return refusal(400, "bad_request")
    token, until = tablets.grant(viewer, tablets.seen(viewer, device, agent=request.user_agent.string or ""))
    db.session.commit()
    return jsonify(person=str(viewer.person_id), grant=token, until=until.isoformat())
