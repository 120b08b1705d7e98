"""From a session and its people to the plain values of certificates and attendance sheets."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import clock
from app.core.formats import number
from app.logbook.documents import school_lines
from app.schools.models import School
from app.trainings import words
from app.trainings.documents import AttendanceSheet, SheetLine, TrainingCertificate
from app.trainings.models import SignedVia, TrainingSession
from app.trainings.queries.sessions import Person


def certificate(session: TrainingSession, person: Person, school: School, *, language: str) -> TrainingCertificate:
    """What one person's certificate prints."""
    lines = school_lines(school, language=language)
    with force_locale(language):
        return TrainingCertificate(
            name=person.attendee.name,
            post=person.attendee.post,
            school=lines["school"],
            school_bo=lines["school_bo"],
            audience=str(words.AUDIENCES[session.audience]),
            form=str(words.FORMS[session.form]),
            held_at=session.starts_at,
            hours=number(session.hours),
            topics=session.topics,
            trainer=session.trainer,
            percent=person.best,
            pass_percent=session.pass_percent if person.best is not None else None,
            issued_on=clock.today(),
        )


def attendance(session: TrainingSession, people: Sequence[Person], school: School, *, language: str) -> AttendanceSheet:
    """What the attendance sheet prints."""
    lines = school_lines(school, language=language)
    with force_locale(language):
        how = {SignedVia.CODE: _("扫码"), SignedVia.LIST: _("名单")}
        return AttendanceSheet(
            school=lines["school"],
            school_bo=lines["school_bo"],
            audience=str(words.AUDIENCES[session.audience]),
            form=str(words.FORMS[session.form]),
            held_at=session.starts_at,
            hours=number(session.hours),
            topics=session.topics,
            trainer=session.trainer,
            expected=session.expected,
            lines=tuple(
                SheetLine(
                    number=place,
                    name=one.attendee.name,
                    post=one.attendee.post,
                    how=how[one.attendee.via],
                    at=one.attendee.signed_at,
                )
                for place, one in enumerate(people, 1)
            ),
            issued_on=clock.today(),
        )
