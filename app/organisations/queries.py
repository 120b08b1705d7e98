"""Finding areas and brigades."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from flask import current_app

from app.core.extensions import db
from app.organisations.models import Area, Brigade, BrigadeKind
from app.organisations.rules import AreaBook, AreaFact
from app.organisations.settings import BrigadeSettings, settings_of

_AREAS = "organisations.areas"


def area_book() -> AreaBook:
    """All areas. Read once by each application, since only an update of the program changes them."""
    kept: AreaBook | None = current_app.extensions.get(_AREAS)
    if kept is None:
        rows = db.session.execute(sa.select(Area.code, Area.name, Area.successor_code, Area.name_en))
        kept = AreaBook(AreaFact(*row) for row in rows)
        if kept.by_code:
            current_app.extensions[_AREAS] = kept
    return kept


def forget_areas() -> None:
    """Read the areas again when they are next asked for."""
    current_app.extensions.pop(_AREAS, None)


def area_names(codes: Iterable[str]) -> dict[str, AreaFact]:
    """Areas by code with all that hold them; costs no query."""
    known = area_book().by_code
    return {code[:n]: known[code[:n]] for code in codes for n in (2, 4, 6) if code[:n] in known}


def current_code(code: str) -> str | None:
    """The code in force for a code of any time; None when it was never one."""
    seen: set[str] = set()
    while code not in seen:
        seen.add(code)
        found = db.session.execute(sa.select(Area.code, Area.successor_code).where(Area.code == code)).first()
        if found is None:
            return None
        if found.successor_code is None:
            return code
        code = found.successor_code
    return None


def areas_below(code: str) -> list[Area]:
    """The areas in force at and below a code, those that hold others first; zones of statistics left out."""
    rows = db.session.scalars(
        sa.select(Area)
        .where(Area.code.startswith(code, autoescape=True), Area.successor_code.is_(None))
        .order_by(Area.code)
    )
    return [area for area in rows if not AreaFact(area.code, area.name).is_zone]


def brigade_settings(brigade_id: uuid.UUID | None) -> BrigadeSettings:
    """What this brigade has set; as proposed where it has set nothing."""
    if brigade_id is None:
        return settings_of(None)
    return settings_of(db.session.scalar(sa.select(Brigade.settings).where(Brigade.id == brigade_id)))


def brigade_named(name: str) -> Brigade | None:
    """A unit by its exact name."""
    return db.session.scalar(sa.select(Brigade).where(Brigade.name == name))


def units(ids: Iterable[uuid.UUID]) -> Sequence[Brigade]:
    """These units, the higher first."""
    return db.session.scalars(
        sa.select(Brigade).where(Brigade.id.in_(list(ids))).order_by(Brigade.area_code, Brigade.name)
    ).all()


def brigades(ids: Iterable[uuid.UUID]) -> Sequence[Brigade]:
    """Brigades that look after schools (not stations, not those above) among these, by name."""
    return db.session.scalars(
        sa.select(Brigade).where(Brigade.id.in_(list(ids)), Brigade.kind == BrigadeKind.BRIGADE).order_by(Brigade.name)
    ).all()


def all_brigades() -> Sequence[Brigade]:
    """Every brigade that looks after schools, the first made first (for commands, which act for no viewer)."""
    return db.session.scalars(sa.select(Brigade).where(Brigade.kind == BrigadeKind.BRIGADE).order_by(Brigade.id)).all()


def settings_in_force() -> Mapping[uuid.UUID, BrigadeSettings]:
    """The settings of every unit that has set anything; the others go by what is proposed. One query."""
    rows = db.session.execute(sa.select(Brigade.id, Brigade.settings))
    return {key: settings_of(stored) for key, stored in rows if stored}
