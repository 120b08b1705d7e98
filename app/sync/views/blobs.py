"""Files in pieces: where an upload stands, and the next piece of it."""

from __future__ import annotations

from flask import Response, abort, jsonify, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.extensions import db
from app.sync.reading import as_text
from app.sync.rules import LARGEST_PIECE, is_sha256
from app.sync.service import receiving, uploads
from app.sync.service.uploads import Standing, TooLarge, WrongHash, WrongOffset
from app.sync.views.blueprint import bp, keeps_its_word, received, refusal


def _headers(stands: Standing) -> dict[str, str]:
    return {
        "Upload-Offset": str(stands.offset),
        "Upload-Complete": "?1" if stands.complete else "?0",
        "Cache-Control": "no-store",
    }


def _asked(sha256: str) -> str:
    if not is_sha256(sha256):
        abort(404)
    return sha256


@bp.route("/sync/blobs/<sha256>", methods=["HEAD"], provide_automatic_options=False)
@requires(Permission.USE_TABLETS)
def standing(sha256: str) -> ResponseReturnValue:
    """How far this upload is."""
    return Response(headers=_headers(uploads.standing(viewer.person_id, _asked(sha256))), mimetype="application/json")


@bp.patch("/sync/blobs/<sha256>")
@requires(Permission.USE_TABLETS)
@keeps_its_word
def piece(sha256: str) -> ResponseReturnValue:
    """Take the next piece; with the last one the file is checked, made into pictures, and what waited for it goes on."""
    stands = uploads.standing(viewer.person_id, _asked(sha256))
    db.session.rollback()  # nothing is held while bytes come in and pictures are made
    content, is_whole = received(LARGEST_PIECE)
    if stands.complete:
        return _told(stands)
    offset = request.headers.get("Upload-Offset", "")
    if not offset.isascii() or not offset.isdigit() or len(offset) > 12:
        return refusal(400, "bad_request")
    if len(content) > LARGEST_PIECE:
        return refusal(413, "too_large")
    is_last = is_whole and request.headers.get("Upload-Complete") == "?1"
    try:
        stands = uploads.add_piece(viewer.person_id, sha256, content, offset=int(offset), is_last=is_last)
    except WrongOffset as wrong:
        stands = Standing(offset=wrong.offset, complete=False)
        return _with(stands, refusal(409, "offset", offset=wrong.offset))
    except WrongHash:
        return _with(Standing(offset=0, complete=False), refusal(422, "hash", offset=0))
    except TooLarge:
        return refusal(413, "too_large")
    if not is_whole:
        return _with(stands, refusal(400, "cut", offset=stands.offset))
    return _complete(sha256, stands) if stands.complete else _told(stands)


def _with(stands: Standing, answer: tuple[Response, int]) -> ResponseReturnValue:
    body, status = answer
    return body, status, _headers(stands)


def _told(stands: Standing, **more: object) -> ResponseReturnValue:
    if stands.problem:
        return _with(stands, refusal(422, "bad_picture", stands.problem, offset=stands.offset))
    body = {"offset": stands.offset, "complete": stands.complete} | more
    return jsonify(body), 200, _headers(stands)


def _complete(sha256: str, stands: Standing) -> ResponseReturnValue:
    uploads.prepare_pictures(sha256)
    upload = uploads.note_whole(sha256, person_id=viewer.person_id, device=as_text(request.headers.get("X-Device"), 64))
    stands = Standing(offset=upload.size, complete=True, problem=upload.problem)
    applied = receiving.file_has_come(sha256)
    db.session.commit()
    return _told(stands, applied=[str(op_id) for op_id in applied])
