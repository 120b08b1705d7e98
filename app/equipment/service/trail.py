"""The history that every act leaves on its piece."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentEvent, EventKind


def tell(piece: Equipment, kind: EventKind, by: Viewer | None, *, on: date | None = None, note: str = "") -> None:
    """Add a line to a piece's history."""
    db.session.add(
        EquipmentEvent(
            equipment_id=piece.id,
            kind=kind,
            happened_on=on or clock.today(),
            note=note[:300],
            by_id=by.person_id if by else None,
        )
    )


def must_be_kept(piece: Equipment) -> None:
    """Refuse an act on a piece that is no longer part of what the school has."""
    if not piece.is_kept:
        raise DomainError(_("这件器材已停用或已更换，不能再办理。"), code="not_kept")
