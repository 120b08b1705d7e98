"""People and what they hold: add, change, hand over, end. Whoever acts must be allowed to give the role at that place."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

from flask_babel import gettext as _

from app.accounts import queries
from app.accounts.models import BRIGADE_ROLES, SCHOOL_ROLES, Membership, Person, Role
from app.accounts.policy import ROLES_OF_UNIT, roles_given_by
from app.accounts.service.passwords import check_new_password, hash_password
from app.accounts.service.sign_ins import end_sign_ins_of
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations.models import BrigadeKind


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
    """Add somebody who may sign in. Without a password they cannot, until one is set by a link."""
    username = check_username(username)
    if password:
        check_new_password(password, username=username)
    person = Person(
        username=username,
        name=name.strip(),
        phone=phone.strip(),
        credential_number=credential_number.strip(),
        password_hash=hash_password(password) if password else "",
    )
    db.session.add(person)
    db.session.flush()
    audit.record(by, "add_person", subject="person", subject_id=person.id, detail={"username": person.username})
    return person


def change_details(
    by: Viewer, *, person: Person, name: str, name_bo: str, phone: str, email: str, credential_number: str
) -> None:
    """Change how a person is named and reached; the number of an officer's credential prints on records."""
    after = {
        "name": name.strip(),
        "name_bo": name_bo.strip(),
        "phone": phone.strip(),
        "email": email.strip(),
        "credential_number": credential_number.strip(),
    }
    changed = {key: [getattr(person, key), value] for key, value in after.items() if getattr(person, key) != value}
    if not changed:
        return
    for key, value in after.items():
        setattr(person, key, value)
    audit.record(by, "change_person", subject="person", subject_id=person.id, detail=changed)


def check_place(
    role: Role, *, brigade_id: uuid.UUID | None, school_id: uuid.UUID | None, area_code: str | None
) -> None:
    """Refuse a role at a place that cannot have it: an inspector at a school, a leader at a station."""
    named = [place for place in (brigade_id, school_id, area_code) if place]
    fits = len(named) == 1 and (
        (role in BRIGADE_ROLES and brigade_id) or (role in SCHOOL_ROLES and school_id) or (role is Role.BUREAU)
    )
    if fits and role is Role.BUREAU:
        fits = bool(area_code)
    if not fits:
        raise DomainError(_("岗位与所属单位不符：大队岗位属于大队，学校岗位属于学校，教育局属于行政区。"), field="role")
    if brigade_id:
        unit = queries.brigade(brigade_id)
        if unit is None or role not in ROLES_OF_UNIT[unit.kind]:
            raise DomainError(_("该单位没有这个岗位，请选择其他单位或岗位。"), field="role")


def check_reach(
    by: Viewer, role: Role, *, brigade_id: uuid.UUID | None, school_id: uuid.UUID | None, area_code: str | None
) -> None:
    """Refuse when the viewer may not give or take this role, or not at this place."""
    given = roles_given_by(by.permissions, is_school=by.is_school)
    if role not in given or not queries.looks_after(
        by, brigade_id=brigade_id, school_id=school_id, area_code=area_code
    ):
        raise DomainError(_("您不能在该单位设置这个岗位。"), field="role")


def _place_of(membership: Membership) -> dict[str, str]:
    place = membership.brigade_id or membership.school_id or membership.area_code
    return {"role": membership.role.value, "at": str(place)}


def _refuse_other_unit(held_at: uuid.UUID | None, wanted_at: uuid.UUID | None) -> None:
    """Refuse a role at another unit of the fire service. A station and the brigade it belongs to are one."""
    if held_at is None or wanted_at is None or held_at == wanted_at:
        return
    units = [queries.brigade(held_at), queries.brigade(wanted_at)]
    homes = {unit.parent_id if unit.kind is BrigadeKind.STATION else unit.id for unit in units if unit}
    if len(homes) > 1:
        raise DomainError(
            _(
                "此人在%(unit)s任职。同一时间只能在一个消防单位任职，请先结束原岗位。",
                unit=units[0].name if units[0] else "",
            ),
            field="place",
            code="other_unit",
        )


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
    """Give a person a role at a brigade, school or area from a day on. `by` None is the program or the command line.

    Roles of the fire service are held at one unit at a time: what a person may do follows from all their roles, where they may
    do it from all their units, so a leader here who only reads elsewhere would lead there too.
    """
    check_place(role, brigade_id=brigade_id, school_id=school_id, area_code=area_code)
    if by is not None:
        check_reach(by, role, brigade_id=brigade_id, school_id=school_id, area_code=area_code)
    begins = from_day or clock.today()
    for held in queries.memberships_of(person.id):
        same = (held.role, held.brigade_id, held.school_id, held.area_code) == (role, brigade_id, school_id, area_code)
        if same and held.ended_at is None and (held.to_day is None or held.to_day >= begins):
            raise DomainError(_("此人已担任该岗位。"), field="role")
        if held.ended_at is None and (held.to_day is None or held.to_day >= begins):
            _refuse_other_unit(held.brigade_id, brigade_id)
    membership = Membership(
        person_id=person.id,
        role=role,
        brigade_id=brigade_id,
        school_id=school_id,
        area_code=area_code,
        title=title.strip(),
        from_day=begins,
    )
    db.session.add(membership)
    db.session.flush()
    audit.record(by, "begin_membership", subject="person", subject_id=person.id, detail=_place_of(membership))
    return membership


