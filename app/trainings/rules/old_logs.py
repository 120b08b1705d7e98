"""Trainings of former years from lists: what a row says, and what of it is sure. Nothing is guessed, no pupil is named."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from app.core.spelling import plain_text
from app.imports.cells import LONGEST_CELL
from app.imports.days import Day, read_day
from app.logbook.reading import Doubt, Typed, read_count, read_duration
from app.trainings.rules.attendance import CLASS_HOUR, LONGEST_NAME, keeps_names
from app.trainings.rules.sessions import Audience, TrainingForm

#: Field → headings it goes by.
HEADINGS: Mapping[str, Sequence[str]] = {
    "school": ("学校名称", "学校", "单位名称", "培训单位", "单位", "school", "school name"),
    "school_code": ("学校标识码", "学校代码", "标识码", "school code"),
    "day": ("培训日期", "培训时间", "活动日期", "活动时间", "日期", "时间", "date", "day", "date of training"),
    "time": ("开始时间", "起止时间", "时段", "时间段", "start", "start time", "from to"),
    "audience": ("培训对象", "受训对象", "参训对象", "对象", "audience", "for whom", "participants group"),
    "form": ("培训形式", "培训方式", "活动形式", "形式", "方式", "form", "method"),
    "hours": ("学时", "课时", "培训学时", "class hours", "lessons", "periods"),
    "length": ("培训时长", "时长", "用时", "duration", "length"),
    "minutes": ("时长分钟", "分钟数", "分钟", "minutes", "mins"),
    "clock_hours": ("时长小时", "小时数", "hours", "hrs"),
    "topics": ("培训内容", "培训主题", "主题", "内容", "课题", "活动名称", "topic", "topics", "subject", "content"),
    "trainer": ("授课人", "主讲人", "培训人", "讲师", "教官", "trainer", "trainers", "instructor", "speaker"),
    "expected": ("应到人数", "应参训人数", "expected"),
    "attended": ("实到人数", "参加人数", "参训人数", "培训人数", "受训人数", "人数", "attended", "number of people", "participants"),
    "names": ("签到名单", "参训人员", "参加人员", "人员名单", "名单", "签到", "names", "attendance list", "attendees"),
    "materials": ("教材和器材", "教材", "教案", "器材", "materials"),
    "quiz_taken": ("参加考核人数", "参加测验人数", "考试人数", "examined", "tested"),
    "quiz_passed": ("合格人数", "考核合格人数", "passed"),
    "outcome": ("培训效果", "效果", "考核结果", "考核情况", "结果", "成绩", "outcome", "result", "results"),
    "reflections": ("心得", "体会", "改进", "心得体会", "reflections"),
    "note": ("备注", "说明", "过程记录", "培训记录", "note", "notes", "remarks"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
HEADS = ("expected", "attended", "quiz_taken", "quiz_passed")
LONGEST, MOST_PEOPLE, MOST_CLASS_HOURS = 2000, 100_000, 100
_CLASS_HOUR_S = int(CLASS_HOUR.total_seconds())
#: The columns that say how long it was, and what one of a bare number in them is (seconds).
LENGTHS: Mapping[str, int | None] = {"hours": _CLASS_HOUR_S, "length": None, "minutes": 60, "clock_hours": 3600}

_AUDIENCES = {
    Audience.GUARDS: ("保安", "门卫", "安保人员", "guard"),
    Audience.CANTEEN: ("食堂", "厨师", "厨房", "炊事", "canteen", "kitchen", "cook"),
    Audience.WARDENS: ("宿管老师", "宿管", "宿舍管理", "生活老师", "warden"),
    Audience.NEW_STAFF: ("新上岗", "新入职", "新教师", "新员工", "新进教师", "new staff", "new teacher"),
    Audience.TEACHERS: ("教师", "老师", "班主任", "teacher"),
    Audience.ALL_STAFF: ("全体教职工", "全体教职员工", "教职工", "教职员工", "全体员工", "all staff"),
    Audience.PARENTS: ("学生家长", "家长", "parent"),
    Audience.PUPILS: ("学生", "新生", "小朋友", "幼儿", "pupil", "student"),
}
_FORMS = {
    TrainingForm.LECTURE: ("讲座", "授课", "讲课", "lecture", "talk"),
    TrainingForm.FILM: ("影片", "视频", "电影", "film", "video"),
    TrainingForm.DEMONSTRATION: ("现场演示", "演示", "demonstration"),
    TrainingForm.HANDS_ON: ("动手操作", "实操", "操作", "hands-on", "hands on"),
    TrainingForm.WATER_SHOW: ("出水演示", "出水", "water"),
    TrainingForm.STATION_VISIT: ("参观消防站", "参观", "station visit"),
    TrainingForm.CAMPAIGN: ("宣传", "campaign"),
    TrainingForm.QUIZ: ("知识竞赛", "竞赛", "测验", "考试", "quiz", "test"),
}
#: Words that make any group a part of it, or more than it.
_VAGUE = ("代表", "部分", "师生", "等", "some", "etc")
Kind = TypeVar("Kind", bound=StrEnum)


def _only(text: str, words: Mapping[Kind, Sequence[str]]) -> tuple[Kind | None, str]:
    """The one thing that a cell names; else None and why: unknown, or several. Longer words are looked for first."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("幼儿园", " ")
    found: set[Kind] = set()
    for word, kind in sorted(((word, kind) for kind, some in words.items() for word in some), key=lambda p: -len(p[0])):
        if word in plain:
            found.add(kind)
            plain = plain.replace(word, " ")
    if len(found) == 1 and not any(vague in plain for vague in _VAGUE):
        return found.pop(), ""
    return None, "several" if len(found) > 1 or any(vague in plain for vague in _VAGUE) else "unknown"


