"""The pages of one order for its school: what is ordered, each item, its photos; and that it was read."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.core.db import leaving_a_trace, new_id
from app.core.extensions import db
from app.core.files import files
from app.core.web import found
from app.portal import forms
from app.portal.queries import orders as queries
from app.portal.views.doors import Door, both_doors
from app.rectification.rules.findings import RANK
from app.rectification.service import evidence, extending, handing, reading
from app.rectification.service.letters import Letter

#: One transparent point.
POINT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def order_page(door: Door, *, status: int = 200, problem: str = "", **given: Any) -> ResponseReturnValue:
    """What the order asks, item by item; `given` are forms that came back with a mistake."""
    page = queries.page_of(door.place)
    return (
        render_template(
            "portal/order.html",
            door=door,
            order=door.place.order,
            school=door.place.school,
            brigade=door.place.brigade,
            page=page,
            problem=problem,
            receipt=given.get("receipt") or forms.ReceiptForm(formdata=None, name=door.place.school.responsible_person),
            letters=list(Letter),
            RANK=RANK,
        ),
        status,
    )


@both_doors("", "page")
def order(door: Door) -> ResponseReturnValue:
    """One order: what is wrong, by when, what was sent and answered, its papers, everything that happened."""
    return order_page(door)


def _with_name(form: Any, door: Door) -> Any:
    form.needs_name(is_link=door.is_link)
    return form


def item_page(door: Door, position: int, *, status: int = 200, problem: str = "", **given: Any) -> ResponseReturnValue:
    """One item; `given` are forms that came back with a mistake."""
    item = found(next(iter(queries.items_of(door.place.order, position=position)), None))
    finding = item.line.finding
    holder = item.holder
    name = holder.name if holder else ""
    made = {
        "evidence": _with_name(
            forms.EvidenceForm(formdata=None, key=str(new_id()), done_by=name, sender_name=name), door
        ),
        "holder": _with_name(forms.HolderForm(formdata=None), door),
        "extension": _with_name(forms.ExtensionForm(formdata=None, sender_name=name), door),
    } | given
    return (
        render_template(
            "portal/item.html",
            door=door,
            order=door.place.order,
            school=door.place.school,
            brigade=door.place.brigade,
            one=item,
            finding=finding,
            line=item.line,
            story=item.story,
            holders=handing.holders_of(item.item),
            extensions=queries.extensions_of(door.place.order, finding.id),
            why_not=extending.why_not(finding),
            forms=made,
            problem=problem,
            most=evidence.MOST_PHOTOS,
            together=evidence.MOST_TOGETHER,
        ),
        status,
    )


@both_doors("/items/<int:position>", "item")
def item(door: Door, position: int) -> ResponseReturnValue:
    """One item: what is wrong, how to put it right, who has it in hand, and sending what was done."""
    return item_page(door, position)


@both_doors("/photos/<uuid:photo_id>", "photo", by_link_only=True)
def photo(door: Door, photo_id: uuid.UUID) -> ResponseReturnValue:
    """A photo of this order for somebody without an account, or its small copy (`?size=small`)."""
    shown = found(queries.photo_of(door.place.order, photo_id))
    sha256 = shown.thumb_sha256 if request.args.get("size") == "small" else shown.sha256
    if request.if_none_match.contains(sha256):
        return Response(status=304, headers={"ETag": f'"{sha256}"'})
    answer = Response(files().get(sha256), mimetype="image/jpeg")
    answer.set_etag(sha256)
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@both_doors("/seen.gif", "seen")
def seen(door: Door) -> ResponseReturnValue:
    """A point that the browser fetches with the page: so the order counts as read where somebody has it before the eyes.

    A messenger that only looks at the address to draw a preview fetches no pictures, and marks nothing.
    """
    order, link = door.place.order, door.link
    if reading.is_news(order, link):
        db.session.rollback()
        with leaving_a_trace():
            reading.note_read(door.sender, order, link)
            db.session.commit()
    answer = Response(POINT, mimetype="image/gif")
    answer.headers["Cache-Control"] = "no-store"
    return answer
