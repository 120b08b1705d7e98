"""What is in each part of a bundle: the rows of a school or of a draft as the page shows them, without a second implementation."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import url_for

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.inspections import queries as inspections
from app.inspections import records, sheet, wording
from app.inspections.forms import STARTABLE
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.presenting import Presenter
from app.inspections.rules.answers import Said, may_be_bulk, needs_own_word
from app.inspections.rules.fields import Answer, Outcome
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import Row, rows_of
from app.inspections.service import filling, starting
from app.inspections.sheet import Sheet
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.planning.service import OFFICERS
from app.rectification.queries import findings as rectification
from app.rectification.queries import orders
from app.regulations import queries as regulations
from app.regulations.rules.calendars import is_workday
from app.regulations.rules.checklist import Checklist
from app.schools.models import Building, Floor, School
from app.sync import visits
from app.sync.models import SyncOp
from app.sync.queries import changes
from app.sync.rules import OpState

#: How far ahead a tablet knows which days are worked.
CALENDAR_DAYS = 180
#: What of a row's view goes along; what stands on it is told as fields, never inside of the row.
SHOWN = (
    "name", "title", "detail", "alarm", "alarm_look", "last", "words", "critical", "choices", "asks_date", "asks_text", "asks_where", "method",
    "groups", "offers_spot", "may_sample",
)  # fmt: skip
SHARED = ("groups", "words", "choices")


class Shared:
    """What many rows have in common, each told once; and the rows of all walks of a part, in one list, known by their place in it."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.rows: list[dict[str, Any]] = []
        self._keys: dict[int, tuple[Any, str]] = {}
        self._known: dict[Any, int] = {}

    def key(self, value: Any) -> str:
        """Under what a long value stands; nothing for nothing."""
        if not value:
            return ""
        if id(value) not in self._keys:
            plain = [_plain(one) for one in value]
            text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
            key = hashlib.sha256(text.encode()).hexdigest()[:8]
            self.values[key] = json.loads(text)
            self._keys[id(value)] = (value, key)  # kept, so that no other value gets its id
        return self._keys[id(value)][1]

    def place(self, row: Row, presenter: Presenter, *, bulk: bool) -> int:
        """The place of a row in the list; the same question with the same faults is told once, whatever the tier."""
        same = (row.name, row.codes, row.owner, row.bounds)
        if same not in self._known:
            self._known[same] = len(self.rows)
            self.rows.append(_row(row, presenter, self, bulk=bulk))
        return self._known[same]


def _row(row: Row, presenter: Presenter, shared: Shared, *, bulk: bool) -> dict[str, Any]:
    view, current = presenter.row(row), presenter.sheet
    found = {name: value for name in SHOWN if (value := getattr(view, name)) not in ("", False, None, ())}
    for name in SHARED:
        if name in found:
            found[name] = shared.key(found[name])
    if view.reading:
        found["reading"] = {name: view.reading[name] for name in ("unit", "label", "limits")}
    if row.bounds is not None:
        found["bounds"] = {k: getattr(row.bounds, k) for k in ("min", "max", "hard_max", "target_max")}
    if row.owner:
        kind = current.checklist.content["equipment"].get(str(row.piece.kind), {})
        found |= {"owned": True, "always": kind.get("sample", {}).get("percent") == 100}
    if row.is_piece:
        found |= {"kind": str(row.piece.kind), "tag": row.piece.tag_code, "latest": row.piece.last_verdict}
    if bulk and may_be_bulk(row, Said()) and not needs_own_word(row, current.checklist):
        found["bulk"] = True
    return found


def _plain(one: Any) -> Any:
    return dataclasses.asdict(one) if dataclasses.is_dataclass(one) and not isinstance(one, type) else one


def _sheet(current: Sheet, presenter: Presenter, shared: Shared) -> dict[str, Any]:
    """One walk: areas with their headings, and the places of their rows in the list."""
    bulk = filling.bulk_is_allowed(current)
    areas = [
        {
            "key": area.key,
            "name": wording.area_name(area, current.checklist),
            "headings": _headings(area.rows, current, lambda row: shared.place(row, presenter, bulk=bulk)),
        }
        for area in current.areas
    ]
    return {"areas": areas}


