"""What the tablet's page needs to review and sign a draft without the server: what stands, who takes part, and what is judged how."""

from __future__ import annotations

from typing import Any

from app.accounts import queries as accounts
from app.accounts.viewer import Viewer
from app.inspections import signed, wording
from app.inspections.rules.demands import DEMANDS, judged_by
from app.inspections.rules.fields import VISIT
from app.inspections.rules.rows import Row
from app.inspections.sheet import Sheet
from app.organisations.settings import settings_of
from app.planning.service import OFFICERS


def people(viewer: Viewer, current: Sheet) -> dict[str, str]:
    """Names of who may be on the draft, by id: its officers and the viewer's colleagues."""
    found = {str(person.id): person.name for person in accounts.colleagues(viewer, roles=OFFICERS)}
    mine = [key for key in (current.inspection.lead_id, current.inspection.second_id) if key is not None]
    return found | {str(key): name for key, name in accounts.names_of(mine).items()}


def page_data(viewer: Viewer, current: Sheet) -> dict[str, Any]:
    """For script: `head`, `answers` with their revision and `photos` make the digest; `demands` and `judges` the review."""
    stands = current.folded.registers
    return {
        "head": signed.head_of(current.inspection),
        "people": people(viewer, current),
        "answers": [
            [*key, register.value, register.rev] for key, register in sorted(stands.items(), key=lambda pair: pair[0])
            if key[0] != VISIT and key[2] != "photo"
        ],
        "photos": [[str(p.id), p.item, p.place, p.slot, p.original_sha256] for p in current.photos],
        "day": current.day.isoformat(),
        "at_once": current.at_once,
        "within": settings_of(current.brigade.settings).deadline_most_days,
        "demands": [[one.code, one.wrong, str(wording.DEMANDS[one.code])] for one in DEMANDS],
        "judges": {row.name: judge for row in current.rows if (judge := _judge(row, current)) is not None},
    }  # fmt: skip


def _judge(row: Row, current: Sheet) -> dict[str, Any] | None:
    item = current.checklist.by_code.get(row.item)
    return judged_by(item, row, today=current.day) if item is not None else None
