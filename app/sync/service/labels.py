"""A blank label that was put on a piece during a visit without network."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.core.extensions import db
from app.equipment.models import Equipment
from app.equipment.service import labels
from app.sync.reading import as_id
from app.sync.rules import Reason
from app.sync.service.fields import target_of
from app.sync.service.verdicts import Attempt, Outcome, held, rejected


def claim(one: Attempt) -> Outcome:
    """Put the label on the piece; whoever sends it twice put it there once."""
    inspection, said = target_of(one), one.op.said
    piece_id, code = as_id(said.get("piece")), said.get("code")
    if piece_id is None or not isinstance(code, str):
        raise rejected(Reason.BAD_VALUE)
    piece = db.session.scalar(sa.select(Equipment).where(Equipment.id == piece_id).with_for_update())
    if piece is None or piece.school_id != inspection.school_id:
        raise held(Reason.REFUSED, _("这件器材不属于所检查的学校，标签没有贴上；内容已保留，由大队领导处理。"))
    if not one.author.may(Permission.EDIT_EQUIPMENT):
        raise held(Reason.NOT_YOURS)
    labels.stick(one.author, piece, code[:40])
    return Outcome(rev=inspection.rev)
