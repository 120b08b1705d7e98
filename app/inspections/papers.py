"""The record of an inspection as a paper: previewed, issued once, replaced."""

from __future__ import annotations

import uuid

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.inspections.documents import RECORD, InspectionRecord
from app.inspections.models import Inspection, InspectionState
from app.inspections.printer import printer_of
from app.organisations.models import Brigade


def record_context(inspection: Inspection, *, lang: str = "zh_Hans_CN") -> InspectionRecord:
    """What the record prints, in a language."""
    with force_locale(lang):
        return printer_of(inspection).context()


def issue_record(
    viewer: Viewer, inspection: Inspection, *, lang: str = "zh_Hans_CN", replaces: IssuedDocument | None = None
) -> IssuedDocument:
    """Give the record its number and leave the job that makes it."""
    return documents.issue_about(
        RECORD,
        record_context(inspection, lang=lang),
        inspection,
        "inspection",
        by=viewer,
        language=lang,
        national_number=inspection.national_number,
        replaces=replaces,
    )


def preview_record(viewer: Viewer, inspection: Inspection, *, lang: str = "zh_Hans_CN") -> uuid.UUID:
    """Leave the job of a preview; returns the job."""
    job = documents.preview(
        RECORD,
        record_context(inspection, lang=lang),
        brigade=db.session.get_one(Brigade, inspection.brigade_id),
        by=viewer,
        language=lang,
    )
    return job.id


def issue_once(viewer: Viewer, inspection: Inspection, *, lang: str) -> IssuedDocument:
    """The valid record in a language, issued now unless it has been before; only of a record that stands.

    The inspection's row is locked by the caller: pressing twice issues one, and a withdrawal comes before or after.
    """
    if inspection.state is InspectionState.WITHDRAWN:
        raise DomainError(_("检查记录已撤回，不能再签发文书。"), code="withdrawn")
    if inspection.state is not InspectionState.SIGNED:
        raise DomainError(_("这份检查还没有签名完成。"), code="not_signed")
    known = document_queries.newest_about(("inspection", inspection.id), RECORD.code, language=lang)
    return known or issue_record(viewer, inspection, lang=lang)
