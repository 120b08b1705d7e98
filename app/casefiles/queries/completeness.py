"""From a case file to the facts that its completeness depends on."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.casefiles.rules import DayOff, Facts, Gap, ItemFacts, ServiceFacts, Stage, Step, gaps_of
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.inspections.models import Inspection, InspectionState
from app.organisations.settings import Approval, BrigadeSettings, settings_of
from app.rectification import standing
from app.rectification.documents import APPROVAL_SHEET
from app.rectification.models.orders import ServiceAttempt
from app.rectification.queries.orders import CaseFile, Item
from app.rectification.rules.findings import ClosedHow, RecheckOutcome
from app.rectification.rules.machine import IN_PREPARATION, OrderState
from app.rectification.rules.orders import OrderKind
from app.regulations import queries as regulations
from app.regulations.rules.calendars import Calendar, holiday_name, is_workday


@dataclass(frozen=True, kw_only=True)
class Completeness:
    """What a case file still lacks."""

    facts: Facts
    gaps: tuple[Gap, ...]

    @property
    def blocking(self) -> tuple[Gap, ...]:
        """What keeps it out of the archive."""
        return tuple(gap for gap in self.gaps if gap.blocks)


@dataclass(frozen=True, kw_only=True)
class _Visits:
    """The inspections behind a case: which are signed by two, and what the record of the first visit says of the school."""

    signed: frozenset[uuid.UUID] = frozenset()
    school: Mapping[str, Any] | None = None
    accompanying: str = ""


def completeness(case: CaseFile) -> Completeness:
    """What is missing of a case that the viewer has seen, in a few queries whatever its size."""
    facts = _facts(case, _visits(case), regulations.workdays_of(case.school.area_code))
    return Completeness(facts=facts, gaps=gaps_of(facts))


def at_a_glance(case: CaseFile) -> Completeness:
    """The same from the case file alone, without the records of the visits and the calendar: no query of its own."""
    told = {seen.inspection_id for item in case.items for seen in item.story.rechecks}
    visit_id = case.order.inspection_id
    visits = _Visits(signed=frozenset(told | {visit_id} if visit_id else told))
    facts = _facts(case, visits, None)
    return Completeness(facts=facts, gaps=gaps_of(facts))


def _visits(case: CaseFile) -> _Visits:
    visit_id = case.order.inspection_id
    ids = {item.line.finding.recheck_id for item in case.items} | {visit_id}
    rows = db.session.execute(
        sa.select(
            Inspection.id,
            sa.and_(Inspection.state == InspectionState.SIGNED, Inspection.second_id.is_not(None)),
            Inspection.accompanying,
            sa.case((Inspection.id == visit_id, Inspection.record)),
        ).where(Inspection.id.in_([one for one in ids if one]))
    ).all()
    first = next((row for row in rows if row[0] == visit_id), None)
    return _Visits(
        signed=frozenset(row[0] for row in rows if row[1]),
        school=json.loads(first[3] or "{}").get("school") if first else None,
        accompanying=first[2] if first else "",
    )


def _stage(state: OrderState) -> Stage:
    if state in IN_PREPARATION:
        return Stage.PREPARING
    return {OrderState.CLOSED: Stage.DONE, OrderState.VOID: Stage.VOID}.get(state, Stage.IN_FORCE)


def _facts(case: CaseFile, visits: _Visits, calendar: Calendar | None) -> Facts:
    order, school = case.order, case.school
    settings = standing.settings().get(order.brigade_id) or settings_of(None)
    record = next((paper for paper in case.records if paper.revoked_at is None), None)
    paper = next((paper for paper in case.papers if paper.id == order.document_id), None)
    on_record = visits.school or {}
    return Facts(
        stage=_stage(order.state),
        is_limited=order.kind is OrderKind.LIMITED,
        is_imported=order.imported,
        items=tuple(_item(item, visits) for item in case.items),
        officers=len({order.lead_id, order.second_id} - {None}),
        visited_on=order.visited_on,
        responsible=school.responsible_person,
        has_record=order.inspection_id is not None,
        record_signed=order.inspection_id in visits.signed,
        record_number=record.number if record else "",
        name=school.name,
        name_on_record=on_record.get("name", ""),
        name_on_paper=_name_on(paper),
        known_names=_known(case, on_record, visits.accompanying) if visits.school is not None else frozenset(),
        needs_approval=_needs_approval(case, settings),
        approved=order.approved_at is not None,
        approval_sheet=any(p.kind == APPROVAL_SHEET.code and p.revoked_at is None for p in case.papers),
        paper_stored=paper is not None and paper.state is DocumentState.ISSUED,
        paper_in_work=paper is not None and paper.state is DocumentState.RENDERING,
        sealed=paper is not None and paper.id in case.sealed,
        needs_scan=settings.archive_needs_scan,
        service=_service(case.service, case),
        days_off=tuple(_days_off(case, calendar)) if calendar else (),
        flags=tuple(order.flags),
    )


def _needs_approval(case: CaseFile, settings: BrigadeSettings) -> bool:
    """The road that this order took; an order that walked none is asked by the brigade's setting of today."""
    if any(event.act in ("pass_review", "approve") for event in case.events):
        return True
    chosen = settings.approval_immediate if case.order.kind is OrderKind.IMMEDIATE else settings.approval_limited
    return Approval(chosen) is not Approval.NONE and case.order.approved_at is None and not _no_road(case)


