"""From a training to the plain values of its paper."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.core.formats import number
from app.logbook import queries as logbook
from app.logbook.documents import photos_of, school_lines
from app.schools.models import School
from app.trainings import rules, words
from app.trainings.documents import TrainingRecord
from app.trainings.models import Training
from app.trainings.queries import Line, sessions


def record(line: Line, *, language: str) -> TrainingRecord:
    """What the paper prints, in its language."""
    training = line.training
    school = db.session.get_one(School, training.school_id)
    with force_locale(language):
        return TrainingRecord(
            **school_lines(school, language=language),
            audience=str(words.AUDIENCES[training.audience]),
            form=str(words.FORMS[training.form]),
            held_at=training.held_at,
            time_known=training.has_time,
            hours=number(training.hours) if training.hours is not None else "",
            expected=training.expected,
            attended=training.attended,
            percent=rules.attendance_percent(training.expected, training.attended),
            trainer=training.trainer,
            topics=training.topics,
            materials=training.materials,
            outcome=training.outcome,
            notes=training.notes,
            reflections=training.reflections,
            quiz=_quiz(training),
            logged_by=logbook.name_of(training.logged_by_id),
            logged_at=training.logged_at,
            issued_on=clock.today(),
            photos=photos_of(training, alt=_("培训照片")),
        )


def _quiz(training: Training) -> str:
    """How many took and passed the quiz, in words."""
    session = sessions.session_of(training)
    found = sessions.outcome_of(session)
    if session is not None and found.examined and session.pass_percent:
        said = {"taken": found.examined, "passed": found.passed, "mark": session.pass_percent}
        return str(_("%(taken)d 人参加，%(passed)d 人合格，合格线 %(mark)d 分", **said))
    if training.quiz_taken is None:
        return ""
    return str(_("%(taken)d 人参加，%(passed)d 人合格", taken=training.quiz_taken, passed=training.quiz_passed or 0))
