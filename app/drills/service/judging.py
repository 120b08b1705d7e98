"""Judging a drill that was held, and following what was learnt from it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.drills.models import Drill, DrillLesson
from app.drills.rules.evaluation import Grade, Point
from app.rectification.service import findings
from app.schools.models import School

#: Under which item of the checklist a lesson is followed: the file of a drill, with its summing up.
ITEM, CATEGORY, SECTION = "DRL-05", "drill_training", "management"
#: A lesson is followed for a year at most.
MOST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How a drill was done: point → (grade, note), and the fields of its record that are filled in afterwards."""

    grades: Mapping[Point, tuple[Grade, str]] = field(default_factory=dict)
    weather: str = ""
    signal: str = ""
    staff_on_duty: str = ""
    special: str = ""
    observers: str = ""
    problems: str = ""
    notes: str = ""


def _check_stands(drill: Drill) -> None:
    if drill.withdrawn_at is not None:
        raise DomainError(_("记录已撤回，不能再评估。"), code="withdrawn")


def judge(viewer: Viewer, drill: Drill, judgement: Judgement) -> None:
    """Keep how a drill was done; a later judgement takes the place of an earlier one, and both are in the audit."""
    _check_stands(drill)
    drill.grades = {point.value: [grade.value, note] for point, (grade, note) in judgement.grades.items()}
    for name in ("weather", "signal", "staff_on_duty", "special", "observers", "problems", "notes"):
        setattr(drill, name, getattr(judgement, name))
    drill.judged_at, drill.judged_by_id = clock.now(), viewer.person_id
    detail = {point: grade for point, (grade, _note) in drill.grades.items()}
    audit.record(viewer, "judge_drill", subject="drill", subject_id=drill.id, detail=detail)
    db.session.flush()


def learn(
    viewer: Viewer,
    drill: Drill,
    *,
    lesson_id: uuid.UUID,
    text: str,
    measure: str,
    owner: str,
    due_on: date,
    place: str = "",
) -> DrillLesson:
    """Keep a lesson with its owner and date, and open a finding for it. The same id twice keeps one."""
    known = db.session.get(DrillLesson, lesson_id)
    if known is not None:
        if known.drill_id != drill.id:
            raise DomainError(_("这个操作编号已用于别的内容。"), code="id_taken")
        return known
    _check_stands(drill)
    if not owner.strip():
        raise DomainError(_("请填写责任人。"), field="owner", code="owner_missing")
    if due_on < clock.today() or (due_on - clock.today()).days > MOST_DAYS:
        raise DomainError(_("改进期限应从今天起、在一年以内。"), field="due_on", code="due_on")
    school = db.session.get_one(School, drill.school_id)
    finding = findings.open_lesson(
        viewer,
        findings.Lesson(
            id=lesson_id,
            drill_id=drill.id,
            school_id=school.id,
            brigade_id=school.brigade_id,
            building_id=drill.building_id,
            found_on=clock.day_of(drill.held_at),
            item_code=ITEM,
            category=CATEGORY,
            record_section=SECTION,
            place_label=place,
            text=text.strip(),
            measure=measure.strip(),
            owner=owner.strip(),
            deadline=due_on,
        ),
    )
    lesson = DrillLesson(
        id=lesson_id,
        drill_id=drill.id,
        text=text.strip(),
        measure=measure.strip(),
        owner=owner.strip(),
        due_on=due_on,
        finding_id=finding.id,
        made_by_id=viewer.person_id,
    )
    db.session.add(lesson)
    audit.record(viewer, "learn_from_drill", subject="drill", subject_id=drill.id, detail={"finding": str(finding.id)})
    db.session.flush()
    return lesson
