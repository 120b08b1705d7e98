"""What a school writes to the brigade about an order, made from what it has sent: 整改复函, 复查申请, 延期申请. 61号令 Art. 35."""

from __future__ import annotations

import enum
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import service as audit
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.i18n import localised
from app.documents import frozen
from app.documents import queries as document_queries
from app.documents import service as documents
from app.documents.kinds import DocumentKind, Picture
from app.documents.models import DocumentState, IssuedDocument
from app.documents.parts import Photo
from app.organisations.models import Brigade
from app.rectification import order_words as words
from app.rectification.models.findings import Evidence
from app.rectification.models.orders import Extension, ItemHolder, Order, OrderItem
from app.rectification.papers.extension import EXTENSION_REQUEST, ExtensionRequest, WantedDate
from app.rectification.papers.parts import positions
from app.rectification.papers.recheck_request import RECHECK_REQUEST, RecheckRequest
from app.rectification.papers.reply import REPLY, DoneItem, RectificationReply
from app.rectification.queries import findings as finding_queries
from app.rectification.queries.findings import Line, Story
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EvidenceAnswer
from app.rectification.service import events, senders
from app.rectification.service.events import Sender
from app.schools.models import School

#: The most photos in the annex of a letter.
MOST_PHOTOS = 24


class Letter(enum.StrEnum):
    """What a school may write."""

    REPLY = "reply"
    RECHECK = "recheck"
    EXTENSION = "extension"


KINDS: dict[Letter, DocumentKind] = {
    Letter.REPLY: REPLY,
    Letter.RECHECK: RECHECK_REQUEST,
    Letter.EXTENSION: EXTENSION_REQUEST,
}
#: Orders about which there is something to write.
ABOUT = frozenset({OrderState.ISSUED, OrderState.SERVED, OrderState.CLOSED})


@dataclass(frozen=True, kw_only=True)
class _Matter:
    """One item of the order with what the school last sent about it and nobody sent back."""

    item: OrderItem
    line: Line
    story: Story
    holder: ItemHolder | None
    sent: Evidence | None

    @property
    def problem(self) -> str:
        """Where and what, in a line."""
        finding = self.line.finding
        text = localised(finding.text, finding.text_en)
        place = finding.place_label
        return str(_("%(place)s：%(text)s", place=place, text=text)) if place else text


def _matters(order: Order) -> list[_Matter]:
    rows = finding_queries.lines_of_order(None, order.id)
    stories = finding_queries.stories([line.finding for _item, line, _holder in rows], with_names=False)
    return [
        _Matter(
            item=item,
            line=line,
            story=stories[line.finding.id],
            holder=holder,
            sent=_standing(stories[line.finding.id].evidence),
        )
        for item, line, holder in rows
    ]


def _standing(sent: Sequence[Evidence]) -> Evidence | None:
    return next((one for one in reversed(sent) if one.answer is not EvidenceAnswer.RETURNED), None)


def _done(matter: _Matter, photos: tuple[int, ...] = (), *, with_cost: bool = True) -> DoneItem:
    sent = matter.sent
    assert sent is not None
    holder = matter.holder.name if matter.holder else ""
    finding = matter.line.finding
    return DoneItem(
        number=matter.item.position,
        problem=matter.problem,
        measure=sent.note or localised(finding.measure, finding.measure_en),
        done_on=clock.day_of(sent.sent_at),
        by=sent.done_by or holder or sent.sent_by_name,
        cost=f"{sent.cost:.2f}" if with_cost and sent.cost is not None else "",
        photos=photos,
    )


def _annex(matters: Sequence[_Matter]) -> tuple[tuple[Photo, ...], list[tuple[int, ...]]]:
    photos: list[Photo] = []
    numbers: list[tuple[int, ...]] = []
    for matter in matters:
        assert matter.sent is not None
        own = []
        for kept in matter.story.photos[matter.sent.id][: MOST_PHOTOS - len(photos)]:
            caption = f"{matter.item.position}. {matter.problem}"
            picture = Picture(sha256=kept.sha256, alt=caption)
            own.append(len(photos) + 1)
            photos.append(
                Photo(number=own[-1], picture=picture, caption=caption, taken_at=kept.taken_at or kept.added_at)
            )
        numbers.append(tuple(own))
    return tuple(photos), numbers