def audience_of(text: str) -> tuple[Audience | None, str]:
    """Who was trained."""
    return _only(text, _AUDIENCES)


def form_of(text: str) -> tuple[TrainingForm | None, str]:
    """How it was given."""
    return _only(text, _FORMS)


_HOUR = r"(\d{1,2}):(\d{2})(?::00)?"
_FROM_TO = rf"{_HOUR}(?:\s*[-–—~至到]+\s*{_HOUR})?"
_TIME, _DAY_AND_TIME = re.compile(_FROM_TO), re.compile(rf"(.*?\d\s*日?)[\sT]+({_FROM_TO})")
_MIDNIGHT = re.compile(r"00:00(:00)?")


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, as far as it is sure."""

    begins: time | None = None
    ends: time | None = None
    doubt: Doubt | None = None

    @property
    def seconds(self) -> int | None:
        """How long."""
        if self.begins is None or self.ends is None:
            return None
        return (self.ends.hour - self.begins.hour) * 3600 + (self.ends.minute - self.begins.minute) * 60


def read_span(text: str) -> Span:
    """An hour of the day, or two, on the 24-hour clock; before seven nobody says whether it is morning or afternoon."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return Span()
    found = _TIME.fullmatch(plain)
    if found is None:
        return Span(doubt=Doubt.UNREADABLE)
    try:
        begins, ends = (
            time(int(hour), int(minute)) if hour else None for hour, minute in (found.groups()[:2], found.groups()[2:])
        )
    except ValueError:
        return Span(doubt=Doubt.IMPOSSIBLE)
    if begins is not None and begins.hour < 7:
        return Span(doubt=Doubt.NO_UNIT)
    if begins is not None and ends is not None and ends <= begins:
        return Span(doubt=Doubt.IMPOSSIBLE)
    return Span(begins, ends)


_NAME = re.compile(r"[㐀-鿿·]{2,8}|[A-Za-zÀ-ɏ.'\- ]{2,40}|[ༀ-࿿ ]{2,60}")
_APART = re.compile(r"[、,;\n|/]+")


def names_in(text: str) -> list[str] | None:
    """The different names in one cell; None where something in it is no name ("and 30 others")."""
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = [part.strip() for part in _APART.split(plain) if part.strip()]
    if len(parts) == 1 and re.fullmatch(r"[㐀-鿿·\s]+", plain):
        parts = plain.split()
    if any(len(part) > LONGEST_NAME or not _NAME.fullmatch(part) or part.endswith(("等", "人")) for part in parts):
        return None
    return list(dict.fromkeys(parts))


