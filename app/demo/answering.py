"""How officers of the district fill a sheet: operations with times, readings inside their limits, a few faults with photos."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from app.demo.studio import Studio
from app.demo.writing import Writer
from app.fieldwork.models import Photo
from app.fieldwork.rules import Op, OpStatus, TargetKind, Via
from app.inspections.rules.answers import needs_own_word
from app.inspections.rules.areas import areas_of
from app.inspections.rules.faults import Chip, chips_of
from app.inspections.rules.fields import PIECE, Answer
from app.inspections.rules.ground import Ground
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType, Handling, Item, Severity
from app.regulations.rules.limits import Bounds

#: Category of the checklist → the scene that shows a fault of it; pieces show themselves.
SCENES = {
    "extinguisher": "extinguisher", "hydrant_indoor": "indoor_hydrant", "hydrant_outdoor": "outdoor_hydrant", "exit_route": "exit_door",
    "fire_door": "fire_door", "emergency_lighting": "emergency_light", "electrical": "electrical",
    "kitchen": "electrical", "laboratory": "electrical",
}  # fmt: skip

#: Units of things that are counted.
WHOLE = frozenset({"pcs", "persons", "beds", "min", "s"})


def scene_of(row: Row) -> str:
    """What a photo of a fault on this row shows."""
    if row.piece is not None:
        kind = str(row.piece.kind)
        return kind if kind != "outdoor_hydrant" else "outdoor_hydrant"
    return SCENES.get(row.category, "route")


def reading(random: Random, bounds: Bounds | None, unit: str | None) -> str:
    """A figure inside the limits, as an instrument shows it."""
    low = bounds.min if bounds and bounds.min is not None else None
    high = (
        min((b for b in (bounds.max, bounds.hard_max, bounds.target_max) if b is not None), default=None)
        if bounds
        else None
    )
    if low is not None and high is not None:
        value = low + (high - low) * random.uniform(0.2, 0.8)
    elif low is not None:
        value = low * random.uniform(1.02, 1.4) if low else random.uniform(0.2, 5)
    elif high is not None:
        value = high * random.uniform(0.4, 0.95)
    else:
        value = random.uniform(1, 10)
    if unit in WHOLE or value > 60:
        whole = round(value)
        whole = max(whole, int(low) + 1) if low is not None and whole < low else whole
        return str(whole if high is None or whole <= high else int(high))
    shown = f"{value:.2f}"
    return shown.rstrip("0").rstrip(".")


@dataclass
class Filled:
    """What was said on a sheet: operations and photos, and when the officers were through."""

    ops: list[Op] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    finished_at: datetime | None = None


@dataclass
class Hand:
    """Fills one sheet for one officer; the clock goes on with each answer."""

    writer: Writer
    studio: Studio
    checklist: Checklist
    inspection_id: uuid.UUID
    by_id: uuid.UUID
    at: datetime
    day: date
    result: Filled = field(default_factory=Filled)

    @property
    def random(self) -> Random:
        """The district's chance."""
        return self.writer.random

    def sample(self, place: str) -> None:
        """Choose a piece for readings and tests."""
        self._note(PIECE, place, "sample", True, Via.TAP)

    def fill(self, rows: list[Row], ground: Ground, *, faults: int) -> Filled:
        """Walk through all areas and answer; so many rows fail, of those that offer a fault."""
        areas = areas_of(rows, self.checklist, ground)
        failing = self._failing([row for area in areas for row in area.rows], faults)
        for area in areas:
            quick = [row for row in area.rows if self._may_be_quick(row, failing)]
            for row in area.rows:
                if row.name in failing:
                    self._fail(row, failing[row.name])
                elif row not in quick:
                    self._pass(row)
            for row in quick:
                self._say(row, "answer", Answer.PASS.value, Via.BULK, seconds=0)
            self.at += timedelta(seconds=self.random.randint(30, 150))
        self.result.finished_at = self.at
        return self.result

    def _may_be_quick(self, row: Row, failing: dict[str, Chip]) -> bool:
        plain = not row.critical and row.bounds is None and not row.is_piece and not needs_own_word(row, self.checklist)
        return plain and row.name not in failing and self.random.random() < 0.3

    def _failing(self, rows: list[Row], faults: int) -> dict[str, Chip]:
        """Which rows fail, and by which fault; pieces and things with a picture first, nothing critical too often."""
        offers: dict[str, list[Chip]] = {}
        for row in rows:
            item = self.checklist.by_code.get(row.item)
            if item is not None and item.answer_type is not AnswerType.PASS_FAIL_NA:
                continue
            chips = [c for c in chips_of(row, self.checklist) if c.fault.handling in _ORDERED and c.fault.deadline]
            if chips:
                offers[row.name] = chips
        names = [name for name in offers if name.startswith(PIECE)] + [n for n in offers if not n.startswith(PIECE)]
        if not names:
            return {}
        found: dict[str, Chip] = {}
        for _n in range(faults):
            pool = names[: max(1, len(names) // 2)] if self.random.random() < 0.7 else names
            name = self.random.choice(pool)
            chips = offers[name]
            chip = self.random.choice(chips)
            if chip.fault.severity is Severity.CRITICAL and self.random.random() < 0.75:
                chip = next((c for c in chips if c.fault.severity is not Severity.CRITICAL), chip)
            found[name] = chip
        return found

    def _say(self, row: Row, name: str, value: Any, via: Via, *, seconds: int = 0) -> None:
        self.at += timedelta(seconds=seconds)
        self._note(row.item, row.place, name, value, via)

    def _note(self, item: str, place: str, name: str, value: Any, via: Via) -> None:
        rev = len(self.result.ops) + 1
        self.result.ops.append(
            Op(
                op_id=self.writer.new_id(), item=item, place=place, field=name, value=value, base_rev=rev - 1, rev=rev,
                status=OpStatus.APPLIED, at=self.at, by_id=self.by_id, via=via, device="tablet-demo",
            )
        )  # fmt: skip

    def _pass(self, row: Row) -> None:
        item = self.checklist.by_code.get(row.item)
        seconds = self.random.randint(3, 20)
        if row.is_piece or item is None:
            if row.is_piece and self.random.random() < 0.05:
                return  # not seen on this visit; the record says so
            self._say(row, "answer", Answer.PASS.value, Via.PIECE if row.is_piece else Via.TAP, seconds=seconds)
            return
        if row.asks_where and self.random.random() < 0.4:
            self._say(
                row, "where", self.random.choice(("一层", "二层东侧", "三层", "西侧走道")), Via.TYPE, seconds=seconds
            )
        self._answer(row, item, seconds)

    def _answer(self, row: Row, item: Item, seconds: int) -> None:
        match item.answer_type:
            case AnswerType.NUMBER:
                self._say(row, "reading", reading(self.random, row.bounds, item.unit), Via.TYPE, seconds=seconds)
            case AnswerType.CHOICE:
                good = [choice.value for choice in item.choices if not choice.fails]
                self._say(row, "choice", self.random.choice(good), Via.TAP, seconds=seconds)
            case AnswerType.DATE:
                done = self.day - timedelta(days=self.random.randint(5, 300))
                self._say(row, "date", done.isoformat(), Via.TYPE, seconds=seconds)
            case AnswerType.TEXT:
                self._say(row, "text", "已核对，情况属实", Via.TYPE, seconds=seconds)
            case AnswerType.PHOTO:
                self._photo(row, "", self.studio.variant(), good=True)
            case _:
                pass
        value = Answer.NA if self.random.random() < 0.04 and not item.is_critical else Answer.PASS
        if item.answer_type is not AnswerType.PASS_FAIL_NA:
            value = Answer.PASS
        self._say(row, "answer", value.value, Via.TAP, seconds=2)

    def _fail(self, row: Row, chip: Chip) -> None:
        self._say(row, "answer", Answer.FAIL.value, Via.TAP, seconds=self.random.randint(10, 40))
        self._say(row, "fault", [chip.value], Via.TAP, seconds=4)
        if row.asks_where:
            self._say(
                row, "where", self.random.choice(("一层东侧", "二层走道", "三层西侧", "门厅")), Via.TYPE, seconds=8
            )
        variant = self.studio.variant()
        self._photo(row, "", variant, good=False)
        if self.random.random() < (0.7 if chip.fault.handling is Handling.SPOT else 0.08):
            self.at += timedelta(minutes=self.random.randint(4, 15))
            self._photo(row, "after", variant, good=True)
            self._say(row, "spot", True, Via.TAP, seconds=5)

    def _photo(self, row: Row, slot: str, variant: int, *, good: bool) -> None:
        photo = self.studio.photo(
            scene_of(row), variant, good=good, kind=TargetKind.INSPECTION, target_id=self.inspection_id, at=self.at, by_id=self.by_id,
            item=row.item, place=row.place, slot=slot,
        )  # fmt: skip
        self.result.photos.append(photo)
        self._say(
            row, "photo", {"id": str(photo.id), "slot": slot, "sha256": photo.original_sha256}, Via.TAP, seconds=6
        )


_ORDERED = frozenset({Handling.SPOT, Handling.ORDER_IMMEDIATE, Handling.ORDER_LIMITED})
