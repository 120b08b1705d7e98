"""Drills that schools plan: one to be held today, one that waits for the brigade, one it gave back, one held live yesterday."""

from __future__ import annotations

import uuid
from datetime import datetime, time, timedelta

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.drills.models import DrillKind, DrillPlan
from app.drills.queries import plans as queries
from app.drills.rules.evaluation import Grade, Point
from app.drills.rules.live import TapKind
from app.drills.rules.plans import ClassLine, GuideLine, PlanState
from app.drills.service import judging, live
from app.drills.service import plans as service
from app.drills.service.judging import Judgement
from app.drills.service.live import NewTap
from app.drills.service.plans import NewPlan
from app.schools.models import Building, BuildingUse, School

_POSTS = {"deputy": "副校长", "rescue": "体育组", "medical": "校医", "communication": "办公室", "cordon": "门卫两人"}
_YEARS = "一二三四五六"


def _viewer(person_id: uuid.UUID) -> Viewer:
    return accounts.viewer_for(db.session.get_one(Person, person_id))


def _classes(pupils: int) -> tuple[ClassLine, ...]:
    """Up to twelve classes that make up a teaching building."""
    count = max(2, min(12, pupils // 40))
    return tuple(
        ClassLine(key=f"c{n + 1}", name=f"{_YEARS[n // 2]}年级{n % 2 + 1}班", expected=38 + n % 5) for n in range(count)
    )


def _plan(row: SchoolRow, *, days: int) -> DrillPlan:
    teaching = sa.select(Building.id).where(Building.school_id == row.id, Building.use == BuildingUse.TEACHING)
    new = NewPlan(
        kind=DrillKind.EVACUATION,
        planned_at=datetime.combine(clock.today() + timedelta(days=days), time(10, 20), clock.ZONE),
        building_id=db.session.scalars(teaching.order_by(Building.id).limit(1)).first(),
        signal="电铃三长声，随后广播",
        scenario="二层东侧楼梯间起烟，东侧楼梯不能使用",
        assembly_point="操场北侧",
        posts={"command": str(row.values["responsible_person"]), **_POSTS},
        classes=_classes(row.plan.pupils),
        guides=(
            GuideLine(key="s1", place="东侧楼梯二层转角", person="年级组长"),
            GuideLine(key="s2", place="西侧楼梯一层出口", person="教务处"),
        ),
    )
    school = db.session.get_one(School, row.id)
    plan_id = uuid.uuid5(row.id, f"drill plan {days}")  # no draw of chance: the rest of the district stays as it was
    return service.write(_viewer(row.officer_id), school=school, plan_id=plan_id, new=new)


def _hold(row: SchoolRow, plan: DrillPlan) -> None:
    """Held yesterday: one of the second class was in the sick room, and found."""
    began = clock.now() - timedelta(days=1)
    taps: list[tuple[TapKind, str, int, int | None, int]] = [
        (TapKind.SIGNAL, "", 0, None, 0),
        (TapKind.FIRST_OUT, "", 19, None, 0),
        (TapKind.STAIR, "s2", 88, None, 0),
    ]
    taps += [(TapKind.LAST_OUT, "", 96, None, 0)]
    for number, line in enumerate(plan.class_lines):
        gone = 1 if number == 1 else 0
        taps.append((TapKind.HEADS, line.key, 100 + 4 * number, line.expected - gone, 0))
    taps += [(TapKind.HEADS, "c2", 190, plan.class_lines[1].expected - 1, 1), (TapKind.FINISH, "", 230, None, 0)]
    live.apply(
        _viewer(row.officer_id),
        plan,
        [
            NewTap(
                op_id=uuid.uuid5(plan.id, f"{kind} {key} {second}"),
                kind=kind,
                key=key,
                present=present,
                elsewhere=elsewhere,
                said_at=began + timedelta(seconds=second),
                offset_ms=0,
            )
            for kind, key, second, present, elsewhere in taps
        ],
    )


def _judge(district: District, plan: DrillPlan) -> None:
    drill, officer = queries.drill_of(plan), _viewer(district.people["inspector"])
    if drill is None:
        return
    grades = dict.fromkeys(Point, (Grade.DONE, ""))
    grades |= {Point.STAIRS: (Grade.PARTLY, "西侧楼梯一层平台"), Point.POSTURE: (Grade.NOT_SEEN, "")}
    told = Judgement(
        grades=grades, weather="晴", signal=plan.signal, staff_on_duty="教师和门卫全部在岗", special="东侧楼梯封闭", observers="大队 1 人",
    )  # fmt: skip
    judging.judge(officer, drill, told)
    judging.learn(
        officer,
        drill,
        lesson_id=uuid.uuid5(plan.id, "lesson"),
        text="两个年级在西侧楼梯一层平台汇合，拥挤",
        measure="高年级推迟 20 秒下楼",
        owner="教务处",
        due_on=clock.today() + timedelta(days=20),
        place="西侧楼梯",
    )


def plan_drills(district: District) -> None:
    """Plans of the first schools of the district."""
    first, *others = district.schools[:4]
    held = _plan(first, days=-1)
    service.submit(_viewer(first.officer_id), held)
    _hold(first, held)
    _judge(district, held)
    service.submit(_viewer(first.officer_id), _plan(first, days=0))
    for number, row in enumerate(others):
        plan = _plan(row, days=number + 2)
        plan.state = PlanState.SUBMITTED
        db.session.flush()
        if number == 1:
            officer = _viewer(district.people["inspector"])
            service.give_back(officer, plan, reason="西侧楼梯二层转角没有引导人员，请补充。")
