"""From a plan to the plain values of its two papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import force_locale, format_date
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.documents.kinds import DocumentKind
from app.drills import plan_words, queries, rules, words
from app.drills.plan_documents import NOTICE, PLAN, DrillPlanPaper, PlannedClass, PlannedPost
from app.drills.queries.plans import PlanLine
from app.drills.rules.plans import Post
from app.logbook import queries as logbook
from app.logbook.documents import school_lines
from app.schools.models import School


def _approved(line: PlanLine) -> str:
    agreed = [step for step in line.plan.story if step.act == "approve"]
    if not agreed:
        return ""
    day = clock.day_of(agreed[-1].at)
    return str(_("%(day)s经大队同意（%(name)s）", day=format_date(day, "long"), name=agreed[-1].by))


def paper(line: PlanLine, *, language: str) -> DrillPlanPaper:
    """What both papers print, in their language."""
    plan = line.plan
    school = db.session.get_one(School, plan.school_id)
    stairs = queries.stairs_figures(line.building, people=plan.heads)
    school_names = school_lines(school, language=language)
    with force_locale(language):
        return DrillPlanPaper(
            school=school_names["school"],
            school_bo=school_names["school_bo"],
            kind=str(words.KINDS[plan.kind]),
            building=line.building.name if line.building else _("全校"),
            floors=line.building.floors_above if line.building else None,
            planned_at=plan.planned_at,
            is_announced=plan.is_announced,
            signal=plan.signal,
            assembly_point=plan.assembly_point,
            goal=rules.minutes_seconds(plan.target_s or queries.goal_seconds(line.building)),
            scenario=plan.scenario,
            posts=tuple(
                PlannedPost(post=str(plan_words.POSTS[post]), who=str(plan.posts.get(post.value, ""))) for post in Post
            ),
            guides=tuple(PlannedPost(post=guide.place, who=guide.person) for guide in plan.guide_lines),
            classes=tuple(
                PlannedClass(name=one.name, expected=one.expected, teacher=one.teacher) for one in plan.class_lines
            ),
            heads=plan.heads,
            estimate=rules.minutes_seconds(round(stairs.seconds)) if stairs else "",
            estimate_blocked=rules.minutes_seconds(round(stairs.blocked_s)) if stairs and stairs.blocked_s else "",
            stairs=stairs.count if stairs else 0,
            notes=plan.notes,
            written_by=logbook.name_of(plan.made_by_id),
            approved=_approved(line),
            issued_on=clock.today(),
        )


#: The papers of a plan, by the word of their buttons.
KINDS: Mapping[str, tuple[DocumentKind, Callable[..., DrillPlanPaper]]] = {
    "plan": (PLAN, paper),
    "notice": (NOTICE, paper),
}
