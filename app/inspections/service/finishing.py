"""Finishing a draft: judged once by the form of its checklist, then frozen; back to draft while nobody has signed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.inspections import records, wording
from app.inspections.forms import as_formdata, form_for
from app.inspections.models import Inspection, InspectionState
from app.inspections.rules.answers import count
from app.inspections.rules.demands import OF_THE_FORM
from app.inspections.rules.fields import VISIT, Outcome
from app.inspections.rules.rows import Row
from app.inspections.service.starting import check_draft
from app.inspections.sheet import Sheet


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What keeps a draft from being finished: a sentence, and the row it is about."""

    message: str
    row: Row | None = None
    is_unanswered: bool = False


def troubles(sheet: Sheet) -> list[Trouble]:
    """Everything that keeps a draft from being finished, in the order of the walk."""
    form = form_for(sheet.checklist, sheet.rows, sheet.said)(formdata=as_formdata(sheet.rows, sheet.said))
    form.validate()
    found: list[Trouble] = []
    today = clock.today()
    for area in sheet.areas:
        for row in area.rows:
            is_unanswered = sheet.said[row.name].is_open
            messages = (*form.validate_row(row), *_of_row(sheet, row, today=today))
            found += [Trouble(message=m, row=row, is_unanswered=is_unanswered) for m in messages]
    for item, place, name in sheet.folded.contested:
        where = next((r for r in sheet.rows if (r.item, r.place) == (item, place)), None)
        said = _("两名检查人员填写不一致（%(field)s），请先确定。", field=wording.FIELDS.get(name, name))
        found.append(Trouble(message=str(said), row=where))
    return found + [Trouble(message=m) for m in _of_visit(sheet.inspection)]


def _of_row(sheet: Sheet, row: Row, *, today: date) -> list[str]:
    """What the form alone cannot judge: against the reading without a reason, corrected without both photos, late dates."""
    codes = sheet.wrong_with(row, today=today)
    return [str(wording.DEMANDS[code]) for code in codes if code not in OF_THE_FORM]


def _of_visit(inspection: Inspection) -> list[str]:
    found = []
    if inspection.second_id is None:
        found.append(str(_("还没有第二名检查人员。")))
    return found


def _officers(inspection: Inspection) -> tuple[Person, Person]:
    if inspection.second_id is None:
        raise DomainError(_("还没有第二名检查人员。"), field="second_id")
    return db.session.get_one(Person, inspection.lead_id), db.session.get_one(Person, inspection.second_id)


def _counters(inspection: Inspection, counts: Mapping[str, Any]) -> None:
    inspection.passed, inspection.failed = counts["passed"], counts["failed"]
    inspection.not_applicable, inspection.bulk = counts["not_applicable"], counts["bulk"]
    inspection.not_seen = counts["not_seen"] + counts["not_checked"]


def freeze(
    sheet: Sheet, *, lead: Person, second: Person, finished_at: datetime, names: Mapping[uuid.UUID, str]
) -> dict[str, Any]:
    """Write the record of a sheet into its inspection, with hash and counters, ready for signatures. Asks no database."""
    inspection = sheet.inspection
    content = records.build(sheet, lead=lead, second=second, finished_at=finished_at, names=names)
    inspection.record, inspection.record_sha256 = records.canonical(content)
    inspection.state, inspection.finished_at = InspectionState.SIGNING, finished_at
    inspection.school_data = content["school"]
    position = sheet.folded.value(VISIT, "", "position") or {}
    inspection.latitude, inspection.longitude = position.get("latitude"), position.get("longitude")
    inspection.accuracy_m = position.get("accuracy_m")
    _counters(inspection, content["counts"])
    if inspection.scope.get("findings"):
        answers = [row["answer"] for row in content["rows"]]
        inspection.passed = answers.count(Outcome.CORRECTED)
        inspection.failed = len(answers) - inspection.passed
    return content


def finalise(viewer: Viewer, sheet: Sheet, *, at: datetime | None = None) -> None:
    """Judge the draft and freeze it: from here on it is signed as it is, or taken back as a whole.

    The sheet has been loaded under the lock of its row. `at`: when, where it was not now. Raises DomainError when something is missing.
    """
    inspection = sheet.inspection
    if inspection.state is InspectionState.SIGNING:
        return
    check_draft(inspection)
    if troubles(sheet):
        raise DomainError(_("还有内容没有完成，请按列出的逐项处理。"), code="incomplete")
    if count(sheet.rows, sheet.said).done == 0:
        raise DomainError(_("这份检查还什么都没有填写。"), code="empty")
    lead, second = _officers(inspection)
    names = accounts.names_of({op.by_id for op in sheet.ops})
    content = freeze(sheet, lead=lead, second=second, finished_at=at or clock.now(), names=names)
    db.session.flush()
    detail = {"sha256": inspection.record_sha256, "operations": content["operations"]}
    audit.record(viewer, "finalise_inspection", subject="inspection", subject_id=inspection.id, detail=detail)


def reopen(viewer: Viewer, inspection: Inspection) -> None:
    """Back to draft, while nobody has signed."""
    if inspection.state is InspectionState.DRAFT:
        return
    if inspection.state is not InspectionState.SIGNING or fieldwork.signatures_of(inspection.id):
        raise DomainError(_("已有人签名，内容不能再改；如有错误请作更正记录。"), code="frozen")
    detail = {"sha256": inspection.record_sha256}
    inspection.state, inspection.record, inspection.record_sha256 = InspectionState.DRAFT, None, None
    inspection.finished_at = None
    db.session.flush()
    audit.record(viewer, "reopen_inspection", subject="inspection", subject_id=inspection.id, detail=detail)
