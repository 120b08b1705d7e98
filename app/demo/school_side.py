"""What the schools of the district do about their orders: hand items on, send photos, ask for more time; and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from app.core import clock
from app.demo import names, sayings
from app.demo.cases import Case
from app.demo.history import Historian
from app.demo.office import Actor, Office
from app.demo.writing import Writer
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import Extension
from app.rectification.rules.orders import EvidenceAnswer


def head_of(case: Case) -> Actor:
    """The school's head."""
    return Actor(case.seen.school.principal_id, str(case.seen.school.values["responsible_person"]))


class SchoolSide:
    """Acts for schools, and for the officers who answer them. `moved` are the findings that were given another day."""

    def __init__(self, writer: Writer, historian: Historian, office: Office) -> None:
        self.writer, self.historian, self.office = writer, historian, office
        self.random = writer.random
        self.moved: dict[Any, date] = {}
        self.answered: list[dict[str, Any]] = []
        self.extensions: list[dict[str, Any]] = []

    def end_of(self, case: Case, finding: Finding) -> datetime:
        """The first re-check of the finding, or now: before that the school has its say."""
        looks = [look.signed_at for look in case.seen.looks if finding.id in look.outcomes]
        return min([*looks[:1], self.office.limit])

    def hand_item(self, case: Case, finding: Finding) -> None:
        """Somebody at the school has the item in hand."""
        if case.served_at is None:
            return
        at = self.office.later(case.served_at, 30, 500)
        if at >= self.end_of(case, finding):
            return
        name, post, head, item = (
            names.person(self.random),
            self.random.choice(sayings.POSTS),
            head_of(case),
            case.items[finding.id],
        )
        case.holders.append(
            {
                "id": self.writer.new_id(), "order_item_id": item, "name": name, "post": post, "phone": names.telephone(self.random),
                "given_at": at, "given_by_id": head.id, "given_by_name": head.name,
            }
        )  # fmt: skip
        case.note(at, head, "hand_item", finding_id=finding.id, to=name, post=post)
        position = list(case.items).index(finding.id) + 1
        said = {"order": str(case.id), "position": position, "name": name, "post": post}
        case.record(at, head, "hand_item", subject=("order_item", item), **said)

    # photos ------------------------------------------------------------------------------------------------

    def evidence_of(self, case: Case, finding: Finding) -> dict[str, Any] | None:
        """What the school has sent about a finding, if anything."""
        return next((one for one in case.seen.evidence if one["finding_id"] == finding.id), None)

    def send(
        self, case: Case, finding: Finding, at: datetime, *, note: str, asks_recheck: bool
    ) -> dict[str, Any] | None:
        """Something more is sent, unless it would come too late."""
        if at >= self.end_of(case, finding):
            return None
        row = self.historian.send(finding, case.seen, at, note=note, asks_recheck=asks_recheck)
        self.writer.add(Evidence, **row)
        case.seen.evidence.append(row)
        return row

    def answer(self, case: Case, row: dict[str, Any], answer: EvidenceAnswer, *, before: datetime) -> bool:
        """The officer says whether it will do; never after the re-check."""
        at = self.office.later(row["sent_at"], 40, 420)
        if at >= before:
            return False
        reason = self.random.choice(sayings.RETURNED) if answer is EvidenceAnswer.RETURNED else ""
        row |= {"answer": answer, "answered_at": at, "answered_by_id": case.lead.id, "answer_reason": reason}
        return True

    def tell_evidence(self, cases: Sequence[Case]) -> None:
        """What was sent about the findings of one visit, and what was answered, in the timelines of the orders in force."""
        seen = cases[0].seen
        for row in seen.evidence:
            cost = self.random.choice(sayings.COSTS)
            row |= {"done_by": self.random.choice(sayings.DONE_BY), "cost": Decimal(cost) if cost else None}
            self.answered.append(row)
            about = [case for case in cases if row["finding_id"] in case.items]
            for number, case in enumerate(about):
                self._tell(case, row, is_first=number == 0)

    def _tell(self, case: Case, row: dict[str, Any], *, is_first: bool) -> None:
        by, at, finding = Actor(row["sent_by_id"], str(row["sent_by_name"])), row["sent_at"], row["finding_id"]
        answer, reason, answered_at = row.get("answer"), row.get("answer_reason", ""), row.get("answered_at")
        if case.in_force(at):
            if row["asks_recheck"]:
                case.note(at, by, "apply_recheck", finding_id=finding)
            case.note(at + timedelta(seconds=1), by, "send_evidence", finding_id=finding, photos=1)
        if answered_at and case.in_force(answered_at):
            case.note(answered_at, case.lead, f"evidence_{answer}", finding_id=finding, reason=reason)
        if not is_first:
            return
        said: dict[str, Any] = {"evidence": str(row["id"]), "photos": 1, "asks_recheck": row["asks_recheck"]}
        case.record(at, by, "send_evidence", subject=("finding", finding), **said)
        if answered_at:
            said = {"evidence": str(row["id"]), "answer": str(answer), "reason": reason}
            case.record(answered_at, case.lead, "answer_evidence", subject=("finding", finding), **said)

    # more time ---------------------------------------------------------------------------------------------

    def ask_for_time(self, case: Case, finding: Finding, *, granted: bool | None, until: date | None = None) -> bool:
        """Ask before the day has passed, and be answered, or not yet. Returns whether there was time for it."""
        before, served = finding.deadline, case.served_at
        if before is None or served is None or finding.id in self.moved:
            return False
        asked = self.office.later(served, 60, 900)
        decided = self.office.later(asked, 30, 400)
        reason, days = self.random.choice(sayings.WANTS_TIME)
        wanted = until or max(before, clock.day_of(self.office.limit)) + timedelta(days=days)
        in_time = clock.day_of(asked) <= before and (asked if granted is None else decided) < self.end_of(case, finding)
        if not in_time or wanted <= before or (granted and clock.day_of(decided) > wanted):
            return False
        row: dict[str, Any] = {
            "id": self.writer.new_id(), "order_id": case.id, "finding_id": finding.id, "asked_at": asked, "reason": reason,
            "asked_by_id": case.seen.school.officer_id, "asked_by_name": case.seen.school.officer_name, "before": before, "wanted": wanted,
        }  # fmt: skip
        by = Actor(row["asked_by_id"], str(row["asked_by_name"]))
        case.note(asked, by, "ask_extension", finding_id=finding.id, wanted=wanted.isoformat(), reason=reason)
        said: dict[str, Any] = {"extension": str(row["id"]), "wanted": wanted.isoformat()}
        case.record(asked, by, "ask_extension", subject=("finding", finding.id), **said)
        if granted is not None:
            row |= self._decide(case, finding, row, granted=granted, at=decided)
        self.extensions.append(row)
        return True

    def _decide(
        self, case: Case, finding: Finding, row: dict[str, Any], *, granted: bool, at: datetime
    ) -> dict[str, Any]:
        day, leader = row["wanted"] if granted else None, self.office.leader
        reason = self.random.choice(sayings.GRANTED if granted else sayings.REFUSED_TIME)
        act, told = ("grant_extension" if granted else "refuse_extension"), day.isoformat() if day else ""
        case.note(at, leader, act, finding_id=finding.id, deadline=told, reason=reason)
        said: dict[str, Any] = {"deadline": told, "reason": reason, "extension": str(row["id"])}
        case.record(at, leader, act, subject=("finding", finding.id), **said)
        if day:
            self.move(finding, day)
        return {
            "decided_at": at,
            "decided_by_id": leader.id,
            "granted": granted,
            "deadline": day,
            "decision_reason": reason,
        }

    def move(self, finding: Finding, day: date) -> None:
        """Another day is in force for the finding."""
        finding.deadline = self.moved[finding.id] = day

    def write_extensions(self) -> None:
        """The requests; their orders must be there."""
        for row in self.extensions:
            self.writer.add(Extension, **row)
