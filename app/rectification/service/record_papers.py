"""What the papers of major hazards, sealings and transfers print, from their records."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.documents.kinds import Picture
from app.documents.parts import Photo, Signatory
from app.organisations.models import Brigade
from app.rectification.models.findings import Finding
from app.rectification.models.major import MajorHazard
from app.rectification.models.sealing import Sealing, SealingApplication
from app.rectification.models.trail import RecordScan
from app.rectification.models.transfers import Transfer
from app.rectification.papers.major_hazard import MajorHazardNotice, MajorHazardReport
from app.rectification.papers.parts import Problem, Unit
from app.rectification.papers.scene_note import SceneNote
from app.rectification.papers.sealing import SealedPart, SealingDecision, UnsealingDecision
from app.rectification.papers.transfer_letter import TransferLetter
from app.rectification.queries import findings as finding_queries
from app.rectification.queries import records
from app.rectification.rules.findings import printable_clauses
from app.rectification.rules.records import RecordKind
from app.rectification.service.papers import unit_of
from app.schools.models import School

#: Official papers speak Chinese.
LANGUAGE = "zh_Hans_CN"
MOST_PHOTOS = 12


def _unit(school_id: uuid.UUID) -> Unit:
    return unit_of(db.session.get_one(School, school_id))


def _people(*ids: uuid.UUID | None) -> dict[uuid.UUID, Person]:
    wanted = [key for key in ids if key]
    return {p.id: p for p in db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))}


def _officers(*ids: uuid.UUID | None) -> tuple[Signatory, ...]:
    people = _people(*ids)
    return tuple(
        Signatory(role=str(_("检查人员")), name=people[key].name, credential=people[key].credential_number)
        for key in ids
        if key
    )


def _head(person_id: uuid.UUID | None) -> Signatory:
    people = _people(person_id)
    return Signatory(role=str(_("大队负责人")), name=people[person_id].name if person_id else "")


def _where(finding: Finding) -> str:
    return finding.place_label or str(_("学校"))


def _problems(findings: Sequence[Finding], text: str) -> tuple[Problem, ...]:
    """The findings as problems; without any, the record's own words."""
    if not findings:
        return (Problem(number=1, where=str(_("学校")), text=text),)
    return tuple(
        Problem(
            number=number,
            where=_where(finding),
            text=localised(finding.text, finding.text_en),
            clause="；".join(printable_clauses(finding.basis)),
        )
        for number, finding in enumerate(findings, 1)
    )


def _photos(findings: Sequence[Finding]) -> tuple[Photo, ...]:
    stories = finding_queries.stories(findings, with_names=False) if findings else {}
    pictures = [
        (photo.sha256, f"{_where(finding)} {localised(finding.text, finding.text_en)}", photo.taken_at)
        for finding in findings
        for photo in stories[finding.id].before
    ]
    return tuple(
        Photo(number=n, picture=Picture(sha256=sha256, alt=caption), caption=caption, taken_at=taken)
        for n, (sha256, caption, taken) in enumerate(pictures[:MOST_PHOTOS], 1)
    )


def _scans(kind: RecordKind, record_id: uuid.UUID) -> tuple[Photo, ...]:
    rows = db.session.scalars(
        sa.select(RecordScan)
        .where(RecordScan.record_kind == kind, RecordScan.record_id == record_id, RecordScan.is_pdf.is_(False))
        .order_by(RecordScan.added_at, RecordScan.id)
        .limit(MOST_PHOTOS)
    )
    return tuple(
        Photo(number=n, picture=Picture(sha256=row.sha256, alt=row.label), caption=row.label)
        for n, row in enumerate(rows, 1)
    )


