"""One's own account, and the hub of administration."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import queries, service, sessions
from app.accounts.access import requires, viewer
from app.accounts.forms.sign_in import ChangePasswordForm, OwnDetailsForm
from app.accounts.models import Person
from app.accounts.policy import ROLE_LABELS, Permission
from app.accounts.views.base import bp
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.panels import rendered_panels


@bp.get("/admin")
@requires(Permission.OWN_ACCOUNT)
def admin() -> ResponseReturnValue:
    """What the viewer may administer, from their own account to the whole brigade."""
    return render_template("accounts/admin.html")


@bp.get("/account")
@requires(Permission.OWN_ACCOUNT)
def account() -> ResponseReturnValue:
    """Who I am here, what I hold, where I am signed in."""
    return _account()


def _account(details: OwnDetailsForm | None = None, password: ChangePasswordForm | None = None) -> ResponseReturnValue:
    person = db.session.get_one(Person, viewer.person_id)
    held = queries.current_memberships(person)
    page = render_template(
        "accounts/account.html",
        person=person,
        held=held,
        places=queries.place_names(held),
        labels=ROLE_LABELS,
        sign_ins=queries.sign_ins_of(person.id),
        details=details or OwnDetailsForm(formdata=None, obj=person),
        password=password or ChangePasswordForm(formdata=None),
        panels=rendered_panels("account", viewer, person),
    )
    return page, 422 if details or password else 200


@bp.post("/account")
@requires(Permission.OWN_ACCOUNT)
def change_details() -> ResponseReturnValue:
    """Change how I can be reached."""
    form = OwnDetailsForm()
    if not form.validate_on_submit():
        return _account(details=form)
    person = db.session.get_one(Person, viewer.person_id)
    service.change_details(
        viewer,
        person=person,
        name=person.name,
        name_bo=person.name_bo,
        phone=form.phone.data or "",
        email=form.email.data or "",
        credential_number=person.credential_number,
    )
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for("accounts.account"))


@bp.post("/account/password")
@requires(Permission.OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change my password; tries are counted as at signing in."""
    form = ChangePasswordForm()
    if not form.validate_on_submit():
        return _account(password=form)
    allowed = service.count_attempt(
        f"password:{viewer.person_id}", most=service.SIGN_IN_TRIES, window_s=service.TRY_WINDOW_S
    )
    db.session.commit()
    if not allowed:
        form.form_errors.append(_("尝试次数过多，请 5 分钟后再试。"))
        return _account(password=form)
    try:
        service.change_password(viewer, old=form.old.data, new=form.new.data)
    except DomainError as refused:
        db.session.rollback()
        form.add_problem(refused)
        return _account(password=form)
    db.session.commit()
    flash(_("密码已修改，其他设备上的登录已全部退出。"))
    return redirect(url_for("accounts.account"))


@bp.post("/account/sign-ins/<uuid:sign_in_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end_sign_in(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    """Sign out one of my browsers or tablets."""
    service.sign_out(viewer, sign_in_id=sign_in_id)
    db.session.commit()
    if sign_in_id == viewer.sign_in_id:
        sessions.stop()
        return redirect(url_for("accounts.sign_in"))
    flash(_("该设备已退出登录。"))
    return redirect(url_for("accounts.account"))


@bp.post("/account/sign-ins/end-all")
@requires(Permission.OWN_ACCOUNT)
def end_all_sign_ins() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    service.sign_out_everywhere(viewer)
    db.session.commit()
    sessions.stop()
    flash(_("所有设备都已退出登录。"))
    return redirect(url_for("accounts.sign_in"))
