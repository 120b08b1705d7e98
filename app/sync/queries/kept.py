"""What waits for a person: values that met, and operations that were kept; and the register of tablets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Membership, Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.equipment.queries import fieldwork as equipment
from app.fieldwork.models import AnswerOp, Photo
from app.fieldwork.rules import Op, OpStatus, Register, fold
from app.inspections import wording
from app.inspections.models import Inspection, InspectionState
from app.inspections.rules.fields import RECHECK
from app.regulations import queries as regulations
from app.schools import queries as schools
from app.schools.models import Building, Place, School
from app.sync import rules, words
from app.sync.models import SyncOp, Tablet
from app.sync.queries import changes
from app.sync.reading import LOGS, as_id
from app.sync.rules import OWN_BUSINESS, OpState

MOST = 60


def _mine(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on Inspection: those the viewer may settle."""
    leads = viewer.may(Permission.WITHDRAW_INSPECTIONS)
    own = sa.or_(Inspection.lead_id == viewer.person_id, Inspection.second_id == viewer.person_id)
    return sa.and_(Inspection.brigade_id.in_(viewer.brigade_ids), sa.true() if leads else own)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the values that met: what it says, who wrote it when, and the photos they took."""

    op: Op
    text: str
    who: str
    stands: bool
    photos: Sequence[Photo]


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One field of a draft for which two values came."""

    inspection: Inspection
    school: School
    item: str
    place: str
    field: str
    title: str
    where: str
    label: str
    options: Sequence[Option]


def contests(viewer: Viewer) -> list[Contest]:
    """Values that met on drafts the viewer may settle; a constant number of queries."""
    rows = db.session.execute(
        sa.select(Inspection, School)
        .options(sa.orm.defer(Inspection.record))
        .join(School, School.id == Inspection.school_id)
        .where(
            _mine(viewer),
            Inspection.state == InspectionState.DRAFT,
            Inspection.id.in_(sa.select(AnswerOp.target_id).where(AnswerOp.status == OpStatus.CONFLICT)),
        )
        .order_by(Inspection.started_at, Inspection.id)
        .limit(MOST)
    ).all()
    ids = [row[0].id for row in rows]
    if not ids:
        return []
    ops = changes.ops_of(ids)
    photos = list(db.session.scalars(sa.select(Photo).where(Photo.target_id.in_(ids), Photo.withdrawn_at.is_(None))))
    found = [
        (inspection, school, register)
        for inspection, school in rows
        for register in fold(ops.get(inspection.id, ())).contested.values()
    ]
    names = accounts.names_of({op.by_id for _i, _s, r in found for op in (r.op, *r.contested)})
    places = place_names({r.op.place for _i, _s, r in found})
    return [_contest(i, s, r, names, places, photos) for i, s, r in found[:MOST]]


def _contest(
    inspection: Inspection, school: School, register: Register, names: Mapping[Any, str], places: Mapping[str, str],
    photos: Sequence[Photo],
) -> Contest:  # fmt: skip
    op = register.op
    here = [p for p in photos if (p.target_id, p.item, p.place) == (inspection.id, op.item, op.place)]
    options = [
        Option(
            op=one, text=value_words(inspection, one.item, one.field, one.value), who=names.get(one.by_id, ""), stands=one is op,
            photos=[p for p in here if p.added_by_id == one.by_id],
        )
        for one in (op, *register.contested)
    ]  # fmt: skip
    return Contest(
        inspection=inspection, school=school, item=op.item, place=op.place, field=op.field, title=title_of(inspection, op.item),
        where=places.get(op.place, ""), label=str(wording.FIELDS.get(op.field, op.field)), options=options,
    )  # fmt: skip


def title_of(inspection: Inspection, item: str) -> str:
    """What a row asks, in the reader's language."""
    known = regulations.checklist(inspection.pack_version_id).by_code.get(item)
    if known is not None:
        return wording.words(known.text)
    return str({"PIECE": _("器材"), RECHECK: _("复查的问题"), "VISIT": _("本次检查")}.get(item, item))


def value_words(inspection: Inspection, item: str, field: str, value: Any) -> str:
    """A value as people say it."""
    if field == "answer":
        said = wording.OUTCOMES if item == RECHECK else wording.ANSWERS
        return str(said.get(value, value) or "—")
    if field == "fault" and isinstance(value, list):
        known = regulations.checklist(inspection.pack_version_id).by_code
        return "、".join(_fault_words(known, str(one)) for one in value) or "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) or "—"


