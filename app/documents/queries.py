"""Finding papers: for people who may see them, and for anybody who holds one."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.accounts.models import Person
from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.core.db import unindexed
from app.core.extensions import db
from app.core.jobs import Job
from app.documents import frozen, texts
from app.documents.kinds import DocumentKind, Letterhead, all_kinds, kind_of
from app.documents.models import NUMBER, NUMBERING, DocumentState, IssuedDocument, PaperTexts, SealedScan, VoidedNumber
from app.documents.rules import Standing, standing, subject_key
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.schools import queries as schools


def visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """A condition on IssuedDocument: papers of the viewer's brigades; those of schools they see once issued."""
    of_schools = sa.and_(
        IssuedDocument.state == DocumentState.ISSUED,
        schools.at_visible(viewer, IssuedDocument.school_id),
        IssuedDocument.kind.not_in([kind.code for kind in all_kinds() if kind.brigade_only]),
    )
    return sa.or_(unindexed(IssuedDocument.brigade_id).in_(viewer.brigade_ids), of_schools)


def papers(viewer: Viewer, *, kind: str = "", search: str = "") -> sa.Select[IssuedDocument]:
    """The papers this viewer may see, of one kind, with these words in number or school."""
    query = sa.select(IssuedDocument).where(visible(viewer))
    if kind:
        query = query.where(IssuedDocument.kind == kind)
    if search:
        query = query.where(
            sa.or_(
                IssuedDocument.number.contains(search, autoescape=True),
                IssuedDocument.school_name.contains(search, autoescape=True),
                IssuedDocument.national_number.contains(search, autoescape=True),
            )
        )
    return query


def get(viewer: Viewer, document_id: uuid.UUID) -> IssuedDocument | None:
    """A paper, if this viewer may see it."""
    return db.session.scalar(sa.select(IssuedDocument).where(IssuedDocument.id == document_id, visible(viewer)))


def voided(paper: type[IssuedDocument] = IssuedDocument) -> sa.ColumnElement[bool]:
    """A condition on IssuedDocument (or an alias of it): it was never made, and its number was given up."""
    return sa.exists().where(*(getattr(VoidedNumber, name) == getattr(paper, name) for name in NUMBER))


def is_void(document: IssuedDocument) -> bool:
    """Whether a paper is invalid for good: revoked, or its number given up."""
    return document.revoked_at is not None or void_of(document) is not None


def void_of(document: IssuedDocument) -> VoidedNumber | None:
    """Why and when the number of a paper was given up, if it was."""
    return db.session.get(VoidedNumber, tuple(getattr(document, name) for name in NUMBER))


def valid() -> sa.ColumnElement[bool]:
    """A condition on IssuedDocument: the paper stands, made or still to be made.

    It is neither revoked, nor is its number void, nor has an issued paper taken its place. Whoever asks whether a thing
    has its paper already asks this: what is not valid is never handed back in place of a new one.
    """
    later = sa.orm.aliased(IssuedDocument)
    replaced = sa.exists().where(later.replaces_id == IssuedDocument.id, later.state == DocumentState.ISSUED)
    return sa.and_(IssuedDocument.revoked_at.is_(None), ~voided(), ~replaced)


def about(
    viewer: Viewer, subject_kind: str, subject_ids: set[uuid.UUID], *, only_valid: bool = False
) -> list[IssuedDocument]:
    """The papers about these things, newest first."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.subject_kind == subject_kind, IssuedDocument.subject_id.in_(subject_ids), visible(viewer)
    )
    if only_valid:
        query = query.where(valid())
    return list(db.session.scalars(query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id)))


def latest_wording(brigade_id: uuid.UUID, kind: DocumentKind, language: str) -> PaperTexts | None:
    """The version of a brigade's wording that is in force, if it ever reworded this kind."""
    return db.session.scalar(
        sa.select(PaperTexts)
        .where(PaperTexts.brigade_id == brigade_id, PaperTexts.kind == kind.code, PaperTexts.language == language)
        .order_by(PaperTexts.version.desc())
        .limit(1)
    )


