"""Links by which people make their own account, take up a role, or set a new password."""

from __future__ import annotations

import secrets
import uuid
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.models import Invitation, PasswordLink, Person, Role
from app.accounts.service.passwords import check_new_password, hash_password
from app.accounts.service.people import add_person, begin_membership, check_place, check_reach, check_whole_reach
from app.accounts.service.sign_ins import end_sign_ins_of, token_hash
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db

INVITATION_LASTS = timedelta(days=14)
PASSWORD_LINK_LASTS = timedelta(days=2)


def invite(
    by: Viewer,
    *,
    name: str,
    role: Role,
    brigade_id: uuid.UUID | None = None,
    school_id: uuid.UUID | None = None,
    area_code: str | None = None,
    title: str = "",
) -> tuple[Invitation, str]:
    """Make an invitation and return it with the token of its link, which is kept nowhere."""
    check_place(role, brigade_id=brigade_id, school_id=school_id, area_code=area_code)
    check_reach(by, role, brigade_id=brigade_id, school_id=school_id, area_code=area_code)
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        token_hash=token_hash(token),
        name=name.strip(),
        role=role,
        brigade_id=brigade_id,
        school_id=school_id,
        area_code=area_code,
        title=title.strip(),
        made_by_id=by.person_id,
        expires_at=clock.now() + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(
        by, "invite", subject="invitation", subject_id=invitation.id, detail={"role": role.value, "name": name}
    )
    return invitation, token


def invitation_state(invitation: Invitation | PasswordLink) -> str:
    """open, used, withdrawn or expired."""
    if invitation.used_at is not None:
        return "used"
    if invitation.withdrawn_at is not None:
        return "withdrawn"
    return "open" if invitation.expires_at > clock.now() else "expired"


def is_open(invitation: Invitation | PasswordLink | None) -> bool:
    """Whether a link can still be used."""
    return invitation is not None and invitation_state(invitation) == "open"


def withdraw_invitation(by: Viewer, *, invitation: Invitation) -> None:
    """Make a link useless. Twice does no harm; one that was used cannot be withdrawn."""
    if invitation.used_at is not None:
        raise DomainError(_("邀请已被使用，不能撤回；如需收回权限，请结束其任职。"))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = clock.now()
        audit.record(by, "withdraw_invitation", subject="invitation", subject_id=invitation.id)


def _open_invitation(token: str) -> Invitation:
    invitation = queries.invitation_by_hash(token_hash(token))
    if invitation is None or not is_open(invitation):
        raise DomainError(_("邀请已失效或已被使用，请向邀请人索取新的链接。"))
    if not _still_backed(invitation):
        raise DomainError(_("邀请人已无权邀请，请向所属大队索取新的链接。"))
    return invitation


def _still_backed(invitation: Invitation) -> bool:
    if not invitation.made_by.active:
        return False
    try:
        check_reach(
            queries.viewer_for(invitation.made_by),
            invitation.role,
            brigade_id=invitation.brigade_id,
            school_id=invitation.school_id,
            area_code=invitation.area_code,
        )
    except DomainError:
        return False
    return True


def _fulfil(invitation: Invitation, person: Person) -> None:
    # Taken by one browser only, even when two post at once.
    taken = db.session.execute(
        sa.update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
        .values(used_at=clock.now(), person_id=person.id)
    )
    if getattr(taken, "rowcount", 0) != 1:
        raise DomainError(_("邀请已失效或已被使用，请向邀请人索取新的链接。"))
    begin_membership(
        None,
        person=person,
        role=invitation.role,
        brigade_id=invitation.brigade_id,
        school_id=invitation.school_id,
        area_code=invitation.area_code,
        title=invitation.title,
    )
    audit.record(person, "take_up_invitation", subject="invitation", subject_id=invitation.id)


def take_up(*, token: str, username: str, name: str, password: str) -> Person:
    """Make the account an invitation was sent for, and its membership. Refuses one that is used, withdrawn or past."""
    invitation = _open_invitation(token)
    person = add_person(None, username=username, name=name or invitation.name, password=password)
    _fulfil(invitation, person)
    return person


def join(viewer: Viewer, *, token: str) -> None:
    """Take up an invitation with the account one has already."""
    _fulfil(_open_invitation(token), db.session.get_one(Person, viewer.person_id))


def make_password_link(by: Viewer, *, person: Person) -> tuple[PasswordLink, str]:
    """Make a link with which the person sets a new password; earlier ones become useless."""
    check_whole_reach(by, person)
    if not person.active:
        raise DomainError(_("账号已停用，请先恢复。"))
    db.session.execute(
        sa.update(PasswordLink)
        .where(PasswordLink.person_id == person.id, PasswordLink.used_at.is_(None), PasswordLink.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    token = secrets.token_urlsafe(24)
    link = PasswordLink(
        token_hash=token_hash(token),
        person_id=person.id,
        made_by_id=by.person_id,
        expires_at=clock.now() + PASSWORD_LINK_LASTS,
    )
    db.session.add(link)
    db.session.flush()
    audit.record(by, "make_password_link", subject="person", subject_id=person.id)
    return link, token


def set_password_by_link(*, token: str, password: str) -> Person:
    """Set the password a link was made for; the link is used up and every sign-in of the person ends."""
    link = queries.password_link_by_hash(token_hash(token))
    if link is None or not is_open(link) or not link.person.active:
        raise DomainError(_("链接已失效或已被使用，请向管理员索取新的链接。"))
    check_new_password(password, username=link.person.username)
    link.used_at = clock.now()
    link.person.password_hash = hash_password(password)
    end_sign_ins_of(link.person_id)
    audit.record(link.person, "set_password_by_link", subject="person", subject_id=link.person_id)
    return link.person
