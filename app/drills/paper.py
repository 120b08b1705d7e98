"""From a drill to the plain values of its paper."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.drills import queries, rules, words
from app.drills.documents import DrillRecord
from app.drills.queries import Line
from app.logbook import queries as logbook
from app.logbook.documents import photos_of, school_lines
from app.schools.models import School


def record(line: Line, *, language: str) -> DrillRecord:
    """What the paper prints, in its language."""
    drill, figures = line.drill, line.drill.figures
    school = db.session.get_one(School, drill.school_id)
    goal = queries.goal_seconds(line.building)
    stairs = queries.stairs_seconds(line.building, people=drill.accounted)
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
            hints=tuple(str(words.HINTS[hint]) for hint in rules.hints(figures, plausible_s=stairs)),
            logged_by=logbook.name_of(drill.logged_by_id),
            logged_at=drill.logged_at,
            issued_on=clock.today(),
            photos=photos_of(drill, alt=_("演练照片")),
        )
