"""What the holder of a link may do without an account: take up an invitation, set a new password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries, service
from app.accounts.access import recognise
from app.accounts.forms.sign_in import NewPasswordForm, TakeUpForm
from app.accounts.limits import limit
from app.accounts.models import Invitation, PasswordLink
from app.accounts.policy import ROLE_LABELS
from app.accounts.views.base import bp
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.web import public


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
@limit("link", most=60, methods=("GET", "POST"))
def take_up(token: str) -> ResponseReturnValue:
    """Make an account by invitation, or take the role up with the account that is signed in."""
    invitation = queries.invitation_by_hash(service.token_hash(token))
    if invitation is None or not service.is_open(invitation):
        return _useless(invitation, _("邀请"))
    form = TakeUpForm(name=invitation.name)
    me = recognise()
    try:
        if me and request.method == "POST" and "join" in request.form:
            service.join(me, token=token)
            db.session.commit()
            flash(_("已接受邀请。"))
            return redirect("/")
        if form.validate_on_submit():
            person = service.take_up(
                token=token, username=form.username.data, name=form.name.data, password=form.password.data
            )
            db.session.commit()
            flash(_("账号已建立，请用登录名 %(name)s 登录。", name=person.username))
            return redirect(url_for("accounts.sign_in"))
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
    places = queries.place_names([invitation])
    page = render_template(
        "accounts/take_up.html",
        form=form,
        invitation=invitation,
        role=ROLE_LABELS[invitation.role],
        place=next(iter(places.values()), ""),
        me=me,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/password/<token>", methods=["GET", "POST"])
@public
@limit("link", most=60, methods=("GET", "POST"))
def new_password(token: str) -> ResponseReturnValue:
    """Set a new password by a link from an administrator."""
    link = queries.password_link_by_hash(service.token_hash(token))
    if link is None or not service.is_open(link):
        return _useless(link, _("链接"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            person = service.set_password_by_link(token=token, password=form.password.data)
            db.session.commit()
            flash(_("新密码已生效，请用登录名 %(name)s 登录。", name=person.username))
            return redirect(url_for("accounts.sign_in"))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    page = render_template("accounts/new_password.html", form=form, person=link.person)
    return page, 422 if request.method == "POST" else 200


def _useless(link: Invitation | PasswordLink | None, what: str) -> ResponseReturnValue:
    state = service.invitation_state(link) if link else "unknown"
    page = render_template("accounts/useless_link.html", what=what, state=state, link=link)
    return page, 410 if link else 404
