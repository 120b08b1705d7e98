"""Giving the monthly summary out as a paper."""

from __future__ import annotations

import json

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import frozen
from app.documents import queries as document_queries
from app.documents import service as papers
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.reporting.documents import MONTHLY, summary
from app.reporting.queries.statistics import statistics


def issue(viewer: Viewer, month: tuple[int, int], *, lang: str) -> IssuedDocument:
    """The summary of a month of the viewer's own brigade; the same figures give the paper that is there."""
    if viewer.own_brigade_id is None:
        raise DomainError(_("只有大队能制作月报。"), code="no_brigade")
    with force_locale(lang):
        context = summary(statistics(viewer, month))
    brigade = db.session.get_one(Brigade, viewer.own_brigade_id, with_for_update=True)
    known = db.session.scalars(
        sa.select(IssuedDocument)
        .where(
            IssuedDocument.kind == MONTHLY.code,
            IssuedDocument.brigade_id == brigade.id,
            IssuedDocument.language == lang,
            document_queries.valid(),
        )
        .order_by(IssuedDocument.made_at.desc(), IssuedDocument.id)
        .limit(24)
    )
    for paper in known:
        if frozen.thaw(MONTHLY.context, json.loads(paper.context)["data"]) == context:
            return paper
    return papers.issue(MONTHLY, context, brigade=brigade, by=viewer, subject=("brigade", brigade.id), language=lang)
