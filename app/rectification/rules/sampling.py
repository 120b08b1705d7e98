"""Which closures the leader looks at a second time: drawn by a seed, so that anybody can draw the same again. DOMAIN §6.3."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, timedelta


def draw(pool: Collection[str], *, percent: int, seed: str) -> list[str]:
    """So many per cent of the pool, rounded up, in the order drawn; nothing of nothing or at 0 per cent.

    The order is that of the hash of seed and name, which no version of Python changes.
    """
    count = -(-len(pool) * percent // 100)
    return sorted(pool, key=lambda one: hashlib.sha256(f"{seed}|{one}".encode()).hexdigest())[:count]


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return month_of(month + timedelta(days=31))


def months_before(today: date, count: int) -> list[date]:
    """The last months that are over, the latest first."""
    found = [month_of(month_of(today) - timedelta(days=1))]
    while len(found) < count:
        found.append(month_of(found[-1] - timedelta(days=1)))
    return found
