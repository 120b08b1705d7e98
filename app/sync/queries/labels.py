"""The labels that a tablet of a brigade should know without network: those on pieces, school by school, and those printed and on nothing yet."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core.extensions import db
from app.core.i18n import localised
from app.equipment.models import Equipment, TagHistory
from app.schools.models import School

#: More than a brigade's pieces and rolls of labels; what is left out counts as unknown on the tablet.
MOST = 40_000


def known(viewer: Viewer) -> dict[str, Any]:
    """Codes as one text each for a school, and for blank labels; two queries. `etag` names the whole."""
    rows = db.session.execute(
        sa.select(School.id, School.name, School.name_en, Equipment.tag_code)
        .join(School, School.id == Equipment.school_id)
        .where(School.brigade_id.in_(viewer.brigade_ids), Equipment.tag_code.is_not(None))
        .order_by(School.sort_name, School.id, Equipment.tag_code)
        .limit(MOST)
    )
    listed: dict[Any, dict[str, Any]] = {}
    for key, name, name_en, code in rows:
        one = listed.setdefault(key, {"id": str(key), "title": localised(name, name_en), "codes": []})
        one["codes"].append(code)
    blank = db.session.scalars(
        sa.select(TagHistory.tag_code)
        .where(
            TagHistory.brigade_id.in_(viewer.brigade_ids), TagHistory.equipment_id.is_(None), TagHistory.to_at.is_(None)
        )
        .order_by(TagHistory.tag_code)
        .limit(MOST)
    )
    told: dict[str, Any] = {
        "schools": [one | {"codes": " ".join(one["codes"])} for one in listed.values()],
        "blank": " ".join(blank),
    }
    return told | {"etag": hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}