def wording_in_force(brigade_id: uuid.UUID, kind: DocumentKind, language: str) -> tuple[int, dict[str, str]]:
    """Version and text of every paragraph: the brigade's where it has its own, else the program's (version 0)."""
    latest, worded = latest_wording(brigade_id, kind, language), texts.defaults(kind, language)
    own = latest.texts if latest else {}
    return latest.version if latest else 0, {name: own.get(name, text) for name, text in worded.items()}


def own_numbering(brigade: Brigade, kind: DocumentKind) -> str:
    """The brigade's own pattern of numbers: by setting, else as it words the official paper; empty: the program's."""
    if kind.number_setting:
        return str(getattr(settings_of(brigade.settings), kind.number_setting, ""))
    latest = latest_wording(brigade.id, kind, kind.languages[0])
    return str(latest.texts.get(NUMBERING, "")) if latest else ""


def of_own_brigade(viewer: Viewer, document: IssuedDocument) -> bool:
    """Whether the viewer is of the brigade whose paper it is, and so may open the archive's copy."""
    return document.brigade_id in viewer.brigade_ids


def may_keep_scan(viewer: Viewer, document: IssuedDocument) -> bool:
    """The brigade keeps scans of its papers; a school those of its own letters."""
    if document.state is not DocumentState.ISSUED:
        return False
    if viewer.may(Permission.ISSUE_DOCUMENTS):
        return of_own_brigade(viewer, document)
    own = kind_of(document.kind).letterhead is Letterhead.SCHOOL and document.school_id in viewer.school_ids
    return own and viewer.may(Permission.SEND_EVIDENCE)


def scans_of(viewer: Viewer, document: IssuedDocument) -> list[SealedScan]:
    """The scans of a paper that the viewer may open, newest first: the brigade all, a school those of its own letters."""
    school_letter = kind_of(document.kind).letterhead is Letterhead.SCHOOL
    if not of_own_brigade(viewer, document) and not school_letter:
        return []
    query = sa.select(SealedScan).where(SealedScan.document_id == document.id)
    return list(db.session.scalars(query.order_by(SealedScan.added_at.desc(), SealedScan.id)))


def chosen(viewer: Viewer, document_ids: Sequence[uuid.UUID]) -> list[IssuedDocument]:
    """Of these papers those that the viewer may see and that are made, in the order asked for."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.id.in_(document_ids), IssuedDocument.file_sha256.is_not(None), visible(viewer)
    )
    found = {document.id: document for document in db.session.scalars(query)}
    return [found[one] for one in dict.fromkeys(document_ids) if one in found]


def joined_job(viewer: Viewer, job_id: uuid.UUID) -> Job | None:
    """A joined file that this viewer asked for."""
    return db.session.scalar(
        sa.select(Job).where(Job.id == job_id, Job.made_by == viewer.person_id, Job.kind == "documents.join")
    )


def wordings(brigade_id: uuid.UUID) -> dict[tuple[str, str], PaperTexts]:
    """The version in force of every kind and language that a brigade has reworded."""
    query = sa.select(PaperTexts).where(PaperTexts.brigade_id == brigade_id).order_by(PaperTexts.version)
    return {(one.kind, one.language): one for one in db.session.scalars(query)}


def versions_of(brigade_id: uuid.UUID, kind: DocumentKind, language: str) -> list[PaperTexts]:
    """Every version of a brigade's wording, newest first."""
    query = sa.select(PaperTexts).where(
        PaperTexts.brigade_id == brigade_id, PaperTexts.kind == kind.code, PaperTexts.language == language
    )
    return list(db.session.scalars(query.order_by(PaperTexts.version.desc())))


def texts_version_of(document: IssuedDocument) -> int:
    """In which version of the brigade's wording a paper was printed; 0 is the program's own."""
    return int(json.loads(document.context)["paper"].get("texts_version", 0))