def _heading(order: Order, school: School, brigade: Brigade) -> dict[str, Any]:
    return {
        "authority": localised(brigade.name, brigade.name_en),
        "order_title": str(words.KINDS[order.kind]),
        "order_number": order.number,
        "head": school.responsible_person,
        "contact": school.safety_manager,
        "phone": school.safety_manager_phone or school.responsible_phone,
        "written_on": clock.today(),
    }


def _reply(order: Order, heading: dict[str, Any]) -> RectificationReply:
    matters = _matters(order)
    done = [matter for matter in matters if matter.sent is not None]
    if not done:
        raise DomainError(_("还没有报送任何一项的整改情况。请先逐项报送，再制作复函。"), code="nothing_sent")
    photos, numbers = _annex(done)
    return RectificationReply(
        **heading,
        ordered_on=order.issued_on,
        items=tuple(_done(matter, own) for matter, own in zip(done, numbers, strict=True)),
        open_items=positions(matter.item.position for matter in matters if matter.sent is None),
        photos=photos,
    )


def _recheck(order: Order, heading: dict[str, Any]) -> RecheckRequest:
    asked = [
        matter
        for matter in _matters(order)
        if matter.sent is not None and matter.sent.asks_recheck and matter.line.finding.closed_on is None
    ]
    if not asked:
        raise DomainError(_("没有申请复查的项目。请在要复查的项目中报送材料，并勾选“申请复查”。"), code="nothing_asked")
    return RecheckRequest(
        **heading, ordered_on=order.issued_on, items=tuple(_done(matter, with_cost=False) for matter in asked)
    )


def _extension(order: Order, heading: dict[str, Any]) -> ExtensionRequest:
    waiting = {
        asked.finding_id: asked
        for asked in db.session.scalars(
            sa.select(Extension).where(Extension.order_id == order.id, Extension.decided_at.is_(None))
        )
    }
    if not waiting:
        raise DomainError(_("没有等待答复的延期申请。请先在要延期的项目中提出申请。"), code="nothing_waiting")
    items = tuple(
        WantedDate(
            number=matter.item.position,
            problem=matter.problem,
            before=waiting[matter.line.finding.id].before,
            wanted=waiting[matter.line.finding.id].wanted,
            reason=waiting[matter.line.finding.id].reason,
        )
        for matter in _matters(order)
        if matter.line.finding.id in waiting
    )
    return ExtensionRequest(**heading, items=items)


_WRITTEN = {Letter.REPLY: _reply, Letter.RECHECK: _recheck, Letter.EXTENSION: _extension}


def _last(order: Order, kind: DocumentKind) -> IssuedDocument | None:
    return document_queries.newest_about(("order", order.id), kind.code)


def _says_the_same(paper: IssuedDocument, context: Any) -> bool:
    before, now = (dict(data) for data in (json.loads(paper.context)["data"], frozen.plain(context)))
    for data in (before, now):
        data.pop("written_on")
    return before == now


def write(sender: Viewer | Sender, order: Order, letter: Letter, *, lang: str = "zh_Hans_CN") -> IssuedDocument:
    """A letter of the school with a number of its own, for its head to sign and seal; the worker makes the PDF.

    Nothing new since the last one: that one is given again. Something new: another that names the one it replaces. The
    order's row is locked by the caller.
    """
    senders.check_order(sender, order)
    if order.state not in ABOUT or order.imported:
        raise DomainError(_("这份文书现在不能制作复函或申请。"), code="state")
    kind = KINDS[letter]
    school = db.session.get_one(School, order.school_id)
    brigade = db.session.get_one(Brigade, order.brigade_id)
    with force_locale(lang):
        context = _WRITTEN[letter](order, _heading(order, school, brigade))
    last = _last(order, kind)
    if last is not None and last.language == lang and _says_the_same(last, context):
        return last
    paper = documents.issue(
        kind,
        context,
        brigade=brigade,
        by=None if isinstance(sender, Sender) else sender,
        subject=("order", order.id),
        school=school,
        language=lang,
        replaces=last if last is not None and last.state is DocumentState.ISSUED else None,
    )
    events.note(sender, f"write_{letter.value}", order, number=paper.number)
    audit.record(sender, "write_letter", subject="order", subject_id=order.id, detail={"number": paper.number})
    db.session.flush()
    return paper
