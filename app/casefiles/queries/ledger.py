"""The ledger of one school (一校一台账): each fault with measure, who answers for it, date and result. DOMAIN §6.3."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.casefiles.documents import Ledger, LedgerLine
from app.core import clock
from app.core.extensions import db
from app.core.formats import full_date
from app.core.i18n import localised
from app.rectification import order_words
from app.rectification import words as finding_words
from app.rectification.models.findings import Evidence, Finding
from app.rectification.models.orders import ItemHolder, Order, OrderItem
from app.rectification.queries import findings as finding_queries
from app.rectification.queries import orders as order_queries
from app.rectification.queries.findings import Line
from app.rectification.rules.findings import ClosedHow
from app.rectification.rules.machine import OrderState
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One fault of the ledger. `carried`: found in an earlier year; `cost` in yuan as the school told it."""

    line: Line
    carried: bool
    responsible: str
    order: Order | None
    cost: Decimal | None

    @property
    def finding(self) -> Finding:
        """The fault itself."""
        return self.line.finding

    @property
    def result(self) -> str:
        """How it ended, or how it stands today."""
        closed_how = self.finding.closed_how
        if closed_how is None:
            return str(finding_words.STATES[self.line.standing.state])
        if closed_how is ClosedHow.WITHDRAWN:
            return f"{finding_words.CLOSINGS[closed_how]}：{self.finding.closed_reason}"
        return str(finding_words.CLOSINGS[closed_how])

    @property
    def paper(self) -> str:
        """Number of the order, or its kind while it has none."""
        if self.order is None:
            return ""
        return self.order.number or str(order_words.KINDS[self.order.kind])


@dataclass(frozen=True, kw_only=True)
class YearLedger:
    """The ledger of one year with its sums."""

    school: School
    year: int
    entries: Sequence[Entry]

    @property
    def closed(self) -> int:
        """How many ended within the year or since."""
        return sum(entry.finding.closed_on is not None for entry in self.entries)

    @property
    def overdue(self) -> int:
        """How many are late today."""
        return sum(
            entry.finding.closed_on is None and (entry.finding.deadline or date.max) < clock.today()
            for entry in self.entries
        )

    @property
    def open(self) -> int:
        """How many are not done."""
        return len(self.entries) - self.closed


def years_of(viewer: Viewer, school: School) -> list[int]:
    """The years in which the school's ledger has something, and this one; the last first."""
    first = db.session.scalar(
        sa.select(sa.func.min(Finding.found_on)).where(Finding.school_id == school.id, finding_queries.visible(viewer))
    )
    this = clock.today().year
    return list(range(this, (first.year if first else this) - 1, -1))


def ledger(viewer: Viewer, school: School, year: int) -> YearLedger:
    """Everything found in the year, and what was still open when it began; in four queries whatever its length."""
    lines = finding_queries.of_period(viewer, school.id, date(year, 1, 1), date(year, 12, 31))
    ids = [line.finding.id for line in lines]
    orders, holders = _orders(viewer, ids)
    costs = _costs(ids)
    entries = [
        Entry(
            line=line,
            carried=line.finding.found_on.year < year,
            responsible=holders.get(line.finding.id) or school.safety_manager or school.responsible_person,
            order=orders.get(line.finding.id),
            cost=costs.get(line.finding.id),
        )
        for line in lines
    ]
    return YearLedger(school=school, year=year, entries=entries)


def _orders(viewer: Viewer, ids: Collection[uuid.UUID]) -> tuple[dict[uuid.UUID, Order], dict[uuid.UUID, str]]:
    """The last order of each finding that is not void, and who has the item in hand at the school."""
    rows = db.session.execute(
        sa.select(OrderItem.finding_id, Order, ItemHolder.name, ItemHolder.post)
        .join(Order, Order.id == OrderItem.order_id)
        .outerjoin(ItemHolder, ItemHolder.order_item_id == OrderItem.id)
        .where(OrderItem.finding_id.in_(ids), order_queries.visible(viewer), Order.state != OrderState.VOID)
        .order_by(Order.drafted_at, Order.id, ItemHolder.given_at, ItemHolder.id)
    )
    orders: dict[uuid.UUID, Order] = {}
    holders: dict[uuid.UUID, str] = {}
    for finding_id, order, name, post in rows:
        orders[finding_id] = order
        if name:
            holders[finding_id] = f"{name} {post}".strip()
    return orders, holders


def _costs(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What the school says it paid for each, all of its reports together."""
    told: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    query = sa.select(Evidence.finding_id, Evidence.cost).where(
        Evidence.finding_id.in_(ids), Evidence.cost.is_not(None)
    )
    for finding_id, cost in db.session.execute(query):
        told[finding_id] += cost or Decimal(0)
    return dict(told)


def headings() -> list[str]:
    """The columns of the spreadsheet."""
    return [
        _("序号"), _("发现日期"), _("部位"), _("问题"), _("整改措施"), _("责任人"), _("改正期限"), _("结果"), _("结束日期"), _("文书"),
        _("费用（元）"), _("上年结转"),
    ]  # fmt: skip


def rows(found: YearLedger) -> list[list[object]]:
    """The same lines as the page, with days and numbers as such."""
    return [
        [
            number,
            entry.finding.found_on,
            entry.finding.place_label,
            localised(entry.finding.text, entry.finding.text_en),
            localised(entry.finding.measure, entry.finding.measure_en),
            entry.responsible,
            entry.finding.deadline,
            entry.result,
            entry.finding.closed_on,
            entry.paper,
            entry.cost,
            _("是") if entry.carried else "",
        ]
        for number, entry in enumerate(found.entries, start=1)
    ]


def printed(viewer: Viewer, school: School, year: int) -> Ledger:
    """What the paper prints, in the language of the moment."""
    found = ledger(viewer, school, year)
    return Ledger(
        school=localised(school.name, school.name_en),
        school_bo=school.name_bo,
        address=school.address,
        responsible=school.responsible_person,
        manager=school.safety_manager,
        year=year,
        lines=tuple(
            LedgerLine(
                number=number,
                found_on=entry.finding.found_on,
                where=entry.finding.place_label,
                text=localised(entry.finding.text, entry.finding.text_en),
                measure=localised(entry.finding.measure, entry.finding.measure_en),
                responsible=entry.responsible,
                deadline=entry.finding.deadline,
                result=entry.result,
                closed_on=entry.finding.closed_on,
                paper=entry.paper,
                carried=entry.carried,
            )
            for number, entry in enumerate(found.entries, start=1)
        ),
        closed=found.closed,
        open=found.open,
        overdue=found.overdue,
        as_of=full_date(clock.today()),
    )