def is_sealed() -> sa.ColumnElement[bool]:
    """Whether the paper as sealed and signed by ink was scanned and kept, as a column beside IssuedDocument."""
    return sa.exists().where(SealedScan.document_id == IssuedDocument.id, SealedScan.withdrawn_at.is_(None))


def sealed_among(document_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Of which of these papers a sealed scan is kept."""
    query = sa.select(SealedScan.document_id).where(
        SealedScan.document_id.in_(document_ids), SealedScan.withdrawn_at.is_(None)
    )
    return set(db.session.scalars(query))


def replaced_among(document_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these papers an issued paper has replaced."""
    query = sa.select(IssuedDocument.replaces_id).where(
        IssuedDocument.replaces_id.in_(document_ids), unindexed(IssuedDocument.state) == DocumentState.ISSUED
    )
    return {found for found in db.session.scalars(query) if found is not None}


def preview_job(viewer: Viewer, job_id: uuid.UUID) -> Job | None:
    """A preview that this viewer asked for."""
    return db.session.scalar(
        sa.select(Job).where(Job.id == job_id, Job.made_by == viewer.person_id, Job.kind == "documents.preview")
    )


def _valid_about(subject: tuple[str, uuid.UUID | None], kind: str) -> sa.Select[IssuedDocument]:
    return sa.select(IssuedDocument).where(
        IssuedDocument.subject_kind == subject[0],
        IssuedDocument.subject_id == subject[1],
        IssuedDocument.kind == kind,
        valid(),
    )


def newest_about(subject: tuple[str, uuid.UUID], kind: str, *, language: str = "") -> IssuedDocument | None:
    """The newest valid paper of a kind about a subject, made or still being made; in one language, if it is named."""
    query = _valid_about(subject, kind)
    if language:
        query = query.where(IssuedDocument.language == language)
    return db.session.scalar(query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id.desc()).limit(1))


def last_about(subject: tuple[str, uuid.UUID], kind: str) -> IssuedDocument | None:
    """The newest valid paper of a kind about a subject that was made and that no other is about to replace."""
    later = sa.orm.aliased(IssuedDocument)
    replacing = sa.exists().where(later.replaces_id == IssuedDocument.id, ~voided(later))
    query = _valid_about(subject, kind).where(IssuedDocument.state == DocumentState.ISSUED, ~replacing)
    return db.session.scalar(query.order_by(IssuedDocument.made_at.desc(), IssuedDocument.id.desc()).limit(1))


def number_about(subject: tuple[str, uuid.UUID | None], kind: str) -> str:
    """The number by which other papers name the valid paper of a kind: the official language's first; empty without one."""
    in_translation = IssuedDocument.language != kind_of(kind).languages[0]
    query = _valid_about(subject, kind).order_by(in_translation, IssuedDocument.made_at, IssuedDocument.id).limit(1)
    paper = db.session.scalar(query)
    return paper.number if paper is not None else ""


def valid_one(document_id: uuid.UUID | None) -> IssuedDocument | None:
    """The paper that a row names as its own, as long as it is valid."""
    return db.session.scalar(sa.select(IssuedDocument).where(IssuedDocument.id == document_id, valid()))


def preview_about(subject: tuple[str, uuid.UUID], job_id: uuid.UUID, *, lock: bool = False) -> Job | None:
    """A preview that was left to be issued about this subject; whose that is has been asked before."""
    query = sa.select(Job).where(Job.id == job_id, Job.kind == "documents.preview")
    job = db.session.scalar(query.with_for_update() if lock else query)
    return job if job is not None and job.arguments.get("about") == subject_key(*subject) else None


def previewed_data(job: Job) -> Any:
    """The plain values that a preview prints."""
    kept = json.loads(job.arguments["text"])
    return frozen.thaw(kind_of(kept["paper"]["kind"]).context, kept["data"])


