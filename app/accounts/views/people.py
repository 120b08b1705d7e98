"""The people of the viewer's units and schools: invite, look at, hand over, end."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app.accounts import queries, service
from app.accounts.access import requires, viewer
from app.accounts.forms.people import (
    BeginForm,
    EndForm,
    HandOverForm,
    InviteForm,
    PeopleFilter,
    PersonForm,
    RoleForm,
    place_ids,
)
from app.accounts.limits import limit
from app.accounts.models import SCHOOL_ROLES, Invitation, Membership, Person, Role
from app.accounts.policy import ROLE_LABELS, Permission, roles_given_by
from app.accounts.views.base import bp
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.paging import page
from app.core.web import found
from app.organisations.queries import units

STATES = {"": _l("在岗"), "former": _l("已离任"), "inactive": _l("账号停用"), "all": _l("全部")}
MANAGERS = (Permission.MANAGE_PEOPLE, Permission.INVITE_SCHOOL_STAFF)


def _roles() -> list[Role]:
    given = roles_given_by(viewer.permissions, is_school=viewer.is_school)
    return [role for role in Role if role in given]


@bp.get("/admin/people")
@requires(*MANAGERS)
def people() -> ResponseReturnValue:
    """The people the viewer looks after."""
    form = PeopleFilter(request.args)
    form.role.choices = [SelectChoice("", _("全部岗位")), *[SelectChoice(r.value, ROLE_LABELS[r]) for r in Role]]
    form.state.choices = [SelectChoice(value, label) for value, label in STATES.items()]
    form.validate()
    role = next((r for r in Role if r.value == form.role.data), None)
    state = form.state.data if form.state.data in STATES else ""
    found_people = page(
        queries.people(viewer, search=form.q.data or "", role=role, state=state or ""),
        keys=[(Person.sort_name, False), (Person.id, False)],
        key=request.args.get("page"),
        size=40,
    )
    held = [m for person in found_people.rows for m in queries.current_memberships(person)]
    return render_template(
        "accounts/people.html",
        form=form,
        found=found_people,
        held={person.id: queries.current_memberships(person) for person in found_people.rows},
        places=queries.place_names(held),
        labels=ROLE_LABELS,
        keep={"q": form.q.data, "role": form.role.data, "state": form.state.data},
    )


@bp.get("/admin/invitations")
@requires(*MANAGERS)
def invitations() -> ResponseReturnValue:
    """The invitations to the viewer's places, the newest first."""
    found_page = page(
        queries.invitations(viewer),
        keys=[(Invitation.made_at, True), (Invitation.id, True)],
        key=request.args.get("page"),
        size=40,
    )
    return render_template(
        "accounts/invitations.html",
        found=found_page,
        places=queries.place_names(found_page.rows),
        labels=ROLE_LABELS,
        state=service.invitation_state,
    )


def _place_choices(form: RoleForm, school: tuple[uuid.UUID, str] | None) -> None:
    if school:
        form.place.choices = [SelectChoice(f"school:{school[0]}", school[1])]
        form.place.data = form.place.data or f"school:{school[0]}"
        roles = [r for r in _roles() if r in SCHOOL_ROLES]
    else:
        form.place.choices = [
            SelectChoice("", _("请选择")),
            *[SelectChoice(f"brigade:{b.id}", b.name, optgroup=_("消防救援单位")) for b in units(viewer.brigade_ids)],
            *[
                SelectChoice(f"area:{a.code}", _("%(area)s教育局", area=a.name), optgroup=_("教育局"))
                for a in queries.areas_to_staff(viewer)
            ],
        ]
        roles = [r for r in _roles() if r not in SCHOOL_ROLES]
    form.role.choices = [SelectChoice("", _("请选择")), *[SelectChoice(r.value, ROLE_LABELS[r]) for r in roles]]


def _chosen_school() -> tuple[uuid.UUID, str] | None:
    """The school of the query string, or the only one the viewer has."""
    asked = request.args.get("school", "")
    if not asked and not viewer.is_school:
        return None
    schools = queries.schools_to_staff(viewer, search="") if not asked else []
    if asked:
        try:
            one = queries.school_to_staff(viewer, uuid.UUID(asked))
        except ValueError:
            one = None
        return found(one)
    return schools[0] if len(schools) == 1 else None


