"""Giving papers their numbers: preview, issue, leave the job that makes them."""

from __future__ import annotations

import json
import uuid
from typing import Any, Protocol

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock, jobs
from app.core.db import insert_ignore
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import files
from app.documents import composing, frozen, queries, rules
from app.documents.composing import Envelope
from app.documents.kinds import DocumentKind, Letterhead, kind_of, title_of
from app.documents.models import DocumentState, IssuedDocument, NumberSequence
from app.organisations.models import Brigade
from app.schools.models import School

RENDER = "documents.render"
PREVIEW = "documents.preview"


def next_serial(brigade_id: uuid.UUID, kind: str, year: int) -> int:
    """The next number of a sequence. It is given back when the act is rolled back, so there is never a gap."""
    sequence = {"brigade_id": brigade_id, "kind": kind, "year": year}
    db.session.execute(insert_ignore(NumberSequence).values(**sequence, last=0))
    return db.session.execute(
        sa.update(NumberSequence)
        .where(*(getattr(NumberSequence, name) == value for name, value in sequence.items()))
        .values(last=NumberSequence.last + 1)
        .returning(NumberSequence.last)
        .execution_options(synchronize_session=False)
    ).scalar_one()


def _fresh_check_code() -> str:
    while True:
        code = rules.new_check_code()
        taken = sa.select(IssuedDocument.id).where(IssuedDocument.check_code == code)
        if db.session.scalar(taken) is None:
            return code


def _agency(kind: DocumentKind, brigade: Brigade, school: School | None, language: str) -> str:
    speaks: Brigade | School = brigade
    if kind.letterhead is Letterhead.SCHOOL:
        if school is None:
            raise TypeError(f"{kind.code} is a school's own paper and needs the school")
        speaks = school
    return speaks.name_en if language == "en" and speaks.name_en else speaks.name


def _number(kind: DocumentKind, brigade: Brigade, year: int, serial: int) -> str:
    """The number as it will be printed. Refuses one that another kind of paper already carries."""
    number = kind.number(
        code_word=brigade.code_word, year=year, serial=serial, pattern=queries.own_numbering(brigade, kind)
    )
    taken = sa.select(IssuedDocument.kind).where(
        IssuedDocument.brigade_id == brigade.id, IssuedDocument.number == number
    )
    other = db.session.scalar(taken.limit(1))
    if other is not None:
        raise DomainError(
            _("编号 %(number)s 与“%(title)s”的编号重复，请先改正编号格式。", number=number, title=title_of(other))
        )
    return number


def _title(kind: DocumentKind, language: str) -> str:
    with force_locale(language):
        return str(kind.title)


def _check(kind: DocumentKind, context: Any, language: str) -> None:
    if not isinstance(context, kind.context):
        raise TypeError(f"{kind.code} prints {kind.context.__name__}, not {type(context).__name__}")
    if language not in kind.languages:
        raise DomainError(_("这种文书没有这个语言的版本。"))
    missing = [sha256 for sha256 in composing.pictures_of(context) if not files().has(sha256)]
    if missing:
        raise DomainError(_("有 %(count)s 张照片或签名尚未收齐，暂不能制作文书。", count=len(missing)))


def _envelope(kind: DocumentKind, brigade: Brigade, school: School | None, language: str, **more: Any) -> Envelope:
    version, worded = queries.wording_in_force(brigade.id, kind, language)
    return Envelope(
        kind=kind.code,
        title=_title(kind, language),
        agency=_agency(kind, brigade, school, language),
        language=language,
        made_at=clock.now(),
        texts=worded,
        texts_version=version,
        **more,
    )


def preview(
    kind: DocumentKind,
    context: Any,
    *,
    brigade: Brigade,
    by: Viewer | None,
    school: School | None = None,
    language: str = "zh_Hans_CN",
    about: tuple[str, uuid.UUID] | None = None,
    replaces: IssuedDocument | None = None,
) -> jobs.Job:
    """Leave a job that makes the paper as it would look, without number and marked as preview; of two copies the archive's.

    With `about` (table name and id) the very data of the preview can be issued later (`issue_previewed`), in place of
    the paper that it `replaces`. `by` is None for somebody without an account.
    """
    _check(kind, context, language)
    if replaces is not None:
        _check_replaceable(replaces)
    envelope = _envelope(kind, brigade, school, language, preview=True)
    arguments = {"text": composing.freeze(envelope, context), "copy": kind.file_copies[-1].value}
    if about is not None:
        arguments |= {"about": rules.subject_key(*about), "replaces": str(replaces.id) if replaces else ""}
    return jobs.enqueue(PREVIEW, arguments, by=by.person_id if by else None)


