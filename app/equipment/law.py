"""The tables of the pack in force that equipment is judged by: lives of extinguishers, hazard classes, ratings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.regulations import pack_files


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Any]:
    """Every table of the newest shipped version of the country's school pack."""
    newest = list(pack_files.pack_paths())[-1]
    content: Mapping[str, Any] = pack_files.read_pack(newest)["tables"]
    return content
