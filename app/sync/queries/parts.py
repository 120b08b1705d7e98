"""What goes along with the rows: what is known of a school, how a draft was begun, and what all visits need."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.inspections import wording
from app.inspections.forms import STARTABLE
from app.inspections.rules.fields import Answer, Outcome
from app.inspections.rules.ground import Ground
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

#: How far ahead a tablet knows which days are worked.
CALENDAR_DAYS = 180

# a school --------------------------------------------------------------------------------------------------------


def about(viewer: Viewer, one: School, ground: Ground, checklist: Checklist) -> dict[str, Any]:
    """What is known of a school beside the rows of its walks."""
    lines = rectification.of_school(viewer, one.id)
    return {
        "school": _school(one),
        "houses": _houses(one.id, ground),
        "places": [
            {"id": s.id, "name": s.name, "kind": s.kind, "building": s.building_id, "level": s.level} for s in ground.spots
        ],
        "findings": _findings(lines),
        "checklist": _checklist(checklist),
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


def draft(asked: Sheet) -> dict[str, Any]:
    """A draft as it was begun."""
    row = asked.inspection
    return {
        "id": str(row.id), "kind": row.kind.value, "form": row.form.value, "tier": row.tier, "state": row.state.value, "rev": row.rev,
        "lead": str(row.lead_id), "second": str(row.second_id) if row.second_id else None, "accompanying": row.accompanying,
        "accompanying_post": row.accompanying_post, "started_at": row.started_at.isoformat(), "school": str(row.school_id),
        "visit": str(row.visit_id) if row.visit_id else None, "from_paper": row.from_paper, "checklist": _checklist(asked.checklist),
        "corrects": str(row.corrects_id) if row.corrects_id else None,
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
