"""From an order and what is known of it to what its papers print."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import Person
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.documents import queries as documents
from app.documents.kinds import DocumentKind, Picture
from app.documents.parts import Option, Photo, Signatory
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import Signature
from app.rectification import order_words as words
from app.rectification.models.findings import Finding
from app.rectification.models.orders import Order, OrderEvent, OrderItem, ServiceAttempt
from app.rectification.papers.approval_sheet import APPROVAL_SHEET, ApprovalSheet, ApprovalStep
from app.rectification.papers.immediate import IMMEDIATE, OTHER_BREACH, ImmediateOrder
from app.rectification.papers.limited import LIMITED, LimitedOrder
from app.rectification.papers.parts import Problem, Unit
from app.rectification.papers.service_receipt import SERVICE_RECEIPT, ServedPaper, ServiceReceipt
from app.rectification.queries import findings as finding_queries
from app.rectification.rules.findings import printable_clauses
from app.rectification.rules.machine import OrderAct
from app.rectification.rules.orders import NEEDS_WITNESS, OrderKind, ServiceMethod
from app.regulations import queries as regulations
from app.schools.models import School

KINDS: dict[OrderKind, DocumentKind] = {OrderKind.IMMEDIATE: IMMEDIATE, OrderKind.LIMITED: LIMITED}
#: The most photos in the annex of an order.
MOST_PHOTOS = 24

_inspection = sa.table("inspection", sa.column("id", sa.Uuid()), sa.column("pack_version_id", sa.Uuid()))


def unit_of(school: School) -> Unit:
    """The school as its papers name it."""
    return Unit(
        name=localised(school.name, school.name_en),
        name_bo=school.name_bo,
        address=school.address,
        responsible=school.responsible_person,
        phone=school.responsible_phone,
    )


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What every paper of an order draws on."""

    order: Order
    school: School
    items: Sequence[tuple[OrderItem, Finding]]
    officers: tuple[Signatory, ...]
    photos: tuple[Photo, ...]
    numbers: dict[uuid.UUID, tuple[int, ...]]
    breaches: dict[str, tuple[str, int | None]]
    record_number: str


def _items(order: Order) -> Sequence[tuple[OrderItem, Finding]]:
    query = (
        sa.select(OrderItem, Finding)
        .join(Finding, Finding.id == OrderItem.finding_id)
        .where(OrderItem.order_id == order.id)
        .order_by(OrderItem.position)
    )
    return [(item, finding) for item, finding in db.session.execute(query)]


def _breaches(order: Order) -> dict[str, tuple[str, int | None]]:
    """Violations of the pack the visit was made with: code → words, number on the form."""
    version = db.session.scalar(sa.select(_inspection.c.pack_version_id).where(_inspection.c.id == order.inspection_id))
    if version is None:
        return {}
    table = regulations.checklist(version).violations
    return {code: (localised(v.text.zh, v.text.en), v.notice_item) for code, v in table.items()}


def _officers(order: Order) -> tuple[Signatory, ...]:
    """The officers of the visit, with the signatures that they set under its record."""
    ids = [person for person in (order.lead_id, order.second_id) if person]
    people = {p.id: p for p in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
    signed: dict[uuid.UUID | None, Signature] = (
        {s.person_id: s for s in fieldwork.signatures_of(order.inspection_id)} if order.inspection_id else {}
    )
    found = []
    for key in ids:
        mark = signed.get(key)
        image = mark.image_sha256 if mark and not mark.refused else None
        found.append(
            Signatory(
                role=str(_("检查人员")),
                name=people[key].name,
                credential=people[key].credential_number,
                signature=Picture(sha256=image, alt=people[key].name) if image else None,
            )
        )
    return tuple(found)


def _photos(items: Sequence[tuple[OrderItem, Finding]]) -> tuple[tuple[Photo, ...], dict[uuid.UUID, tuple[int, ...]]]:
    stories = finding_queries.stories([finding for _item, finding in items], with_names=False)
    photos: list[Photo] = []
    numbers: dict[uuid.UUID, tuple[int, ...]] = {}
    for item, finding in items:
        for photo in stories[finding.id].before:
            if len(photos) == MOST_PHOTOS:
                break
            caption = f"{item.position}. {finding.place_label} {localised(finding.text, finding.text_en)}".strip()
            photos.append(
                Photo(
                    number=len(photos) + 1,
                    picture=Picture(sha256=photo.sha256, alt=caption),
                    caption=caption,
                    taken_at=photo.taken_at or photo.added_at,
                )
            )
            numbers[finding.id] = (*numbers.get(finding.id, ()), len(photos))
    return tuple(photos), numbers


def _facts(order: Order) -> _Facts:
    items = _items(order)
    photos, numbers = _photos(items)
    return _Facts(
        order=order,
        school=db.session.get_one(School, order.school_id),
        items=items,
        officers=_officers(order),
        photos=photos,
        numbers=numbers,
        breaches=_breaches(order),
        record_number=documents.number_about(("inspection", order.inspection_id), "inspection_record"),
    )


def fault_words(finding: Finding) -> str:
    """What was found, as it was found there: the words of the item, what was measured, what the officer noted."""
    text = localised(finding.text, finding.text_en)
    seen = str(_("；")).join(part.strip() for part in (finding.reading, finding.note) if part.strip())
    return str(_("%(text)s（%(aside)s）", text=text, aside=seen)) if seen else text


def _problems(facts: _Facts) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            number=item.position,
            where=finding.place_label or str(_("学校")),
            text=fault_words(finding),
            violation=facts.breaches.get(finding.violation_code, ("", None))[0],
            clause="；".join(printable_clauses(finding.basis)),
            deadline=item.deadline if facts.order.kind is OrderKind.LIMITED else None,
            photos=facts.numbers.get(finding.id, ()),
        )
        for item, finding in facts.items
    )


