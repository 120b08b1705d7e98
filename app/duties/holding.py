"""Giving a school's duties to those who answer for them, and handing them over."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.stretches import Stretch, ending
from app.duties.models import DutyHolder
from app.duties.queries import holders as queries
from app.duties.queries.facts import duties_in_force
from app.duties.rules.holders import MOST_DAYS_AHEAD, Post
from app.notifications.service import tell
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class NewHolder:
    """Who is to answer: a post, and a person with an account or by name; neither of these leaves the duty without anybody."""

    post: Post
    person_id: uuid.UUID | None = None
    name: str = ""
    phone: str = ""

    @property
    def is_nobody(self) -> bool:
        """Whether nobody is named."""
        return self.person_id is None and not self.name.strip()


def hand_over(
    viewer: Viewer, *, school: School, duties: Collection[str], to: NewHolder, from_day: date
) -> list[str]:  # fmt: skip
    """Give duties of a school to somebody from a day on; who held them before stays on record, and who has an account is told.

    Returns the codes that changed hands: who has a duty already keeps it, so twice does no harm.
    """
    known = {duty.code: duty for duty in duties_in_force()}
    wanted = [code for code in dict.fromkeys(duties) if code in known]
    if not wanted:
        raise DomainError(_("请至少勾选一项职责。"), field="duties", code="no_duty")
    if (from_day - clock.today()).days > MOST_DAYS_AHEAD:
        raise DomainError(_("日期太远，请核对年份。"), field="from_day", code="too_far")
    to = _named(school, to)
    standing = _standing(school, wanted, from_day)
    changing = [code for code in wanted if not _is_theirs(standing.get(code, []), to, from_day)]
    _refuse_rewriting(standing, changing, from_day)
    _end([row for code in changing for row in standing.get(code, [])], from_day)
    before = {row.person_id for code in changing for row in standing.get(code, []) if row.person_id}
    if not to.is_nobody:
        _begin(viewer, school, changing, to, from_day)
    if changing:
        detail = {"duties": changing, "to": to.name, "since": from_day.isoformat()}
        audit.record(viewer, "hand_over_duties", subject="school", subject_id=school.id, detail=detail)
        db.session.flush()
        names = [known[code].content for code in changing]
        _tell(
            viewer, school, [str(one["zh"]) for one in names], [str(one["en"]) for one in names], to, before, from_day
        )
    return changing


def _named(school: School, to: NewHolder) -> NewHolder:
    """With the name that the account has."""
    if to.person_id is None:
        return to
    found = next((one for one in queries.staff(school.id) if one[0] == to.person_id), None)
    if found is None:
        raise DomainError(_("这个账号不是本校人员的。"), field="who", code="not_of_school")
    return NewHolder(post=to.post, person_id=to.person_id, name=found[1], phone=to.phone or found[2])


def _standing(school: School, duties: Sequence[str], from_day: date) -> dict[str, list[DutyHolder]]:
    """Who holds these duties on the day or will later, by the duty's code."""
    rows = db.session.scalars(
        sa.select(DutyHolder).where(
            DutyHolder.school_id == school.id,
            DutyHolder.duty.in_(duties),
            DutyHolder.withdrawn_at.is_(None),
            sa.or_(DutyHolder.to_day.is_(None), DutyHolder.to_day >= from_day),
        )
    )
    found: dict[str, list[DutyHolder]] = {}
    for row in rows:
        found.setdefault(row.duty, []).append(row)
    return found


def _is_theirs(rows: Sequence[DutyHolder], to: NewHolder, from_day: date) -> bool:
    """Whether nothing changes: they hold it on the day and for good, or nobody does and nobody is to."""
    if not rows:
        return to.is_nobody
    last = rows[0] if len(rows) == 1 else None
    return (
        last is not None
        and last.from_day <= from_day
        and last.to_day is None
        and (last.post, last.person_id, last.name) == (to.post, to.person_id, to.name.strip())
    )


def _refuse_rewriting(
    standing: dict[str, list[DutyHolder]], changing: Sequence[str], from_day: date
) -> None:  # fmt: skip
    """Somebody held it on days gone by: that is not changed any more."""
    if from_day < clock.today() and any(standing.get(code) for code in changing):
        raise DomainError(_("那天以后已经有责任人，请从今天起交接。"), field="from_day", code="past_is_kept")


def _end(rows: Sequence[DutyHolder], from_day: date) -> None:
    over = ending((Stretch(row.id, row.from_day, row.to_day) for row in rows), from_day)
    for row in rows:
        if row.id in over.withdrawn:
            row.withdrawn_at = clock.now()
        elif row.id in over.ended:
            row.to_day = over.last_day
    db.session.flush()


def _begin(viewer: Viewer, school: School, duties: Sequence[str], to: NewHolder, from_day: date) -> None:
    for code in duties:
        db.session.add(
            DutyHolder(
                school_id=school.id,
                duty=code,
                post=to.post,
                person_id=to.person_id,
                name=to.name.strip()[:80],
                phone=to.phone.strip()[:40],
                from_day=from_day,
                made_by_id=viewer.person_id,
            )
        )
    db.session.flush()


def _tell(
    viewer: Viewer,
    school: School,
    names: Sequence[str],
    names_en: Sequence[str],
    to: NewHolder,
    before: Collection[uuid.UUID],
    from_day: date,
) -> None:
    """Word to whoever has the duties now, and to whoever had them, as far as they have accounts and did not do it themselves."""
    data = {
        "school": school.name,
        "school_en": school.name_en,
        "duties": "、".join(names),
        "duties_en": "; ".join(names_en),
        "name": to.name,
        "day": from_day,
        "page": f"/schools/{school.id}/duties/holders",
    }
    for event, people in (("duties_received", {to.person_id}), ("duties_given", set(before) - {to.person_id})):
        told = sorted(one for one in people if one and one != viewer.person_id)
        if told:
            tell(event, person_ids=told, subject=("school", school.id), data=data, key=f"{event}:{new_id()}")
