"""The pictures of the district: drawn once, put through the same preparation as any photo, and kept in the file store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.files import files
from app.core.pictures import prepare
from app.demo import pictures
from app.demo.writing import Writer
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.fieldwork.strokes import picture_of

VARIANTS = 5


@dataclass(frozen=True)
class Kept:
    """A picture in the store."""

    sha256: str
    thumb_sha256: str
    original_sha256: str
    width: int
    height: int


class Studio:
    """Draws each picture when it is first wanted."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._photos: dict[tuple[str, int, bool], Kept] = {}
        self._hands: dict[tuple[str, int], str] = {}

    def variant(self) -> int:
        """Which of a scene's places it is this time."""
        return self.writer.random.randrange(VARIANTS)

    def picture(self, scene: str, variant: int, *, good: bool) -> Kept:
        """A scene, with its fault or set right."""
        key = (scene, variant, good)
        if key not in self._photos:
            content = pictures.photo(scene, variant=variant, good=good)
            ready = prepare(content, name=f"{scene}.jpg")
            store = files()
            self._photos[key] = Kept(
                store.put(ready.picture), store.put(ready.thumb), store.put(content), ready.width, ready.height
            )
        return self._photos[key]

    def photo(
        self,
        scene: str,
        variant: int,
        *,
        good: bool,
        kind: TargetKind,
        target_id: uuid.UUID,
        at: datetime,
        by_id: uuid.UUID,
        item: str = "",
        place: str = "",
        slot: str = "",
    ) -> Photo:
        """A photo as a row that is not written yet."""
        kept = self.picture(scene, variant, good=good)
        values: dict[str, Any] = {
            "sha256": kept.sha256, "thumb_sha256": kept.thumb_sha256, "original_sha256": kept.original_sha256, "width": kept.width,
            "height": kept.height,
        }  # fmt: skip
        return Photo(
            id=self.writer.new_id(), target_kind=kind, target_id=target_id, item=item, place=place, slot=slot, taken_at=at, added_at=at,
            added_by_id=by_id, **values,
        )  # fmt: skip

    def hand(self, name: str) -> str:
        """A signature's picture; nobody signs twice the same."""
        key = (name, self.writer.random.randrange(3))
        if key not in self._hands:
            self._hands[key] = files().put(picture_of(pictures.strokes(*key)))
        return self._hands[key]
