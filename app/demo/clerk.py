"""The road of every order of the district: from the signed record to the school's hands, and to the end of its case."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.demo import sayings
from app.demo.cases import Case
from app.demo.history import Look, Seen
from app.demo.office import Actor, Office, actor
from app.demo.studio import Studio
from app.demo.writing import Writer
from app.rectification.models.findings import Finding
from app.rectification.rules.findings import ClosedHow
from app.rectification.rules.machine import OrderAct, OrderState
from app.rectification.rules.orders import PAPER_OF, OrderKind, ServiceMethod, papers_for

_Act, _State, _Way = OrderAct, OrderState, ServiceMethod
#: How long a link opens its order, as proposed to brigades.
LINK_DAYS = timedelta(days=90)


def papers_of(seen: Seen) -> list[tuple[OrderKind, list[Finding]]]:
    """What a signed visit leads to: kinds of paper with the findings of each. What was put right on the spot needs none."""
    wanting = [f for f in seen.findings if f.closed_how is not ClosedHow.SPOT and f.handling in PAPER_OF]
    kinds = papers_for(f.handling for f in wanting)
    return [(kind, [f for f in wanting if PAPER_OF[f.handling] is kind]) for kind in kinds]


class Clerk:
    """Takes cases along their road."""

    def __init__(self, writer: Writer, studio: Studio, office: Office, *, brigade_id: uuid.UUID) -> None:
        self.writer, self.studio, self.office, self.brigade_id = writer, studio, office, brigade_id
        self.random = writer.random

    # to its number -----------------------------------------------------------------------------------------

    def open(self, seen: Seen, kind: OrderKind, findings: Sequence[Finding], *, at: datetime | None = None) -> Case:
        """The draft that signing leads to, or one that is drafted by hand later."""
        case = Case(
            self.writer, self.brigade_id, kind, seen, seen.inspection_id, (actor(seen.officers.lead), actor(seen.officers.second)),
            seen.on, findings,
        )  # fmt: skip
        if kind is OrderKind.IMMEDIATE:
            case.paper_days = {finding.id: seen.on for finding in findings}
        case.values["problem_text"] = self.random.choice(sayings.PROBLEM_TEXTS)
        case.draft(at or seen.signed_at + timedelta(seconds=self.random.randint(1, 40)))
        return case

    def open_again(self, first: Case, finding: Finding, look: Look) -> Case:
        """Another order for what a re-check found still there."""
        case = Case(
            self.writer, self.brigade_id, OrderKind.LIMITED, first.seen, look.inspection_id,
            (actor(look.officers.lead), actor(look.officers.second)), look.on, [finding],
        )  # fmt: skip
        case.draft(look.signed_at + timedelta(minutes=self.random.randint(5, 20)))
        return case

    def walk(self, case: Case, *, until: OrderState = OrderState.ISSUED) -> None:
        """The road of approval as far as wanted, or as far as time went."""
        assert case.drafted_at is not None
        steps: tuple[tuple[OrderAct, int, int], ...] = (
            ((_Act.SUBMIT, 3, 8), (_Act.ISSUE, 2, 6))
            if case.kind is OrderKind.IMMEDIATE
            else ((_Act.SUBMIT, 15, 50), (_Act.PASS_REVIEW, 30, 120), (_Act.APPROVE, 25, 90), (_Act.ISSUE, 10, 40))
        )
        at = case.drafted_at
        for act, low, high in steps:
            if case.state is until:
                return
            at = self._after(case, at, low, high)
            if at >= self.office.limit:
                return
            self._step(case, act, at)

    def _after(self, case: Case, at: datetime, low: int, high: int) -> datetime:
        if case.kind is OrderKind.IMMEDIATE or case.in_haste:
            return at + timedelta(minutes=self.random.randint(low, high))
        return self.office.later(at, low, high)

    def _step(self, case: Case, act: OrderAct, at: datetime) -> None:
        if act is _Act.ISSUE:
            case.issue(at)
        elif act is _Act.PASS_REVIEW:
            case.take(at, self.office.reviewer, act, remark=self.random.choice(sayings.REVIEWED))
        elif act is _Act.APPROVE:
            by = self.office.approver(at, case.finders)
            case.take(at, by, act, remark=self.random.choice(sayings.APPROVED))
            case.values |= {"approved_at": at, "approved_by_id": by.id}
        else:
            case.take(at, case.lead, act)

    # to the school -----------------------------------------------------------------------------------------

    def serve(
        self, case: Case, method: ServiceMethod, *, confirmed: bool = True, before: datetime | None = None
    ) -> None:
        """Hand it over, unless that would be after `before` or has not come yet."""
        if case.issued_at is None:
            return
        sent = self._after(case, case.issued_at, *((4, 12) if case.kind is OrderKind.IMMEDIATE else (30, 240)))
        at = self.office.next_day(sent, 2, 11) if method is _Way.POSTED else sent
        if method is _Way.LINK:
            at = self.office.later(sent, 40, 400)
        confirmed = confirmed and at < self.office.limit
        if sent >= (before or self.office.limit) or (confirmed and before is not None and at >= before):
            return
        how, by = self._how(case, method, sent), case.lead
        person = Actor(None, str(how["to_name"]) or case.seen.school.officer_name)
        if method is _Way.LINK:
            self._link(case, sent - timedelta(minutes=1), used=at if confirmed else None)
            by = person
            if confirmed:
                self._read(case, at - timedelta(minutes=self.random.randint(1, 9)), by, "link")
        case.serve(at, method, by=by, confirmed=person if confirmed else None, sent_at=sent, **how)
        if confirmed and method is not _Way.LINK and self.random.random() < 0.6:
            head = Actor(case.seen.school.principal_id, str(case.seen.school.values["responsible_person"]))
            self._read(case, self.office.later(at, 20, 600), head, "account")

    def _how(self, case: Case, method: ServiceMethod, at: datetime) -> dict[str, Any]:
        school, second = case.seen.school, case.officers[1].id
        head = str(school.values["responsible_person"])
        how: dict[str, Any] = {"to_name": head, "to_post": "校长", "second_by_id": second}
        if method is _Way.HAND:
            if self.random.random() < 0.3:
                how |= {"to_name": school.officer_name, "to_post": "安全干事"}
            how["signature_sha256"] = self.studio.hand(str(how["to_name"]))
        elif method in (_Way.REFUSED, _Way.LEFT):
            witness, post = self.random.choice(sayings.WITNESSES)
            reason = self.random.choice(sayings.REFUSALS if method is _Way.REFUSED else sayings.LEFT)
            how |= {"witness_name": witness, "witness_post": post, "reason": reason}
        elif method is _Way.POSTED:
            how = {"to_name": "", "tracking": f"EX{self.random.randint(10**8, 10**9 - 1)}CN"}
        else:
            how["second_by_id"] = None
        return how

    def _link(self, case: Case, at: datetime, *, used: datetime | None) -> None:
        # Nobody ever held the token of this link: what is kept is only the shape of a hash.
        case.links.append(
            {
                "id": self.writer.new_id(), "order_id": case.id, "token_sha256": f"{self.random.getrandbits(256):064x}", "made_at": at,
                "made_by_id": case.lead.id, "expires_at": at + LINK_DAYS, "first_used_at": used, "last_used_at": used,
            }
        )  # fmt: skip
        case.note(at, case.lead, "make_link")
        case.record(at, case.lead, "make_link", link=str(case.links[-1]["id"]))

    def _read(self, case: Case, at: datetime, by: Actor, door: str) -> None:
        if at < self.office.limit:
            case.values["first_read_at"] = at
            case.note(at, by, "read", door=door)

    # to its end --------------------------------------------------------------------------------------------

    def tell_looks(self, case: Case) -> None:
        """The re-checks as far as they concern the order; with the last fault struck off it is closed."""
        for look in case.seen.looks:
            seen = [finding for finding in case.items if finding in look.outcomes]
            if not case.in_force(look.signed_at) or not seen:
                continue
            lead = actor(look.officers.lead)
            for finding in seen:
                detail = {"recheck": str(look.inspection_id), "outcome": look.outcomes[finding].value}
                case.note(look.signed_at, lead, "recheck", finding_id=finding, **detail)
        if not case.is_open and case.state in (_State.ISSUED, _State.SERVED):
            last = max(look.signed_at for look in case.seen.looks if set(look.outcomes) & set(case.items))
            case.close(last + timedelta(seconds=1))

    def void(self, case: Case, new: Case, at: datetime) -> None:
        """Take an order with a mistake back; another with the same items takes its place."""
        case.revoked_at = at
        case.take(at, self.office.leader, _Act.VOID, reason=sayings.VOID_REASON)
        case.values["void_reason"] = sayings.VOID_REASON
        case.note(at + timedelta(seconds=1), self.office.leader, "replace", new=str(new.id))
        new.values["replaces_id"] = case.id

    def archive(self, case: Case) -> None:
        """The office puts a finished case away some days after its end."""
        assert case.closed_at is not None
        at, by = self.office.next_day(case.closed_at, 3, 16), self.office.reviewer
        case.values |= {"archived_on": clock.day_of(at), "archived_by_id": by.id}
        case.note(at, by, "archive")
        case.record(at, by, "order_archive")

    def follow_up(self, case: Case, at: datetime) -> None:
        """A penalty case is opened in the national system; its number is kept here."""
        number = f"示消罚立字〔{clock.day_of(at).year}〕第{self.random.randint(1, 40):04d}号"
        case.values["penalty_number"] = number
        case.note(at, case.lead, "penalty", number=number)
        case.record(at, case.lead, "order_penalty", number=number)

    def escalate(self, case: Case, finding: Finding, at: datetime) -> None:
        """A stubborn fault is put before the city's detachment."""
        to, reason = sayings.ESCALATED
        case.note(at, case.lead, "escalate", finding_id=finding.id, to=to, reason=reason)
        case.record(at, case.lead, "order_escalate", name=to, reason=reason, finding=str(finding.id))
