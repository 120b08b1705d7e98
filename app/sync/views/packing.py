"""Answers that a tablet keeps: packed where the browser can open it, and known by a name that says whether anything changed."""

from __future__ import annotations

import gzip

from flask import Response, request

WORTH_PACKING = 1000


def pack(body: bytes, mimetype: str, etag: str) -> Response:
    """A body with its ETag."""
    answer = Response(body, mimetype=mimetype)
    answer.headers["Vary"] = "Cookie, Accept-Encoding"
    answer.headers["Cache-Control"] = "private, no-cache"
    if len(body) > WORTH_PACKING and request.accept_encodings.quality("gzip") > 0:
        answer.set_data(gzip.compress(body, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    if etag:
        answer.set_etag(etag)
    return answer


def unchanged(etag: str) -> Response | None:
    """304 where the tablet has this already."""
    if not etag or not request.if_none_match.contains(etag):
        return None
    answer = Response(status=304)
    answer.set_etag(etag)
    return answer
