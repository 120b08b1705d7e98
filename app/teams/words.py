"""How what came along with schools reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.teams.brought import kinds


def along(brought: Mapping[str, int]) -> list[tuple[Any, int]]:
    """What came along, by its name, with how many; kinds of which there was nothing are left out."""
    return [(kind.label, brought[kind.name]) for kind in kinds() if brought.get(kind.name)]
