"""From a drill to the plain values of its paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.drills import plan_words, queries, rules, words
from app.drills.documents import CountedClass, DrillRecord, EarlierDrill, GradedPoint, Learnt, PassedStair
from app.drills.models import Drill, DrillPlan
from app.drills.queries import Line, plans
from app.drills.rules import evaluation
from app.drills.rules.evaluation import Grade, Point
from app.logbook import queries as logbook
from app.logbook.documents import photos_of, school_lines
from app.schools.models import School


def _graded(point: Point, grade: str, note: str) -> GradedPoint:
    return GradedPoint(point=str(plan_words.POINTS[point]), grade=str(plan_words.GRADES[Grade(grade)]), note=note)


def _trend(before: Sequence[Drill]) -> Iterator[EarlierDrill]:
    for drill, step in zip(before, evaluation.trend([one.last_out_s for one in before]), strict=True):
        change = "" if step.change_s is None else f"{step.change_s:+d}".replace("-", "−")
        yield EarlierDrill(day=clock.day_of(drill.held_at), time=rules.minutes_seconds(drill.last_out_s), change=change)


def record(line: Line, *, language: str) -> DrillRecord:
    """What the paper prints, in its language."""
    drill, figures = line.drill, line.drill.figures
    school = db.session.get_one(School, drill.school_id)
    plan = db.session.get(DrillPlan, drill.plan_id) if drill.plan_id else None
    goal = (plan.target_s if plan else None) or queries.goal_seconds(line.building)
    stairs = queries.stairs_figures(line.building, people=drill.accounted or 0)
    before = plans.earlier(drill)
    with force_locale(language):
        return DrillRecord(
            **school_lines(school, language=language),
            kind=str(words.KINDS[drill.kind]),
            building=line.building.name if line.building else _("全校"),
            floors=line.building.floors_above if line.building else None,
            held_at=drill.held_at,
            led_by=drill.led_by,
            weather=drill.weather,
            scenario=drill.scenario,
            observers=drill.observers,
            first_out=rules.minutes_seconds(drill.first_out_s),
            last_out=rules.minutes_seconds(drill.last_out_s),
            counted=rules.minutes_seconds(drill.counted_s),
            goal=rules.minutes_seconds(goal),
            goal_met=rules.meets_goal(figures, goal),
            expected=drill.expected,
            present=drill.present,
            accounted=drill.accounted,
            missing=rules.missing(figures),
            problems=drill.problems,
            notes=drill.notes,
            hints=tuple(
                str(words.HINTS[hint]) for hint in rules.hints(figures, plausible_s=stairs.seconds if stairs else None)
            ),
            time_known=drill.import_key is None,
            signal=drill.signal,
            staff_on_duty=drill.staff_on_duty,
            special=drill.special,
            estimate=rules.minutes_seconds(round(stairs.seconds)) if stairs else "",
            estimate_blocked=rules.minutes_seconds(round(stairs.blocked_s)) if stairs and stairs.blocked_s else "",
            classes=tuple(
                CountedClass(
                    name=one["name"],
                    expected=one["expected"],
                    present=one["present"],
                    elsewhere=one["elsewhere"],
                    missing=one["missing"],
                    time=rules.minutes_seconds(one["seconds"]),
                )
                for one in drill.classes
            ),
            stairs=tuple(
                PassedStair(place=one["place"], time=rules.minutes_seconds(one["seconds"])) for one in drill.stairs
            ),
            grades=tuple(_graded(point, *drill.grades[point.value]) for point in Point if point.value in drill.grades),
            judged_by=logbook.name_of(drill.judged_by_id) if drill.judged_by_id else "",
            lessons=tuple(
                Learnt(text=one.text, measure=one.measure, owner=one.owner, due_on=one.due_on)
                for one, _finding in plans.lessons(drill)
            ),
            trend=tuple(_trend(before)) if len(before) > 1 else (),
            logged_by=logbook.name_of(drill.logged_by_id),
            logged_at=drill.logged_at,
            issued_on=clock.today(),
            photos=photos_of(drill, alt=_("演练照片")),
        )
