"""The result notice (消防安全检查结果告知单): what a signed inspection says to the school. It is no licence."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.certificates.documents import RESULT, InspectionResult, OpenOrder, ResultFinding, ScopeLine
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.formats import full_date
from app.core.i18n import localised
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.inspections import wording
from app.inspections.documents import RECORD
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.printer import Printer, printer_of
from app.organisations.models import Brigade
from app.rectification.queries import findings as rectification
from app.rectification.queries import orders
from app.rectification.rules.findings import NEEDS_DEADLINE, Handling, printable_clauses


def check_certifiable(inspection: Inspection) -> None:
    """Refuse what is no signed inspection."""
    if inspection.kind is not InspectionKind.INSPECTION:
        raise DomainError(_("复查记录不另发告知单。"), code="recheck")
    if inspection.state is not InspectionState.SIGNED:
        raise DomainError(_("检查记录签名完成后才能签发告知单。"), code="not_signed")


def _scope(printer: Printer) -> Iterable[ScopeLine]:
    for section in printer.context().sections:
        checked = section.passed + section.failed + section.not_applicable
        if not checked:
            continue
        seen = [f"{s.kind} {s.seen}/{s.registered}" for s in section.samples]
        yield ScopeLine(
            section=section.title,
            checked=checked,
            passed=section.passed,
            failed=section.failed,
            not_applicable=section.not_applicable,
            sampled=str(_("、")).join(seen),
        )


def _state(finding: Mapping[str, Any]) -> str:
    if finding["corrected_on_spot"]:
        return str(_("已当场改正"))
    return str(wording.HANDLINGS[Handling(finding["handling"])])


def _findings(printer: Printer) -> Iterable[ResultFinding]:
    for number, finding in enumerate(printer.record.findings, start=1):
        yield ResultFinding(
            number=number,
            where=finding["place_label"] or str(_("学校")),
            text=localised(finding["text"], finding["text_en"]),
            clause=str(_("；")).join(printable_clauses(finding["basis"])),
            state=_state(finding),
            deadline=date.fromisoformat(finding["deadline"]) if finding["deadline"] else None,
        )


def _open_orders(viewer: Viewer, inspection: Inspection) -> Iterable[OpenOrder]:
    """What this and earlier visits found and the school still owes."""
    lines = rectification.of_school(viewer, inspection.school_id)
    numbers = orders.numbers_of([line.finding.id for line in lines])
    for line in lines:
        finding = line.finding
        if Handling(finding.handling) not in NEEDS_DEADLINE:
            continue
        text = f"{finding.place_label} {localised(finding.text, finding.text_en)}".strip()
        found = _("%(day)s检查发现，尚无文书", day=full_date(finding.found_on))
        yield OpenOrder(number=numbers.get(finding.id) or str(found), text=text, deadline=finding.deadline)


def _not_checked(printer: Printer) -> Iterable[str]:
    counts = printer.record.content["counts"]
    if counts["not_checked"]:
        yield str(_("%(count)d 项本次未检查。", count=counts["not_checked"]))
    for sample in printer.record.content["samples"]:
        if sample["not_seen"]:
            kind = wording.equipment(printer.checklist, sample["kind"])
            yield str(_("%(kind)s：%(count)d 件未见", kind=kind, count=len(sample["not_seen"])))


def result_of(viewer: Viewer, inspection: Inspection, *, lang: str) -> InspectionResult:
    """What the notice prints, in a language."""
    with force_locale(lang):
        printer = printer_of(inspection)
        content = printer.record.content
        school = content["school"]
        return InspectionResult(
            school=localised(school["name"], school["name_en"]),
            school_bo=school["name_bo"],
            address=school["address"],
            visited_at=printer.record.started_at,
            form=str(wording.FORMS[inspection.form]),
            record_number=document_queries.number_about(("inspection", inspection.id), RECORD.code),
            checklist=printer.context().checklist,
            scope=tuple(_scope(printer)),
            findings=tuple(_findings(printer)),
            corrected=sum(f["corrected_on_spot"] for f in printer.record.findings),
            open_orders=tuple(_open_orders(viewer, inspection)),
            officers=tuple(officer["name"] for officer in content["officers"]),
            not_checked=tuple(_not_checked(printer)),
            issued_on=clock.today(),
        )


def preview(viewer: Viewer, inspection: Inspection, *, lang: str) -> uuid.UUID:
    """Leave the job of a preview; returns the job."""
    check_certifiable(inspection)
    brigade = db.session.get_one(Brigade, inspection.brigade_id)
    return documents.preview(
        RESULT, result_of(viewer, inspection, lang=lang), brigade=brigade, by=viewer, language=lang
    ).id


def notices(inspection_id: uuid.UUID) -> dict[str, IssuedDocument]:
    """The valid notices of an inspection, one a language."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.kind == RESULT.code,
        IssuedDocument.subject_kind == "inspection",
        IssuedDocument.subject_id == inspection_id,
        document_queries.valid(),
    )
    return {notice.language: notice for notice in db.session.scalars(query.order_by(IssuedDocument.made_at))}


def issue(viewer: Viewer, inspection: Inspection, *, lang: str) -> IssuedDocument:
    """Give the notice its number; the inspection's row is locked by the caller, so pressing twice issues one."""
    check_certifiable(inspection)
    known = notices(inspection.id).get(lang)
    if known is not None:
        return known
    return documents.issue_about(
        RESULT, result_of(viewer, inspection, lang=lang), inspection, "inspection", by=viewer, language=lang
    )
