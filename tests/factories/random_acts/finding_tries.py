"""What can be tried with a finding: from the inspection that finds it to the re-check that ends it."""

from __future__ import annotations

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.inspections.models import Inspection, InspectionKind
from app.rectification.models.findings import ClosedHow, Evidence, Finding, Handling
from app.rectification.models.orders import Extension, Order, OrderItem
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import IN_FORCE, FindingAct
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import closing, drafting, evidence, extending
from app.rectification.service import findings as service
from app.rectification.service.findings import InspectionFacts, RecheckReading
from tests.factories import rectification as make
from tests.factories.random_acts.die import Die, Try


class FindingTries(Die):
    """Tries of acts on findings."""

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
        readings = [
            RecheckReading(finding_id=key, outcome=outcome) for key in dict.fromkeys([first.id, *(f.id for f in also)])
        ]
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
