"""What people do about accounts: sign in and out, change a password, invite, begin and end memberships."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Iterable
from datetime import date, timedelta

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.models import (
    BRIGADE_ROLES,
    SCHOOL_ROLES,
    Attempts,
    Invitation,
    Membership,
    Person,
    Role,
    SignIn,
)
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import insert_ignore
from app.core.errors import DomainError
from app.core.extensions import db

STAYS_SIGNED_IN = timedelta(days=7)
INVITATION_LASTS = timedelta(days=14)
SIGN_IN_TRIES, TRY_WINDOW_S = 8, 300
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))


def token_hash(token: str) -> str:
    """What is kept of a token: a leaked table opens nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def count_attempt(key: str, *, most: int, window_s: int) -> bool:
    """Count one attempt in the current window; False when there were too many. Shared by all processes."""
    key, window = key[:120], int(clock.now().timestamp()) // window_s
    db.session.execute(sa.delete(Attempts).where(Attempts.key == key, Attempts.window < window))
    db.session.execute(insert_ignore(Attempts).values(key=key, window=window, count=0))
    count: int = db.session.execute(
        sa.update(Attempts)
        .where(Attempts.key == key, Attempts.window == window)
        .values(count=Attempts.count + 1)
        .returning(Attempts.count)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return count <= most


def password_matches(person: Person | None, password: str) -> bool:
    """Whether the password is the person's; takes as long for nobody as for somebody."""
    try:
        _hasher.verify(person.password_hash if person and person.password_hash else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None and bool(person.password_hash)


def check_new_password(password: str, *, username: str = "") -> None:
    """Refuse a password that is short or the sign-in name. Length is what counts; no rules about signs."""
    if len(password) < 8:
        raise DomainError(_("密码至少 8 个字符。"), field="password")
    if len(password) > 200:
        raise DomainError(_("密码最多 200 个字符。"), field="password")
    if username and password.lower() == username.lower():
        raise DomainError(_("密码不能与登录名相同。"), field="password")


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def sign_in(*, username: str, password: str, address: str, agent: str) -> tuple[SignIn, str] | None:
    """Open a sign-in and return it with its token, or None when name or password is wrong."""
    person = queries.person_by_username(username)
    if not password_matches(person, password) or person is None or not person.active:
        return None
    if _hasher.check_needs_rehash(person.password_hash):
        person.password_hash = _hasher.hash(password)
    token = secrets.token_urlsafe(32)
    opened = SignIn(
        token_hash=token_hash(token),
        person_id=person.id,
        expires_at=clock.now() + STAYS_SIGNED_IN,
        address=address[:64],
        agent=agent[:200],
    )
    db.session.add(opened)
    db.session.flush()
    audit.record(person, "sign_in", subject="person", subject_id=person.id)
    return opened, token


def sign_out(viewer: Viewer, *, sign_in_id: uuid.UUID) -> None:
    """End one of the viewer's own sign-ins."""
    found = db.session.get(SignIn, sign_in_id)
    if found is None or found.person_id != viewer.person_id:
        raise DomainError(_("没有这条登录记录。"))
    if found.ended_at is None:
        found.ended_at = clock.now()
        audit.record(viewer, "sign_out", subject="person", subject_id=viewer.person_id)


def sign_out_everywhere(viewer: Viewer, *, keep: uuid.UUID | None = None) -> int:
    """End all sign-ins of the viewer, but the one kept; returns how many."""
    ended = db.session.execute(
        sa.update(SignIn)
        .where(SignIn.person_id == viewer.person_id, SignIn.ended_at.is_(None), SignIn.id != (keep or uuid.UUID(int=0)))
        .values(ended_at=clock.now())
    )
    audit.record(viewer, "sign_out_everywhere", subject="person", subject_id=viewer.person_id)
    return int(getattr(ended, "rowcount", 0))


def change_password(viewer: Viewer, *, old: str, new: str) -> None:
    """Change one's own password; every other sign-in ends."""
    person = db.session.get_one(Person, viewer.person_id)
    if not password_matches(person, old):
        raise DomainError(_("原密码不正确。"), field="old")
    check_new_password(new, username=person.username)
    person.password_hash = _hasher.hash(new)
    audit.record(viewer, "change_password", subject="person", subject_id=person.id)
    sign_out_everywhere(viewer, keep=viewer.sign_in_id)


def check_username(username: str) -> str:
    """The name to sign in with, lower case. Raises when it has other signs than letters, digits, . _ -"""
    username = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,59}", username):
        raise DomainError(
            _("登录名为 3 至 60 个字符，可用小写字母、数字和 . _ - ，以字母或数字开头。"), field="username"
        )
    if queries.person_by_username(username):
        raise DomainError(_("这个登录名已被使用，请换一个。"), field="username")
    return username


def add_person(
    by: Viewer | None, *, username: str, name: str, password: str = "", phone: str = "", credential_number: str = ""
) -> Person:
    """Add somebody who may sign in. Without a password they cannot, until one is set by invitation."""
    person = Person(
        username=check_username(username),
        name=name.strip(),
        phone=phone,
        credential_number=credential_number,
        password_hash=_hasher.hash(password) if password else "",
    )
    if password:
        check_new_password(password, username=person.username)
    db.session.add(person)
    db.session.flush()
    audit.record(by, "add_person", subject="person", subject_id=person.id, detail={"username": person.username})
    return person


def _place(role: Role, brigade_id: uuid.UUID | None, school_id: uuid.UUID | None, area_code: str | None) -> None:
    fits = (
        (role in BRIGADE_ROLES and brigade_id and not school_id and not area_code)
        or (role in SCHOOL_ROLES and school_id and not brigade_id and not area_code)
        or (role is Role.BUREAU and area_code and not brigade_id and not school_id)
    )
    if not fits:
        raise DomainError(_("岗位与所属单位不符：大队岗位属于大队，学校岗位属于学校，教育局属于行政区。"))


def begin_membership(
    by: Viewer | None,
    *,
    person: Person,
    role: Role,
    brigade_id: uuid.UUID | None = None,
    school_id: uuid.UUID | None = None,
    area_code: str | None = None,
    title: str = "",
    from_day: date | None = None,
) -> Membership:
    """Give a person a role at a brigade, school or area from a day on."""
    _place(role, brigade_id, school_id, area_code)
    membership = Membership(
        person_id=person.id,
        role=role,
        brigade_id=brigade_id,
        school_id=school_id,
        area_code=area_code,
        title=title,
        from_day=from_day or clock.today(),
    )
    db.session.add(membership)
    db.session.flush()
    audit.record(by, "begin_membership", subject="person", subject_id=person.id, detail={"role": role.value})
    return membership


def end_membership(by: Viewer, *, membership: Membership, last_day: date | None = None) -> None:
    """End a role; the last day is yesterday unless another is named, so that it ends at once."""
    if membership.to_day is not None and membership.to_day < clock.today():
        raise DomainError(_("该任职已经结束。"))
    last = last_day or clock.today() - timedelta(days=1)
    membership.to_day = max(last, membership.from_day)
    if membership.to_day >= clock.today() and last_day is None:
        membership.from_day = membership.to_day = last
    audit.record(
        by, "end_membership", subject="person", subject_id=membership.person_id, detail={"role": membership.role.value}
    )


def deactivate(by: Viewer, *, person: Person) -> None:
    """Let a person sign in no more, at once; what they did keeps their name."""
    if person.id == by.person_id:
        raise DomainError(_("不能停用自己的账号。"))
    person.active = False
    db.session.execute(
        sa.update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None)).values(ended_at=clock.now())
    )
    audit.record(by, "deactivate_person", subject="person", subject_id=person.id)


