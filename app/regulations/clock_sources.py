"""Where running clocks come from: features above register what they have open, so that a calendar can say what it moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from app.accounts.viewer import Viewer
from app.regulations.rules.calendars import OpenClock


@dataclass(frozen=True, slots=True)
class PlacedClock:
    """An open clock and the area whose days it runs on."""

    area_code: str
    clock: OpenClock


ClockSource = Callable[[Viewer, str | None], Iterable[PlacedClock]]

_sources: list[ClockSource] = []


def register_clock_source(source: ClockSource) -> ClockSource:
    """Add a source: called with the viewer and an area code, it gives the open clocks of that area and all below it.

    Without an area it gives all the viewer may see. Statuses stay derived; nothing is stored when a calendar changes.
    """
    if source not in _sources:
        _sources.append(source)
    return source


def open_clocks(viewer: Viewer, area_code: str | None) -> Iterator[PlacedClock]:
    """All open clocks of the area that the viewer may see, from every source."""
    for source in _sources:
        yield from source(viewer, area_code)
