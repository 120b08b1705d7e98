"""Which clocks of the law run over an order, a major hazard, a sealing, from what is known of it. DOMAIN §2.12."""

from __future__ import annotations

from app.rectification.rules.machine import IN_PREPARATION, OrderState
from app.rectification.rules.orders import OrderKind
from app.regulations.rules.clocks import ClockKind

#: The clock of service runs: the school has not been handed the paper yet.
UNSERVED = IN_PREPARATION | {OrderState.ISSUED}


def service_clock(kind: OrderKind) -> ClockKind:
    """An order for immediate correction is served on the spot, one with a date within three working days. Art. 19."""
    return ClockKind.SERVE if kind is OrderKind.LIMITED else ClockKind.SERVE_AT_ONCE
