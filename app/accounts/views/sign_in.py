"""Signing in and out."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import service, sessions
from app.accounts.access import recognise, requires, viewer
from app.accounts.forms.sign_in import SignInForm
from app.accounts.policy import Permission
from app.accounts.views.base import bp
from app.core.extensions import db
from app.core.i18n import safe_back
from app.core.web import public


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Open a sign-in; tries are counted per name and address before the password is looked at."""
    form = SignInForm(next=request.args.get("next", ""))
    if recognise() and request.method == "GET":
        return redirect(safe_back(form.next.data, "/"))
    if form.validate_on_submit():
        keys = [f"sign-in:{form.username.data.lower()}", f"sign-in-from:{request.remote_addr}"]
        allowed = [
            service.count_attempt(key, most=n, window_s=service.TRY_WINDOW_S)
            for key, n in zip(keys, (service.SIGN_IN_TRIES, service.TRIES_PER_ADDRESS), strict=True)
        ]
        db.session.commit()
        if not all(allowed):
            form.form_errors.append(_("尝试次数过多，请 5 分钟后再试。"))
            return render_template("accounts/sign_in.html", form=form), 429
        opened = service.sign_in(
            username=form.username.data.strip().lower(),
            password=form.password.data,
            address=request.remote_addr or "",
            agent=request.user_agent.string or "",
        )
        if opened:
            service.forget_attempts(keys[:1])
            db.session.commit()
            sessions.start(opened[1], opened[0])
            return redirect(safe_back(form.next.data, "/"))
        form.form_errors.append(_("登录名或密码不正确。"))
    return render_template("accounts/sign_in.html", form=form), 422 if request.method == "POST" else 200


@bp.post("/sign-out")
@requires(Permission.OWN_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End this sign-in."""
    if viewer.sign_in_id:
        service.sign_out(viewer, sign_in_id=viewer.sign_in_id)
    db.session.commit()
    sessions.stop()
    flash(_("已退出登录。"))
    return redirect(url_for("accounts.sign_in"))
