"""The answer to a complaint on paper. It is addressed without a name: who complained stays sealed."""

from __future__ import annotations

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.planning import words
from app.planning.models.complaints import Complaint
from app.planning.papers import COMPLAINT_REPLY, ComplaintReply
from app.schools.models import School


def reply_paper(complaint: Complaint) -> IssuedDocument | None:
    """The valid paper of a complaint's answer, if it was printed."""
    return document_queries.newest_about(("complaint", complaint.id), COMPLAINT_REPLY.code)


def print_reply(viewer: Viewer, complaint: Complaint) -> IssuedDocument:
    """Give the answer that was written down its number and leave the job that makes it; twice gives the one there is."""
    if complaint.replied_on is None:
        raise DomainError(_("登记答复后才能打印答复书。"))
    known = reply_paper(complaint)
    if known is not None:
        return known
    brigade = db.session.get_one(Brigade, complaint.brigade_id)
    school = db.session.get(School, complaint.school_id) if complaint.school_id else None
    context = ComplaintReply(
        complainant=str(_("举报投诉人")),
        received_on=clock.day_of(complaint.received_at),
        about=school.name if school else complaint.about,
        subject=str(words.KINDS[complaint.kind]),
        visited_on=clock.day_of(complaint.visited_at) if complaint.visited_at else None,
        result=complaint.reply_text,
        contact=brigade.name if brigade.phone else "",
        phone=brigade.phone,
        issued_on=clock.today(),
    )
    return documents.issue(
        COMPLAINT_REPLY, context, brigade=brigade, by=viewer, subject=("complaint", complaint.id), school=school
    )