def _headings(rows: Sequence[Row], current: Sheet, place: Callable[[Row], int]) -> list[dict[str, Any]]:
    if current.inspection.kind is InspectionKind.RECHECK:
        title = wording.area_name(current.areas[0], current.checklist)
        return [{"key": "recheck", "title": title, "rows": [place(row) for row in rows]}]
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.category, []).append(place(row))
    return [
        {"key": key, "title": wording.words(current.checklist.label("categories", key)), "rows": places}
        for key, places in found.items()
    ]


# a school --------------------------------------------------------------------------------------------------------


def _as_if_begun(school: School, brigade: Brigade, checklist: Checklist, ground: Ground, *, tier: str) -> Sheet:
    """The sheet that a draft begun now would have, every piece chosen for readings and tests; nothing is written."""
    begun = _unwritten(school, checklist, kind=InspectionKind.INSPECTION, tier=tier)
    rows = rows_of(
        checklist, ground, facts=sheet.facts_of_school(school, ground, checklist), tier=tier, day=clock.today(),
        sampled=[str(piece.id) for piece in ground.pieces],
    )  # fmt: skip
    return Sheet(
        inspection=begun,
        school=school,
        brigade=brigade,
        checklist=checklist,
        ground=ground,
        rows=rows,
        ops=[],
        photos=[],
    )


def _unwritten(school: School, checklist: Checklist, *, kind: InspectionKind, tier: str) -> Inspection:
    return Inspection(
        id=uuid.uuid5(school.id, tier), kind=kind, form=InspectionForm.SPOT_CHECK, school_id=school.id, brigade_id=school.brigade_id,
        pack_version_id=checklist.version_id, tier=tier, scope={}, state=InspectionState.DRAFT, rev=0, from_paper=False,
        started_at=clock.now(),
    )  # fmt: skip


def school(viewer: Viewer, one: School) -> dict[str, Any]:
    """Everything a tablet needs to begin and fill an inspection or a re-check of a school without network."""
    checklist = regulations.current_checklist()
    brigade = db.session.get_one(Brigade, one.brigade_id)
    ground = sheet.ground_of(one.id, day=clock.today(), checklist=checklist)
    last_rows, last_on = records.answers_of(inspections.last_signed(one.id))
    shared = Shared()
    sheets: dict[str, Any] = {}
    for tier in starting.TIERS:
        current = _as_if_begun(one, brigade, checklist, ground, tier=tier)
        sheets[tier] = _sheet(current, Presenter(current, last=last_rows, last_on=last_on), shared)
    lines = rectification.of_school(viewer, one.id)
    again = _as_if_begun(one, brigade, checklist, Ground(), tier="core")
    again.inspection = _unwritten(one, checklist, kind=InspectionKind.RECHECK, tier="core")
    again.rows = sheet.rows_for_findings([line.finding for line in lines])
    sheets["recheck"] = _sheet(again, Presenter(again), shared)
    return {
        "school": _school(one),
        "houses": _houses(one.id, ground),
        "places": [
            {"id": s.id, "name": s.name, "kind": s.kind, "building": s.building_id, "level": s.level} for s in ground.spots
        ],
        "findings": _findings(lines),
        "checklist": _checklist(checklist),
        "last_on": last_on.isoformat() if last_on else None,
        "shared": shared.values,
        "rows": shared.rows,
        "sheets": sheets,
    }  # fmt: skip


def _school(one: School) -> dict[str, Any]:
    names = (
        "name", "name_en", "name_bo", "address", "area_code", "latitude", "longitude", "phone", "responsible_person", "responsible_phone",
        "safety_manager", "safety_manager_phone", "pupils", "boarders", "staff", "is_boarding", "is_key_unit",
    )  # fmt: skip
    return {"id": str(one.id), "kind": one.kind.value} | {name: getattr(one, name) for name in names}


def _houses(school_id: uuid.UUID, ground: Ground) -> list[dict[str, Any]]:
    plans = dict(
        row._tuple()
        for row in db.session.execute(
            sa.select(Floor.id, Floor.plan_sha256)
            .join(Building, Building.id == Floor.building_id)
            .where(Building.school_id == school_id, Floor.plan_sha256.is_not(None))
        )
    )
    return [
        {
            "id": house.id,
            "name": house.name,
            "use": house.use,
            "floors": [{"id": key, "level": level, "name": name, "plan": plans.get(uuid.UUID(key))} for key, level, name in house.levels],
        }
        for house in ground.houses
    ]  # fmt: skip


