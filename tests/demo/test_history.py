"""The demo's past is real: every record could be made again from its operations, and nothing in it contradicts another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.audit import service as audit
from app.core import clock, jobs
from app.core.extensions import db
from app.core.files import files
from app.documents.models import DocumentState, IssuedDocument
from app.drills.models import Drill
from app.fieldwork.models import Photo, Signature
from app.inspections import records
from app.inspections import sheet as sheets
from app.inspections.models import Inspection, InspectionState
from app.inspections.service.finishing import troubles
from app.organisations.models import Brigade
from app.planning.models import Visit, VisitKind, VisitState
from app.rectification.models.findings import Finding
from app.rectification.rules.findings import ClosedHow
from app.schools.models import School
from app.trainings.models import Training
from tests import districts


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A small district, made by the commands that `make run` uses."""
    with districts.district(tmp_path_factory) as app:
        yield app


def _inspections() -> list[Inspection]:
    return list(db.session.scalars(sa.select(Inspection).order_by(Inspection.started_at)))


def _sheet(inspection: Inspection) -> sheets.Sheet:
    return sheets.of(
        inspection, db.session.get_one(School, inspection.school_id), db.session.get_one(Brigade, inspection.brigade_id)
    )


def test_every_record_is_what_its_operations_make(district: Flask) -> None:
    with district.test_request_context("/"):
        found = _inspections()
        assert len(found) >= 10
        for inspection in found:
            sheet = _sheet(inspection)
            content = records.build(
                sheet,
                lead=db.session.get_one(Person, inspection.lead_id),
                second=db.session.get_one(Person, inspection.second_id),
                finished_at=inspection.finished_at or inspection.started_at,
                names=accounts.names_of({op.by_id for op in sheet.ops}),
            )
            assert records.canonical(content) == (inspection.record, inspection.record_sha256)


def test_every_record_would_have_passed_the_form_of_its_checklist(district: Flask) -> None:
    with district.test_request_context("/"):
        for inspection in _inspections():
            assert [trouble.message for trouble in troubles(_sheet(inspection))] == []


def test_each_is_signed_three_times_over_its_own_hash(district: Flask) -> None:
    for inspection in _inspections():
        signed = db.session.scalars(sa.select(Signature).where(Signature.target_id == inspection.id)).all()
        assert inspection.state is InspectionState.SIGNED
        assert len(signed) == 3
        assert {one.content_sha256 for one in signed} == {inspection.record_sha256}


def test_findings_are_those_of_the_records(district: Flask) -> None:
    written = sum(len(records.read(i).findings) for i in _inspections())
    assert (
        db.session.scalar(sa.select(sa.func.count()).select_from(Finding).where(Finding.inspection_id.is_not(None)))
        == written
        > 5
    )


def test_findings_close_only_by_a_re_check_or_on_the_spot_and_some_are_open(district: Flask) -> None:
    findings = db.session.scalars(sa.select(Finding)).all()
    for finding in findings:
        assert finding.closed_how in (None, ClosedHow.SPOT, ClosedHow.RECHECK)
        assert (finding.closed_how is ClosedHow.RECHECK) == (finding.recheck_id is not None)
        assert finding.closed_on is None or finding.found_on <= finding.closed_on <= clock.today()
    assert any(f.closed_on is None for f in findings)
    assert any(f.closed_how is ClosedHow.RECHECK for f in findings)


def test_nothing_lies_in_the_future_but_the_visits_of_this_week(district: Flask) -> None:
    now = clock.now()
    for column in (Inspection.signed_at, Photo.added_at, Drill.held_at, Training.held_at, Signature.signed_at):
        assert db.session.scalar(sa.select(sa.func.max(column))) <= now
    planned = db.session.scalars(sa.select(Visit).where(Visit.state == VisitState.PLANNED)).all()
    assert sum(visit.kind is VisitKind.CHECK for visit in planned) == 4
    assert all((visit.planned_on - clock.today()).days in range(8) for visit in planned)


def test_every_photo_and_signature_is_in_the_store(district: Flask) -> None:
    kept = set(db.session.scalars(sa.select(Photo.sha256))) | set(db.session.scalars(sa.select(Photo.original_sha256)))
    kept |= {s for s in db.session.scalars(sa.select(Signature.image_sha256)) if s}
    for sha256 in kept:
        assert hashlib.sha256(files().get(sha256)).hexdigest() == sha256


def test_schools_know_when_they_were_seen_last(district: Flask) -> None:
    last = dict(
        db.session.execute(
            sa.select(Inspection.school_id, sa.func.max(Inspection.started_at)).group_by(Inspection.school_id)
        ).all()
    )
    for school in db.session.scalars(sa.select(School)):
        seen = last.get(school.id)
        assert school.last_visited_on == (clock.day_of(seen) if seen else None)


def test_the_worker_makes_the_papers_that_wait_without_a_gap_in_their_numbers(district: Flask) -> None:
    records = sa.select(IssuedDocument).where(IssuedDocument.kind == "inspection_record")
    papers = db.session.scalars(records.order_by(IssuedDocument.made_at, IssuedDocument.serial)).all()
    for year in {paper.year for paper in papers}:
        serials = [paper.serial for paper in papers if paper.year == year]
        assert serials == list(range(1, len(serials) + 1))
    wanted = {paper.job_id for paper in papers[-2:]}  # the others come one every few seconds
    for job in db.session.scalars(sa.select(jobs.Job).where(jobs.Job.finished_at.is_(None))):
        job.run_after = clock.now() + timedelta(days=job.id not in wanted)
    db.session.commit()
    assert jobs.run_all() == 2
    made = db.session.scalars(records.where(IssuedDocument.job_id.in_(wanted))).all()
    assert [(paper.state, paper.warnings) for paper in made] == [(DocumentState.ISSUED, [])] * 2


def test_who_did_what_is_on_the_trail(district: Flask) -> None:
    audit.seal_and_commit()
    checked, broken = audit.verify()
    assert broken is None
    assert checked >= 3 * len(_inspections())
