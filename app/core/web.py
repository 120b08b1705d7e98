"""What every answer carries: security headers, health addresses, choice of language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, g, has_request_context, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from app.core.i18n import requested_back, wants

bp = Blueprint("web", __name__)
#: What a visitor may choose; without a choice the device decides.
THEMES = ("light", "dark", "contrast")
View = TypeVar("View", bound=Callable[..., Any])
Thing = TypeVar("Thing")

CONTENT_SECURITY = (
    "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


def public(view: View) -> View:
    """Mark a view that anybody may call. Every other view declares a permission, or is refused."""
    view.permission = "public"  # type: ignore[attr-defined]
    return view


def found(thing: Thing | None) -> Thing:
    """The thing, or the page that says it is not there: what a viewer may not see does not exist."""
    if thing is None:
        abort(404)
    return thing


def here() -> str:
    """The page that the visitor is on: of an answer to a form whose address takes nothing but forms, the page it came from."""
    rule = request.url_rule
    if request.method in ("GET", "HEAD") or (rule is not None and "GET" in (rule.methods or ())):
        return request.full_path if request.query_string else request.path
    came = urlsplit(request.referrer or "")
    return (f"{came.path}?{came.query}" if came.query else came.path or "/") if came.netloc == request.host else "/"


def once_per_request(find: Callable[[], Thing]) -> Callable[[], Thing]:
    """Find something once for all that ask within a request; outside of one it is found each time."""
    key = f"once:{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def kept() -> Thing:
        if not has_request_context():
            return find()
        if key not in g:
            setattr(g, key, find())
        found: Thing = getattr(g, key)
        return found

    return kept


@bp.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the visitor's language and go back to the page."""
    wants(request.form.get("language", ""))
    return redirect(requested_back("/"))


@bp.post("/theme")
@public
def choose_theme() -> ResponseReturnValue:
    """Keep the light, dark or high-contrast look on this device and go back to the page."""
    answer = redirect(requested_back("/"))
    theme = request.form.get("theme", "")
    if theme in THEMES:
        answer.set_cookie("theme", theme, max_age=365 * 86400, samesite="Lax", httponly=True, secure=request.is_secure)
    else:
        answer.delete_cookie("theme")
    return answer


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


def _headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store" if request.method != "GET" else "private, no-cache")
    return response


def register(app: Flask) -> None:
    """Attach headers and the addresses above."""
    app.after_request(_headers)
    app.jinja_env.globals.update(THEMES=THEMES, here=here)
    app.register_blueprint(bp)