def _fault_words(known: Mapping[str, Any], value: str) -> str:
    code, _colon, key = value.partition(":")
    faults = known[code].faults if code in known else ()
    return next((wording.words(fault.text) for fault in faults if fault.key == key), value)


def place_names(places: Collection[str]) -> dict[str, str]:
    """Names of pieces, places and buildings by their ids, in three queries."""
    ids = [key for text in places if (key := _as_id(text)) is not None]
    if not ids:
        return {}
    found = {str(key): f"{p.name} · {p.where}" for key, p in equipment.pieces(ids).items()}
    for table in (Place, Building):
        rows = db.session.execute(sa.select(table.id, table.name).where(table.id.in_(ids)))
        found |= {str(key): name for key, name in rows}
    return found


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# operations that were kept ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Group:
    """Kept operations of one person on one draft."""

    first: SyncOp
    ops: Sequence[SyncOp]
    inspection: Inspection | None
    school: School | None
    by: str
    sent_by: str
    reasons: Sequence[str]
    lines: Sequence[tuple[str, str, SyncOp]]
    is_mine: bool

    @property
    def is_held(self) -> bool:
        """Whether something of it may still be taken in."""
        return any(op.state is OpState.HELD for op in self.ops)

    @property
    def is_log(self) -> bool:
        """Whether it is no inspection but a drill or a training."""
        return self.first.target_kind in LOGS


def _kept(viewer: Viewer) -> Any:
    brigade = sa.func.coalesce(Inspection.brigade_id, SyncOp.brigade_id)
    own = sa.or_(SyncOp.by_id == viewer.person_id, SyncOp.sent_by_id == viewer.person_id)
    leads = viewer.may(Permission.WITHDRAW_INSPECTIONS)
    return (
        sa.select(SyncOp, Inspection, School)
        .options(sa.orm.defer(Inspection.record))
        .outerjoin(Inspection, Inspection.id == SyncOp.target_id)
        .outerjoin(School, School.id == Inspection.school_id)
        .where(
            SyncOp.state.in_((OpState.HELD, OpState.REJECTED)),
            SyncOp.dealt_with_at.is_(None),
            SyncOp.reason.not_in([reason.value for reason in OWN_BUSINESS]),
            sa.or_(own, brigade.in_(viewer.brigade_ids)) if leads else own,
        )
        .order_by(SyncOp.id)
    )


def groups(viewer: Viewer) -> list[Group]:
    """What was kept and waits for this viewer, the oldest first; a constant number of queries."""
    rows = db.session.execute(_kept(viewer).limit(1000)).all()
    sorted_: dict[Any, list[Any]] = {}
    for row in rows:
        op = row[0]
        sorted_.setdefault((op.target_id or op.op_id, op.by_id, op.device), []).append(row)
    names = accounts.names_of({key for op, _i, _s in rows for key in (op.by_id, op.sent_by_id) if key is not None})
    rows_of_logs = [op for op, _i, _s in rows if op.target_kind in LOGS]
    places = _schools_of(viewer, rows_of_logs)
    return [_group(viewer, some, names, places) for some in list(sorted_.values())[:MOST]]


def _schools_of(viewer: Viewer, ops: Sequence[SyncOp]) -> dict[int, School]:
    """The schools that logs name, as far as the viewer may see them."""
    named = {op.id: key for op in ops if (key := as_id(_value_of(op).get("school"))) is not None}
    if not named:
        return {}
    query = sa.select(School).where(School.id.in_(set(named.values())), schools.visible(viewer))
    found = {school.id: school for school in db.session.scalars(query)}
    return {op_id: found[key] for op_id, key in named.items() if key in found}


def _value_of(op: SyncOp) -> Mapping[str, Any]:
    value = op.content.get("value") if isinstance(op.content, dict) else None
    return value if isinstance(value, dict) else {}


def _group(viewer: Viewer, rows: Sequence[Any], names: Mapping[Any, str], places: Mapping[int, School]) -> Group:
    first, inspection, school = rows[0]
    school = school or places.get(first.id)
    ops = [row[0] for row in rows]
    return Group(
        first=first, ops=ops, inspection=inspection, school=school, by=names.get(first.by_id, "") or str(_("不认识的人")),
        sent_by=names.get(first.sent_by_id, ""), reasons=list(dict.fromkeys(op.message for op in ops)),
        lines=[(*_words_of(op, inspection), op) for op in ops[:50]], is_mine=first.by_id == viewer.person_id,
    )  # fmt: skip


