"""Drills of former years from lists: what a row says, and what of it is sure. Nothing is guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.spelling import plain_text
from app.drills.rules import LONGEST_S, DrillKind, Figures, mistakes
from app.imports.days import Day, read_day
from app.logbook.reading import Typed, read_count, read_elapsed

#: Field → headings it goes by.
HEADINGS: Mapping[str, Sequence[str]] = {
    "school": ("学校名称", "学校", "单位名称", "演练单位", "单位", "school", "school name"),
    "school_code": ("学校标识码", "学校代码", "标识码", "school code"),
    "day": ("演练日期", "演练时间", "日期", "时间", "date", "day", "date of drill"),
    "kind": ("演练类型", "演练内容", "演练名称", "类型", "内容", "kind", "type", "drill"),
    "first_out": ("第一人离开", "第一人撤出", "first out"),
    "last_out": ("疏散用时", "疏散时间", "用时", "最后一人离开", "撤离时间", "evacuation time", "time taken", "duration", "last out"),
    "counted": ("清点完毕", "清点用时", "head count time"),
    "expected": ("应到人数", "全校人数", "应到", "expected", "roll"),
    "present": ("在校人数", "参加人数", "参演人数", "present", "participants"),
    "accounted": ("清点人数", "实到人数", "集合点清点到", "accounted", "counted"),
    "led_by": ("组织人", "负责人", "总指挥", "led by", "leader"),
    "weather": ("天气", "weather"),
    "problems": ("发现的问题", "存在问题", "问题", "problems", "remarks on drill"),
    "note": ("备注", "说明", "note", "notes", "remarks"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
TIMES, HEADS = ("first_out", "last_out", "counted"), ("expected", "present", "accounted")
LONGEST, MOST_PEOPLE = 2000, 100_000
_KINDS = (
    (DrillKind.NIGHT, ("夜间", "night")),
    (DrillKind.EARTHQUAKE, ("地震", "quake")),
    (DrillKind.SCHOOL_BUS, ("校车", "bus")),
    (DrillKind.EXTINGUISHER, ("灭火器", "extinguisher")),
    (DrillKind.FIRE_PLAN, ("灭火和应急疏散预案", "预案演练", "fire plan")),
    (DrillKind.EVACUATION, ("疏散", "逃生", "evacuation", "fire drill", "消防演练")),
)


def kind_of(text: str) -> DrillKind | None:
    """Which kind a cell names; None where it names none that we know."""
    plain = text.strip().lower()
    return next((kind for kind, words in _KINDS if any(word in plain for word in words)), None)


@dataclass
class ReadRow:
    """A row: its typed texts, its day, its times and numbers, and the words that say what is wrong with it."""

    number: int
    texts: dict[str, str]
    source: dict[str, str]
    day: Day
    figures: dict[str, Typed]
    kind: DrillKind = DrillKind.OTHER
    flags: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same for the same row of the same list, whoever sends it again."""
        said = "\x1f".join(
            plain_text(self.texts.get(name, "")) for name in ("school", "school_code", "day", "kind", "last_out")
        )
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def values(self) -> dict[str, int]:
        """Times in seconds and numbers of people that are sure."""
        return {name: one.value for name, one in self.figures.items() if one.value is not None}


def read_row(number: int, texts: Mapping[str, str], source: Mapping[str, str], *, today: date) -> ReadRow:
    """Judge one row by itself. A drill without a sure day cannot be kept; a time or number that is not sure stays as typed."""
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    figures = {name: read_elapsed(said.get(name, ""), longest_s=LONGEST_S) for name in TIMES}
    figures |= {name: read_count(said.get(name, ""), most=MOST_PEOPLE) for name in HEADS}
    row = ReadRow(number, said, dict(source), read_day(said.get("day", ""), today=today), figures)
    row.flags = [f"{name}:{one.doubt}" for name, one in figures.items() if one.doubt]
    if "school" not in said and "school_code" not in said:
        row.errors.append("no_school")
    if "day" not in said:
        row.errors.append("no_day")
    elif row.day.clean is None:
        row.errors.append(f"day:{row.day.flag}")
    if any(len(text) > LONGEST for text in said.values()):
        row.errors.append("too_long")
    kind = kind_of(said.get("kind", ""))
    row.kind = kind or DrillKind.OTHER
    row.flags += [] if kind else ["kind:unknown"]
    _compare(row)
    return row


def _compare(row: ReadRow) -> None:
    """Times that contradict each other are none of them sure."""
    values = {name: row.values.get(name) for name in TIMES}
    times = Figures(first_out_s=values["first_out"], last_out_s=values["last_out"], counted_s=values["counted"])
    if not mistakes(times):
        return
    row.flags.append("times:contradict")
    for name in TIMES:
        row.figures[name] = Typed(row.figures[name].text)
