"""Values that several kinds of papers print: a ticked box, who signs, a photo of the annex."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.documents.kinds import Picture


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer of a form, printed with a box; ticked or not."""

    text: str
    ticked: bool = False


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs: with the drawn signature, or with the reason why not and the witness; else with space for ink."""

    role: str
    name: str = ""
    credential: str = ""
    signature: Picture | None = None
    signed_at: datetime | None = None
    refusal: str = ""


@dataclass(frozen=True, kw_only=True)
class Photo:
    """One photo of the annex."""

    number: int
    picture: Picture
    caption: str = ""
    taken_at: datetime | None = None
    by: str = ""
