"""Operations that a tablet sends."""

from __future__ import annotations

import json
import uuid

import sqlalchemy as sa
from flask import jsonify, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.core.extensions import db
from app.sync import reading
from app.sync.build import build
from app.sync.queries import changes
from app.sync.reading import Request, Unreadable
from app.sync.rules import LARGEST_BODY
from app.sync.service import receiving, tablets
from app.sync.views.blueprint import bp, keeps_its_word, received, refusal


@bp.post("/sync/ops")
@requires(Permission.USE_TABLETS)
@keeps_its_word
def operations() -> ResponseReturnValue:
    """Take in what the tablet sent, in one transaction, and tell it what others did."""
    body, is_whole = received(LARGEST_BODY)
    if len(body) > LARGEST_BODY:
        return refusal(413, "too_many")
    if not is_whole:
        return refusal(400, "cut")
    try:
        wish = reading.request_of(json.loads(body))
    except (ValueError, RecursionError):
        return refusal(400, "bad_request")
    except Unreadable as problem:
        return refusal(problem.status, problem.code)
    proven = tablets.proven(wish.device, grants=wish.grants, passwords=wish.passwords)
    if wish.passwords:
        db.session.commit()  # tries of a password count whatever becomes of the rest
    try:
        return _take_in(wish, proven)
    except sa.exc.IntegrityError:  # two tablets brought the same operation at once: now the other one's stands
        db.session.rollback()
        return _take_in(wish, proven)


def _take_in(wish: Request, proven: frozenset[uuid.UUID]) -> ResponseReturnValue:
    tablet = tablets.seen(viewer, wish.device, agent=request.user_agent.string or "", build=wish.build)
    tablets.reported(tablet, waiting=wish.waiting, client_now=wish.client_now)
    told = receiving.receive(viewer, wish, proven=proven)
    results = [one.as_json() for one in told]
    news, cursor = changes.since(viewer, wish.cursor, brought=receiving.brought(told))
    db.session.commit()
    return jsonify(
        results=results, changes=news, cursor=cursor, server_now=clock.now().isoformat(timespec="milliseconds"), build=build()
    )  # fmt: skip
