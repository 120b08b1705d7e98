"""Default deny: a view says what it needs, or nobody gets in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.local import LocalProxy

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Declare the permissions of which a view needs one."""

    def mark(view: View) -> View:
        view.permission = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return mark


def _viewer() -> Viewer:
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        raise RuntimeError("nobody is signed in here")
    return viewer


#: Who is looking at this request. Only in views that declare a permission.
viewer: Viewer = LocalProxy(_viewer)  # type: ignore[assignment]


def signed_in() -> Viewer | None:
    """The viewer, or None where nobody is signed in."""
    found: Viewer | None = g.get("viewer")
    return found


def can(permission: Permission | str) -> bool:
    """Whether the viewer may; templates ask this for every button and menu entry."""
    found = signed_in()
    return found is not None and found.may(permission)


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith(("/sync/", "/api/")):
        return jsonify(error="sign_in", message="sign in first"), 401
    back = request.full_path.rstrip("?") if request.method == "GET" else request.referrer and ""
    return redirect(url_for("accounts.sign_in", next=back or None))


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    needed = getattr(current_app.view_functions[request.endpoint], "permission", None)
    if needed == "public":
        return None
    if needed is None:
        log.error("the view %s declares no permission and is refused", request.endpoint)
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not (needed & _viewer().permissions):
        abort(403)
    return None


def register(app: Flask) -> None:
    """Guard every request, and let templates ask."""
    app.before_request(_guard)
    app.jinja_env.globals.update(can=can, signed_in=signed_in)
