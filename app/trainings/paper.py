"""From a training to the plain values of its paper."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.extensions import db
from app.core.formats import number
from app.documents.kinds import Picture
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import TargetKind
from app.organisations.models import Brigade
from app.schools.models import School
from app.trainings import queries, rules, words
from app.trainings.documents import TrainingPhoto, TrainingRecord
from app.trainings.queries import Line


def brigade_of(line: Line) -> Brigade:
    """The brigade that answers for the school of a training."""
    school = db.session.get_one(School, line.training.school_id)
    return db.session.get_one(Brigade, school.brigade_id)


def _photos(line: Line) -> tuple[TrainingPhoto, ...]:
    photos = fieldwork.photos_of(TargetKind.TRAINING, [line.training.id])
    return tuple(
        TrainingPhoto(
            number=number,
            picture=Picture(sha256=photo.sha256, alt=photo.caption or _("培训照片")),
            caption=photo.caption,
            taken_at=photo.taken_at or photo.added_at,
        )
        for number, photo in enumerate(photos, start=1)
    )


def record(line: Line, *, language: str) -> TrainingRecord:
    """What the paper prints, in its language."""
    training = line.training
    school = db.session.get_one(School, training.school_id)
    with force_locale(language):
        return TrainingRecord(
            school=school.name_en if language == "en" and school.name_en else school.name,
            school_bo=school.name_bo,
            address=school.address,
            audience=str(words.AUDIENCES[training.audience]),
            form=str(words.FORMS[training.form]),
            held_at=training.held_at,
            hours=number(training.hours),
            expected=training.expected,
            attended=training.attended,
            percent=rules.attendance_percent(training.expected, training.attended),
            trainer=training.trainer,
            topics=training.topics,
            materials=training.materials,
            outcome=training.outcome,
            notes=training.notes,
            logged_by=queries.name_of(training.logged_by_id),
            logged_at=training.logged_at,
            issued_on=clock.today(),
            photos=_photos(line),
        )
