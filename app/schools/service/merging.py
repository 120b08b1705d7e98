"""Two entries that are one school: one points to the other, no row is rewritten, and it can be undone."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools.models import School, SchoolStatus
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
    """The two were not one school after all: this one stands for itself again."""
    if school.status != SchoolStatus.MERGED or school.merged_into_id is None:
        raise DomainError(_("这所学校没有并入任何学校。"))
    if not reason.strip():
        raise DomainError(_("请写明原因。"), field="reason")
    into = db.session.get_one(School, school.merged_into_id)
    school.status, school.merged_into_id, school.changed_at = SchoolStatus.OPEN, None, clock.now()
    db.session.flush()
    detail = {"reason": reason.strip(), "from": str(school.id), "from_name": school.name, "into_name": into.name}
    note(by, "unmerge_school", school.id, **detail)
    note(by, "release_school", into.id, **detail)