def _may_change(by: Viewer, membership: Membership) -> None:
    check_reach(
        by,
        membership.role,
        brigade_id=membership.brigade_id,
        school_id=membership.school_id,
        area_code=membership.area_code,
    )
    is_own_admin_role = membership.role is Role.ADMIN and membership.person_id == by.person_id
    if is_own_admin_role:
        raise DomainError(_("不能结束自己的管理员岗位，请由另一位管理员办理。"))


def end_membership(by: Viewer, *, membership: Membership, last_day: date | None = None) -> None:
    """End a role: with today or a later day as its last, or, when none is named, at once."""
    if not membership.is_held_on(max(clock.today(), membership.from_day)):
        raise DomainError(_("该任职已经结束。"))
    _may_change(by, membership)
    if last_day is None:
        membership.ended_at = clock.now()
        membership.to_day = max(clock.today(), membership.from_day)
    elif last_day < max(clock.today(), membership.from_day):
        raise DomainError(_("最后任职日不能早于今天或任职开始日。"), field="last_day")
    else:
        membership.to_day = last_day
    detail = {**_place_of(membership), "last_day": membership.to_day.isoformat(), "at_once": last_day is None}
    audit.record(by, "end_membership", subject="person", subject_id=membership.person_id, detail=detail)


def hand_over(by: Viewer, *, membership: Membership, successor: Person, from_day: date) -> Membership:
    """Hand a role over: it ends the day before, and the successor holds it at the same place from that day on."""
    if successor.id == membership.person_id:
        raise DomainError(_("接任人不能是本人。"), field="successor")
    if not successor.active:
        raise DomainError(_("接任人的账号已停用。"), field="successor")
    if from_day < clock.today():
        raise DomainError(_("接任日不能早于今天。"), field="from_day")
    begun = begin_membership(
        by,
        person=successor,
        role=membership.role,
        brigade_id=membership.brigade_id,
        school_id=membership.school_id,
        area_code=membership.area_code,
        title=membership.title,
        from_day=from_day,
    )
    before = from_day - timedelta(days=1)
    if before < max(clock.today(), membership.from_day):
        end_membership(by, membership=membership)
    else:
        end_membership(by, membership=membership, last_day=before)
    return begun


def check_whole_reach(by: Viewer, person: Person) -> None:
    """Refuse to act on an account that also holds a role somewhere the viewer does not look after."""
    today = clock.today()
    for held in queries.memberships_of(person.id):
        if held.ended_at is None and (held.to_day is None or held.to_day >= today):
            try:
                check_reach(
                    by, held.role, brigade_id=held.brigade_id, school_id=held.school_id, area_code=held.area_code
                )
            except DomainError:
                raise DomainError(
                    _("此人还担任其他单位或岗位的工作，账号须由该单位的管理员处理；您可以结束其在本单位的任职。")
                ) from None


def deactivate(by: Viewer, *, person: Person) -> None:
    """Let a person sign in no more, at once; what they did keeps their name. Twice does no harm."""
    if person.id == by.person_id:
        raise DomainError(_("不能停用自己的账号。"))
    check_whole_reach(by, person)
    if not person.active:
        return
    person.active = False
    end_sign_ins_of(person.id)
    audit.record(by, "deactivate_person", subject="person", subject_id=person.id)


def reactivate(by: Viewer, *, person: Person) -> None:
    """Let a person sign in again. Twice does no harm."""
    check_whole_reach(by, person)
    if person.active:
        return
    person.active = True
    audit.record(by, "reactivate_person", subject="person", subject_id=person.id)
