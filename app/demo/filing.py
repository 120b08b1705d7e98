"""Writing the orders of the district: rows, numbers and papers, then what their whole lives made of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import Model, db
from app.demo.cases import Case
from app.demo.district import District
from app.demo.grave import GraveMatters
from app.demo.history import Historian, Past
from app.demo.office import Office
from app.demo.orders import Stories, office_of
from app.demo.papers import Press, Wanted
from app.demo.studio import Studio
from app.demo.writing import Progress, Writer
from app.inspections import papers as records
from app.inspections.documents import RECORD
from app.inspections.models import Inspection
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.latest import keep_all_latest
from app.rectification.models.orders import Deputy, Order, ServiceAttempt
from app.rectification.rules.orders import OrderKind, ServiceMethod
from app.rectification.service import papers

#: The orders of so many schools have their papers first.
FIRST_SCHOOLS = 1


def write_orders(
    writer: Writer,
    studio: Studio,
    historian: Historian,
    district: District,
    past: Sequence[Past],
    *,
    progress: Progress,
) -> list[Case]:
    """Everything about the orders that the visits led to; the visits are written already. Commits."""
    office = office_of(district, historian, historian.today)
    stories = Stories(writer, studio, historian, office)
    cases = stories.tell(past, progress=progress)
    grave = GraveMatters(writer, office, historian.brigade.id)
    _deputies(writer, office, historian.brigade.id)
    press = Press(writer, historian.brigade)
    first = {row.id for row in district.schools[:FIRST_SCHOOLS]}
    filing = Filing(cases, shown=[case for case in cases if case.is_open or case in stories.archived], first=first)
    numbered = [press.number(some) for some in (filing.records(), filing.notices(), filing.sheets(), filing.receipts())]
    serious = press.number(grave.tell(cases))
    for case in cases:
        case.write_draft()
    writer.flush()
    grave.begin()
    for some in (*numbered, serious):
        press.write(some)
    press.close()
    grave.finish()
    _finish(cases, stories)
    writer.flush()
    db.session.commit()
    return cases


def _deputies(writer: Writer, office: Office, brigade_id: uuid.UUID) -> None:
    for one in office.stand_ins:
        at = clock.start_of(one.from_on) - timedelta(hours=8)
        identity = writer.add(
            Deputy, brigade_id=brigade_id, person_id=one.actor.id, from_on=one.from_on, to_on=one.to_on, named_at=at,
            named_by_id=office.leader.id,
        )  # fmt: skip
        detail = {"person": str(one.actor.id), "from": one.from_on.isoformat(), "to": one.to_on.isoformat()}
        writer.add_plain(
            AuditEntry, at=at, person_id=office.leader.id, person_name=office.leader.name, origin="demo", action="name_deputy",
            subject_kind="deputy", subject_id=str(identity), detail=detail,
        )  # fmt: skip


def _update(model: type[Model], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    if found:
        db.session.execute(sa.update(model), found)


def _finish(cases: Sequence[Case], stories: Stories) -> None:
    """What could not be written before the papers were there, and what changed since the visits were written."""
    _update(Order, (case.final() for case in cases))
    _update(ServiceAttempt, ({"id": c.attempt["id"], "receipt_id": c.receipt_id} for c in cases if c.receipt_id))
    _update(Finding, ({"id": key, "deadline": day} for key, day in stories.schools.moved.items()))
    later = ("answer", "answered_at", "answered_by_id", "answer_reason", "done_by", "cost")
    empty: dict[str, Any] = {"answer_reason": "", "done_by": ""}
    _update(Evidence, ({"id": r["id"], **{k: r.get(k, empty.get(k)) for k in later}} for r in stories.schools.answered))
    keep_all_latest(db.session())


class Filing:
    """Which papers the cases have. What is `shown` has all of them; of the rest only the notice itself was kept here."""

    def __init__(self, cases: Sequence[Case], *, shown: Sequence[Case], first: set[uuid.UUID]) -> None:
        self.cases, self.shown = cases, [case for case in shown if case.issued_at]
        self.soon = {case.id for case in self.shown if case.is_open and case.seen.school.id in first}

    def records(self) -> list[Wanted]:
        """The records of the visits that led to them, each once."""
        by_visit = {case.visit_id: case for case in reversed(self.shown)}
        return [self._record(key, case) for key, case in by_visit.items()]

    def _record(self, key: uuid.UUID, case: Case) -> Wanted:
        look = next((one for one in case.seen.looks if one.inspection_id == key), None)
        return Wanted(
            kind=RECORD,
            at=look.signed_at if look else case.seen.signed_at,
            subject=("inspection", key),
            school_id=case.seen.school.id,
            by=case.lead,
            context=lambda: records.record_context(db.session.get_one(Inspection, key)),
            at_once=case.id in self.soon,
        )

    def notices(self) -> list[Wanted]:
        """The orders themselves."""
        return [self._notice(case) for case in self.cases if case.issued_at]

    def _notice(self, case: Case) -> Wanted:
        def keep(identity: uuid.UUID, number: str) -> None:
            case.values |= {"document_id": identity, "number": number}
            case.issue_detail["number"] = number

        assert case.issued_at is not None
        return Wanted(
            kind=papers.KINDS[case.kind],
            at=case.issued_at,
            subject=("order", case.id),
            school_id=case.seen.school.id,
            by=case.lead,
            context=lambda: papers.order_context(case.order()),
            keep=keep,
            at_once=case.id in self.soon,
            revoked=(case.revoked_at, str(case.values["void_reason"])) if case.revoked_at else None,
        )

    def sheets(self) -> list[Wanted]:
        """The sheets of approval."""
        return [self._sheet(c) for c in self.shown if c.kind is OrderKind.LIMITED and c.values.get("approved_at")]

    def _sheet(self, case: Case) -> Wanted:
        return Wanted(
            kind=papers.APPROVAL_SHEET,
            at=case.values["approved_at"] + timedelta(minutes=2),
            subject=("order", case.id),
            school_id=case.seen.school.id,
            by=case.lead,
            context=lambda: papers.approval_context(case.order()),
            at_once=case.id in self.soon,
        )

    def receipts(self) -> list[Wanted]:
        """The proofs of service of what was not signed for on the paper."""
        return [self._receipt(c) for c in self.shown if c.served_at and c.attempt["method"] is not ServiceMethod.HAND]

    def _receipt(self, case: Case) -> Wanted:
        assert case.served_at is not None
        at = case.served_at + timedelta(minutes=6)

        def keep(identity: uuid.UUID, number: str) -> None:
            case.receipt_id = identity
            case.note(at, case.lead, "print_receipt", number=number)

        return Wanted(
            kind=papers.SERVICE_RECEIPT,
            at=at,
            subject=("order", case.id),
            school_id=case.seen.school.id,
            by=case.lead,
            context=lambda: papers.receipt_context(
                case.order(), db.session.get_one(ServiceAttempt, case.attempt["id"])
            ),
            keep=keep,
            at_once=case.id in self.soon,
        )