def _words_of(op: SyncOp, inspection: Inspection | None) -> tuple[str, str]:
    """What it is about, and what it says."""
    content = op.content if isinstance(op.content, dict) else {}
    if op.target_kind in LOGS:
        said = _value_of(op).get("fields")
        filled = said.values() if isinstance(said, dict) else ()
        return str(words.LOGS[op.target_kind]), " · ".join(str(one) for one in filled if one)[:200]
    if op.what in words.ACTS or inspection is None:
        item = str(content.get("item", "")) if op.what not in words.ACTS else ""
        return (f"{words.ACTS.get(op.what, op.what)} {item}".strip(), _short(content.get("value")))
    item = str(content.get("item", ""))
    label = str(wording.FIELDS.get(op.what, op.what))
    return f"{item} {label}", value_words(inspection, item, op.what, content.get("value"))[:200]


def _short(value: Any) -> str:
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if k != "strokes"}
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) if value else ""
    return text[:200]


def kept(viewer: Viewer, kept_id: int) -> SyncOp | None:
    """One kept operation, if it waits for this viewer."""
    found: SyncOp | None = db.session.scalar(_kept(viewer).where(SyncOp.id == kept_id).with_only_columns(SyncOp))
    return found


def same_group(row: SyncOp) -> Sequence[SyncOp]:
    """All that is kept of the same person on the same draft, with what waits behind it, locked."""
    query = sa.select(SyncOp).where(
        SyncOp.state.in_((OpState.HELD, OpState.REJECTED)), SyncOp.dealt_with_at.is_(None), SyncOp.device == row.device
    )
    same = SyncOp.target_id == row.target_id if row.target_id else SyncOp.id == row.id
    by = SyncOp.by_id == row.by_id if row.by_id else SyncOp.by_id.is_(None)
    return db.session.scalars(query.where(same, by).order_by(SyncOp.id).with_for_update()).all()


def waiting(viewer: Viewer) -> int:
    """How many values and kept operations wait for this viewer; one query."""
    met = (
        sa.select(sa.func.count())
        .select_from(AnswerOp)
        .join(Inspection, Inspection.id == AnswerOp.target_id)
        .where(AnswerOp.status == OpStatus.CONFLICT, Inspection.state == InspectionState.DRAFT, _mine(viewer))
    )
    held = sa.select(sa.func.count()).select_from(_kept(viewer).order_by(None).with_only_columns(SyncOp.id).subquery())
    return db.session.scalar(sa.select(met.scalar_subquery() + held.scalar_subquery())) or 0


# tablets ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Line:
    """A tablet in the register."""

    tablet: Tablet
    person: str

    @property
    def holds(self) -> int:
        """How much it last said to hold."""
        return sum(int(number) for number in self.tablet.waiting.values())

    @property
    def state(self) -> str:
        """lost, quiet or here."""
        if self.tablet.lost_at is not None:
            return "lost"
        quiet = rules.is_quiet(self.tablet.last_seen_at, waiting=self.holds, now=clock.now())
        return "quiet" if quiet else "here"


def _tablets(viewer: Viewer) -> Any:
    ours = sa.select(Membership.person_id).where(Membership.brigade_id.in_(viewer.brigade_ids))
    return (
        sa.select(Tablet, Person.name)
        .join(Person, Person.id == Tablet.person_id)
        .where(Tablet.person_id.in_(ours))
        .order_by(Tablet.last_seen_at.desc(), Tablet.id)
    )


def tablets(viewer: Viewer, *, most: int = 200) -> list[Line]:
    """The tablets of the viewer's people: quiet ones with work on them first, then the last heard of."""
    lines = [Line(tablet=row[0], person=row[1]) for row in db.session.execute(_tablets(viewer).limit(most))]
    return sorted(lines, key=lambda line: line.state != "quiet")


def tablet(viewer: Viewer, tablet_id: uuid.UUID) -> Tablet | None:
    """One tablet of the viewer's people."""
    found: Tablet | None = db.session.scalar(_tablets(viewer).where(Tablet.id == tablet_id).with_only_columns(Tablet))
    return found
