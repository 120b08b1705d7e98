"""Years of work in the district: visits, inspections signed as any other, re-checks, drills, trainings, what is planned."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.demo import sayings
from app.demo.answering import Filled, Hand
from app.demo.district import District, SchoolRow
from app.demo.studio import Studio
from app.demo.writing import Writer
from app.equipment.service.checks import note_check
from app.fieldwork.models import AnswerOp, Photo, Signature
from app.fieldwork.rules import Op, OpStatus, SignerRole, TargetKind, Via
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import Row, rows_of
from app.inspections.service.finishing import freeze
from app.inspections.service.signing import new_finding, piece_verdicts
from app.inspections.sheet import Sheet
from app.organisations.models import Brigade
from app.planning.models import Visit, VisitState
from app.rectification.models.findings import Evidence, Finding, RecheckResult
from app.rectification.rules.findings import ClosedHow, RecheckOutcome
from app.rectification.service.findings import InspectionFacts, finding_of
from app.regulations import queries as regulations
from app.schools.models import School


def row_of(thing: Any) -> dict[str, Any]:
    """The columns of a row that was built in memory; what was never set takes its default when written."""
    columns = sa.inspect(type(thing)).column_attrs
    values = {column.key: getattr(thing, column.key) for column in columns}
    return {key: value for key, value in values.items() if value is not None}


#: A visit so few days ago has been answered by nothing yet.
FRESH_DAYS = 5


@dataclass
class Officers:
    """The two of one visit."""

    lead: Person
    second: Person


@dataclass
class Look:
    """A re-check: who looked, when it was signed, and how each finding was."""

    inspection_id: uuid.UUID
    officers: Officers
    on: date
    signed_at: datetime
    outcomes: dict[uuid.UUID, RecheckOutcome]


@dataclass
class Seen:
    """A visit: what it found, what the school sent about that, and how it was looked at again."""

    inspection_id: uuid.UUID
    school: SchoolRow
    officers: Officers
    on: date
    signed_at: datetime
    findings: list[Finding] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)
    looks: list[Look] = field(default_factory=list)


@dataclass
class Past:
    """What happened at a school."""

    inspections: list[Inspection] = field(default_factory=list)
    visits: list[Seen] = field(default_factory=list)


class Historian:
    """Writes what happened at one school after another."""

    def __init__(self, writer: Writer, studio: Studio, district: District, *, today: date) -> None:
        self.writer, self.studio, self.district, self.today = writer, studio, district, today
        self.limit = clock.now() if clock.today() == clock.day_of(clock.now()) else clock.end_of(today)
        self.brigade = db.session.get_one(Brigade, district.brigade_id)
        self.checklist = regulations.current_checklist()
        officers = [identity for identity, _name in district.inspectors]
        self.officers: dict[uuid.UUID, Person] = {
            person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(officers)))
        }
        self.inspectors = [self.officers[identity] for identity in officers]

    @property
    def random(self) -> Random:
        """The district's chance."""
        return self.writer.random

    # days --------------------------------------------------------------------------------------------------

    def workday(self, day: date) -> date:
        """The day itself, or the next weekday."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day

    def at(self, day: date, hour: int = 9) -> datetime:
        """A moment of the morning of a school's day."""
        return datetime.combine(day, time(hour, self.random.randrange(60)), clock.ZONE).astimezone(UTC)

    def pair(self) -> Officers:
        """Two inspectors; the demo's own two more often than the rest."""
        if self.random.random() < 0.5:
            return Officers(self.inspectors[-2], self.inspectors[-1])
        lead, second = self.random.sample(self.inspectors, 2)
        return Officers(lead, second)

    # one school --------------------------------------------------------------------------------------------

    def write(self, row: SchoolRow, days: Sequence[date], *, leave_open: bool) -> Past:
        """Inspect a school on these days, re-check in between; of late ones some stay open, with `leave_open` surely."""
        school = db.session.get_one(School, row.id)
        past = Past()
        for number, day in enumerate(days):
            is_last = number == len(days) - 1
            seen = self._inspect(school, row, day, past, least_faults=4 if leave_open and is_last else 0)
            stays_open = is_last and (leave_open or self.random.random() < 0.5)
            self._follow_up(school, seen, past, stays_open=stays_open)
        if past.inspections:
            db.session.flush()
            self.writer.flush()
            self._finish(school, past)
        return past

    def _finish(self, school: School, past: Past) -> None:
        last = past.inspections[-1]
        seen = [i for i in past.inspections if i.kind is InspectionKind.INSPECTION]
        school.last_visited_on = clock.day_of(last.started_at)
        db.session.flush()
        if seen:
            verdicts = piece_verdicts(json.loads(seen[-1].record or "{}")["rows"])
            note_check(verdicts, on=clock.day_of(seen[-1].started_at), inspection_id=seen[-1].id)

    def _visit(self, school: School, day: date, officers: Officers, *, purpose: str, at: datetime) -> uuid.UUID:
        return self.writer.add(
            Visit, school_id=school.id, brigade_id=self.brigade.id, planned_on=day, purpose=purpose, lead_id=officers.lead.id,
            second_id=officers.second.id, state=VisitState.DONE, made_at=at - timedelta(days=6), made_by_id=self.district.people["leader"],
            started_at=at, done_at=at + timedelta(hours=2),
        )  # fmt: skip

    def _blank(self, school: School, row: SchoolRow, at: datetime, officers: Officers, **more: Any) -> Inspection:
        values: dict[str, Any] = {
            "id": self.writer.new_id(),
            "kind": InspectionKind.INSPECTION,
            "form": InspectionForm.SPOT_CHECK,
            "school_id": school.id,
            "brigade_id": self.brigade.id,
            "pack_version_id": self.checklist.version_id,
            "tier": "core",
            "scope": {},
            "state": InspectionState.DRAFT,
            "rev": 0,
            "lead_id": officers.lead.id,
            "second_id": officers.second.id,
            "accompanying": row.officer_name,
            "accompanying_post": "安全干事",
            "started_at": at,
            "from_paper": False,
            "device": "tablet-demo",
        }
        return Inspection(**(values | more))

    def sheet(self, inspection: Inspection, school: School, filled: Filled, rows: list[Row], ground: Ground) -> Sheet:
        """The sheet that a filled draft of this school would be."""
        return Sheet(
            inspection=inspection,
            school=school,
            brigade=self.brigade,
            checklist=self.checklist,
            ground=ground,
            rows=rows,
            ops=filled.ops,
            photos=filled.photos,
        )

    def filled(self, inspection: Inspection, school: School, *, faults: int) -> tuple[Sheet, Filled]:
        """A sheet of this school, filled with so many faults."""
        day = clock.day_of(inspection.started_at)
        ground = sheets.ground_of(school.id, day=day, checklist=self.checklist)
        sampled = {str(p.id) for p in self.random.sample(ground.pieces, max(1, len(ground.pieces) // 12))}
        rows = rows_of(
            self.checklist,
            ground,
            facts=sheets.facts_of_school(school, ground, self.checklist),
            tier="core",
            day=day,
            sampled=sampled,
        )
        hand = Hand(
            self.writer, self.studio, self.checklist, inspection.id, inspection.lead_id, inspection.started_at, day
        )
        for place in sorted(sampled):
            hand.sample(place)
        result = hand.fill(rows, ground, faults=faults)
        return self.sheet(inspection, school, result, rows, ground), result

    def _inspect(self, school: School, row: SchoolRow, day: date, past: Past, *, least_faults: int = 0) -> Seen:
        officers, at = self.pair(), self.at(day, self.random.choice((9, 10, 14)))
        visit = self._visit(school, day, officers, purpose="日常监督抽查", at=at)
        inspection = self._blank(school, row, at, officers, visit_id=visit)
        faults = max(least_faults, self.random.choices((0, 1, 2, 3, 4, 5), (18, 24, 24, 18, 10, 6))[0])
        sheet, filled = self.filled(inspection, school, faults=faults)
        content = self._sign(sheet, filled, officers, row)
        finished = filled.finished_at or at
        facts = InspectionFacts(
            id=inspection.id, school_id=school.id, brigade_id=self.brigade.id, seen_at=finished, officer_ids=(officers.lead.id, officers.second.id)
        )  # fmt: skip
        findings = [finding_of(facts, new_finding(one)) for one in content["findings"]]
        for finding in findings:
            self._told("open_finding", "finding", finding.id, officers.lead, finished)
        past.inspections.append(inspection)
        seen = Seen(
            inspection_id=inspection.id,
            school=row,
            officers=officers,
            on=clock.day_of(finished),
            signed_at=inspection.signed_at or finished,
            findings=findings,
        )
        past.visits.append(seen)
        return seen

    def _sign(self, sheet: Sheet, filled: Filled, officers: Officers, row: SchoolRow) -> dict[str, Any]:
        """Freeze the sheet and put the three signatures under it, as the product does."""
        inspection, finished = sheet.inspection, filled.finished_at or sheet.inspection.started_at
        names = {person.id: person.name for person in self.officers.values()}
        content = freeze(sheet, lead=officers.lead, second=officers.second, finished_at=finished, names=names)
        signed = finished + timedelta(minutes=self.random.randint(6, 20))
        inspection.state, inspection.signed_at, inspection.rev = InspectionState.SIGNED, signed, len(filled.ops)
        self.writer.add_plain(Inspection, **row_of(inspection))
        kind = TargetKind.RECHECK if inspection.kind is InspectionKind.RECHECK else TargetKind.INSPECTION
        self._keep(inspection.id, kind, filled)
        for role, name, post, person_id in (
            (SignerRole.LEAD, officers.lead.name, "", officers.lead.id),
            (SignerRole.SECOND, officers.second.name, "", officers.second.id),
            (SignerRole.SCHOOL, row.officer_name, "安全干事", None),
        ):
            self.writer.add(
                Signature, target_kind=kind, target_id=inspection.id, role=role, name=name, post=post, person_id=person_id,
                method="drawn", image_sha256=self.studio.hand(name), content_sha256=inspection.record_sha256, signed_at=signed,
                received_at=signed, device="tablet-demo",
            )  # fmt: skip
        self._told("start_inspection", "inspection", inspection.id, officers.lead, inspection.started_at)
        self._told("inspection_signed", "inspection", inspection.id, officers.lead, signed)
        return content

    def _keep(self, target_id: uuid.UUID, kind: TargetKind, filled: Filled) -> None:
        for op in filled.ops:
            self.writer.add_plain(
                AnswerOp, op_id=op.op_id, target_kind=kind, target_id=target_id, item=op.item, place=op.place, field=op.field, value=op.value,
                base_rev=op.base_rev, rev=op.rev, status=op.status, at=op.at, received_at=op.at, by_id=op.by_id, via=op.via, device=op.device,
            )  # fmt: skip
        for photo in filled.photos:
            self._photo(photo)

    def _photo(self, photo: Photo) -> None:
        self.writer.add_plain(Photo, **row_of(photo))

    def _told(self, action: str, subject: str, subject_id: uuid.UUID, by: Person, at: datetime) -> None:
        self.writer.add_plain(
            AuditEntry, at=at, person_id=by.id, person_name=by.name, origin="demo", action=action, subject_kind=subject,
            subject_id=str(subject_id), detail={},
        )  # fmt: skip

    # what follows ------------------------------------------------------------------------------------------

    def _follow_up(self, school: School, seen: Seen, past: Past, *, stays_open: bool) -> None:
        """Evidence from the school and the re-check; findings of the last visit may still be open today."""
        still = [f for f in seen.findings if f.closed_on is None]
        if (self.today - seen.on).days > FRESH_DAYS:
            for finding in still:
                if self.random.random() < 0.7:
                    self._evidence(finding, seen)
        deadline = max((f.deadline for f in still if f.deadline), default=None)
        recheck_day = self.workday((deadline or seen.on) + timedelta(days=self.random.randint(1, 4)))
        is_recent = (self.today - (deadline or seen.on)).days <= 12
        if not (stays_open and is_recent):
            while still_open := [f for f in still if f.closed_on is None]:
                if recheck_day >= self.today:
                    break
                seen.looks.append(self._recheck(school, seen.school, still_open, recheck_day, past))
                recheck_day = self.workday(recheck_day + timedelta(days=self.random.randint(7, 12)))
        for finding in seen.findings:
            self.writer.add_plain(Finding, **row_of(finding))
        for one in seen.evidence:
            self.writer.add(Evidence, **one)

    def _evidence(self, finding: Finding, seen: Seen) -> None:
        last = (finding.deadline or seen.on) - timedelta(days=self.random.randint(0, 2))
        sent = self.at(max(seen.on + timedelta(days=1), min(last, self.today - timedelta(days=1))), 15)
        note, asks = self.random.choice(sayings.SENT), self.random.random() < 0.6
        if sent < self.limit:
            seen.evidence.append(self.send(finding, seen, sent, note=note, asks_recheck=asks))

    def send(self, finding: Finding, seen: Seen, at: datetime, *, note: str, asks_recheck: bool) -> dict[str, Any]:
        """What a school sends about a finding, as a row that is not written yet; its photo is."""
        identity = self.writer.new_id()
        photo = self.studio.photo(
            scene_of_finding(finding), self.studio.variant(), good=True, kind=TargetKind.FINDING, target_id=finding.id, at=at,
            by_id=seen.school.officer_id, item="evidence", place=str(identity),
        )  # fmt: skip
        self._photo(photo)
        return {
            "id": identity, "finding_id": finding.id, "sent_by_id": seen.school.officer_id, "sent_by_name": seen.school.officer_name,
            "sent_at": at, "note": note, "asks_recheck": asks_recheck,
        }  # fmt: skip

    def _recheck(self, school: School, row: SchoolRow, findings: list[Finding], day: date, past: Past) -> Look:
        officers, at = self.pair(), self.at(day, 10)
        visit = self._visit(school, day, officers, purpose="复查", at=at)
        scope = {"findings": [str(f.id) for f in findings]}
        inspection = self._blank(
            school,
            row,
            at,
            officers,
            kind=InspectionKind.RECHECK,
            form=InspectionForm.RECHECK,
            scope=scope,
            visit_id=visit,
        )
        rows = sheets.rows_for_findings(findings)
        filled = Filled(finished_at=at + timedelta(minutes=8 * len(rows)))
        outcomes: dict[uuid.UUID, RecheckOutcome] = {}
        for number, one in enumerate(rows):
            good = self.random.random() < 0.88
            outcome = RecheckOutcome.CORRECTED if good else RecheckOutcome.NOT_CORRECTED
            outcomes[findings[number].id] = outcome
            self._look_again(filled, inspection, one, outcome, officers, at + timedelta(minutes=6 * number))
        self._sign(self.sheet(inspection, school, filled, rows, Ground()), filled, officers, row)
        past.inspections.append(inspection)
        for finding in findings:
            outcome = outcomes[finding.id]
            if outcome is RecheckOutcome.CORRECTED:
                finding.closed_on, finding.closed_how = day, ClosedHow.RECHECK
                finding.recheck_id, finding.closed_by_id = inspection.id, officers.lead.id
            self.writer.add(
                RecheckResult, inspection_id=inspection.id, finding_id=finding.id, outcome=outcome,
                note="" if outcome is RecheckOutcome.CORRECTED else "现场仍未改正。", seen_on=day, seen_at=filled.finished_at,
            )  # fmt: skip
            self._told("recheck_finding", "finding", finding.id, officers.lead, filled.finished_at or at)
        return Look(inspection.id, officers, day, inspection.signed_at or at, outcomes)

    def _look_again(
        self,
        filled: Filled,
        inspection: Inspection,
        row: Row,
        outcome: RecheckOutcome,
        officers: Officers,
        at: datetime,
    ) -> None:
        good = outcome is RecheckOutcome.CORRECTED
        photo = self.studio.photo(
            scene_of_finding(row.piece), self.studio.variant(), good=good, kind=TargetKind.RECHECK, target_id=inspection.id, at=at,
            by_id=officers.lead.id, item=row.item, place=row.place,
        )  # fmt: skip
        filled.photos.append(photo)
        said: list[tuple[str, Any, Via]] = [
            ("answer", outcome.value, Via.TAP),
            ("photo", {"id": str(photo.id), "slot": "", "sha256": photo.original_sha256}, Via.TAP),
        ]
        if not good:
            said.append(("note", "现场仍未改正。", Via.TYPE))
        for name, value, via in said:
            rev = len(filled.ops) + 1
            filled.ops.append(
                Op(
                    op_id=self.writer.new_id(), item=row.item, place=row.place, field=name, value=value, base_rev=rev - 1, rev=rev,
                    status=OpStatus.APPLIED, at=at, by_id=officers.lead.id, via=via, device="tablet-demo",
                )
            )  # fmt: skip


def scene_of_finding(finding: Finding) -> str:
    """What a photo of this finding shows."""
    kinds = {
        "EXT": "extinguisher",
        "HYI": "indoor_hydrant",
        "HYO": "outdoor_hydrant",
        "EVA": "exit_door",
        "LIT": "exit_sign",
        "FDR": "fire_door",
    }
    return kinds.get(finding.item_code[:3], "electrical" if finding.item_code[:3] in ("ELE", "KIT", "LAB") else "route")
