"""One order of the district's past as it grows: every act takes its step of the table and leaves its event and its trail."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from app.audit.models import AuditEntry
from app.core import clock
from app.demo.history import Seen
from app.demo.office import NOBODY, Actor
from app.demo.writing import Writer
from app.organisations.settings import Approval
from app.rectification.models.findings import Finding
from app.rectification.models.orders import ItemHolder, Order, OrderEvent, OrderItem, PortalLink, ServiceAttempt
from app.rectification.rules.machine import IN_FORCE, OrderAct, OrderState, order_step
from app.rectification.rules.orders import NEEDS_CONFIRMATION, OrderKind, ServiceMethod

#: How the settings that a brigade begins with have each kind approved.
ROADS = {OrderKind.IMMEDIATE: Approval.NONE, OrderKind.LIMITED: Approval.LEGAL_LEADER}


@dataclass(eq=False)
class Case:
    """An order and all that happened to it; nothing of it is written yet."""

    writer: Writer
    brigade_id: uuid.UUID
    kind: OrderKind
    seen: Seen
    visit_id: uuid.UUID
    officers: tuple[Actor, Actor]
    visited_on: date
    findings: Sequence[Finding]
    state: OrderState = OrderState.DRAFT
    drafted_at: datetime | None = None
    in_haste: bool = False
    """Its papers are done on the day of the visit, whatever the hour."""
    values: dict[str, Any] = field(default_factory=dict)
    attempt: dict[str, Any] = field(default_factory=dict)
    links: list[dict[str, Any]] = field(default_factory=list)
    holders: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    trail: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.id = self.writer.new_id()
        self.paper_days = {finding.id: finding.deadline for finding in self.findings}
        self.items = {finding.id: self.writer.new_id() for finding in self.findings}
        self.issued_at: datetime | None = None
        self.served_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.revoked_at: datetime | None = None
        self.receipt_id: uuid.UUID | None = None
        self.issue_detail: dict[str, Any] = {}

    @property
    def lead(self) -> Actor:
        """The officer who keeps the case."""
        return self.officers[0]

    @property
    def finders(self) -> set[uuid.UUID]:
        """Who may not approve it: the officers of every visit that it is about."""
        both = (*self.officers, Actor(self.seen.officers.lead.id, ""), Actor(self.seen.officers.second.id, ""))
        return {one.id for one in both if one.id}

    @property
    def is_open(self) -> bool:
        """Whether any of its faults is still there."""
        return any(finding.closed_on is None for finding in self.findings)

    def in_force(self, at: datetime) -> bool:
        """Whether it was in force at that moment: what happens to its findings then is told in it."""
        end = self.closed_at or self.revoked_at
        return self.issued_at is not None and self.issued_at <= at and (end is None or at <= end)

    # acts --------------------------------------------------------------------------------------------------

    def note(
        self, at: datetime, by: Actor, act: str, *, finding_id: uuid.UUID | None = None, **detail: Any
    ) -> dict[str, Any]:
        """An event of the timeline; what is empty is left out."""
        kept = {key: value for key, value in detail.items() if value not in (None, "")}
        self.told.append(
            {
                "order_id": self.id, "finding_id": finding_id, "at": at, "by_id": by.id, "by_name": by.name, "act": act,
                "detail": kept,
            }
        )  # fmt: skip
        return kept

    def record(
        self, at: datetime, by: Actor, action: str, *, subject: tuple[str, uuid.UUID] | None = None, **detail: Any
    ) -> None:
        """An entry of the audit trail."""
        kind, identity = subject or ("order", self.id)
        self.trail.append(
            {
                "at": at, "person_id": by.id, "person_name": by.name, "origin": "demo", "action": action,
                "subject_kind": kind, "subject_id": str(identity),
                "detail": {key: value for key, value in detail.items() if value not in (None, "")},
            }
        )  # fmt: skip

    def take(self, at: datetime, by: Actor, act: OrderAct, **detail: Any) -> dict[str, Any]:
        """A step of the table; what the table does not know is a mistake of the district's."""
        road = ROADS[self.kind] if self.state is OrderState.DRAFT else Approval.LEGAL_LEADER
        step = order_step(self.state, act, road, served=self.served_at is not None)
        if step is None or bool(step.needs) != (by is not NOBODY) or (step.not_finder and by.id in self.finders):
            raise ValueError(f"{act} is no step of {self.kind} in {self.state} for {by.name or 'the program'}")
        before, self.state = self.state, step.to
        said: dict[str, Any] = {("name" if key == "to" else key): value for key, value in detail.items()}
        self.record(at, by, f"order_{act.value}", **(said | {"from": before.value, "to": step.to.value}))
        return self.note(at, by, act.value, **detail)

    def draft(self, at: datetime) -> None:
        """What signing the record leads to."""
        self.drafted_at = at
        self.note(at, self.lead, "draft", items=len(self.findings))
        findings = [str(finding.id) for finding in self.findings]
        self.record(at, self.lead, "order_draft", kind=self.kind.value, findings=findings)

    def issue(self, at: datetime) -> None:
        """From here on it has a number; which one is known when all of the district are sorted by day."""
        self.issue_detail = self.take(at, self.lead, OrderAct.ISSUE)
        self.issued_at = at

    def serve(self, at: datetime, method: ServiceMethod, *, by: Actor, confirmed: Actor | None, **how: Any) -> None:
        """Handed over one way; `confirmed` is who took it, None while what was sent is not confirmed yet."""
        sent_at = how.pop("sent_at", at)
        tracking = str(how.get("tracking", ""))
        self.attempt = {
            "id": self.writer.new_id(), "order_id": self.id, "method": method, "at": sent_at, "by_id": self.lead.id,
            "confirmed_at": at if confirmed else None, "confirmed_by": confirmed.name if confirmed else "", **how,
        }  # fmt: skip
        if method in NEEDS_CONFIRMATION:
            self.note(sent_at, self.lead, "send", method=method.value, tracking=tracking)
            attempt = str(self.attempt["id"])
            self.record(sent_at, self.lead, "order_send", attempt=attempt, method=method.value)
        if confirmed is None:
            return
        self.served_at = at
        if method is ServiceMethod.LINK:
            self.state = OrderState.SERVED
            self.note(at, by, OrderAct.SERVE.value, method=method.value, to=confirmed.name)
            said: dict[str, Any] = {"from": "issued", "to": "served", "method": "link", "name": confirmed.name}
            self.record(at, by, "order_serve", **said)
        else:
            self.take(at, by, OrderAct.SERVE, method=method.value, to=str(how.get("to_name", "")))

    def close(self, at: datetime) -> None:
        """All its faults are gone; the program takes this step."""
        self.take(at, NOBODY, OrderAct.CLOSE)
        self.closed_at = at

    # rows --------------------------------------------------------------------------------------------------

    def order(self) -> Order:
        """The order as its papers see it."""
        return Order(id=self.id, school_id=self.seen.school.id, kind=self.kind, **self._said(), **self.values)

    def _said(self) -> dict[str, Any]:
        return {
            "brigade_id": self.brigade_id, "inspection_id": self.visit_id, "lead_id": self.officers[0].id,
            "second_id": self.officers[1].id, "visited_on": self.visited_on,
        }  # fmt: skip

    def write_draft(self) -> None:
        """Its rows, as if it had no paper yet: that needs them to be there."""
        self.writer.add(
            Order, id=self.id, school_id=self.seen.school.id, kind=self.kind, drafted_at=self.drafted_at,
            drafted_by_id=self.lead.id, source={}, flags=[], **self._said(),
        )  # fmt: skip
        for position, finding in enumerate(self.findings, start=1):
            self.writer.add(
                OrderItem, id=self.items[finding.id], order_id=self.id, finding_id=finding.id, position=position,
                deadline=self.paper_days[finding.id],
            )  # fmt: skip
        for event in self.told:
            self.writer.add(OrderEvent, **event)
        if self.attempt:
            self.writer.add(ServiceAttempt, **self.attempt)
        for link in self.links:
            self.writer.add(PortalLink, **link)
        for holder in self.holders:
            self.writer.add(ItemHolder, **holder)
        for entry in self.trail:
            self.writer.add_plain(AuditEntry, **entry)

    def final(self) -> dict[str, Any]:
        """The columns that its whole life has set."""
        open_days = [f.deadline for f in self.findings if f.closed_on is None and f.deadline]
        if self.state not in IN_FORCE:
            open_days = open_days if self.closed_at is None and self.state is not OrderState.VOID else []
        return {
            "id": self.id,
            "state": self.state,
            "issued_on": clock.day_of(self.issued_at) if self.issued_at else None,
            "served_at": self.served_at,
            "served_on": clock.day_of(self.served_at) if self.served_at else None,
            "closed_on": clock.day_of(self.closed_at) if self.closed_at else None,
            "next_deadline": min(open_days, default=None),
            **{key: self.values.get(key, default) for key, default in _LATER.items()},
        }


#: What the last writing sets beside the state, and what it is where nothing was said.
_LATER: dict[str, Any] = {
    "number": "", "document_id": None, "approved_at": None, "approved_by_id": None, "first_read_at": None, "archived_on": None,
    "archived_by_id": None, "replaces_id": None, "void_reason": "", "penalty_number": "", "problem_text": "",
}  # fmt: skip
