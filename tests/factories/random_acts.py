"""A world in which anybody tries anything with orders and findings, and what must hold after each try."""

from __future__ import annotations

import itertools
import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
import time_machine

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.inspections.models import Inspection, InspectionKind
from app.organisations.models import Brigade
from app.rectification.models.findings import ClosedHow, Evidence, Finding, Handling, RecheckResult
from app.rectification.models.orders import Extension, Order, OrderEvent, OrderItem, PortalLink, ServiceAttempt
from app.rectification.queries import deputies, progress
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import (
    IN_FORCE,
    IN_PREPARATION,
    ORDER_STEPS,
    FindingAct,
    OrderAct,
    OrderState,
    Stage,
    finding_step,
)
from app.rectification.rules.orders import EvidenceAnswer, OrderKind, ServiceMethod
from app.rectification.service import approving, closing, drafting, evidence, extending, issuing, links, serving
from app.rectification.service import findings as service
from app.rectification.service.events import Sender
from app.rectification.service.findings import InspectionFacts, RecheckReading
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import rectification as make
from tests.factories.pictures import strokes

#: The link stands for somebody of the school without an account.
LINK = "link"
OFFICERS = ("ines", "ivo", "lea")
#: Whose business each act is; the leader's, where nothing is said.
USUAL = (
    dict.fromkeys(["inspect", "draft", "edit", "submit", "discard", "issue", "serve", "recheck"], ("ines", "ivo"))
    | dict.fromkeys(["answer", "link", "confirm", "receipt"], ("ines", "ivo", "pema"))
    | dict.fromkeys(["evidence", "ask"], ("pema", "sonam", "otto"))
    | {"review": ("olga",), "send_back": ("lea", "olga")}
)
START = datetime(2026, 12, 1, 8, tzinfo=clock.ZONE)


@dataclass
class Before:
    """How everything stood before a try."""

    orders: dict[uuid.UUID, OrderState]
    stages: dict[uuid.UUID, Stage]
    audited: int


@dataclass
class Try:
    """An act that somebody tries: what it calls, and what the tables call it for the order and for its findings."""

    call: Callable[[], Any]
    order_acts: frozenset[OrderAct] = frozenset()
    finding_acts: frozenset[FindingAct] = frozenset()
    order: Order | None = None


#: What the program does with an order by itself when an act ends its last finding or opens one again.
FOLLOWS = {
    FindingAct.RECHECK_PASSED: OrderAct.CLOSE,
    FindingAct.WITHDRAW: OrderAct.CLOSE,
    FindingAct.REOPEN: OrderAct.REOPEN,
}


