"""Two entries that are one school: one points to the other, no row is rewritten, and it can be undone."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.audit.queries import last_act
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools.models import School, SchoolStatus
from app.schools.queries.visits import last_visit
from app.schools.service.changes import note, plain
from app.schools.service.register import note_visit


def merge(by: Any, school: School, *, into: School, reason: str) -> None:
    """`school` is the same as `into`: its page leads there, and what hangs on it is shown there as from it."""
    if school.id == into.id:
        raise DomainError(_("不能并入自己。"), field="into_id")
    if school.status == SchoolStatus.MERGED:
        raise DomainError(_("这所学校已经并入另一所学校。"))
    if into.status == SchoolStatus.MERGED:
        raise DomainError(_("所选学校本身已并入另一所学校，请选择并入后的那所。"), field="into_id")
    if into.brigade_id != school.brigade_id:
        raise DomainError(_("只能与同一大队的学校合并。"), field="into_id")
    if into.parent_id == school.id or school.parent_id == into.id:
        raise DomainError(_("分校与上级学校是两所学校，不能合并。请先解除上下级关系。"), field="into_id")
    if not reason.strip():
        raise DomainError(_("请写明原因。"), field="reason")
    before = plain(school.status)
    school.status, school.merged_into_id, school.changed_at = SchoolStatus.MERGED, into.id, clock.now()
    db.session.flush()
    if school.last_visited_on:
        note_visit(into.id, day=school.last_visited_on)
    detail = {"reason": reason.strip(), "from": str(school.id), "from_name": school.name, "into_name": into.name}
    note(by, "merge_school", school.id, into=str(into.id), status=before, **detail)
    note(by, "receive_school", into.id, **detail)


def unmerge(by: Any, school: School, *, reason: str) -> None:
    """The two were not one school after all: this one stands for itself again, in the state that it had."""
    if school.status != SchoolStatus.MERGED or school.merged_into_id is None:
        raise DomainError(_("这所学校没有并入任何学校。"))
    if not reason.strip():
        raise DomainError(_("请写明原因。"), field="reason")
    into = db.session.get_one(School, school.merged_into_id)
    school.status, school.merged_into_id, school.changed_at = _status_before(school), None, clock.now()
    db.session.flush()
    _count_visits_anew(into)
    detail = {"reason": reason.strip(), "from": str(school.id), "from_name": school.name, "into_name": into.name}
    note(by, "unmerge_school", school.id, status=plain(school.status), **detail)
    note(by, "release_school", into.id, **detail)


def _status_before(school: School) -> SchoolStatus:
    """What a merged school was before: only the entry of the merge says so."""
    merge_of = last_act("merge_school", subject="school", subject_id=school.id)
    return SchoolStatus(merge_of.detail["status"]) if merge_of and "status" in merge_of.detail else SchoolStatus.OPEN


def _count_visits_anew(school: School) -> None:
    """Take back the day of a visit that was another school's, here and where this one is merged into."""
    above: School | None = school
    while above is not None:
        above.last_visited_on = last_visit(above.id)
        above = db.session.get_one(School, above.merged_into_id) if above.merged_into_id else None
    db.session.flush()
