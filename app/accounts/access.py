"""Default deny: a view says what it needs, or nobody gets in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.local import LocalProxy

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.errors import csrf_error, wants_json

log = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., Any])
#: Fields that no page gives back: secrets, and the token of the page they came from.
NEVER_ECHOED = frozenset({"csrf_token", "password", "again", "old", "new"})


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
    """The viewer, or None where nobody is signed in. Asks nothing of the database, so it serves error pages too."""
    found: Viewer | None = g.get("viewer")
    return found


def recognise() -> Viewer | None:
    """The same on a public page, where nobody has looked yet who is there."""
    return signed_in() if current_user.is_authenticated else None


def can(permission: Permission | str) -> bool:
    """Whether the viewer may; templates ask this for every button and menu entry."""
    found = signed_in()
    return found is not None and found.may(permission)


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json():
        return jsonify(error="sign_in", message=_("请先登录。")), 401
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    typed, chosen = _sent()
    if not typed and not chosen:
        return redirect(url_for("accounts.sign_in"))
    return _kept_page(typed, chosen), 401


def _sent() -> tuple[list[tuple[str, str]], list[str]]:
    """What was typed into the form that was sent, and the names of the files with it."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_ECHOED]
    chosen = [file.filename for _name, files in request.files.lists() for file in files if file.filename]
    return typed, chosen


def _kept_page(typed: list[tuple[str, str]], chosen: list[str]) -> str:
    """Whatever was typed stays on this page, ready to be sent again once its author has signed in."""
    action = request.full_path.rstrip("?")
    known = recognise() is not None
    return render_template("accounts/signed_out.html", typed=typed, lost=chosen, action=action, known=known)


def _is_from_here() -> bool:
    """Whether the browser says that a page of this site has sent this; only a browser's own word counts."""
    told = request.headers.get("Sec-Fetch-Site")
    return told == "same-origin" if told else request.headers.get("Origin") == request.host_url.rstrip("/")


def _form_expired(problem: CSRFError) -> ResponseReturnValue:
    """A page that outlived its session: another site cannot have sent it, so what was typed is shown again to be sent anew."""
    typed, chosen = _sent()
    secret = set(request.form) & (NEVER_ECHOED - {"csrf_token"})
    kept = request.method == "POST" and not wants_json() and not secret and _is_from_here() and (typed or chosen)
    return (_kept_page(typed, chosen), 400) if kept else csrf_error(problem)


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
    app.register_error_handler(CSRFError, _form_expired)
    app.jinja_env.globals.update(can=can, signed_in=signed_in)