@bp.route("/admin/people/invite", methods=["GET", "POST"])
@requires(*MANAGERS)
@limit("invite", most=60, window_s=3600)
def invite() -> ResponseReturnValue:
    """Invite somebody to a role at a unit, a bureau, or a school that was chosen before."""
    school = _chosen_school()
    form = InviteForm()
    _place_choices(form, school)
    if form.validate_on_submit():
        try:
            invitation, token = service.invite(
                viewer,
                name=form.name.data,
                role=Role(form.role.data),
                title=form.title.data or "",
                **place_ids(form.place.data),
            )
            db.session.commit()
            session["link"] = [str(invitation.id), token]
            return redirect(url_for("accounts.invitation", invitation_id=invitation.id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    search = request.args.get("q", "").strip()
    page_text = render_template(
        "accounts/invite.html",
        form=form,
        school=school,
        search=search,
        schools=queries.schools_to_staff(viewer, search=search) if not school and (search or viewer.is_school) else [],
        whole=viewer.may(Permission.MANAGE_PEOPLE),
    )
    return page_text, 422 if request.method == "POST" else 200


@bp.get("/admin/invitations/<uuid:invitation_id>")
@requires(*MANAGERS)
def invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """One invitation; in the browser that made it also its link, which is kept nowhere else."""
    one = found(queries.invitation(viewer, invitation_id))
    kept = session.get("link", ["", ""])
    return render_template(
        "accounts/invitation.html",
        invitation=one,
        token=kept[1] if kept[0] == str(one.id) else "",
        role=ROLE_LABELS[one.role],
        place=next(iter(queries.place_names([one]).values()), ""),
        state=service.invitation_state(one),
    )


@bp.post("/admin/invitations/<uuid:invitation_id>/withdraw")
@requires(*MANAGERS)
def withdraw_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Make an invitation's link useless."""
    service.withdraw_invitation(viewer, invitation=found(queries.invitation(viewer, invitation_id)))
    db.session.commit()
    flash(_("邀请已撤回，链接不再有效。"))
    return redirect(url_for("accounts.invitations"))


@bp.post("/admin/invitations/<uuid:invitation_id>/again")
@requires(*MANAGERS)
@limit("invite", most=60, window_s=3600)
def invite_again(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw an unused invitation and make a new link for the same person and role."""
    old = found(queries.invitation(viewer, invitation_id))
    service.withdraw_invitation(viewer, invitation=old)
    fresh, token = service.invite(
        viewer,
        name=old.name,
        role=old.role,
        title=old.title,
        brigade_id=old.brigade_id,
        school_id=old.school_id,
        area_code=old.area_code,
    )
    db.session.commit()
    session["link"] = [str(fresh.id), token]
    return redirect(url_for("accounts.invitation", invitation_id=fresh.id))


@bp.get("/admin/people/<uuid:person_id>")
@requires(*MANAGERS)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """One person: what they hold and held at the viewer's places."""
    return _person(found(queries.person(viewer, person_id)))


def _person(one: Person, *, form: PersonForm | None = None, begin: BeginForm | None = None) -> ResponseReturnValue:
    memberships = queries.memberships_of(one.id)
    mine = queries.looked_after(viewer, one.id)
    begin_form = begin or BeginForm(formdata=None, from_day=clock.today())
    _place_choices(begin_form, queries.school_of_staff(viewer, one.id))
    kept = session.get("link", ["", ""])
    page_text = render_template(
        "accounts/person.html",
        person=one,
        memberships=memberships,
        mine=mine,
        places=queries.place_names([m for m in memberships if m.id in mine]),
        labels=ROLE_LABELS,
        form=form or PersonForm(formdata=None, obj=one),
        begin=begin_form,
        end=EndForm(formdata=None),
        open_sign_ins=len(queries.sign_ins_of(one.id)),
        token=kept[1] if kept[0] == f"person:{one.id}" else "",
    )
    return page_text, 422 if form or begin else 200


@bp.post("/admin/people/<uuid:person_id>")
@requires(*MANAGERS)
def change_person(person_id: uuid.UUID) -> ResponseReturnValue:
    """Change how somebody is named and reached."""
    one = found(queries.person(viewer, person_id))
    form = PersonForm()
    if not form.validate_on_submit():
        return _person(one, form=form)
    service.check_whole_reach(viewer, one)
    service.change_details(
        viewer,
        person=one,
        name=form.name.data or "",
        name_bo=form.name_bo.data or "",
        phone=form.phone.data or "",
        email=form.email.data or "",
        credential_number=form.credential_number.data or "",
    )
    db.session.commit()
    flash(_("已保存。"))
    return redirect(url_for("accounts.person", person_id=one.id))


@bp.post("/admin/people/<uuid:person_id>/memberships")
@requires(*MANAGERS)
def begin_membership(person_id: uuid.UUID) -> ResponseReturnValue:
    """Give somebody a further role."""
    one = found(queries.person(viewer, person_id))
    form = BeginForm()
    _place_choices(form, queries.school_of_staff(viewer, one.id))
    if form.validate_on_submit():
        try:
            service.begin_membership(
                viewer,
                person=one,
                role=Role(form.role.data),
                title=form.title.data or "",
                from_day=form.from_day.data,
                **place_ids(form.place.data),
            )
            db.session.commit()
            flash(_("岗位已设置。"))
            return redirect(url_for("accounts.person", person_id=one.id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    return _person(one, begin=form)


def _own_membership(person_id: uuid.UUID, membership_id: uuid.UUID) -> Membership:
    held = found(queries.membership(viewer, membership_id))
    return found(held if held.person_id == person_id else None)


@bp.post("/admin/people/<uuid:person_id>/memberships/<uuid:membership_id>/end")
@requires(*MANAGERS)
def end_membership(person_id: uuid.UUID, membership_id: uuid.UUID) -> ResponseReturnValue:
    """End a role, at once or with a last day."""
    held = _own_membership(person_id, membership_id)
    form = EndForm()
    if not form.validate_on_submit():
        raise DomainError(next(iter(form.last_day.errors), _("请输入有效的日期。")))
    service.end_membership(viewer, membership=held, last_day=form.last_day.data)
    db.session.commit()
    flash(_("任职已结束。"))
    return redirect(url_for("accounts.person", person_id=person_id))


@bp.route("/admin/people/<uuid:person_id>/memberships/<uuid:membership_id>/hand-over", methods=["GET", "POST"])
@requires(*MANAGERS)
def hand_over(person_id: uuid.UUID, membership_id: uuid.UUID) -> ResponseReturnValue:
    """Hand a role over to somebody else from a day on."""
    held = _own_membership(person_id, membership_id)
    others = [p for p in queries.possible_successors(viewer, held) if p.id != held.person_id]
    form = HandOverForm(from_day=clock.today())
    form.successor.choices = [SelectChoice("", _("请选择")), *[SelectChoice(str(p.id), p.name) for p in others]]
    if form.validate_on_submit():
        try:
            successor = next(p for p in others if str(p.id) == form.successor.data)
            service.hand_over(viewer, membership=held, successor=successor, from_day=form.from_day.data)
            db.session.commit()
            flash(_("岗位已交接给%(name)s。", name=successor.name))
            return redirect(url_for("accounts.person", person_id=person_id))
        except DomainError as refused:
            db.session.rollback()
            form.add_problem(refused)
    page_text = render_template(
        "accounts/hand_over.html",
        form=form,
        held=held,
        role=ROLE_LABELS[held.role],
        place=next(iter(queries.place_names([held]).values()), ""),
        others=others,
    )
    return page_text, 422 if request.method == "POST" else 200


@bp.post("/admin/people/<uuid:person_id>/deactivate")
@requires(*MANAGERS)
def deactivate(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody sign in no more, at once."""
    service.deactivate(viewer, person=found(queries.person(viewer, person_id)))
    db.session.commit()
    flash(_("账号已停用，其所有登录已退出。"))
    return redirect(url_for("accounts.person", person_id=person_id))


@bp.post("/admin/people/<uuid:person_id>/reactivate")
@requires(*MANAGERS)
def reactivate(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let somebody sign in again."""
    service.reactivate(viewer, person=found(queries.person(viewer, person_id)))
    db.session.commit()
    flash(_("账号已恢复。"))
    return redirect(url_for("accounts.person", person_id=person_id))


@bp.post("/admin/people/<uuid:person_id>/password-link")
@requires(*MANAGERS)
def make_password_link(person_id: uuid.UUID) -> ResponseReturnValue:
    """Make a link with which somebody sets a new password; it is shown once, here."""
    one = found(queries.person(viewer, person_id))
    _link, token = service.make_password_link(viewer, person=one)
    db.session.commit()
    session["link"] = [f"person:{one.id}", token]
    flash(_("重设密码的链接已生成，见下方。"))
    return redirect(url_for("accounts.person", person_id=one.id))
