"""The kinds of papers of orders, each declared beside what it prints."""

from app.planning.papers import COMPLAINT_REPLY
from app.rectification.papers.approval_sheet import APPROVAL_SHEET
from app.rectification.papers.check_record import CHECK_RECORD
from app.rectification.papers.extension import EXTENSION_DECISION, EXTENSION_REQUEST
from app.rectification.papers.immediate import IMMEDIATE
from app.rectification.papers.limited import LIMITED
from app.rectification.papers.major_hazard import MAJOR_HAZARD, MAJOR_HAZARD_REPORT
from app.rectification.papers.patrol_record import PATROL_RECORD
from app.rectification.papers.plan import PLAN
from app.rectification.papers.recheck_request import RECHECK_REQUEST
from app.rectification.papers.reply import REPLY
from app.rectification.papers.scene_note import SCENE_NOTE
from app.rectification.papers.sealing import SEAL_STRIP, SEALING, UNSEALING
from app.rectification.papers.service_receipt import SERVICE_RECEIPT
from app.rectification.papers.shutdown_approval import SHUTDOWN_APPROVAL
from app.rectification.papers.transfer_letter import TRANSFER_LETTER

__all__ = [
    "APPROVAL_SHEET",
    "CHECK_RECORD",
    "COMPLAINT_REPLY",
    "EXTENSION_DECISION",
    "EXTENSION_REQUEST",
    "IMMEDIATE",
    "LIMITED",
    "MAJOR_HAZARD",
    "MAJOR_HAZARD_REPORT",
    "PATROL_RECORD",
    "PLAN",
    "RECHECK_REQUEST",
    "REPLY",
    "SCENE_NOTE",
    "SEALING",
    "SEAL_STRIP",
    "SERVICE_RECEIPT",
    "SHUTDOWN_APPROVAL",
    "TRANSFER_LETTER",
    "UNSEALING",
]