def reactivate(by: Viewer, *, person: Person) -> None:
    """Let a person sign in again."""
    person.active = True
    audit.record(by, "reactivate_person", subject="person", subject_id=person.id)


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
    """Make an invitation and return it with the token of its link, which is shown once."""
    _place(role, brigade_id, school_id, area_code)
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        token_hash=token_hash(token),
        name=name.strip(),
        role=role,
        brigade_id=brigade_id,
        school_id=school_id,
        area_code=area_code,
        title=title,
        made_by_id=by.person_id,
        expires_at=clock.now() + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(
        by, "invite", subject="invitation", subject_id=invitation.id, detail={"role": role.value, "name": name}
    )
    return invitation, token


def is_open(invitation: Invitation | None) -> bool:
    """Whether an invitation can still be taken up."""
    return (
        invitation is not None
        and invitation.used_at is None
        and invitation.withdrawn_at is None
        and invitation.expires_at > clock.now()
    )


def take_up(*, token: str, username: str, name: str, password: str) -> Person:
    """Make the account an invitation was sent for, and its membership. Refuses one that is used, withdrawn or past."""
    invitation = queries.invitation_by_hash(token_hash(token))
    if invitation is None or not is_open(invitation):
        raise DomainError(_("邀请已失效或已被使用，请向邀请人索取新的链接。"))
    check_new_password(password, username=username)
    person = add_person(None, username=username, name=name or invitation.name, password=password)
    begin_membership(
        None,
        person=person,
        role=invitation.role,
        brigade_id=invitation.brigade_id,
        school_id=invitation.school_id,
        area_code=invitation.area_code,
        title=invitation.title,
    )
    invitation.used_at, invitation.person_id = clock.now(), person.id
    return person


def forget_old_attempts(keys: Iterable[str]) -> None:
    """Forget the counted attempts of these keys, after a success."""
    db.session.execute(sa.delete(Attempts).where(Attempts.key.in_([k[:120] for k in keys])))
