"""A hall's certificates as one job with progress and one file; numbered once, genuine, gone on with after a fault."""

from __future__ import annotations

import pymupdf
import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents.models import DocumentState, IssuedDocument
from app.trainings.models import Audience, QuizTry
from app.trainings.service import certificates
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import papers
from tests.factories import trainings as make
from tests.trainings import hall


def _papers() -> list[IssuedDocument]:
    return list(db.session.scalars(sa.select(IssuedDocument).order_by(IssuedDocument.serial)))


@pytest.mark.one_database
def test_a_hall_signs_in_and_gets_one_file_of_certificates(app: Flask, client: object, cast: Cast) -> None:
    session = make.session(cast, audience=Audience.ALL_STAFF)
    found = hall.whole(app, session, cast.viewer("lea"), 3)
    assert (found.signed, found.papers, found.pages) == (3, 3, 3)
    assert found.steps
    papers = _papers()
    assert [one.serial for one in papers] == [1, 2, 3]
    assert {one.state for one in papers} == {DocumentState.ISSUED}
    job = db.session.scalars(sa.select(jobs.Job).where(jobs.Job.kind == certificates.CERTIFICATES)).one()
    text = "".join(page.get_text() for page in pymupdf.open(stream=files().get(job.result["sha256"])))
    for n in range(3):
        assert f"教师{n:03d}" in text
    again, _seconds, _steps = hall.certify(session, cast.viewer("lea"))
    assert (again.result, len(_papers())) == (job.result, 3)


@pytest.mark.soak
@pytest.mark.one_database
def test_five_hundred_sign_in_and_get_their_certificates(app: Flask, client: object, cast: Cast) -> None:
    session = make.session(cast, audience=Audience.ALL_STAFF)
    found = hall.whole(app, session, cast.viewer("lea"), 500)
    assert (found.signed, found.papers, found.pages) == (500, 500, 500)
    assert found.signing_s < 300


@pytest.mark.one_database
def test_only_who_passed_gets_one_and_what_stopped_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lea, session = cast.viewer("lea"), make.session(cast, pass_percent=80, starts_at=clock.now())
    people = [make.attendee(session, name) for name in ("央金", "多吉", "拉姆")]
    for one, percents in zip(people, ([90], [70, 85], [79]), strict=True):
        for number, percent in enumerate(percents, 1):
            db.session.add(QuizTry(attendee_id=one.id, number=number, percent=percent, entered_by_id=lea.person_id))
    hall.hold(session, lea, 3)
    made, real = [], certificates.make_file

    def fails_second(document_id: object, *rest: object) -> str:
        made.append(document_id)
        if len(made) == 2:
            raise OSError("the disk is full")
        return real(document_id, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(certificates, "make_file", fails_second)
    job, _seconds, _steps = hall.certify(session, lea)
    assert job.state is jobs.JobState.WAITING
    job.run_after = clock.now()
    db.session.commit()
    jobs.run_all()
    db.session.refresh(job)
    assert job.result is not None
    assert job.result["papers"] == 2
    assert [one.serial for one in _papers()] == [1, 2]


@pytest.mark.one_database
def test_before_it_is_logged_and_without_people_there_is_no_certificate(cast: Cast) -> None:
    lea, session = cast.viewer("lea"), make.session(cast)
    make.attendee(session)
    with pytest.raises(DomainError, match="登记后"):
        certificates.order(lea, session, language="zh_Hans_CN")
    empty = make.session(cast)
    hall.hold(empty, lea, 0)
    with pytest.raises(DomainError, match="没有可以发证明的人"):
        certificates.order(lea, empty, language="zh_Hans_CN")


@pytest.mark.one_database
def test_the_attendance_sheet_is_issued_once_and_replaced_when_the_list_grew(cast: Cast, as_person: SignInAs) -> None:
    session = make.session(cast)
    make.attendee(session)
    db.session.commit()
    olga, at = as_person("olga"), f"/trainings/sessions/{session.id}/sheet"
    for _press in range(2):
        assert olga.post(at).status_code == 302
    jobs.run_all()
    olga.post(at)
    make.attendee(session, "央金")
    db.session.commit()
    olga.post(at)
    first, second = _papers()
    assert (first.kind, second.replaces_id) == ("training_attendance", first.id)
    for name, status in (("pema", 403), ("oskar", 404)):
        other = as_person(name)
        other.checks = False
        assert other.post(at).status_code == status


@pytest.mark.one_database
def test_an_attendance_sheet_whose_number_was_voided_is_issued_anew(cast: Cast) -> None:
    session = make.session(cast)
    make.attendee(session)
    papers.printed_anew(cast, lambda: certificates.issue_sheet(cast.viewer("olga"), session, language="zh_Hans_CN"))
