"""Schools and what stands on their ground, made with as little said as a test needs."""

from __future__ import annotations

from typing import Any

from app.core.extensions import db
from app.schools import service
from app.schools.models import Building, Contact, Place, PlaceKind, School, SchoolKind
from tests.cast import Cast


def school(cast: Cast, name: str = "示范区河谷小学", **more: Any) -> School:
    """A school of the cast's brigade that search finds."""
    values: dict[str, Any] = {"kind": SchoolKind.PRIMARY, "area_code": "540102", "brigade_id": cast.brigade_id}
    made = School(name=name, **{**values, **more})
    db.session.add(made)
    db.session.flush()
    service.index_schools([made])
    db.session.commit()
    return made


def building(cast: Cast, name: str = "教学楼", *, floors: int = 3, **more: Any) -> Building:
    """A building of Pema's school with its floors."""
    made = service.add_building(
        cast.viewer("ines"), cast.school, name=name, floors_above=floors, floors_below=0, **more
    )
    db.session.commit()
    return made


def place(cast: Cast, name: str = "配电室", **more: Any) -> Place:
    """A place at Pema's school."""
    made = service.add_place(cast.viewer("ines"), cast.school, name=name, **{"kind": PlaceKind.ROOM, **more})
    db.session.commit()
    return made


def contact(cast: Cast, name: str = "拉姆", **more: Any) -> Contact:
    """A contact of Pema's school."""
    made = service.add_contact(cast.viewer("ines"), cast.school, name=name, **more)
    db.session.commit()
    return made
