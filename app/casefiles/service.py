"""Archiving a case that is complete, and giving a school's ledger out as a paper."""

from __future__ import annotations

import json
import uuid

from flask_babel import force_locale, ngettext

from app.accounts.viewer import Viewer
from app.casefiles.documents import LEDGER
from app.casefiles.queries import ledger as ledgers
from app.casefiles.queries.completeness import completeness
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
    """Put the case into the archive; refused while something that blocks is missing. The order's row is locked."""
    blocking = completeness(orders.case_file(order, viewer, for_check=True)).blocking
    if blocking and order.archived_on is None:
        said = ngettext(
            "卷宗还缺 %(num)d 项，补齐以后才能归档。", "卷宗还缺 %(num)d 项，补齐以后才能归档。", len(blocking)
        )
        raise DomainError(said, code="incomplete")
    archiving.archive(viewer, order)


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