def _findings(lines: Sequence[rectification.Line]) -> list[dict[str, Any]]:
    numbers = orders.numbers_of([line.finding.id for line in lines])
    return [
        {
            "id": str(f.id), "text": f.text, "text_en": f.text_en, "place": f.place_label, "severity": f.severity.value,
            "deadline": f.deadline.isoformat() if f.deadline else None, "row": f"RECHECK@{f.id}", "awaits_recheck": line.awaits_recheck,
            "order": numbers.get(f.id, ""),
        }
        for line in lines
        if (f := line.finding)
    ]  # fmt: skip


def _checklist(checklist: Checklist) -> dict[str, Any]:
    return {
        "id": str(checklist.version_id), "pack": checklist.code, "version": checklist.version, "title": wording.words(checklist.title),
        "sha256": checklist.sha256,
    }  # fmt: skip


# a draft, and what is common -------------------------------------------------------------------------------------


def draft(viewer: Viewer, asked: Sheet) -> dict[str, Any]:
    """A draft with its rows by the checklist it was begun with, and what stands on it."""
    current, row = visits.with_every_question(asked), asked.inspection
    last_rows, last_on = records.answers_of(inspections.last_signed(row.school_id, before=row))
    shared = Shared()
    key = "recheck" if row.kind is InspectionKind.RECHECK else row.tier
    held = db.session.scalars(
        sa.select(SyncOp)
        .where(SyncOp.target_id == row.id, SyncOp.state == OpState.HELD, SyncOp.dealt_with_at.is_(None))
        .order_by(SyncOp.id)
        .limit(200)
    ).all()
    return {
        "draft": {
            "id": str(row.id), "kind": row.kind.value, "form": row.form.value, "tier": row.tier, "state": row.state.value, "rev": row.rev,
            "lead": str(row.lead_id), "second": str(row.second_id) if row.second_id else None, "accompanying": row.accompanying,
            "accompanying_post": row.accompanying_post, "started_at": row.started_at.isoformat(), "school": str(row.school_id),
            "visit": str(row.visit_id) if row.visit_id else None, "from_paper": row.from_paper, "checklist": _checklist(asked.checklist),
            "corrects": str(row.corrects_id) if row.corrects_id else None, "page": url_for("sync.visit", inspection_id=row.id),
        },
        "sheets": {key: _sheet(current, Presenter(current, last=last_rows, last_on=last_on), shared)},
        "change": changes.of([row], held={row.id: len(held)}, seen={})[0],
        "held": [{"op_id": str(one.op_id), "reason": one.reason, "message": one.message} for one in held],
        "shared": shared.values,
        "rows": shared.rows,
    }  # fmt: skip


def common(viewer: Viewer, areas: Sequence[str]) -> dict[str, Any]:
    """What all visits need: colleagues, words, the days that are worked."""
    brigade = db.session.get(Brigade, viewer.own_brigade_id) if viewer.own_brigade_id else None
    return {
        "colleagues": [
            {"id": str(p.id), "name": p.name} for p in accounts.colleagues(viewer, roles=OFFICERS) if p.id != viewer.person_id
        ],
        "forms": [[form.value, str(wording.FORMS[form])] for form in STARTABLE],
        "tiers": [[tier, str(words)] for tier, words in wording.TIERS.items()],
        "answers": [[a.value, str(wording.ANSWERS[a]), look] for a, look in zip(Answer, ("ok", "bad", "na", ""), strict=True)],
        "outcomes": [[o.value, str(wording.OUTCOMES[o]), wording.OUTCOME_LOOKS[o]] for o in Outcome],
        "bulk_allowed": bool(brigade and settings_of(brigade.settings).bulk_allowed),
        "checklist": str(regulations.current_checklist().version_id),
        "calendars": {area: _calendar(area) for area in sorted(set(areas))},
    }  # fmt: skip


def _calendar(area_code: str) -> dict[str, Any]:
    calendar, today = regulations.workdays_of(area_code), clock.today()
    days = [today + timedelta(days=n) for n in range(CALENDAR_DAYS)]
    worked = {day for day in days if is_workday(day, calendar)}
    return {
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "off": [d.isoformat() for d in days if d.weekday() < 5 and d not in worked],
        "worked": [d.isoformat() for d in days if d.weekday() >= 5 and d in worked],
    }