def major_notice(record: MajorHazard) -> MajorHazardNotice:
    """重大火灾隐患整改通知书."""
    with force_locale(LANGUAGE):
        findings = records.findings_of(record)
        return MajorHazardNotice(
            unit=_unit(record.school_id),
            visited_on=record.visited_on,
            determined_on=record.determined_on,
            problems=_problems(findings, record.problem_text),
            head=_head(record.approved_by_id),
            issued_on=clock.today(),
            photos=_photos(findings),
        )


def major_report(viewer: Viewer, record: MajorHazard, *, measures: str, proposal: str) -> MajorHazardReport:
    """关于重大火灾隐患的报告."""
    with force_locale(LANGUAGE):
        return MajorHazardReport(
            government=record.reported_to,
            unit=_unit(record.school_id),
            visited_on=record.visited_on,
            determined_on=record.determined_on or clock.today(),
            notice_number=record.number,
            problems=_problems(records.findings_of(record), record.problem_text),
            measures=measures,
            proposal=proposal,
            contact=viewer.name,
            phone=db.session.get_one(Brigade, record.brigade_id).phone,
            issued_on=clock.today(),
        )


def sealing_decision(record: Sealing) -> SealingDecision:
    """临时查封决定书."""
    with force_locale(LANGUAGE):
        return SealingDecision(
            unit=_unit(record.school_id),
            visited_on=record.visited_on,
            place=record.place,
            problems=(Problem(number=1, where=record.place, text=record.danger),),
            parts=(SealedPart(number=1, place=record.place, extent=record.extent, strips=record.strips),),
            sealed_from=record.sealed_from or clock.today(),
            sealed_until=record.sealed_until or clock.today(),
            head=_head(record.approved_by_id),
            officers=_officers(record.lead_id, record.second_id),
            issued_on=clock.today(),
            photos=_scans(RecordKind.SEALING, record.id),
        )


def scene_note(record: Sealing) -> SceneNote:
    """现场笔录."""
    if record.scene_from is None or record.scene_to is None:
        raise ValueError("the record has no note of the spot")
    with force_locale(LANGUAGE):
        people = _people(record.second_id)
        signs = [(str(_("当事人")), record.party), (str(_("见证人")), record.witness)]
        return SceneNote(
            unit=_unit(record.school_id),
            matter=str(_("实施临时查封")),
            place=record.place,
            started_at=record.scene_from,
            ended_at=record.scene_to,
            officers=_officers(record.lead_id, record.second_id),
            recorder=people[record.second_id].name,
            party=record.party,
            party_post=record.party_post,
            witness=record.witness,
            course=record.course,
            statement=record.statement,
            signatories=tuple(Signatory(role=role, name=name) for role, name in signs if name),
            issued_on=clock.day_of(record.scene_to),
            photos=_scans(RecordKind.SEALING, record.id),
        )


def unsealing_decision(record: Sealing, application: SealingApplication) -> UnsealingDecision:
    """同意/不同意解除临时查封决定书."""
    with force_locale(LANGUAGE):
        granted = bool(application.granted)
        return UnsealingDecision(
            unit=_unit(record.school_id),
            granted=granted,
            sealing_number=record.number,
            sealed_on=record.sealed_from or record.visited_on,
            place=record.place,
            applied_on=application.applied_on,
            checked_on=application.checked_on or clock.today(),
            findings="；".join(dict.fromkeys(filter(None, (application.check_text, application.decision_text)))),
            lifted_from=clock.today() if granted else None,
            head=_head(application.decided_by_id),
            issued_on=clock.today(),
        )


def transfer_letter(viewer: Viewer, record: Transfer, finding: Finding) -> TransferLetter:
    """移送函."""
    with force_locale(LANGUAGE):
        return TransferLetter(
            authority=record.authority_name,
            unit=_unit(record.school_id),
            visited_on=finding.found_on,
            problems=(Problem(number=1, where=_where(finding), text=record.text),),
            contact=viewer.name,
            phone=db.session.get_one(Brigade, record.brigade_id).phone,
            issued_on=clock.today(),
            photos=_photos([finding]),
        )
