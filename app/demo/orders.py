"""The orders of the district's years: which case goes which way, so that every state, way and colour is met somewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import cycle

from app.accounts.models import Person
from app.core.extensions import db
from app.demo import sayings
from app.demo.cases import Case
from app.demo.clerk import Clerk, papers_of
from app.demo.district import District
from app.demo.history import FRESH_DAYS, Historian, Look, Past
from app.demo.office import Office, StandIn, actor
from app.demo.school_side import SchoolSide
from app.demo.studio import Studio
from app.demo.writing import Progress, Writer
from app.rectification.models.findings import Finding
from app.rectification.rules.findings import RecheckOutcome
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EvidenceAnswer, OrderKind, ServiceMethod
from app.regulations import queries as regulations

_State, _Way = OrderState, ServiceMethod
#: How old orders were handed over, by hand more often than not.
WAYS = (_Way.HAND, _Way.REFUSED, _Way.POSTED, _Way.LINK, _Way.LEFT)
WEIGHTS = (70, 6, 10, 8, 6)
#: Where orders of the last days are, by kind; those for approval first, so that there is always one for who stands in.
FRESH_STATES = {
    OrderKind.LIMITED: (_State.APPROVAL, _State.LEGAL_REVIEW, _State.DRAFT, _State.APPROVED, _State.ISSUED),
    OrderKind.IMMEDIATE: (_State.SERVED, _State.ISSUED, _State.DRAFT, _State.SERVED),
}
#: How orders that are being worked on were handed over; the second of a way that needs a word still waits for it.
LIVING_WAYS = (
    (_Way.HAND, True), (_Way.HAND, True), (_Way.LINK, True), (_Way.REFUSED, True), (_Way.POSTED, True), (_Way.LINK, False),
    (_Way.LEFT, True), (_Way.POSTED, False),
)  # fmt: skip


def office_of(district: District, historian: Historian, today: date) -> Office:
    """Who does the paper work; an officer stands in for the leader these days, another did for two weeks a year ago."""
    people = {
        name: actor(db.session.get_one(Person, district.people[name])) for name in ("leader", "office", "inspector2")
    }
    first = actor(historian.inspectors[0])
    year_ago = today - timedelta(days=300)
    return Office(
        random=historian.random,
        calendar=regulations.workdays_of(historian.brigade.area_code),
        limit=historian.limit,
        leader=people["leader"],
        reviewer=people["office"],
        stand_ins=[
            StandIn(first, year_ago - timedelta(days=30), year_ago),
            StandIn(people["inspector2"], today - timedelta(days=5), today + timedelta(days=4)),
        ],
    )


class Stories:
    """Sends every case its way. `cases` are in the order of the schools and visits."""

    def __init__(self, writer: Writer, studio: Studio, historian: Historian, office: Office) -> None:
        self.writer, self.office, self.random = writer, office, writer.random
        self.clerk = Clerk(writer, studio, office, brigade_id=historian.brigade.id)
        self.schools = SchoolSide(writer, historian, office)
        self.today = historian.today
        self.cases: list[Case] = []
        self.archived: list[Case] = []
        self._living_ways = cycle(LIVING_WAYS)
        self._turns = cycle(range(7))
        self._over = 0

    def tell(self, past: Iterable[Past], *, progress: Progress) -> list[Case]:
        """All orders that the visits led to."""
        visits = [seen for one in past for seen in one.visits]
        fresh: list[Case] = []
        for number, seen in enumerate(visits):
            start = len(self.cases)
            opened = [self.clerk.open(seen, kind, findings) for kind, findings in papers_of(seen)]
            is_fresh = (self.today - seen.on).days <= FRESH_DAYS
            for case in opened:
                if is_fresh and case.is_open:
                    fresh.append(case)
                else:
                    self._live(case)
            self._end(self.cases[start:])
            progress(number + 1, len(visits), "")
        self._just_begun(fresh)
        self._archive()
        self.schools.write_extensions()
        return self.cases

    def _live(self, case: Case) -> None:
        living = case.is_open
        if not living and self._voids(case):
            return
        end = min(self.schools.end_of(case, finding) for finding in case.findings)
        case.in_haste = end - case.seen.signed_at < timedelta(days=5)
        self.clerk.walk(case)
        self.cases.append(case)
        if living:
            self._hand_over_now(case)
        else:
            self._hand_over_then(case)

    # what is over ------------------------------------------------------------------------------------------

    def _hand_over_then(self, case: Case) -> None:
        self._over += 1
        before = min((self.schools.end_of(case, f) for f in case.findings), default=self.office.limit)
        self.clerk.serve(case, self.random.choices(WAYS, WEIGHTS)[0], before=before)
        if case.served_at is None:
            self.clerk.serve(case, _Way.HAND, before=before)
        for finding in case.findings:
            if self.random.random() < 0.2:
                self.schools.hand_item(case, finding)
            self._longer(case, finding)
            self._answer_then(case, finding)

    def _longer(self, case: Case, finding: Finding) -> None:
        look = next((one for one in case.seen.looks if finding.id in one.outcomes), None)
        if look is None or case.kind is not OrderKind.LIMITED or self.random.random() > 0.3:
            return
        self.schools.ask_for_time(case, finding, granted=self.random.random() < 0.7, until=look.on - timedelta(days=1))

    def _answer_then(self, case: Case, finding: Finding) -> None:
        row, end = self.schools.evidence_of(case, finding), self.schools.end_of(case, finding)
        if row is None or row["sent_at"] >= end:
            return
        chance = self.random.random()
        if chance < 0.15 and self.schools.answer(case, row, EvidenceAnswer.RETURNED, before=end):
            again = self.office.later(row["answered_at"], 200, 900)
            note = self.random.choice(sayings.SENT_AGAIN)
            row = self.schools.send(case, finding, again, note=note, asks_recheck=row["asks_recheck"])
        if row is not None and chance < 0.9 and "answer" not in row:
            self.schools.answer(case, row, EvidenceAnswer.ACCEPTED, before=end)

    def _voids(self, case: Case) -> bool:
        """One order in very many carried a mistake and was replaced; its number stays taken."""
        if self._over != 3 and self._over % 90 != 89:
            return False
        self._over += 1
        self.clerk.walk(case)
        if case.issued_at is None:
            return False
        at = case.issued_at + timedelta(minutes=self.random.randint(5, 15))
        new = self.clerk.open(case.seen, case.kind, case.findings, at=at + timedelta(minutes=4))
        self.clerk.void(case, new, at)
        self.clerk.walk(new)
        self.cases += [case, new]
        self._hand_over_then(new)
        return True

    def _end(self, told: Sequence[Case]) -> None:
        """What the school sent and how the re-checks ended, in the timelines of all orders of one visit."""
        again = [new for case in told for new in self._again(case)]
        self.cases += again
        if told:
            self.schools.tell_evidence([*told, *again])
        for case in (*told, *again):
            self.clerk.tell_looks(case)

    def _again(self, case: Case) -> list[Case]:
        """What was still there at a first re-check gets an order of its own, if there was time for one before the second."""
        found = []
        for finding in case.findings if case.state in (_State.ISSUED, _State.SERVED) else ():
            looks = [look for look in case.seen.looks if finding.id in look.outcomes]
            failed = bool(looks) and looks[0].outcomes[finding.id] is not RecheckOutcome.CORRECTED
            asked = any(row["finding_id"] == finding.id for row in self.schools.extensions)
            if failed and not asked and finding.id not in self.schools.moved:
                found += self._new_order(case, finding, looks)
        return found

    def _new_order(self, case: Case, finding: Finding, looks: Sequence[Look]) -> list[Case]:
        is_over = len(looks) > 1
        day = looks[1].on - timedelta(days=1) if is_over else self.today + timedelta(days=5)
        before = looks[1].signed_at if is_over else self.office.limit
        new = self.clerk.open_again(case, finding, looks[0])
        new.paper_days[finding.id] = day
        self.clerk.walk(new)
        if new.issued_at is None or new.issued_at >= before:
            return []
        self.clerk.serve(new, _Way.HAND, before=before)
        self.clerk.follow_up(case, self.office.later(looks[0].signed_at, 200, 600))
        self.schools.move(finding, day)
        if len(looks) > 2 and (at := self.office.later(looks[1].signed_at, 100, 300)) < looks[2].signed_at:
            self.clerk.escalate(new, finding, at)
        return [new]

    # what goes on ------------------------------------------------------------------------------------------

    def _hand_over_now(self, case: Case) -> None:
        way, confirmed = (_Way.HAND, True) if case.kind is OrderKind.IMMEDIATE else next(self._living_ways)
        self.clerk.serve(case, way, confirmed=confirmed)
        for finding in case.findings:
            if finding.closed_on is None and not any(finding.id in look.outcomes for look in case.seen.looks):
                self._go_on(case, finding, next(self._turns))

    def _go_on(self, case: Case, finding: Finding, turn: int) -> None:
        """One of seven things that a school does about what is open."""
        if turn % 2:
            self.schools.hand_item(case, finding)
        if turn in (2, 3, 5) and self.schools.ask_for_time(case, finding, granted={2: None, 3: True, 5: False}[turn]):
            return
        row = self.schools.evidence_of(case, finding)
        if row is None and turn in (0, 1, 4):
            at = self.office.later(case.served_at or case.seen.signed_at, 500, 1500)
            row = self.schools.send(case, finding, at, note=sayings.SENT[turn % 3], asks_recheck=turn == 0)
        if row is not None and turn in (1, 4):
            answer = EvidenceAnswer.RETURNED if turn == 1 else EvidenceAnswer.ACCEPTED
            self.schools.answer(case, row, answer, before=self.office.limit)

    def _just_begun(self, fresh: Sequence[Case]) -> None:
        """Orders of the last days, each at another place of the road."""
        stand_in = self.office.stand_ins[-1].actor.id
        for kind, states in FRESH_STATES.items():
            turn = cycle(states)
            # First what who stands in has not found.
            for case in sorted((one for one in fresh if one.kind is kind), key=lambda one: stand_in in one.finders):
                until = next(turn)
                case.in_haste = True
                self.clerk.walk(case, until=until if until is not _State.SERVED else _State.ISSUED)
                self.cases.append(case)
                if until is _State.SERVED:
                    self.clerk.serve(case, _Way.HAND)

    def _archive(self) -> None:
        """The oldest of what is over lies in the archive."""
        over = sorted((c for c in self.cases if c.closed_at and c.served_at), key=lambda c: (c.closed_at, c.id))
        self.archived = [case for case in over if not case.values.get("replaces_id")][: min(4, 1 + len(over) // 25)]
        for case in self.archived:
            self.clerk.archive(case)
