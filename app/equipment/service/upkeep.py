"""Service, tests and faults of a piece, and being away for service."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.equipment import wording
from app.equipment.models import Equipment, EquipmentKind, EquipmentStatus, EventKind, Trouble
from app.equipment.service.trail import must_be_kept, tell


def _day(piece: Equipment, on: date | None) -> date:
    day = on or clock.today()
    if day > clock.today():
        raise DomainError(_("日期不能晚于今天。"), field="on")
    if piece.made_on and day < piece.made_on:
        raise DomainError(_("日期不能早于出厂日期。"), field="on")
    return day


def _done(by: Viewer, piece: Equipment, act: EventKind, on: date, note: str = "") -> None:
    piece.changed_at = clock.now()
    tell(piece, act, by, on=on, note=note)
    audit.record(by, act.value, subject="equipment", subject_id=piece.id, detail={"on": on.isoformat(), "note": note})
    db.session.flush()


def send_away(by: Viewer, piece: Equipment, *, on: date | None = None, note: str = "") -> None:
    """The piece leaves its place for service. Whether too many are away is for the page to warn of (5.1.2)."""
    must_be_kept(piece)
    if piece.status is EquipmentStatus.AWAY:
        raise DomainError(_("这件器材已经登记为送修。"))
    day = _day(piece, on)
    piece.status, piece.away_on = EquipmentStatus.AWAY, day
    _done(by, piece, EventKind.SENT_AWAY, day, note)


def came_back(by: Viewer, piece: Equipment, *, serviced_on: date | None = None, note: str = "") -> None:
    """The piece is at its place again; a day of service counts as serviced and ends its fault."""
    if piece.status is not EquipmentStatus.AWAY:
        raise DomainError(_("这件器材没有送修，不需要放回。"))
    piece.status, piece.away_on = EquipmentStatus.IN_USE, None
    _done(by, piece, EventKind.CAME_BACK, clock.today(), note)
    if serviced_on is not None:
        note_service(by, piece, on=serviced_on)


def note_service(by: Viewer, piece: Equipment, *, on: date | None = None, note: str = "") -> None:
    """The piece was serviced on a day; a fault noted until then is over. Later services stay what they are."""
    must_be_kept(piece)
    day = _day(piece, on)
    piece.serviced_on = max(piece.serviced_on or day, day)
    if piece.trouble_on is not None and piece.trouble_on <= day:
        piece.trouble, piece.trouble_on = None, None
    _done(by, piece, EventKind.SERVICED, day, note)


def note_test(by: Viewer, piece: Equipment, *, on: date | None = None, note: str = "") -> None:
    """The piece was tested on a day (flow of a hydrant, duration of a light)."""
    must_be_kept(piece)
    day = _day(piece, on)
    piece.tested_on = max(piece.tested_on or day, day)
    _done(by, piece, EventKind.TESTED, day, note)


def note_trouble(by: Viewer, piece: Equipment, *, trouble: Trouble, on: date | None = None, note: str = "") -> None:
    """A fault was seen that makes an extinguisher due, or fit for scrap, at once."""
    must_be_kept(piece)
    if piece.kind is not EquipmentKind.EXTINGUISHER:
        raise DomainError(_("只有灭火器在这里登记故障；其他器材请在检查中记录。"), field="trouble")
    day = _day(piece, on)
    piece.trouble, piece.trouble_on = trouble, day
    words = str(wording.TROUBLES[trouble])
    _done(by, piece, EventKind.TROUBLE, day, f"{words} {note}".strip())


def trouble_over(by: Viewer, piece: Equipment, *, note: str = "") -> None:
    """The fault is no more, without a service (noted by mistake, a seal put back)."""
    must_be_kept(piece)
    if piece.trouble is None:
        raise DomainError(_("这件器材没有登记故障。"))
    words = str(wording.TROUBLES[piece.trouble])
    piece.trouble, piece.trouble_on = None, None
    _done(by, piece, EventKind.TROUBLE_OVER, clock.today(), f"{words} {note}".strip())