def kind_shown(job: Job) -> str:
    """The code of the kind that a preview shows."""
    return str(json.loads(job.arguments["text"])["paper"]["kind"])


def issued_from(job: Job) -> IssuedDocument | None:
    """The paper that was issued from a preview, if any."""
    made = job.arguments.get("document")
    return db.session.get_one(IssuedDocument, uuid.UUID(made)) if made else None


def issued_data(paper: IssuedDocument) -> Any:
    """The plain values that a paper prints."""
    return frozen.thaw(kind_of(paper.kind).context, json.loads(paper.context)["data"])


def own_paper(school_id: uuid.UUID, kind: str, document_id: uuid.UUID) -> IssuedDocument | None:
    """One paper of a kind that a school made about itself."""
    query = sa.select(IssuedDocument).where(
        IssuedDocument.id == document_id,
        IssuedDocument.kind == kind,
        IssuedDocument.subject_kind == "school",
        IssuedDocument.subject_id == school_id,
    )
    return db.session.scalar(query)


@dataclass(frozen=True)
class Surroundings:
    """What a paper's page shows beside the paper: who made it, its job, its void, its neighbours."""

    made_by: str
    revoked_by: str
    job: Job | None
    void: VoidedNumber | None
    replaces: IssuedDocument | None
    replaced_by: IssuedDocument | None


def surroundings(document: IssuedDocument) -> Surroundings:
    """Everything around one paper, in a fixed number of queries."""
    people = db.session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_({document.made_by_id, document.revoked_by_id}))
    )
    names = dict(people.all())
    neighbours = db.session.scalars(
        sa.select(IssuedDocument).where(
            sa.or_(
                IssuedDocument.id == document.replaces_id,
                sa.and_(IssuedDocument.replaces_id == document.id, ~voided()),
            )
        )
    ).all()
    return Surroundings(
        made_by=names.get(document.made_by_id, "") if document.made_by_id else "",
        revoked_by=names.get(document.revoked_by_id, "") if document.revoked_by_id else "",
        job=db.session.get(Job, document.job_id) if document.job_id else None,
        void=void_of(document) if document.state is DocumentState.FAILED else None,
        replaces=next((paper for paper in neighbours if paper.id == document.replaces_id), None),
        replaced_by=next((paper for paper in neighbours if paper.replaces_id == document.id), None),
    )


@dataclass(frozen=True)
class Verdict:
    """What anybody may know about a paper: whether and since when it is valid, its kind, number, date and school."""

    standing: Standing
    kind: str
    number: str
    school_name: str
    check_code: str
    issued_at: datetime | None
    revoked_at: datetime | None
    digest: str
    replaced_by_code: str = ""


def verdict_by_code(check_code: str) -> Verdict | None:
    """The verdict on the paper with this code, or None: there is no such paper."""
    return _verdict(IssuedDocument.check_code == check_code)


def verdict_by_file(sha256: str) -> Verdict | None:
    """The verdict on the paper with exactly these bytes, or None: no paper was ever issued with them."""
    return _verdict(sa.or_(IssuedDocument.file_sha256 == sha256, IssuedDocument.archive_sha256 == sha256))


def _verdict(condition: sa.ColumnElement[bool]) -> Verdict | None:
    later = sa.orm.aliased(IssuedDocument)
    found = db.session.execute(
        sa.select(IssuedDocument, later)
        .outerjoin(later, sa.and_(later.replaces_id == IssuedDocument.id, later.state == DocumentState.ISSUED))
        .where(condition)
    ).first()
    if found is None:
        return None
    document, newer = found
    return Verdict(
        standing=standing(
            stored=document.state is DocumentState.ISSUED,
            revoked=document.revoked_at is not None,
            replaced=newer is not None,
        ),
        kind=document.kind,
        number=document.number,
        school_name=document.school_name,
        check_code=document.check_code,
        issued_at=document.issued_at,
        revoked_at=document.revoked_at,
        digest=document.context_sha256,
        replaced_by_code=newer.check_code if newer else "",
    )