def issue_previewed(
    job: jobs.Job, *, brigade: Brigade, by: Viewer | None, subject: tuple[str, uuid.UUID], school: School | None = None
) -> IssuedDocument:
    """Issue what a preview `about` this subject shows. The job's row is locked by the caller: twice issues one."""
    if job.arguments.get("about") != rules.subject_key(*subject):
        raise ValueError("the preview is about something else")
    if "document" in job.arguments:
        return db.session.get_one(IssuedDocument, uuid.UUID(job.arguments["document"]))
    kept = json.loads(job.arguments["text"])
    kind, replaced = kind_of(kept["paper"]["kind"]), job.arguments["replaces"]
    paper = issue(
        kind,
        frozen.thaw(kind.context, kept["data"]),
        brigade=brigade,
        by=by,
        subject=subject,
        school=school,
        language=kept["paper"]["language"],
        replaces=db.session.get_one(IssuedDocument, uuid.UUID(replaced)) if replaced else None,
    )
    job.arguments = {**job.arguments, "document": str(paper.id)}
    db.session.flush()
    return paper


def issue(
    kind: DocumentKind,
    context: Any,
    *,
    brigade: Brigade,
    by: Viewer | None,
    subject: tuple[str, uuid.UUID],
    school: School | None = None,
    language: str = "zh_Hans_CN",
    national_number: str = "",
    replaces: IssuedDocument | None = None,
    within: jobs.Job | None = None,
) -> IssuedDocument:
    """Give a paper its number and check code, freeze its data, and leave the job that makes it.

    `within` is a job that makes many papers and this one too; then none is left.

    `subject` names what the paper is about (table name and id). The paper counts as issued when the worker has stored
    its bytes. `by` is None when the program issues in somebody's earlier name.
    """
    _check(kind, context, language)
    if replaces is not None:
        _check_replaceable(replaces)
        _give_up_place(replaces)
    year = clock.today().year
    serial = next_serial(brigade.id, kind.code, year)
    number = _number(kind, brigade, year, serial)
    code = _fresh_check_code()
    envelope = _envelope(
        kind,
        brigade,
        school,
        language,
        number=number,
        check_code=rules.spaced(code),
        verify_url=f"{current_app.config['SETTINGS'].base_url}/verify/{code}",
        replaces=replaces.number if replaces else "",
    )
    text = composing.freeze(envelope, context)
    document = IssuedDocument(
        kind=kind.code,
        brigade_id=brigade.id,
        year=year,
        serial=serial,
        number=number,
        national_number=national_number,
        language=language,
        title=envelope.title,
        school_id=school.id if school else None,
        school_name=school.name if school else "",
        subject_kind=subject[0],
        subject_id=subject[1],
        check_code=code,
        context=text,
        context_sha256=frozen.digest(text),
        template_revision=composing.template_revision(kind),
        made_at=envelope.made_at,
        made_by_id=by.person_id if by else None,
        replaces_id=replaces.id if replaces else None,
    )
    db.session.add(document)
    db.session.flush()
    if within is None:
        order_making(document, by)
    else:
        document.state, document.job_id = DocumentState.RENDERING, within.id
    detail = {"number": number, "kind": kind.code, "data_sha256": document.context_sha256}
    audit.record(by, "document.issue", subject="issued_document", subject_id=document.id, detail=detail)
    db.session.flush()
    return document


class Matter(Protocol):
    """What a brigade does at a school: an inspection, an order, a record of its own."""

    id: Any
    brigade_id: Any
    school_id: Any


def issue_about(
    kind: DocumentKind,
    context: Any,
    matter: Matter,
    name: str,
    *,
    by: Viewer | None,
    language: str = "zh_Hans_CN",
    national_number: str = "",
    replaces: IssuedDocument | None = None,
) -> IssuedDocument:
    """Issue a paper about a matter, in the name of its brigade; `name` is the matter's kind (table name)."""
    return issue(
        kind,
        context,
        brigade=db.session.get_one(Brigade, matter.brigade_id),
        by=by,
        subject=(name, matter.id),
        school=db.session.get_one(School, matter.school_id),
        language=language,
        national_number=national_number,
        replaces=replaces,
    )


def order_making(document: IssuedDocument, by: Viewer | None) -> None:
    """Leave the job that makes a paper which has its number."""
    job = jobs.enqueue(RENDER, {"document": str(document.id)}, by=by.person_id if by else None)
    document.state, document.job_id = DocumentState.RENDERING, job.id


def _check_replaceable(document: IssuedDocument) -> None:
    if document.state is not DocumentState.ISSUED:
        raise DomainError(_("文书尚未签发，不能替换。"))
    if document.revoked_at is not None:
        raise DomainError(_("文书已作废，不能替换。"))
    later = sa.select(IssuedDocument.id).where(IssuedDocument.replaces_id == document.id, ~queries.voided())
    if db.session.scalar(later):
        raise DomainError(_("文书已被替换，请在新文书上操作。"))


def _give_up_place(replaced: IssuedDocument) -> None:
    """A paper has one that replaces it: a replacement whose number was voided makes way for the next."""
    for void in db.session.scalars(sa.select(IssuedDocument).where(IssuedDocument.replaces_id == replaced.id)):
        void.replaces_id = None
    db.session.flush()
