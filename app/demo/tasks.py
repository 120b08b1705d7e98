"""Tasks that schools were sent: one before the winter at every stage, one of the bureau's at once, one overdue; templates."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.schools.models import School
from app.tasks import queries, service
from app.tasks.models import Task, TaskAt
from app.tasks.rules import TaskKind
from app.tasks.service import NewTask, NewTemplate

_TEMPLATES = (
    ("开学前", "开学前消防自查", "逐间检查宿舍、食堂、实验室，清空疏散通道，测试应急灯和警报，填写自查表。", 14, True),
    ("节假日前", "节前用火用电检查", "断开不用的电源，检查燃气阀门，安排值班并报值班电话。", 5, False),
    ("冬季", "冬季取暖设备检查", "检查取暖设备和线路，清除可燃物，查处违规电器，报告整改情况。", 10, True),
)


def _viewer(person_id: uuid.UUID) -> Viewer:
    return accounts.viewer_for(db.session.get_one(Person, person_id))


def _send(by: Viewer, kind: TaskKind, title: str, text: str, days: int, rows: Sequence[SchoolRow]) -> Task:
    new = NewTask(kind=kind, title=title, text=text, due_on=clock.today() + timedelta(days=days))
    schools = db.session.scalars(sa.select(School).where(School.id.in_([row.id for row in rows]))).all()
    return service.send(by, task_id=uuid.uuid5(uuid.NAMESPACE_OID, title), new=new, schools=schools)


def _line(by: Viewer, task: Task, row: SchoolRow) -> queries.At:
    at_id = db.session.scalars(sa.select(TaskAt.id).where(TaskAt.task_id == task.id, TaskAt.school_id == row.id)).one()
    line = queries.at(by, at_id)
    assert line is not None
    return line


def send_tasks(district: District) -> None:
    """Send them in the name of the inspector and the bureau; schools answer."""
    inspector, bureau = (_viewer(district.people[name]) for name in ("inspector", "bureau"))
    for list_name, title, text, days, needs_proof in _TEMPLATES:
        new = NewTemplate(list_name=list_name, title=title, text=text, days=days, needs_proof=needs_proof)
        service.keep_template(inspector, new=new)
    rows = district.schools
    _name, title, text, days, _proof = _TEMPLATES[2]
    winter = _send(inspector, TaskKind.COMMON, title, text, days, rows)
    for number, row in enumerate(rows):
        officer = _viewer(row.officer_id)
        stage = number % 5
        if stage >= 1:
            service.read(officer, _line(officer, winter, row))
        if stage >= 2:
            service.report(officer, _line(officer, winter, row), words="取暖设备和线路已逐间检查，两处违规电器已收走。")
        if stage == 3:
            service.accept(inspector, _line(inspector, winter, row))
        if stage == 4:
            service.give_back(inspector, _line(inspector, winter, row), reason="没有写明检查了哪些房间，请补充。")
    urgent = "外省宿舍火灾后连夜检查"
    _send(bureau, TaskKind.AD_HOC, urgent, "今晚熄灯前检查全部宿舍的疏散门和电器，明早八点前报告。", 1, rows[:4])
    late = _send(inspector, TaskKind.INDIVIDUAL, "补报消防控制室值班表", "把本学期的值班表报上来。", 0, rows[:2])
    late.due_on = clock.today() - timedelta(days=3)
    db.session.flush()
