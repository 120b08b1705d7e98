"""What the records of every log print alike."""

from __future__ import annotations

from app.core.extensions import db
from app.documents.kinds import Picture
from app.documents.parts import Photo
from app.fieldwork import queries as fieldwork
from app.logbook.models import Entry
from app.organisations.models import Brigade
from app.schools.models import School


def photos_of(entry: Entry, *, alt: str) -> tuple[Photo, ...]:
    """The annex of an entry; `alt` says what a photo without a caption shows."""
    return tuple(
        Photo(
            number=number,
            picture=Picture(sha256=photo.sha256, alt=photo.caption or alt),
            caption=photo.caption,
            taken_at=photo.taken_at or photo.added_at,
        )
        for number, photo in enumerate(fieldwork.photos_of(entry.target, [entry.id]), start=1)
    )


def school_lines(school: School, *, language: str) -> dict[str, str]:
    """The school at the head of a record."""
    return {
        "school": school.name_en if language == "en" and school.name_en else school.name,
        "school_bo": school.name_bo,
        "address": school.address,
    }


def brigade_of(entry: Entry) -> Brigade:
    """The brigade that answers for the school of an entry."""
    school = db.session.get_one(School, entry.school_id)
    return db.session.get_one(Brigade, school.brigade_id)
