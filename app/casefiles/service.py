"""Archiving a case that is complete, and giving a school's ledger out as a paper."""

from __future__ import annotations

import json
import uuid

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.casefiles.documents import LEDGER
from app.casefiles.queries import ledger as ledgers
from app.casefiles.queries.completeness import Completeness, completeness
from app.casefiles.rules import may_archive
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import frozen
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.rectification.models.orders import Order
from app.rectification.queries import orders
from app.rectification.service import archiving
from app.schools.models import School


def archive(viewer: Viewer, order: Order) -> None:
    """Put the case into the archive; refused before its end and while something that blocks is missing. The order's row is locked."""
    told = completeness(orders.case_file(order, viewer, for_check=True))
    if order.archived_on is None and not may_archive(told.facts):
        raise _refusal(told)
    archiving.archive(viewer, order)


def _refusal(told: Completeness) -> DomainError:
    if not told.facts.stage.is_over:
        return DomainError(_("全部问题销号或文书作废以后才能归档。"), code="state")
    said = ngettext(
        "卷宗还缺 %(num)d 项，补齐以后才能归档。", "卷宗还缺 %(num)d 项，补齐以后才能归档。", len(told.blocking)
    )
    return DomainError(said, code="incomplete")


def preview_ledger(viewer: Viewer, school: School, year: int, *, lang: str) -> uuid.UUID:
    """Leave the job that makes the ledger as it would look; returns the job."""
    brigade = db.session.get_one(Brigade, school.brigade_id)
    with force_locale(lang):
        context = ledgers.printed(viewer, school, year)
    return documents.preview(LEDGER, context, brigade=brigade, by=viewer, school=school, language=lang).id


def issue_ledger(viewer: Viewer, school: School, year: int, *, lang: str) -> IssuedDocument:
    """The ledger of a year as a paper; the same state of things gives the paper that is there."""
    with force_locale(lang):
        context = ledgers.printed(viewer, school, year)
    known = document_queries.newest_about(("school", school.id), LEDGER.code, language=lang)
    if known is not None and frozen.thaw(LEDGER.context, json.loads(known.context)["data"]) == context:
        return known
    return documents.issue(
        LEDGER,
        context,
        brigade=db.session.get_one(Brigade, school.brigade_id),
        by=viewer,
        subject=("school", school.id),
        school=school,
        language=lang,
    )
