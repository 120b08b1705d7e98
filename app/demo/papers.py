"""Papers of the district's past: each gets the number and the day it would have had; the worker makes them one by one."""

from __future__ import annotations

import dataclasses
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale

from app.audit.models import AuditEntry
from app.core import clock
from app.core.extensions import db
from app.core.jobs import Job
from app.demo.office import Actor
from app.demo.writing import Writer
from app.documents import composing, frozen, queries, rules
from app.documents.composing import Envelope
from app.documents.kinds import DocumentKind
from app.documents.models import IssuedDocument, NumberSequence
from app.documents.service import RENDER
from app.organisations.models import Brigade
from app.schools.models import School

LANGUAGE = "zh_Hans_CN"
#: The worker makes an old paper so often, so that whoever tries the demo does not wait behind two years of them.
PACE = timedelta(seconds=4)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A paper of the past: what it prints is asked for only when it is written; `keep` hears its id and number before.

    `at_once`: the worker makes it before anything else.
    """

    kind: DocumentKind
    at: datetime
    subject: tuple[str, uuid.UUID]
    school_id: uuid.UUID
    by: Actor
    context: Callable[[], Any]
    keep: Callable[[uuid.UUID, str], None] = lambda _id, _number: None
    at_once: bool = False
    revoked: tuple[datetime, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A paper with the place it has among those of its kind and year."""

    id: uuid.UUID
    year: int
    serial: int
    number: str
    paper: Wanted


class Press:
    """Issues papers in the order of their days, numbers without a gap in each year."""

    def __init__(self, writer: Writer, brigade: Brigade) -> None:
        self.writer, self.brigade = writer, brigade
        self._last: Counter[tuple[str, int]] = Counter()
        self._kinds: dict[str, tuple[str, str, dict[str, str], str]] = {}
        self._waiting = 0

    def number(self, wanted: Iterable[Wanted]) -> list[Numbered]:
        """Give all papers of these kinds their numbers, by the day; nothing is written yet."""
        return [self._number(paper) for paper in sorted(wanted, key=lambda one: one.at)]

    def _number(self, paper: Wanted) -> Numbered:
        year, pattern = clock.day_of(paper.at).year, self._of_kind(paper.kind)[1]
        self._last[paper.kind.code, year] += 1
        serial = self._last[paper.kind.code, year]
        number = paper.kind.number(code_word=self.brigade.code_word, year=year, serial=serial, pattern=pattern)
        found = Numbered(id=self.writer.new_id(), year=year, serial=serial, number=number, paper=paper)
        paper.keep(found.id, number)
        return found

    def write(self, papers: Iterable[Numbered]) -> None:
        """Write these papers with what they print, and the jobs that make them: what matters today first, then the newest."""
        for one in sorted(papers, key=lambda one: (one.paper.at_once, one.paper.at), reverse=True):
            self._write(one)
        self.writer.flush()

    def close(self) -> None:
        """Write down how far each sequence of numbers has come: what is issued from now on goes on from there."""
        for (kind, year), last in self._last.items():
            self.writer.add_plain(NumberSequence, brigade_id=self.brigade.id, kind=kind, year=year, last=last)
        self.writer.flush()

    def _of_kind(self, kind: DocumentKind) -> tuple[str, str, dict[str, str], str]:
        """Title, own pattern of numbers, wording and revision of a kind; asked for once."""
        if kind.code not in self._kinds:
            with force_locale(LANGUAGE):
                title = str(kind.title)
            worded = queries.wording_in_force(self.brigade.id, kind, LANGUAGE)[1]
            revision = composing.template_revision(kind)
            self._kinds[kind.code] = (title, queries.own_numbering(self.brigade, kind), worded, revision)
        return self._kinds[kind.code]

    def _check_code(self) -> str:
        body = "".join(self.writer.random.choice(rules.ALPHABET) for _ in range(rules.LENGTH - 1))
        return body + rules.check_sign(body)

    def _write(self, one: Numbered) -> None:
        paper = one.paper
        title, _pattern, worded, revision = self._of_kind(paper.kind)
        code, school = self._check_code(), db.session.get_one(School, paper.school_id)
        context = paper.context()
        if hasattr(context, "issued_on"):
            context = dataclasses.replace(context, issued_on=clock.day_of(paper.at))
        envelope = Envelope(
            kind=paper.kind.code,
            title=title,
            agency=self.brigade.name,
            language=LANGUAGE,
            made_at=paper.at,
            number=one.number,
            check_code=rules.spaced(code),
            verify_url=f"{current_app.config['SETTINGS'].base_url}/verify/{code}",
            texts=worded,
        )
        text = composing.freeze(envelope, context)
        sha256 = frozen.digest(text)
        revoked_at, reason = paper.revoked or (None, "")
        self.writer.add(
            IssuedDocument, id=one.id, kind=paper.kind.code, brigade_id=self.brigade.id, year=one.year, serial=one.serial,
            number=one.number, language=LANGUAGE, title=title, school_id=school.id, school_name=school.name,
            subject_kind=paper.subject[0], subject_id=paper.subject[1], check_code=code, context=text, context_sha256=sha256,
            template_revision=revision, made_at=paper.at, made_by_id=paper.by.id, job_id=self._job(one.id, paper),
            revoked_at=revoked_at, revoked_reason=reason, revoked_by_id=paper.by.id if revoked_at else None,
        )  # fmt: skip
        self.writer.add_plain(
            AuditEntry, at=paper.at, person_id=paper.by.id, person_name=paper.by.name, origin="demo", action="document.issue",
            subject_kind="issued_document", subject_id=str(one.id),
            detail={"number": one.number, "kind": paper.kind.code, "data_sha256": sha256},
        )  # fmt: skip

    def _job(self, document_id: uuid.UUID, paper: Wanted) -> uuid.UUID:
        self._waiting += not paper.at_once
        after = clock.now() + (timedelta() if paper.at_once else timedelta(seconds=20) + PACE * self._waiting)
        return self.writer.add(Job, kind=RENDER, arguments={"document": str(document_id)}, run_after=after)
