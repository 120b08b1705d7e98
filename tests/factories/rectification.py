"""Findings with an inspection behind them, and what became of them."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.core.files import files
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.rectification.models.findings import Evidence, Finding, Handling, RecheckOutcome, RecheckResult, Severity
from app.rectification.rules import findings as rules
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service.findings import InspectionFacts, NewFinding
from app.regulations.models import PackVersion
from tests.cast import Cast
from tests.factories.pictures import picture


def pack_version_id() -> uuid.UUID:
    """Any loaded pack version, or a bare one."""
    known = db.session.scalar(sa.select(PackVersion.id).order_by(PackVersion.id).limit(1))
    if known:
        return known
    pack = PackVersion(
        code="bare", version=1, country="CN", name="空", valid_from=date(2026, 1, 1), sha256="0" * 64, content="{}"
    )
    db.session.add(pack)
    db.session.flush()
    return pack.id


def at(day: date, hour: int = 10) -> datetime:
    """A moment of a school's day."""
    return datetime.combine(day, time(hour), clock.ZONE)


def inspection(cast: Cast, *, on: date | None = None, school_id: uuid.UUID | None = None, **more: Any) -> Inspection:
    """A signed inspection of a school (Pema's) by Ines and Ivo."""
    moment = at(on or clock.today())
    row = Inspection(
        **{
            "kind": InspectionKind.INSPECTION,
            "school_id": school_id or cast.school_id,
            "brigade_id": cast.brigade_id,
            "pack_version_id": pack_version_id(),
            "state": InspectionState.SIGNED,
            "lead_id": cast.people["ines"],
            "second_id": cast.people["ivo"],
            "started_at": moment - timedelta(hours=1),
            "finished_at": moment,
            "signed_at": moment,
            "record": "{}",
            "record_sha256": "0" * 64,
        }
        | more
    )
    db.session.add(row)
    db.session.flush()
    return row


def facts(cast: Cast, row: Inspection) -> InspectionFacts:
    """What findings are told of an inspection."""
    return InspectionFacts(
        id=row.id,
        school_id=row.school_id,
        brigade_id=row.brigade_id,
        seen_at=row.finished_at or row.started_at,
        officer_ids=(cast.people["ines"], cast.people["ivo"]),
    )


def new_finding(**more: Any) -> NewFinding:
    """A locked exit door, to be put right within fifteen days."""
    return NewFinding(
        **{
            "item_code": "EXI-01",
            "category": "exit_route",
            "text": "疏散门上锁",
            "measure": "拆除挂锁",
            "place_label": "宿舍楼二层西侧",
            "severity": Severity.MAJOR,
            "handling": Handling.ORDER_LIMITED,
            "deadline": clock.today() + timedelta(days=15),
        }
        | more
    )


def finding(
    cast: Cast,
    *,
    school_id: uuid.UUID | None = None,
    found_on: date | None = None,
    deadline: date | None = None,
    item_code: str = "EXI-01",
    row: Inspection | None = None,
    **more: Any,
) -> Finding:
    """An open finding at a school (Pema's), found today and due in fifteen days."""
    day = found_on or clock.today()
    row = row or inspection(cast, on=day, school_id=school_id)
    target_id = more.pop("target_id", "")
    made = Finding(
        **{
            "id": rules.finding_id(row.id, item_code, target_id),
            "school_id": row.school_id,
            "brigade_id": row.brigade_id,
            "inspection_id": row.id,
            "item_code": item_code,
            "target_id": target_id,
            "category": "exit_route",
            "place_label": "宿舍楼二层西侧",
            "text": "疏散门上锁",
            "text_en": "Exit door locked",
            "measure": "拆除挂锁，换成推杆式逃生锁",
            "measure_en": "Remove the padlock, fit a panic bar",
            "severity": Severity.MAJOR,
            "handling": Handling.ORDER_LIMITED,
            "found_on": day,
            "deadline": deadline or day + timedelta(days=15),
            "basis": [{"ref": "消防法第二十八条", "evidence": "found"}, {"ref": "某标准第九条", "evidence": "unsure"}],
        }
        | more
    )
    db.session.add(made)
    db.session.flush()
    return made


def evidence(
    cast: Cast,
    made: Finding,
    *,
    sent_at: datetime | None = None,
    asks_recheck: bool = False,
    returned_at: datetime | None = None,
) -> Evidence:
    """Something that Pema sent about a finding; `returned_at`: sent back by Ines."""
    back = (
        {
            "answer": EvidenceAnswer.RETURNED,
            "answered_at": returned_at,
            "answered_by_id": cast.people["ines"],
            "answer_reason": "照片看不清",
        }
        if returned_at
        else {}
    )
    row = Evidence(
        finding_id=made.id,
        sent_by_id=cast.people["pema"],
        note="已拆除挂锁",
        sent_at=sent_at or clock.now(),
        asks_recheck=asks_recheck,
        **back,
    )
    db.session.add(row)
    db.session.flush()
    return row


def recheck(
    cast: Cast, made: Finding, *, on: date | None = None, outcome: RecheckOutcome = RecheckOutcome.NOT_CORRECTED
) -> RecheckResult:
    """How a re-check found it; does not close."""
    row = inspection(cast, on=on, school_id=made.school_id, kind=InspectionKind.RECHECK)
    seen_at = row.finished_at or clock.now()
    result = RecheckResult(
        inspection_id=row.id, finding_id=made.id, outcome=outcome, seen_on=clock.day_of(seen_at), seen_at=seen_at
    )
    db.session.add(result)
    db.session.flush()
    return result


def photo(kind: TargetKind, target_id: uuid.UUID, *, item: str = "", place: str = "", slot: str = "close") -> Photo:
    """A photo kept with a target."""
    sha256 = files().put(picture(seed=len(item) + len(place)))
    row = Photo(
        target_kind=kind, target_id=target_id, item=item, place=place, slot=slot, sha256=sha256, thumb_sha256=sha256,
        original_sha256=sha256, width=400, height=300,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row
