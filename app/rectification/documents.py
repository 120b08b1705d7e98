"""The kinds of papers of orders, each declared beside what it prints."""

from app.rectification.papers.approval_sheet import APPROVAL_SHEET
from app.rectification.papers.immediate import IMMEDIATE
from app.rectification.papers.limited import LIMITED
from app.rectification.papers.recheck_request import RECHECK_REQUEST
from app.rectification.papers.reply import REPLY
from app.rectification.papers.service_receipt import SERVICE_RECEIPT

__all__ = [
    "APPROVAL_SHEET",
    "IMMEDIATE",
    "LIMITED",
    "RECHECK_REQUEST",
    "REPLY",
    "SERVICE_RECEIPT",
]