def _no_road(case: CaseFile) -> bool:
    """It was issued when the brigade asked nobody."""
    return any(event.act == "issue" for event in case.events)


def _name_on(paper: IssuedDocument | None) -> str:
    if paper is None:
        return ""
    unit = json.loads(paper.context).get("data", {}).get("unit", {})
    return str(unit.get("name", "")) if paper.language.startswith("zh") else ""


def _known(case: CaseFile, on_record: Mapping[str, Any], accompanying: str) -> frozenset[str]:
    school = case.school
    names = {
        school.responsible_person,
        school.safety_manager,
        accompanying,
        on_record.get("responsible_person", ""),
        on_record.get("safety_manager", ""),
        *(item.holder.name for item in case.items if item.holder),
    }
    return frozenset(name for name in names if name)


def _service(attempt: ServiceAttempt | None, case: CaseFile) -> ServiceFacts | None:
    if attempt is None:
        return None
    receipt = next((paper for paper in case.papers if paper.id == attempt.receipt_id), None)
    return ServiceFacts(
        method=attempt.method,
        to_name=attempt.to_name,
        signed=attempt.signature_sha256 is not None,
        has_receipt=receipt is not None and receipt.revoked_at is None,
    )


def _item(item: Item, visits: _Visits) -> ItemFacts:
    finding, story = item.line.finding, item.story
    photos = [*story.before, *story.after, *(photo for some in story.photos.values() for photo in some)]
    struck = finding.closed_how is ClosedHow.RECHECK
    seen = {r.inspection_id for r in story.rechecks if r.outcome is RecheckOutcome.CORRECTED} & visits.signed
    return ItemFacts(
        position=item.item.position,
        has_place=bool(finding.place_label),
        has_measure=bool(finding.measure),
        deadline=item.item.deadline or finding.deadline,
        is_closed=finding.closed_on is not None,
        closed_by_recheck=struck,
        recheck_signed=finding.recheck_id in seen,
        closed_on_spot=finding.closed_how is ClosedHow.SPOT,
        has_photo_after=bool(story.after),
        photos_without_time=sum(photo.taken_at is None for photo in photos),
        unanswered=sum(sent.answer is None for sent in story.evidence),
        undecided=sum(asked.granted is None for asked in item.extensions),
    )


def _days_off(case: CaseFile, calendar: Calendar) -> Iterator[DayOff]:
    order = case.order
    days: list[tuple[Step, date | None]] = [
        (Step.VISIT, order.visited_on),
        (Step.ISSUE, order.issued_on),
        (Step.SERVICE, order.served_on),
    ]
    looked = {seen.seen_on for item in case.items for seen in item.story.rechecks}
    days += [(Step.RECHECK, day) for day in sorted(looked)]
    for step, day in days:
        if day is not None and not is_workday(day, calendar):
            yield DayOff(step=step, day=day, name=holiday_name(day, calendar) or "")
