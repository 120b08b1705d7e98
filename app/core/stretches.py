"""From which day to which something is held, and what a hand-over does to what was held before. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

Key = TypeVar("Key")


@dataclass(frozen=True)
class Stretch(Generic[Key]):
    """Something held from a day to a last day, which is included; without one it goes on."""

    key: Key
    from_day: date
    to_day: date | None = None

    def is_held_on(self, day: date) -> bool:
        """Whether the day lies within."""
        return self.from_day <= day and (self.to_day is None or self.to_day >= day)


@dataclass(frozen=True)
class Ending(Generic[Key]):
    """What becomes of what was held: `withdrawn` never comes to pass, `ended` has its last day on `last_day`."""

    withdrawn: tuple[Key, ...]
    ended: tuple[Key, ...]
    last_day: date


def ending(stretches: Iterable[Stretch[Key]], from_day: date) -> Ending[Key]:
    """What a hand-over from a day on does to the stretches that stand."""
    withdrawn, ended = [], []
    for one in stretches:
        if one.from_day >= from_day:
            withdrawn.append(one.key)
        elif one.to_day is None or one.to_day >= from_day:
            ended.append(one.key)
    return Ending(tuple(withdrawn), tuple(ended), from_day - timedelta(days=1))
