"""Certificates of a session: one for each person who earned it, made as one job and joined to one file; the attendance sheet."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.documents import frozen
from app.documents import queries as papers
from app.documents import service as documents
from app.documents.models import DocumentState, IssuedDocument
from app.documents.service.joining import joined
from app.documents.service.making import make_file
from app.organisations.models import Brigade
from app.schools.models import School
from app.trainings import certificate_paper as paper
from app.trainings.documents import ATTENDANCE, CERTIFICATE
from app.trainings.models import TrainingSession
from app.trainings.queries import sessions as queries
from app.trainings.queries.sessions import Person
from app.trainings.rules.attendance import earns_certificate
from app.trainings.service.sessions import held_as

CERTIFICATES = "trainings.certificates"
ATTENDEE = "training_attendee"
#: So many are numbered in one transaction.
CHUNK = 50


def earned(session: TrainingSession) -> list[Person]:
    """Who gets a certificate: those who came, and passed where there was a quiz to pass."""
    return [one for one in queries.everybody(session.id) if earns_certificate(one.percents, session.pass_percent)]


def order(viewer: Viewer, session: TrainingSession, *, language: str) -> jobs.Job:
    """Leave the job that makes the certificates of everybody who earned one. Asked for again it makes only what is lacking."""
    if language not in CERTIFICATE.languages:
        raise DomainError(_("这种文书没有这个语言的版本。"))
    if held_as(session) is None:
        raise DomainError(_("培训登记后才能制作证明。"), code="not_held")
    if not earned(session):
        raise DomainError(_("名单上没有可以发证明的人；有测验的须合格。"), code="nobody")
    return jobs.enqueue(CERTIFICATES, {"session": str(session.id), "language": language}, by=viewer.person_id)


def _standing(viewer: Viewer, people: Sequence[Person], language: str) -> dict[uuid.UUID, IssuedDocument]:
    """The certificates that these people hold already."""
    found = papers.about(viewer, ATTENDEE, {one.attendee.id for one in people}, only_valid=True)
    return {one.subject_id: one for one in reversed(found) if one.language == language}


def _number(viewer: Viewer, session: TrainingSession, job: jobs.Job, language: str) -> list[uuid.UUID]:
    """Give everybody who lacks one a numbered certificate; returns all of them in the order of the list. Commits."""
    people = earned(session)
    known = {key: one.id for key, one in _standing(viewer, people, language).items()}
    school = db.session.get_one(School, session.school_id)
    brigade = db.session.get_one(Brigade, school.brigade_id)
    for count, person in enumerate(people):
        if person.attendee.id in known:
            continue
        issued = documents.issue(
            CERTIFICATE,
            paper.certificate(session, person, school, language=language),
            brigade=brigade,
            by=viewer,
            subject=(ATTENDEE, person.attendee.id),
            school=school,
            language=language,
            within=job,
        )
        known[person.attendee.id] = issued.id
        if count % CHUNK == CHUNK - 1:
            db.session.commit()
    db.session.commit()
    return [known[person.attendee.id] for person in people]


def make(viewer: Viewer, job: jobs.Job, tell: Callable[[int, int, str], None]) -> dict[str, object]:
    """Number, make and join the certificates of a job. Begun again after a fault it goes on where it stopped."""
    session = db.session.get_one(TrainingSession, uuid.UUID(job.arguments["session"]))
    ids = _number(viewer, session, job, job.arguments["language"])
    steps, contents = 2 * len(ids) + 1, []
    for count, document_id in enumerate(ids):
        make_file(document_id)
        db.session.commit()
        tell(count + 1, steps, "")
    for document_id in ids:
        document = db.session.get_one(IssuedDocument, document_id)
        if document.state is not DocumentState.ISSUED or not document.file_sha256:
            raise RuntimeError(f"certificate {document.number} was not made")
        contents.append((document.file_sha256, files().get(document.file_sha256)))
    db.session.rollback()
    for sha256, content in contents:
        if digest(content) != sha256:
            raise RuntimeError(f"the stored file {sha256} was changed")
    pdf, pages = joined(
        [content for _sha256, content in contents],
        on_odd_pages=False,
        tell=lambda done: tell(len(ids) + done, steps, ""),
    )
    return {"sha256": files().put(pdf), "pages": pages, "papers": len(ids)}


def issue_sheet(viewer: Viewer, session: TrainingSession, *, language: str) -> IssuedDocument:
    """The numbered attendance sheet; when the list has changed a new one in place of the earlier."""
    school = db.session.get_one(School, session.school_id)
    people = queries.everybody(session.id)
    if not people:
        raise DomainError(_("名单上还没有人。"), code="nobody")
    sheet = paper.attendance(session, people, school, language=language)
    found = papers.about(viewer, "training_session", {session.id}, only_valid=True)
    known = next((one for one in found if one.language == language), None)
    if known is not None:
        said = frozen.thaw(ATTENDANCE.context, json.loads(known.context)["data"])
        if said.same_as(sheet) or known.state is not DocumentState.ISSUED:
            return known
    return documents.issue(
        ATTENDANCE,
        sheet,
        brigade=db.session.get_one(Brigade, school.brigade_id),
        by=viewer,
        subject=("training_session", session.id),
        school=school,
        language=language,
        replaces=known,
    )
