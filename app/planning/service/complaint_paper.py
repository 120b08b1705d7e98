"""The written answer to a complaint, as a numbered paper of the brigade alone. It addresses nobody by name."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.documents.service import issue
from app.organisations.models import Brigade
from app.planning import words
from app.planning.models.complaints import Complaint
from app.planning.papers import COMPLAINT_REPLY, ComplaintReply
from app.planning.queries import complaints as queries
from app.planning.service.complaint_steps import note

LANGUAGE = "zh_Hans_CN"


def print_reply(viewer: Viewer, complaint: Complaint) -> IssuedDocument:
    """Give the recorded reply its number and leave the paper to the worker; a second press gives the same paper."""
    if complaint.replied_on is None:
        raise DomainError(_("请先登记答复，再制作答复书。"))
    known = queries.reply_paper(complaint.id)
    if known is not None:
        return known
    with force_locale(LANGUAGE):
        subject = "，".join(part for part in (str(words.KINDS[complaint.kind]), complaint.place) if part)
        addressed = str(_("举报投诉人"))
    paper = issue(
        COMPLAINT_REPLY,
        ComplaintReply(
            complainant=addressed,
            received_on=queries.received_on(complaint),
            about=complaint.about,
            subject=subject,
            visited_on=queries.visited_on(complaint),
            result=complaint.reply_text,
            contact=viewer.name,
            issued_on=complaint.replied_on,
        ),
        brigade=db.session.get_one(Brigade, complaint.brigade_id),
        by=viewer,
        subject=("complaint", complaint.id),
        language=LANGUAGE,
    )
    note(viewer, complaint, "print_reply", paper=paper.number)
    return paper