def _ticked(facts: _Facts) -> tuple[int, ...]:
    found = {facts.breaches.get(f.violation_code, ("", None))[1] or OTHER_BREACH for _item, f in facts.items}
    return tuple(sorted(found))


def order_context(order: Order, *, lang: str = "zh_Hans_CN", issued_on: date | None = None) -> Any:
    """What the notice prints."""
    with force_locale(lang):
        facts = _facts(order)
        common: dict[str, Any] = {
            "unit": unit_of(facts.school),
            "visited_on": order.visited_on or clock.today(),
            "record_number": facts.record_number,
            "problems": _problems(facts),
            "statement": order.problem_text,
            "officers": facts.officers,
            "issued_on": issued_on or clock.today(),
            "photos": facts.photos,
        }
        if order.kind is OrderKind.IMMEDIATE:
            return ImmediateOrder(breaches=_ticked(facts), pad_number=order.pad_number, **common)
        return LimitedOrder(**common)


_STEPS = (OrderAct.SUBMIT, OrderAct.PASS_REVIEW, OrderAct.APPROVE)


def approval_context(order: Order, *, lang: str = "zh_Hans_CN") -> ApprovalSheet:
    """What the sheet of approval prints: the last run from the draft to the leader's word."""
    with force_locale(lang):
        facts = _facts(order)
        rows = db.session.scalars(
            sa.select(OrderEvent)
            .where(OrderEvent.order_id == order.id, OrderEvent.act.in_([a.value for a in _STEPS]))
            .order_by(OrderEvent.at, OrderEvent.id)
        ).all()
        last = {event.act: event for event in rows}
        return ApprovalSheet(
            unit=unit_of(facts.school),
            matter=str(_("拟制发%(paper)s", paper=words.KINDS[order.kind])),
            paper=str(_("%(paper)s（%(count)d 项）", paper=words.KINDS[order.kind], count=len(facts.items))),
            visited_on=order.visited_on,
            record_number=facts.record_number,
            facts=order.problem_text,
            basis=tuple(dict.fromkeys(c for _i, f in facts.items for c in printable_clauses(f.basis))),
            problems=_problems(facts),
            steps=tuple(
                ApprovalStep(
                    role=str(words.APPROVAL_ROLES[act]),
                    opinion=str(last[act.value].detail.get("remark") or words.OPINIONS[act]),
                    name=last[act.value].by_name,
                    at=last[act.value].at,
                    instead_of=str(last[act.value].detail.get("instead_of", "")),
                )
                for act in _STEPS
                if act.value in last
            ),
            issued_on=clock.today(),
        )


def receipt_context(order: Order, attempt: ServiceAttempt, *, lang: str = "zh_Hans_CN") -> ServiceReceipt:
    """What the proof of service (送达回证) prints."""
    with force_locale(lang):
        school = db.session.get_one(School, order.school_id)
        ids = [person for person in (attempt.by_id, attempt.second_by_id) if person]
        people = {p.id: p for p in db.session.scalars(sa.select(Person).where(Person.id.in_(ids)))}
        mark = attempt.signature_sha256
        picture = Picture(sha256=mark, alt=attempt.to_name) if mark else None
        told = (ServiceMethod.HAND, ServiceMethod.LEFT, ServiceMethod.POSTED, ServiceMethod.LINK)
        taken = ServiceMethod.LEFT if attempt.method is ServiceMethod.REFUSED else attempt.method
        remarks = []
        if (
            attempt.confirmed_at
            and attempt.confirmed_by
            and attempt.method in (ServiceMethod.POSTED, ServiceMethod.LINK)
        ):
            remarks.append(str(_("由 %(name)s 确认收到。", name=attempt.confirmed_by)))
        return ServiceReceipt(
            unit=unit_of(school),
            papers=(ServedPaper(title=str(words.KINDS[order.kind]), number=order.number),),
            place=school.address,
            methods=tuple(Option(text=str(words.METHODS[m]), ticked=m is taken) for m in told),
            at=attempt.confirmed_at or attempt.at,
            recipient=attempt.to_name,
            recipient_post=attempt.to_post,
            recipient_signature=picture if attempt.method not in NEEDS_WITNESS else None,
            refusal=attempt.reason if attempt.method in NEEDS_WITNESS else "",
            witness="，".join(part for part in (attempt.witness_name, attempt.witness_post) if part),
            witness_signature=picture if attempt.method in NEEDS_WITNESS else None,
            tracking=attempt.tracking,
            servers=tuple(
                Signatory(role=str(_("送达人")), name=people[key].name, credential=people[key].credential_number)
                for key in ids
            ),
            remarks=tuple(remarks),
            issued_on=clock.today(),
        )


__all__ = ["APPROVAL_SHEET", "KINDS", "SERVICE_RECEIPT", "approval_context", "order_context", "receipt_context"]
