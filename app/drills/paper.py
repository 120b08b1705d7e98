"""From a drill to the plain values of its paper."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.documents.kinds import Picture
from app.drills import queries, rules, words
from app.drills.documents import DrillPhoto, DrillRecord
from app.drills.queries import Line
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.organisations.models import Brigade
from app.schools.models import School


def brigade_of(line: Line) -> Brigade:
    """The brigade that answers for the school of a drill."""
    school = db.session.get_one(School, line.drill.school_id)
    return db.session.get_one(Brigade, school.brigade_id)


def _photos(line: Line) -> tuple[DrillPhoto, ...]:
    photos = fieldwork.photos_of(TargetKind.DRILL, [line.drill.id])
    return tuple(
        DrillPhoto(
            number=number,
            picture=Picture(sha256=photo.sha256, alt=photo.caption or _("演练照片")),
            caption=photo.caption,
            taken_at=photo.taken_at or photo.added_at,
        )
        for number, photo in enumerate(photos, start=1)
    )


def record(line: Line, *, language: str) -> DrillRecord:
    """What the paper prints, in its language."""
    drill, figures = line.drill, line.drill.figures
    school = db.session.get_one(School, drill.school_id)
    goal = queries.goal_seconds(line.building)
    stairs = queries.stairs_seconds(line.building, people=drill.accounted)
    with force_locale(language):
        return DrillRecord(
            school=school.name_en if language == "en" and school.name_en else school.name,
            school_bo=school.name_bo,
            address=school.address,
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
            logged_by=queries.name_of(drill.logged_by_id),
            logged_at=drill.logged_at,
            issued_on=clock.today(),
            photos=_photos(line),
        )