@dataclass
class World:
    """The cast, a clock of its own, and a seeded die."""

    cast: Cast
    die: random.Random
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    known: Before | None = None
    known_on: date | None = None

    # the clock and the people --------------------------------------------------------------------------------

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Time passes only by the die."""
        with time_machine.travel(START, tick=False) as traveller:
            self.traveller = traveller
            yield

    def anyone(self, kind: str) -> str:
        """Somebody: mostly whose business it is, often not."""
        return self.die.choice(USUAL.get(kind, ("lea",)) if self.likely(0.65) else sorted(self.cast.people))

    def some(self, table: Any, *where: Any) -> Any:
        """Any row of a table, the newer ones more often."""
        keys = db.session.scalars(sa.select(table.id).where(*where).order_by(table.id)).all()
        if not keys:
            return None
        recent = keys[-8:] if self.die.random() < 0.8 else keys
        return db.session.get(table, self.die.choice(recent))

    def sender(self, name: str, finding: Finding, order: Order | None = None) -> Viewer | Sender:
        """Mostly the school's own principal, or whoever holds a link; now and then the wrong one of either."""
        on = sa.select(OrderItem.order_id).where(OrderItem.finding_id == finding.id)
        right = PortalLink.order_id == order.id if order else PortalLink.order_id.in_(on)
        link = self.some(PortalLink, right if self.likely() else sa.true()) if self.likely(0.4) else None
        if link:
            return Sender(name="家长", link_id=link.id)
        own = "otto" if finding.school_id == self.cast.ottos_school_id else "pema"
        return self.cast.viewer(own if self.likely(0.7) else name)

    def officers(self) -> list[str]:
        """Two for a visit, seldom the leader among them."""
        return self.die.sample(OFFICERS[:2] if self.likely(0.85) else OFFICERS, 2)

    def day(self, low: int, high: int) -> date:
        """A day around today."""
        return clock.today() + timedelta(days=self.die.randint(low, high))

    def words(self) -> str:
        """A reason, now and then left out."""
        return self.die.choice(["", " ", "情况属实", "照片不清", "请补充", "写错了", "现场核实", "材料齐全"])

    def likely(self, share: float = 0.8) -> bool:
        """Mostly yes."""
        return self.die.random() < share

    # what can be tried ------------------------------------------------------------------------------------------

    def try_inspect(self, name: str) -> Try | None:
        """Two officers, or people who are none, find something; some of it is put right before their eyes."""
        lead, second = self.officers()
        school = self.die.choice([self.cast.school_id, self.cast.school_id, self.cast.ottos_school_id])
        row = make.inspection(
            self.cast, school_id=school, lead_id=self.cast.people[lead], second_id=self.cast.people[second]
        )
        new = []
        for number in range(self.die.randint(1, 3)):
            handling = self.die.choice([Handling.ORDER_LIMITED, Handling.ORDER_IMMEDIATE, Handling.SPOT])
            deadline = self.day(0, 40) if handling is Handling.ORDER_LIMITED else clock.today()
            spot = handling is Handling.SPOT and self.likely(0.5)
            shown = self.likely()
            new.append(
                make.new_finding(
                    item_code=f"EXI-0{number + 1}",
                    handling=handling,
                    deadline=deadline if self.likely(0.9) else None,
                    corrected_on_spot=spot,
                    has_photo_before=shown,
                    has_photo_after=shown,
                )
            )
        facts = self._facts(row)

        def call() -> None:
            viewer = self.cast.viewer(name)
            found = service.open_findings(viewer, inspection=facts, findings=new)
            drafting.draft_from_inspection(viewer, facts, found)

        return Try(call, finding_acts=frozenset({FindingAct.CORRECT_ON_SPOT}))

    def _facts(self, row: Inspection) -> InspectionFacts:
        assert row.second_id is not None
        second = row.second_id if self.likely(0.9) else row.lead_id
        return InspectionFacts(
            id=row.id,
            school_id=row.school_id,
            brigade_id=row.brigade_id,
            seen_at=row.finished_at or row.started_at,
            officer_ids=(row.lead_id, second),
        )

    def try_draft(self, name: str) -> Try | None:
        """A draft by hand for some findings, of one school or mixed."""
        on_one = sa.select(OrderItem.finding_id).join(Order).where(Order.state != OrderState.VOID)
        failed = sa.select(RecheckResult.finding_id).where(RecheckResult.outcome != RecheckOutcome.CORRECTED)
        free = sa.and_(Finding.closed_on.is_(None), sa.or_(Finding.id.not_in(on_one), Finding.id.in_(failed)))
        first = self.some(Finding, free if self.likely() else sa.true())
        if first is None:
            return None
        beside = Finding.school_id == first.school_id if self.likely() else sa.true()
        more = [self.some(Finding, beside, free) for _n in range(self.die.randint(0, 2))]
        found = list({f.id: f for f in [first, *more] if f}.values())
        visit = db.session.get_one(Inspection, found[0].inspection_id)
        assert visit.second_id is not None
        return Try(
            lambda: drafting.draft(
                self.cast.viewer(name),
                kind=self.die.choice(list(OrderKind)),
                findings=found,
                officers=(visit.lead_id, visit.second_id or visit.lead_id),
                visited_on=found[0].found_on,
                inspection_id=found[0].inspection_id,
            )
        )

    def _on_order(self, name: str, states: frozenset[OrderState]) -> Order | None:
        wanted = Order.state.in_(states) if self.likely(0.9) else sa.true()
        found: Order | None = self.some(Order, wanted)
        return found

    def try_edit(self, name: str) -> Try | None:
        """Other dates on a draft."""
        order = self._on_order(name, frozenset({OrderState.DRAFT}))
        if order is None:
            return None
        days = {f.id: self.day(-2, 30) for _i, f in drafting.items_of(order) if self.likely(0.5)}
        return self._step(order, OrderAct.EDIT, lambda: drafting.edit(self.cast.viewer(name), order, deadlines=days))

    def _step(self, order: Order, act: OrderAct, call: Callable[[], Any], *on_findings: FindingAct) -> Try:
        return Try(call, frozenset({act}), frozenset(on_findings), order)

    def try_submit(self, name: str) -> Try | None:
        """On its road of approval."""
        order = self._on_order(name, frozenset({OrderState.DRAFT}))
        return order and self._step(order, OrderAct.SUBMIT, lambda: drafting.submit(self.cast.viewer(name), order))

    def try_review(self, name: str) -> Try | None:
        """The legal reviewer's word."""
        order = self._on_order(name, frozenset({OrderState.LEGAL_REVIEW}))
        return order and self._step(
            order, OrderAct.PASS_REVIEW, lambda: approving.pass_review(self.cast.viewer(name), order)
        )

    def try_approve(self, name: str) -> Try | None:
        """The leader's."""
        order = self._on_order(name, frozenset({OrderState.APPROVAL}))
        return order and self._step(order, OrderAct.APPROVE, lambda: approving.approve(self.cast.viewer(name), order))

    def try_send_back(self, name: str) -> Try | None:
        """Back to the officers."""
        order = self._on_order(name, frozenset({OrderState.APPROVAL, OrderState.LEGAL_REVIEW}))
        return order and self._step(
            order,
            OrderAct.RETURN,
            lambda: approving.send_back(self.cast.viewer(name), order, reason=self.words()),
        )

    def try_deputy(self, name: str) -> Try | None:
        """Somebody stands in for the leader."""
        who = self.die.choice(sorted(self.cast.people))
        return Try(
            lambda: approving.name_deputy(
                self.cast.viewer(name), person_id=self.cast.people[who], from_on=self.day(-2, 2), to_on=self.day(-1, 9)
            )
        )

    def try_discard(self, name: str) -> Try | None:
        """Give a draft up."""
        order = self._on_order(name, IN_PREPARATION)
        return order and self._step(
            order, OrderAct.DISCARD, lambda: drafting.discard(self.cast.viewer(name), order, reason=self.words())
        )

    def try_issue(self, name: str) -> Try | None:
        """Number and paper."""
        order = self._on_order(name, frozenset({OrderState.APPROVED}))
        return order and self._step(
            order, OrderAct.ISSUE, lambda: issuing.issue(self.cast.viewer(name), order), FindingAct.ORDER
        )

    def try_serve(self, name: str) -> Try | None:
        """Hand it over, one way or another, with or without what proves it."""
        order = self._on_order(name, frozenset({OrderState.ISSUED}))
        if order is None:
            return None
        method = self.die.choice([ServiceMethod.HAND, *ServiceMethod])
        given = serving.Service(
            method=method,
            to_name="白玛" if self.likely(0.9) else "",
            strokes=strokes() if self.likely(0.9) else "",
            witness_name="达瓦" if self.likely() else "",
            reason="拒收" if self.likely() else "",
            tracking="EMS1" if self.likely() else "",
            second_by_id=self.cast.people[self.die.choice(["ivo", "ines", "oskar", "olga"])] if self.likely() else None,
            at=None if self.likely() else clock.now() - timedelta(hours=self.die.randint(-2, 72)),
        )
        return self._step(
            order, OrderAct.SERVE, lambda: serving.serve(self.cast.viewer(name), order, given), FindingAct.SERVE
        )

    def try_confirm(self, name: str) -> Try | None:
        """The post was delivered, or the school says by its link that it has it."""
        attempt = self.some(ServiceAttempt, ServiceAttempt.confirmed_at.is_(None) if self.likely(0.9) else sa.true())
        order = self.some(Order, Order.id == attempt.order_id) if attempt else None
        if order is None:
            return None
        by = self.die.choice(["门卫", " "])

        def call() -> None:
            if attempt.method is ServiceMethod.LINK:
                serving.confirm_by_link(self.sender(name, drafting.items_of(order)[0][1], order), order, name=by)
            else:
                serving.confirm_post(self.cast.viewer(name), order, attempt, on=clock.now(), by=by)

        return self._step(order, OrderAct.SERVE, call, FindingAct.SERVE)

    def try_receipt(self, name: str) -> Try | None:
        """Print the proof of service: it takes a number too."""
        attempt = self.some(ServiceAttempt)
        order = self.some(Order, Order.id == attempt.order_id) if attempt else None
        return order and Try(lambda: issuing.print_receipt(self.cast.viewer(name), order, attempt))

    def try_void(self, name: str) -> Try | None:
        """Void an order, or put another in its place."""
        order = self._on_order(name, IN_FORCE)
        if order is None:
            return None
        act = issuing.void if self.likely(0.5) else issuing.replace
        return self._step(
            order,
            OrderAct.VOID,
            lambda: act(self.cast.viewer(name), order, reason=self.words()),
            FindingAct.VOID_ORDER,
        )

    def try_link(self, name: str) -> Try | None:
        """A link for the school, or its end."""
        order = self._on_order(name, IN_FORCE)
        link = self.some(PortalLink) if self.likely(0.3) else None
        if link is not None:
            of_link = db.session.get_one(Order, link.order_id)
            return Try(lambda: links.revoke(self.cast.viewer(name), of_link, link))
        return order and Try(lambda: links.make(self.cast.viewer(name), order))

    def try_evidence(self, name: str) -> Try | None:
        """The school sends something, with or without a request to look again."""
        finding = self.some(Finding, Finding.closed_on.is_(None) if self.likely() else sa.true())
        if finding is None:
            return None
        asks, note = self.likely(0.4), self.die.choice(["", "已改好", "换了锁"])
        act = FindingAct.APPLY if asks else FindingAct.SEND_EVIDENCE
        return Try(
            lambda: evidence.send_evidence(self.sender(name, finding), finding=finding, note=note, asks_recheck=asks),
            finding_acts=frozenset({act}),
        )

    def try_answer(self, name: str) -> Try | None:
        """An officer's word about it."""
        sent = self.some(Evidence, Evidence.answer.is_(None) if self.likely() else sa.true())
        if sent is None:
            return None
        answer = self.die.choice(list(EvidenceAnswer))
        acts = {FindingAct.RETURN_EVIDENCE} if answer is EvidenceAnswer.RETURNED else set()
        return Try(
            lambda: evidence.answer_evidence(self.cast.viewer(name), evidence=sent, answer=answer, reason=self.words()),
            finding_acts=frozenset(acts),
        )

    def try_ask(self, name: str) -> Try | None:
        """More time, please."""
        living = sa.select(Order.id).where(Order.state.in_(IN_FORCE))
        item = self.some(OrderItem, OrderItem.order_id.in_(living) if self.likely() else sa.true())
        if item is None:
            return None
        order, finding = db.session.get_one(Order, item.order_id), db.session.get_one(Finding, item.finding_id)
        return Try(
            lambda: extending.ask(
                self.sender(name, finding, order), order, finding, wanted=self.day(-1, 60), reason=self.words()
            )
        )

    def try_decide(self, name: str) -> Try | None:
        """Granted or not."""
        asked = self.some(Extension, Extension.decided_at.is_(None) if self.likely() else sa.true())
        return asked and Try(
            lambda: extending.decide(
                self.cast.viewer(name),
                asked,
                granted=self.likely(0.6),
                deadline=self.day(-1, 40) if self.likely(0.4) else None,
                reason=self.words(),
            ),
            finding_acts=frozenset({FindingAct.EXTEND}),
        )

    def try_recheck(self, name: str) -> Try | None:
        """Officers look again, today or by a paper of some days ago; now and then one of them alone."""
        first = self.some(Finding, Finding.closed_on.is_(None) if self.likely(0.9) else sa.true())
        if first is None:
            return None
        lead, second = self.officers()
        row = make.inspection(
            self.cast,
            on=clock.today() if self.likely() else max(first.found_on, self.day(-4, 0)),
            school_id=first.school_id,
            kind=InspectionKind.RECHECK,
            lead_id=self.cast.people[lead],
            second_id=self.cast.people[second],
        )
        if clock.day_of(row.started_at) == clock.today():
            row.finished_at = row.started_at = clock.now()
        where = Finding.school_id == first.school_id if self.likely(0.95) else sa.true()
        also = [f for f in (self.some(Finding, where) for _n in range(2)) if f]
        outcome = self.die.choice(list(RecheckOutcome))
        readings = [RecheckReading(finding_id=key, outcome=outcome) for key in {first.id, *(f.id for f in also)}]
        facts = self._facts(row)
        act = FindingAct.RECHECK_PASSED if outcome is RecheckOutcome.CORRECTED else FindingAct.RECHECK_FAILED
        return Try(
            lambda: service.apply_recheck(self.cast.viewer(name), inspection=facts, results=readings),
            finding_acts=frozenset({act}),
        )

    def try_withdraw(self, name: str) -> Try | None:
        """Take a finding back."""
        finding = self.some(Finding)
        return finding and Try(
            lambda: service.withdraw(self.cast.viewer(name), finding=finding, reason=self.words()),
            finding_acts=frozenset({FindingAct.WITHDRAW}),
        )

    def try_reopen(self, name: str) -> Try | None:
        """A closure that was false."""
        finding = self.some(Finding, Finding.closed_how == ClosedHow.RECHECK if self.likely() else sa.true())
        return finding and Try(
            lambda: closing.reopen(self.cast.viewer(name), finding, reason=self.words()),
            finding_acts=frozenset({FindingAct.REOPEN}),
        )

    def try_road(self, _name: str) -> Try | None:
        """The brigade sets another road of approval: whatever is under way keeps going by the table."""
        roads = ["none", "leader", *["legal_leader"] * 5]
        chosen = {"approval_limited": self.die.choice(roads), "approval_immediate": self.die.choice(roads)}
        brigade = db.session.get_one(Brigade, self.cast.brigade_id)

        def call() -> None:
            brigade.settings = {**brigade.settings, **chosen}
            db.session.flush()

        return Try(call)

    WEIGHTS = {
        "inspect": 8, "draft": 5, "edit": 3, "submit": 9, "review": 8, "approve": 10, "send_back": 5, "deputy": 3, "discard": 2,
        "issue": 10, "serve": 9, "confirm": 5, "receipt": 2, "void": 2, "link": 5, "evidence": 9, "answer": 6, "ask": 8,
        "decide": 5, "recheck": 9, "withdraw": 2, "reopen": 3, "road": 1,
    }  # fmt: skip

    # one step ---------------------------------------------------------------------------------------------------

    def step(self, number: int) -> None:
        """Time passes, somebody tries something, and it either leads where the table says or changes nothing."""
        self._pass_time()
        kind = self.die.choices(list(self.WEIGHTS), list(self.WEIGHTS.values()))[0]
        name = self.anyone(kind)
        attempt: Try | None = getattr(self, f"try_{kind}")(name)
        if attempt is None:
            db.session.rollback()
            return
        where = f"step {number}: {kind} by {name}"
        db.session.commit()
        before = self.known if self.known and self.known_on == clock.today() else self._before()
        try:
            attempt.call()
            db.session.flush()
        except DomainError:
            db.session.rollback()
            self.refused[kind] += 1
            if number % 5 == 0:
                assert self._before() == before, where
            return
        after = self.known = self._before()
        self.known_on = clock.today()
        self._check_orders(before, after, attempt, name, where)
        self._check_findings(before, after, attempt, where)
        if (before.orders, before.stages) != (after.orders, after.stages) and kind != "road":
            assert after.audited > before.audited, where
        db.session.commit()
        self.accepted[kind] += 1

    def _pass_time(self) -> None:
        hours = self.die.choice([0] * 60 + [5, 24, 24, 72])
        evening = clock.today()
        before = progress.stages(self._finding_ids()) if hours else {}
        self.traveller.shift(timedelta(hours=hours, minutes=self.die.randint(1, 5)))
        if not hours or clock.today() == evening:
            return
        for key, stage in progress.stages(self._finding_ids()).items():
            if stage is not before[key]:
                step = finding_step(before[key], FindingAct.PASS_DEADLINE)
                assert step is not None, before[key]
                assert stage in step.to, (before[key], stage)

    def _finding_ids(self) -> Sequence[uuid.UUID]:
        return db.session.scalars(sa.select(Finding.id)).all()

    def _before(self) -> Before:
        orders = db.session.execute(sa.select(Order.id, Order.state))
        return Before(
            orders={key: state for key, state in orders},  # noqa: C416
            stages=progress.stages(self._finding_ids()),
            audited=db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0,
        )

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

    # what always holds ------------------------------------------------------------------------------------------

    def check_everything(self) -> None:
        """Every order and finding is one that could be."""
        for order in db.session.scalars(sa.select(Order)):
            self._check_order(order)
        for finding in db.session.scalars(sa.select(Finding)):
            self._check_finding(finding)
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

    def never_accepted(self) -> set[str]:
        """Acts that nobody got done."""
        return set(self.WEIGHTS) - set(self.accepted)

    def never_refused(self) -> set[str]:
        """Acts that nobody was refused."""
        return set(self.WEIGHTS) - set(self.refused) - {"road"}


def check_numbers() -> None:
    """The papers of a kind, a brigade and a year are numbered 1, 2, 3 …, none left out, none twice."""
    series: dict[tuple[uuid.UUID, str, int], list[int]] = {}
    for paper in db.session.scalars(sa.select(IssuedDocument)):
        series.setdefault((paper.brigade_id, paper.kind, paper.year), []).append(paper.serial)
    for key, serials in series.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), key


__all__ = ["NotYours", "World", "check_numbers"]
