"""What must hold: after an act, that it led where the tables say; and always, that every order and finding could be."""

from __future__ import annotations

import itertools
import uuid
from collections import Counter
from typing import Any

import sqlalchemy as sa

from app.audit import service as audit
from app.audit.models import AuditEntry
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.inspections.models import Inspection, InspectionKind
from app.rectification.models.findings import ClosedHow, Finding, RecheckResult
from app.rectification.models.latest import LATEST, keep_all_latest
from app.rectification.models.orders import Order, OrderEvent, OrderItem, ServiceAttempt
from app.rectification.queries import deputies
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import IN_FORCE, ORDER_STEPS, FindingAct, OrderAct, OrderState, Stage, finding_step
from app.rectification.rules.orders import ServiceMethod
from app.rectification.service import drafting
from tests.factories.random_acts.die import Before, Die, Try

#: What the program does with an order by itself when an act ends its last finding or opens one again.
FOLLOWS = {
    FindingAct.RECHECK_PASSED: OrderAct.CLOSE,
    FindingAct.WITHDRAW: OrderAct.CLOSE,
    FindingAct.REOPEN: OrderAct.REOPEN,
}


class Holding(Die):
    """The checks."""

    def _check_orders(self, before: Before, after: Before, attempt: Try, name: str, where: str) -> None:
        acts = attempt.order_acts | {FOLLOWS[a] for a in attempt.finding_acts if a in FOLLOWS}
        for key, state in after.orders.items():
            was = before.orders.get(key, OrderState.DRAFT)
            if key not in before.orders:
                assert state is OrderState.DRAFT, where
            elif state is not was:
                rows = [s for s in ORDER_STEPS if s.at is was and s.to is state and s.act in acts]
                assert rows, f"{where}: {was} → {state} is in no row of {sorted(acts)}"
                assert all(self._may(row, key, name) for row in rows), where
        order = attempt.order
        if order is not None and before.orders[order.id] is after.orders[order.id]:
            [act] = attempt.order_acts
            same = act in (OrderAct.EDIT, OrderAct.SERVE) or (act, order.state) in (
                (OrderAct.ISSUE, OrderState.ISSUED),
                (OrderAct.ISSUE, OrderState.SERVED),
            )
            assert same or order.state is OrderState.VOID, f"{where}: accepted, and nothing came of it"

    def _may(self, row: Any, key: uuid.UUID, name: str) -> bool:
        """The row's own conditions, said once more without the service's help."""
        if not row.needs or row.act is OrderAct.SERVE:
            return True  # a school confirms service by its link: check_everything looks at the attempt
        viewer, order = self.cast.viewer(name), db.session.get_one(Order, key)
        held = viewer.may(row.needs) or (row.needs == "approve_orders" and deputies.is_deputy(viewer, order.brigade_id))
        found_it = viewer.person_id in self._finders(order)
        return held and order.brigade_id in viewer.brigade_ids and not (row.not_finder and found_it)

    def _finders(self, order: Order) -> set[uuid.UUID | None]:
        visits = db.session.execute(
            sa.select(Inspection.lead_id, Inspection.second_id)
            .join(Finding, Finding.inspection_id == Inspection.id)
            .join(OrderItem, OrderItem.finding_id == Finding.id)
            .where(OrderItem.order_id == order.id)
        )
        return {order.lead_id, order.second_id, *itertools.chain(*visits)}

    def _check_findings(self, before: Before, after: Before, attempt: Try, where: str) -> None:
        for key, stage in after.stages.items():
            if key not in before.stages:
                born = {Stage.FOUND, Stage.CORRECTED_ON_SPOT, Stage.RECHECK_DUE}
                assert stage in born, where
                continue
            was = before.stages[key]
            if stage is was:
                continue
            rows = [finding_step(was, act) for act in attempt.finding_acts]
            told = {end for row in rows if row for end in row.to}
            assert stage in told, f"{where}: {was} → {stage}, the table says {sorted(told)}"

    def check_everything(self) -> None:
        """Every order and finding is one that could be."""
        for order in db.session.scalars(sa.select(Order)):
            self._check_order(order)
        for finding in db.session.scalars(sa.select(Finding)):
            self._check_finding(finding)
        check_latest()
        check_numbers()

    def _check_order(self, order: Order) -> None:
        found = [f for _i, f in drafting.items_of(order)]
        is_open = [f for f in found if f.closed_on is None]
        had_number = bool(order.number)
        assert had_number == (order.document_id is not None)
        assert had_number == (
            order.state in IN_FORCE | {OrderState.CLOSED} or (order.state is OrderState.VOID and had_number)
        )
        assert bool(order.void_reason.strip()) == (order.state is OrderState.VOID)
        if order.state in IN_FORCE:
            assert is_open
            assert order.next_deadline == min((f.deadline for f in is_open if f.deadline), default=None)
        if order.state is OrderState.CLOSED:
            assert not is_open
            assert order.closed_on is not None
        if order.state is OrderState.SERVED:
            assert self._proof(order)
        if order.state is OrderState.ISSUED:
            assert order.served_at is None
        if order.state is OrderState.VOID and order.document_id:
            assert db.session.get_one(IssuedDocument, order.document_id).revoked_at is not None
        if order.approved_by_id is not None and order.state is not OrderState.VOID:
            assert order.approved_by_id not in self._finders(order)
        self._check_trail(order)

    def _proof(self, order: Order) -> bool:
        attempt = db.session.scalar(
            sa.select(ServiceAttempt).where(
                ServiceAttempt.order_id == order.id, ServiceAttempt.confirmed_at == order.served_at
            )
        )
        if attempt is None:
            return False
        proof = {
            ServiceMethod.HAND: attempt.signature_sha256,
            ServiceMethod.POSTED: attempt.tracking and attempt.confirmed_by,
            ServiceMethod.LINK: attempt.confirmed_by,
        }
        return bool(proof.get(attempt.method, attempt.witness_name and attempt.reason and attempt.second_by_id))

    def _check_trail(self, order: Order) -> None:
        """The audit tells an unbroken road from the draft to the present state, the timeline tells the same acts."""
        entries = db.session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.subject_kind == "order", AuditEntry.subject_id == str(order.id))
            .order_by(AuditEntry.id)
        ).all()
        assert entries[0].action == "order_draft"
        state, walked = OrderState.DRAFT, []
        for entry in entries:
            if "from" in entry.detail:
                assert entry.detail["from"] == state, order.id
                state = OrderState(entry.detail["to"])
                walked.append(entry.action.removeprefix("order_"))
        assert state is order.state, order.id
        events = db.session.scalars(
            sa.select(OrderEvent.act).where(OrderEvent.order_id == order.id).order_by(OrderEvent.at, OrderEvent.id)
        ).all()
        told = Counter(act for act in events if act in set(OrderAct))
        assert told == Counter(act for act in walked if act != OrderAct.EDIT), order.id

    def _check_finding(self, finding: Finding) -> None:
        assert (finding.closed_on is None) == (finding.closed_how is None)
        if finding.closed_how is ClosedHow.RECHECK:
            visit = db.session.get_one(Inspection, finding.recheck_id)
            assert visit.kind is InspectionKind.RECHECK
            assert visit.second_id not in (None, visit.lead_id)
            said = db.session.scalar(
                sa.select(RecheckResult.outcome).where(
                    RecheckResult.inspection_id == visit.id, RecheckResult.finding_id == finding.id
                )
            )
            assert said is RecheckOutcome.CORRECTED
        elif finding.closed_how is ClosedHow.SPOT:
            assert finding.closed_on == finding.found_on
        elif finding.closed_how is ClosedHow.WITHDRAWN:
            assert finding.closed_reason.strip()
            assert finding.closed_by_id == self.cast.people["lea"]
        else:
            assert finding.recheck_id is None

    def check_audit(self) -> None:
        """The chain is whole, and every entry is in it."""
        audit.seal_and_commit()
        count = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
        assert audit.verify() == (count, None)


def check_numbers() -> None:
    """The papers of a kind, a brigade and a year are numbered 1, 2, 3 …, none left out, none twice."""
    series: dict[tuple[uuid.UUID, str, int], list[int]] = {}
    for paper in db.session.scalars(sa.select(IssuedDocument)):
        series.setdefault((paper.brigade_id, paper.kind, paper.year), []).append(paper.serial)
    for key, serials in series.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), key


def check_latest() -> None:
    """What stands beside each finding is the latest of what was sent and seen."""
    columns = [getattr(Finding, name) for name in LATEST]
    kept = db.session.execute(sa.select(Finding.id, *columns).order_by(Finding.id)).all()
    keep_all_latest(db.session())
    assert kept == db.session.execute(sa.select(Finding.id, *columns).order_by(Finding.id)).all()
