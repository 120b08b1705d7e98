"""The code on a school's wall: made, renewed, withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Job, enqueue
from app.documents.rules import new_check_code
from app.planning.models.complaints import WallCode
from app.planning.queries import wall as queries
from app.planning.queries.visits import may_visit
from app.schools.models import School, SchoolStatus


def make(viewer: Viewer, school: School) -> WallCode:
    """The code of a school, made when there is none; twice gives the same one."""
    if not may_visit(viewer, school):
        raise DomainError(_("这所学校由其他大队负责。"))
    if school.status is SchoolStatus.MERGED:
        raise DomainError(_("这所学校已并入其他学校，请从并入后的学校开始。"))
    known = queries.code_of(school.id)
    if known is not None:
        return known
    made = WallCode(code=new_check_code(), school_id=school.id, made_by_id=viewer.person_id)
    db.session.add(made)
    db.session.flush()
    audit.record(viewer, "make_wall_code", subject="school", subject_id=school.id)
    return made


def renew(viewer: Viewer, school: School) -> WallCode:
    """Withdraw the code on the wall (it was misused, say) and make another one; the old sheet opens nothing any more."""
    if not may_visit(viewer, school):
        raise DomainError(_("这所学校由其他大队负责。"))
    db.session.execute(
        sa.update(WallCode)
        .where(WallCode.school_id == school.id, WallCode.withdrawn_at.is_(None))
        .values(withdrawn_at=clock.now())
    )
    audit.record(viewer, "withdraw_wall_code", subject="school", subject_id=school.id)
    return make(viewer, school)


def print_sheet(viewer: Viewer, school: School, *, language: str) -> Job:
    """Leave the sheet with the code, made now where there is none, to the worker."""
    code = make(viewer, school).code
    arguments = {"school": str(school.id), "code": code, "language": language}
    return enqueue(queries.SHEET, arguments, by=viewer.person_id)
