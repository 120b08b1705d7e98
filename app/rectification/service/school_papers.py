"""Papers that a school writes for itself: a plan for an order, switching a system off, patrol and check records. DOMAIN §2.11.

Each is shown as it would be printed first; what was shown is then issued with a number, for the school to sign and seal.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.policy import Permission
from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.core.jobs import Job
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.kinds import DocumentKind
from app.documents.models import IssuedDocument
from app.organisations.models import Brigade
from app.rectification import order_words as words
from app.rectification.models.orders import Order
from app.rectification.papers.check_record import CHECK_RECORD
from app.rectification.papers.patrol_record import PATROL_RECORD
from app.rectification.papers.plan import PLAN, PlannedItem, RectificationPlan
from app.rectification.papers.shutdown_approval import SHUTDOWN_APPROVAL
from app.rectification.queries import findings as finding_queries
from app.rectification.rules.machine import IN_FORCE
from app.rectification.service import events, senders
from app.rectification.service.events import Sender
from app.rectification.service.steps import NotYours
from app.schools.models import School


class OwnPaper(enum.StrEnum):
    """What a school may write about itself, without an order."""

    SHUTDOWN = "shutdown"
    PATROL = "patrol"
    CHECK = "check"


KINDS: dict[OwnPaper, DocumentKind] = {
    OwnPaper.SHUTDOWN: SHUTDOWN_APPROVAL,
    OwnPaper.PATROL: PATROL_RECORD,
    OwnPaper.CHECK: CHECK_RECORD,
}


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What the school means to do about one item."""

    measure: str
    deadline: date
    by: str
    funds: str = ""
    safeguards: str = ""


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """An item of an order that a plan is about; `measure` and `by` are what is known already."""

    number: int
    problem: str
    ordered: date | None
    measure: str
    by: str


def open_items(order: Order) -> list[OpenItem]:
    """The items of an order that are not ended, in the language of the page."""
    found = []
    for item, line, holder in finding_queries.lines_of_order(None, order.id):
        finding = line.finding
        if finding.closed_on is not None:
            continue
        text, place = localised(finding.text, finding.text_en), finding.place_label
        found.append(
            OpenItem(
                number=item.position,
                problem=str(_("%(place)s：%(text)s", place=place, text=text)) if place else text,
                ordered=finding.deadline,
                measure=localised(finding.measure, finding.measure_en),
                by=holder.name if holder else "",
            )
        )
    return found


def preview_plan(
    sender: Viewer | Sender,
    order: Order,
    *,
    measures: Mapping[int, Measure],
    leader: str,
    team: Sequence[str],
    lang: str = "zh_Hans_CN",
) -> Job:
    """Show the plan (整改方案) for the open items of an order in force. Every item needs its measure, day and person."""
    _check_plan(sender, order)
    school = db.session.get_one(School, order.school_id)
    with force_locale(lang):
        items = open_items(order)
        missing = [item.number for item in items if item.number not in measures]
        if missing:
            raise DomainError(_("请写明第 %(number)d 项怎么整改。", number=missing[0]), code="measure_missing")
        plan = RectificationPlan(
            order_title=str(words.KINDS[order.kind]),
            order_number=order.number,
            items=tuple(
                PlannedItem(number=item.number, problem=item.problem, **vars(measures[item.number])) for item in items
            ),
            leader=leader,
            team=tuple(team),
            head=school.responsible_person,
            contact=school.safety_manager,
            phone=school.safety_manager_phone or school.responsible_phone,
            written_on=clock.today(),
        )
    known = document_queries.last_about(("order", order.id), PLAN.code)
    return documents.preview(
        PLAN,
        plan,
        brigade=db.session.get_one(Brigade, order.brigade_id),
        by=_account(sender),
        school=school,
        language=lang,
        about=("order", order.id),
        replaces=known,
    )


def issue_plan(sender: Viewer | Sender, order: Order, job: Job) -> IssuedDocument:
    """Give the plan that was shown its number. The rows of order and job are locked by the caller: twice issues one."""
    _check_plan(sender, order)
    fresh = "document" not in job.arguments
    paper = _issue(sender, job, subject=("order", order.id), school_id=order.school_id, brigade_id=order.brigade_id)
    if fresh:
        events.note(sender, "write_plan", order, number=paper.number)
    return paper


def _check_plan(sender: Viewer | Sender, order: Order) -> None:
    senders.check_order(sender, order)
    if order.state not in IN_FORCE or order.imported:
        raise DomainError(_("这份文书现在不需要整改方案。"), code="state")


def preview(
    viewer: Viewer,
    school: School,
    paper: OwnPaper,
    context: Any,
    *,
    lang: str = "zh_Hans_CN",
    replaces: IssuedDocument | None = None,
) -> Job:
    """Show one of the school's own papers; with `replaces` it completes or corrects one of the same kind."""
    _check_school(viewer, school)
    kind = KINDS[paper]
    if replaces is not None and (replaces.kind, replaces.school_id) != (kind.code, school.id):
        raise DomainError(_("只能替换本校的同一种文书。"), code="other_kind")
    return documents.preview(
        kind,
        context,
        brigade=db.session.get_one(Brigade, school.brigade_id),
        by=viewer,
        school=school,
        language=lang,
        about=("school", school.id),
        replaces=replaces,
    )


def issue(viewer: Viewer, school: School, job: Job) -> IssuedDocument:
    """Give what was shown its number. The job's row is locked by the caller: twice issues one."""
    _check_school(viewer, school)
    return _issue(viewer, job, subject=("school", school.id), school_id=school.id, brigade_id=school.brigade_id)


def _check_school(viewer: Viewer, school: School) -> None:
    if not viewer.may(Permission.SEND_EVIDENCE) or school.id not in viewer.school_ids:
        raise NotYours(_("只有这所学校的人员可以办理。"), code="role")


def _account(sender: Viewer | Sender) -> Viewer | None:
    return None if isinstance(sender, Sender) else sender


def _issue(
    sender: Viewer | Sender, job: Job, *, subject: tuple[str, uuid.UUID], school_id: Any, brigade_id: Any
) -> IssuedDocument:
    fresh = "document" not in job.arguments
    paper = documents.issue_previewed(
        job,
        brigade=db.session.get_one(Brigade, brigade_id),
        by=_account(sender),
        subject=subject,
        school=db.session.get_one(School, school_id),
    )
    if fresh:
        detail = {"number": paper.number, "kind": paper.kind}
        audit.record(sender, "write_letter", subject=subject[0], subject_id=subject[1], detail=detail)
        db.session.flush()
    return paper
