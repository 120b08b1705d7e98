"""How long hands and eyes take, declared once. A model to compare pages with, not a promise of time in the field.

Operators as in the keystroke-level model (Card, Moran, Newell 1980) and its form for touch (Rice, Lartigue 2014); the figures
for gloves, cold and a tablet held in one arm are our proposals and wait for a watch beside real inspectors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operator:
    """One kind of act: seconds each, and where the figure comes from."""

    seconds: float
    source: str


OPERATORS = {
    "tap": Operator(0.8, "proposal: touch of 0.2–0.5 s (touch-level model), and gloves"),
    "row": Operator(0.6, "proposal: reading one row and judging what is in sight; walking and looking at the thing itself not counted"),
    "fault": Operator(1.35, "M of the keystroke-level model: deciding what is wrong"),
    "flick": Operator(0.5, "proposal: one flick of seven tenths of the list"),
    "character": Operator(0.5, "proposal: one Chinese character by pinyin on glass, or one digit with its look at the key"),
    "choice": Operator(1.35, "M of the keystroke-level model: finding an entry of a native list"),
    "camera": Operator(4.0, "proposal: aim, shutter, accept in the camera's own app; its two taps are listed apart"),
    "signature": Operator(3.0, "proposal: taking the pen, one name"),
    "scan": Operator(2.0, "proposal: pointing a scanner at a label until it sounds"),
}  # fmt: skip


def seconds(acts: dict[str, int]) -> float:
    """What so many acts take by the model."""
    return sum(OPERATORS[name].seconds * count for name, count in acts.items())
