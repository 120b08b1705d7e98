"""The two grave matters of the district: a major hazard that was notified, and a store room that is sealed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.demo import sayings
from app.demo.cases import Case
from app.demo.history import FRESH_DAYS
from app.demo.office import Actor, Office
from app.demo.papers import Wanted
from app.demo.writing import Writer
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorFinding, MajorHazard
from app.rectification.models.sealing import Sealing
from app.rectification.models.trail import RecordEvent
from app.rectification.papers.major_hazard import MAJOR_HAZARD
from app.rectification.papers.scene_note import SCENE_NOTE
from app.rectification.papers.sealing import SEALING
from app.rectification.rules.findings import Severity
from app.rectification.rules.major import MAJOR_STEPS, MajorAct, MajorState
from app.rectification.rules.records import RecordKind, RecordStep, step_of
from app.rectification.rules.sealing import SEALING_STEPS, SealingAct, SealingState
from app.rectification.service import record_papers

RANKS = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}
#: What a record holds when it is proposed.
_PROPOSED = {
    "id", "school_id", "brigade_id", "inspection_id", "visited_on", "lead_id", "second_id", "made_by_id", "made_at", "problem_text",
    "place", "extent", "strips", "danger",
}  # fmt: skip
#: How long the sealing was decided for, in days.
SEALED_DAYS = 20


class GraveMatters:
    """Chooses the cases that are grave enough, and writes their records."""

    def __init__(self, writer: Writer, office: Office, brigade_id: uuid.UUID) -> None:
        self.writer, self.office, self.brigade_id = writer, office, brigade_id
        self.rows: list[tuple[Any, dict[str, Any]]] = []
        self.records: list[tuple[Any, dict[str, Any], Sequence[Finding]]] = []

    def tell(self, cases: Sequence[Case]) -> list[Wanted]:
        """One of each, where there is a case for it; their papers."""
        living = [
            case for case in cases if case.is_open and case.served_at and case.visit_id == case.seen.inspection_id
        ]
        long_ago = self.office.limit - timedelta(days=FRESH_DAYS)
        living = [c for c in living if self.office.leader.id not in c.finders and c.seen.signed_at < long_ago]
        chosen = sorted(living, key=lambda case: (min(RANKS[f.severity] for f in case.findings), case.seen.on))
        wanted: list[Wanted] = []
        schools: set[uuid.UUID] = set()
        for tell in (self._major, self._sealing):
            case = next((one for one in chosen if one.seen.school.id not in schools), None)
            if case is not None:
                schools.add(case.seen.school.id)
                wanted += tell(case)
        return wanted

    def begin(self) -> None:
        """The records as they were proposed: their papers ask for them."""
        for model, row, findings in self.records:
            self.writer.add(model, **{key: value for key, value in row.items() if key in _PROPOSED})
            for position, finding in enumerate(findings, 1):
                self.writer.add(MajorFinding, major_id=row["id"], finding_id=finding.id, position=position)
        self.writer.flush()

    def finish(self) -> None:
        """What became of them, with their timelines; their papers must be there."""
        for model, row, _findings in self.records:
            db.session.execute(sa.update(model), [row])
        for table, event in self.rows:
            (self.writer.add_plain if table is AuditEntry else self.writer.add)(table, **event)
        self.writer.flush()

    def _common(self, case: Case) -> dict[str, Any]:
        return {
            "id": self.writer.new_id(), "school_id": case.seen.school.id, "brigade_id": self.brigade_id, "inspection_id": case.visit_id,
            "visited_on": case.visited_on, "lead_id": case.lead.id, "second_id": case.officers[1].id, "made_by_id": case.lead.id,
            "made_at": case.seen.signed_at,
        }  # fmt: skip

    def _note(
        self, kind: RecordKind, record_id: uuid.UUID, at: datetime, by: Actor, act: str, **detail: Any
    ) -> dict[str, Any]:
        told = {key: value for key, value in detail.items() if value not in (None, "")}
        event = {
            "record_kind": kind,
            "record_id": record_id,
            "at": at,
            "by_id": by.id,
            "by_name": by.name,
            "act": act,
            "detail": told,
        }
        entry = {
            "at": at, "person_id": by.id, "person_name": by.name, "origin": "demo", "action": f"{kind.value}_{act}",
            "subject_kind": kind.value, "subject_id": str(record_id), "detail": told,
        }  # fmt: skip
        self.rows += [(RecordEvent, event), (AuditEntry, entry)]
        return told

    def _times(self, case: Case, steps: Sequence[tuple[int, int]]) -> list[datetime]:
        """Moments after the visit, each so many minutes after the one before; only those that have come."""
        found, at = [], case.seen.signed_at
        for low, high in steps:
            at = self.office.later(at, low, high)
            found.append(at)
        return [at for at in found if at < self.office.limit]

    def _step(self, steps: Sequence[RecordStep], row: dict[str, Any], act: str) -> dict[str, str]:
        """Take a step of the table; what the table does not know is a mistake of the district's."""
        step = step_of(steps, row["state"], act)
        if step is None:
            raise ValueError(f"{act} is no step in {row['state']}")
        before, row["state"] = row["state"], type(row["state"])(step.to)
        return {"before": str(before), "after": step.to}

    def _people(self, case: Case) -> str:
        return "、".join(
            dict.fromkeys((self.office.leader.name, self.office.reviewer.name, case.lead.name, case.officers[1].name))
        )

    def _major(self, case: Case) -> list[Wanted]:
        times = self._times(case, ((10, 60), (300, 900), (60, 200), (20, 60), (60, 300)))
        row: dict[str, Any] = self._common(case) | {"state": MajorState.PROPOSED, "problem_text": sayings.MAJOR_TEXT}
        kind, key, wanted = RecordKind.MAJOR, row["id"], list[Wanted]()
        findings: list[Finding] = [finding for finding in case.findings if finding.closed_on is None]
        self.records.append((MajorHazard, row, findings))
        for number, at in enumerate(times):
            day = clock.day_of(at)
            if number == 0:
                self._note(kind, key, at, case.lead, "propose", findings=[str(finding.id) for finding in findings])
            elif number == 1:
                row |= {
                    "studied_on": day, "study_place": "大队会议室", "chair": self.office.leader.name, "participants": self._people(case),
                    "conclusion": sayings.MAJOR_CONCLUSION, "is_major": True,
                }  # fmt: skip
                moved = self._step(MAJOR_STEPS, row, MajorAct.STUDY)
                self._note(
                    kind,
                    key,
                    at,
                    case.lead,
                    "study",
                    **moved,
                    day=day.isoformat(),
                    text=row["conclusion"],
                    is_major=True,
                )
            elif number == 2:
                row |= {"approved_at": at, "approved_by_id": self.office.leader.id, "determined_on": day}
                row["deadline"] = day + timedelta(days=60)
                self._note(
                    kind, key, at, self.office.leader, "approve", **self._step(MAJOR_STEPS, row, MajorAct.APPROVE)
                )
            elif number == 3:
                row["noticed_on"] = day
                told = self._note(kind, key, at, case.lead, "issue", **self._step(MAJOR_STEPS, row, MajorAct.ISSUE))
                wanted.append(
                    self._paper(MAJOR_HAZARD, kind, row, at, case, told, (MajorHazard, record_papers.major_notice))
                )
            else:
                head = str(case.seen.school.values["responsible_person"])
                row |= {"served_on": day, "served_to": f"{head}（校长）"}
                moved = self._step(MAJOR_STEPS, row, MajorAct.SERVE)
                self._note(kind, key, at, case.lead, "serve", **moved, day=day.isoformat(), to=row["served_to"])
        return wanted

    def _paper(
        self, paper: Any, kind: RecordKind, row: dict[str, Any], at: datetime, case: Case, told: dict[str, Any], says: tuple[Any, Any],
        column: str = "document_id",
    ) -> Wanted:  # fmt: skip
        def keep(identity: uuid.UUID, number: str) -> None:
            row[column], told["number"] = identity, number
            if column == "document_id":
                row["number"] = number

        return Wanted(
            kind=paper,
            at=at,
            subject=(kind.value, row["id"]),
            school_id=row["school_id"],
            by=case.lead,
            context=lambda: says[1](says[0](**row)),
            keep=keep,
        )

    def _sealing(self, case: Case) -> list[Wanted]:
        times = self._times(case, ((10, 60), (60, 200), (20, 60), (40, 100)))
        row: dict[str, Any] = self._common(case) | {
            "state": SealingState.PROPOSED, "place": "教学楼一层东侧楼梯间下临时库房", "extent": "库房整体，约 18 平方米", "strips": 2,
            "danger": sayings.SEAL_DANGER,
        }  # fmt: skip
        kind, key, wanted = RecordKind.SEALING, row["id"], list[Wanted]()
        self.records.append((Sealing, row, ()))
        for number, at in enumerate(times):
            day = clock.day_of(at)
            if number == 0:
                self._note(kind, key, at, case.lead, "propose", place=row["place"])
            elif number == 1:
                row |= {
                    "studied_on": day, "participants": self._people(case), "conclusion": sayings.SEAL_CONCLUSION, "approved_at": at,
                    "approved_by_id": self.office.leader.id,
                }  # fmt: skip
                moved = self._step(SEALING_STEPS, row, SealingAct.APPROVE)
                self._note(
                    kind, key, at, self.office.leader, "approve", **moved, day=day.isoformat(), text=row["conclusion"]
                )
            elif number == 2:
                until = day + timedelta(days=SEALED_DAYS)
                row |= {"sealed_from": day, "sealed_until": until, "issued_on": day}
                moved = self._step(SEALING_STEPS, row, SealingAct.ISSUE)
                told = self._note(kind, key, at, case.lead, "issue", **moved, until=until.isoformat())
                wanted.append(
                    self._paper(SEALING, kind, row, at, case, told, (Sealing, record_papers.sealing_decision))
                )
            else:
                head = str(case.seen.school.values["responsible_person"])
                row |= {
                    "sealed_at": at, "scene_from": at - timedelta(minutes=25), "scene_to": at, "party": head, "party_post": "校长",
                    "course": sayings.SEAL_COURSE, "statement": sayings.SEAL_STATEMENT,
                }  # fmt: skip
                told = self._note(kind, key, at, case.lead, "scene", **self._step(SEALING_STEPS, row, SealingAct.SCENE))
                note = self._paper(
                    SCENE_NOTE,
                    kind,
                    row,
                    at,
                    case,
                    told,
                    (Sealing, record_papers.scene_note),
                    "scene_document_id",
                )
                wanted.append(note)
        return wanted
