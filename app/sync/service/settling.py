"""What a person does with what was kept: settle values that met, take kept work in, or say why not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import queries as fieldwork_queries
from app.fieldwork import service as fieldwork
from app.inspections import queries as inspections
from app.inspections.models import Inspection
from app.planning.service import OFFICERS
from app.sync import reading
from app.sync.models import SyncOp
from app.sync.rules import OpState
from app.sync.service import applying
from app.sync.service.applying import Authors, Step


@dataclass
class _InTheNameOf(Authors):
    """Everything is applied in one name, whoever sent it."""

    author: Viewer | None = None

    def of(self, row: SyncOp) -> Viewer | None:
        """The one author."""
        return self.author


def settle(viewer: Viewer, inspection: Inspection, *, item: str, place: str, field: str, chosen: uuid.UUID) -> None:
    """Decide between two values; both stay in the log, and who decided."""
    register = fieldwork_queries.folded(inspection.id).register(item, place, field)
    if register is None or not register.contested:
        return
    values = {str(op.op_id): op.value for op in (register.op, *register.contested)}
    fieldwork.settle(
        viewer, kind=inspections.target_kind(inspection), target_id=inspection.id, item=item, place=place, field=field, chosen=chosen
    )  # fmt: skip
    detail = {"item": item, "place": place, "field": field, "values": values, "chosen": str(chosen)}
    audit.record(viewer, "settle_conflict", subject="inspection", subject_id=inspection.id, detail=detail)
    db.session.flush()


def _author(viewer: Viewer, rows: Sequence[SyncOp]) -> Viewer:
    """Whose name stands on what is taken in: the writer's own; the leader's where the writer may lead nothing any more."""
    first = rows[0]
    if first.by_id == viewer.person_id:
        return viewer
    if not viewer.may(Permission.WITHDRAW_INSPECTIONS):
        raise DomainError(_("只有本人或大队领导可以处理。"))
    person = db.session.get(Person, first.by_id) if first.by_id else None
    if person is None:
        return viewer
    begins = any(row.what == "create" and row.target_kind not in reading.LOGS for row in rows)
    officers = {one.id for one in accounts.colleagues(viewer, roles=OFFICERS)} if begins else set()
    if begins and person.id not in officers:
        return viewer
    held = {one.name: getattr(viewer, one.name) for one in fields(Viewer)}
    return Viewer(**held | {"person_id": person.id, "name": person.name})


def _is_officers_signature(row: SyncOp) -> bool:
    content = row.content if isinstance(row.content, dict) else {}
    value = content.get("value")
    return row.what == reading.SIGNATURE and isinstance(value, dict) and value.get("role") in ("lead", "second")


def take_in(viewer: Viewer, rows: Sequence[SyncOp]) -> int:
    """Apply kept operations of one person on one draft: that person confirms them, or the leader takes them in.

    Nobody signs for another: an officer's signature waits for the officer. Returns how many went through.
    """
    held = [row for row in rows if row.state is OpState.HELD]
    if not held:
        raise DomainError(_("没有可以采用的内容。"))
    author = _author(viewer, held)
    mine = held[0].by_id == viewer.person_id
    usable = [row for row in held if mine or not _is_officers_signature(row)]
    if not usable:
        raise DomainError(_("签名须由本人登录后确认。"))
    steps = [Step(row, op) for row in usable if (op := reading.operation(row.content)) is not None and not op.trouble]
    for row in usable:
        row.proven = row.proven or mine
    names = _InTheNameOf(author=author)
    applying.go_on(applying.apply(steps, names), names if not mine else Authors(viewer=viewer))
    through = [row for row in usable if row.state is not OpState.HELD]
    detail = {"operations": [str(row.op_id) for row in through], "by": str(held[0].by_id), "device": held[0].device}
    audit.record(viewer, "take_in_kept", subject="inspection", subject_id=held[0].target_id or "", detail=detail)
    for row in through:
        row.dealt_with_at, row.dealt_with_by_id = clock.now(), viewer.person_id
    if not through:
        raise DomainError(held[0].message)
    db.session.flush()
    return len(through)


def put_aside(viewer: Viewer, rows: Sequence[SyncOp], *, reason: str) -> None:
    """Say that kept operations are not wanted, and why; they stay on record."""
    if not reason.strip():
        raise DomainError(_("请写明不采用的原因。"), field="reason")
    mine = rows[0].by_id == viewer.person_id
    if not mine and not viewer.may(Permission.WITHDRAW_INSPECTIONS):
        raise DomainError(_("只有本人或大队领导可以处理。"))
    for row in rows:
        row.dealt_with_at, row.dealt_with_by_id = clock.now(), viewer.person_id
    detail = {"operations": [str(row.op_id) for row in rows], "reason": reason.strip()[:300], "by": str(rows[0].by_id)}
    audit.record(viewer, "put_kept_aside", subject="inspection", subject_id=rows[0].target_id or "", detail=detail)
    db.session.flush()