@dataclass
class ReadRow:
    """A row: its typed texts, its day and hour, its figures, and the words that say what is wrong with it."""

    number: int
    texts: dict[str, str]
    source: dict[str, str]
    day: Day
    span: Span = field(default_factory=Span)
    figures: dict[str, Typed] = field(default_factory=dict)
    seconds: int | None = None
    audience: Audience = Audience.UNKNOWN
    form: TrainingForm = TrainingForm.UNKNOWN
    flags: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The same for the same row of the same list, whoever sends it again."""
        names = ("school", "school_code", "day", "time", "audience", "topics", "trainer")
        said = "\x1f".join(plain_text(self.texts.get(name, "")) for name in names)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def values(self) -> dict[str, int]:
        """Numbers of people that are sure."""
        return {name: one.value for name, one in self.figures.items() if one.value is not None}

    @property
    def class_hours(self) -> Decimal | None:
        """How long it was in class hours, hundredths at the finest."""
        return None if self.seconds is None else round(Decimal(self.seconds) / _CLASS_HOUR_S, 2)


def read_row(number: int, texts: Mapping[str, str], source: Mapping[str, str], *, today: date) -> ReadRow:
    """Judge one row by itself. A training without a sure day cannot be kept; what else is not sure stays as typed."""
    said = {name: text.strip() for name, text in texts.items() if text.strip()}
    day, hour = _day_and_time(said.get("day", ""))
    row = ReadRow(number, said, dict(source), read_day(day, today=today))
    row.span = read_span(said.get("time", "") or hour)
    if row.span.doubt:
        row.flags.append(f"time:{row.span.doubt}")
    _read_kind(row)
    _read_length(row)
    _read_heads(row)
    _read_names(row)
    row.errors = _errors(row)
    return row


def _day_and_time(text: str) -> tuple[str, str]:
    """A cell that says the day and the hour, taken apart."""
    found = _DAY_AND_TIME.fullmatch(unicodedata.normalize("NFKC", text))
    return (found[1], found[2]) if found and not _MIDNIGHT.fullmatch(found[2]) else (text, "")


def _errors(row: ReadRow) -> list[str]:
    errors = []
    if "school" not in row.texts and "school_code" not in row.texts:
        errors.append("no_school")
    if "day" not in row.texts:
        errors.append("no_day")
    elif row.day.clean is None:
        errors.append(f"day:{row.day.flag}")
    if any(len(text) > LONGEST for text in row.texts.values()):
        errors.append("too_long")
    return errors


def _read_kind(row: ReadRow) -> None:
    audience, doubt = audience_of(row.texts.get("audience", ""))
    row.audience = audience or Audience.UNKNOWN
    row.flags += [] if audience else [f"audience:{doubt}"]
    form, doubt = form_of(row.texts.get("form", ""))
    row.form = form or TrainingForm.UNKNOWN
    row.flags += [f"form:{doubt}"] if form is None and "form" in row.texts else []


def _read_length(row: ReadRow) -> None:
    """How long it was: as said, else from when until when; several columns that differ are none of them taken."""
    longest = MOST_CLASS_HOURS * _CLASS_HOUR_S
    found = {
        name: read_duration(_without_unit(row.texts[name], name), longest_s=longest, bare_s=bare)
        for name, bare in LENGTHS.items()
        if name in row.texts
    }
    row.flags += [f"{name}:{one.doubt}" for name, one in found.items() if one.doubt]
    sure = {one.value for one in found.values() if one.value is not None}
    if len(sure) > 1:
        row.flags.append("lengths:differ")
    elif sure:
        row.seconds = sure.pop()
    elif not found:
        row.seconds = row.span.seconds
    if row.seconds is not None and not row.class_hours:
        row.seconds = None
        row.flags.append("length:too_short")


_LESSONS = re.compile(r"(?:个?(?:学时|课时|课)|节课?|class hours?|lessons?|periods?)$", re.IGNORECASE)


def _without_unit(text: str, name: str) -> str:
    """`2学时` in the column of class hours is 2; elsewhere the unit stays, and is not known."""
    return _LESSONS.sub("", text.strip()).strip() if name == "hours" else text


def _read_heads(row: ReadRow) -> None:
    row.figures = {name: read_count(row.texts.get(name, ""), most=MOST_PEOPLE) for name in HEADS}
    if row.figures["attended"].doubt is Doubt.UNREADABLE and "names" not in row.texts and _lists(row.texts["attended"]):
        row.texts["names"] = row.texts.pop("attended")
        row.figures["attended"] = Typed()
    row.flags += [f"{name}:{one.doubt}" for name, one in row.figures.items() if one.doubt]
    taken, passed = row.values.get("quiz_taken"), row.values.get("quiz_passed")
    if passed is not None and (taken is None or passed > taken):
        row.flags.append("quiz:contradicts")
        for name in ("quiz_taken", "quiz_passed"):
            row.figures[name] = replace(row.figures[name], value=None)


def _lists(text: str) -> bool:
    """Whether a cell that should be a number holds several names."""
    parts = _APART.split(unicodedata.normalize("NFKC", text))
    return sum(bool(_NAME.fullmatch(part.strip())) for part in parts) > 1


def _read_names(row: ReadRow) -> None:
    """Names are counted where nobody said a number; those of pupils, or of nobody knows whom, are not kept."""
    if "names" not in row.texts:
        return
    typed = row.texts["names"]
    names = names_in(typed)
    attended = row.figures["attended"].value
    if names is None:
        row.flags.append("names:unreadable")
    elif attended is None and not row.figures["attended"].text:
        row.figures["attended"] = Typed("", len(names))
        row.flags.append("attended:counted")
    elif attended is not None and attended != len(names):
        row.flags.append("names:differ")
    if not keeps_names(row.audience):
        del row.texts["names"]
        row.source = {heading: text for heading, text in row.source.items() if text != typed[:LONGEST_CELL]}
        row.flags.append("names:left_out")
