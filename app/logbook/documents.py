"""What the records of every log print alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.extensions import db
from app.documents.kinds import Picture
from app.documents.parts import Photo
from app.fieldwork import queries as fieldwork
from app.logbook.models import Entry
from app.organisations.models import Brigade
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class LogRecord:
    """What the record of every log prints beside its own: where, when, and who logged it."""

    school: str
    school_bo: str = ""
    address: str = ""
    held_at: datetime
    time_known: bool = True
    logged_by: str
    logged_at: datetime
    issued_on: date
    photos: tuple[Photo, ...] = ()


def sample_lines(language: str, *, held: str, photo: str, shows: str) -> dict[str, Any]:
    """The same of an invented entry, held at that moment, with one photo of that digest which shows that."""
    english, moment = language == "en", datetime.fromisoformat(held)
    return {
        "school": "Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
        "school_bo": "" if english else "དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
        "address": "18 River Valley Road" if english else "示范市示范区河谷路 18 号",
        "held_at": moment,
        "logged_by": "Tsering" if english else "次仁",
        "logged_at": moment,
        "issued_on": moment.date(),
        "photos": (Photo(number=1, picture=Picture(sha256=photo, alt=shows), caption=shows, taken_at=moment),),
    }


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
