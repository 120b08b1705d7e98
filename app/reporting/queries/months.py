"""Counts by month, each month looked up by its first and last moment, so that an index serves it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db

Month = tuple[int, int]


def after(month: Month) -> date:
    """The first day after a month."""
    year, number = month
    return date(year + number // 12, number % 12 + 1, 1)


def counts(
    column: Any, whats: Sequence[Any], months: Sequence[Month], *conditions: Any, by: Sequence[Any] = ()
) -> sa.Select[Any]:
    """The place of each month, and several counts of what has its day, or its moment at the school, within it.

    With `by` each kind is counted for itself.
    """
    kind, ends = column.type, [(date(*month, 1), after(month)) for month in months]
    if not isinstance(kind, sa.Date):
        spans: list[Any] = [(clock.start_of(first), clock.start_of(end)) for first, end in ends]
    else:
        spans = list(ends)
    rows = (
        sa.select(
            sa.literal(number, sa.Integer).label("number"),
            sa.literal(first, kind).label("first"),
            sa.literal(end, kind).label("end"),
        )
        for number, (first, end) in enumerate(spans)
    )
    each = sa.union_all(*rows).cte()
    within = sa.and_(column >= each.c.first, column < each.c.end)
    query = sa.select(each.c.number, *whats).join_from(each, column.table, within)
    return query.where(*conditions).group_by(each.c.number, *by)


def counted(column: Any, whats: Sequence[Any], months: Sequence[Month], *conditions: Any) -> dict[Month, Sequence[int]]:
    """The same by month, in one query; months without any are not in it."""
    found = db.session.execute(counts(column, whats, months, *conditions))
    return {months[number]: told for number, *told in found}
