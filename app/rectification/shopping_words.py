"""How the shopping list reads, on the page and as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.equipment import wording
from app.equipment.rules.forecast import Purchase
from app.equipment.rules.specification import Agent
from app.regulations.rules.cards import Act

ACTS = {Act.BUY: _l("购买"), Act.SERVICE: _l("送修、委托")}
#: Until the end of how many months the register's dates count, this one included.
SPANS = {1: _l("现在要办"), 3: _l("三个月内"), 12: _l("一年内")}


def extinguisher(specification: Mapping[str, Any], act: Act) -> str:
    """灭火器 干粉 ABC 4 kg; what is sent away for service says so."""
    kind = wording.purchase_kind(
        Purchase(
            None,
            Agent(specification["agent"]),
            specification.get("charge"),
            bool(specification.get("wheeled")),
            1,
        )
    )
    return str(_("灭火器送修 %(kind)s", kind=kind) if act is Act.SERVICE else _("灭火器 %(kind)s", kind=kind))


def piece_unit() -> str:
    """The measure word of extinguishers."""
    return str(_("具"))


def building(name: str) -> str:
    """A building's name, or that it is for the whole school."""
    return name or str(_("全校和室外"))


def amount(line: Any) -> str:
    """×6 具; 6 具和另外 2 处现场清点; 现场清点."""
    if not line.to_count:
        return f"× {line.amount} {line.unit}"
    if not line.amount:
        return str(_("到现场清点"))
    return str(
        _(
            "× %(amount)s %(unit)s，另有 %(places)s 处到现场清点",
            amount=line.amount,
            unit=line.unit,
            places=line.to_count,
        )
    )
