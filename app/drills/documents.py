"""The record of a drill on paper (演练记录). Numbers of people, never names of pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.drawing import sample_photo
from app.documents.kinds import DocumentKind, declare
from app.logbook.documents import LogRecord, sample_lines


@dataclass(frozen=True, kw_only=True)
class CountedClass:
    """One class as it was counted; `missing` None where it never reported."""

    name: str
    expected: int
    present: int | None = None
    elsewhere: int = 0
    missing: int | None = None
    time: str = ""


@dataclass(frozen=True, kw_only=True)
class PassedStair:
    """One stair or turn, and when it was empty."""

    place: str
    time: str = ""


@dataclass(frozen=True, kw_only=True)
class GradedPoint:
    """One point of the guide, how it was done, and what is said of it."""

    point: str
    grade: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """A lesson that is followed as a finding."""

    text: str
    measure: str = ""
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class EarlierDrill:
    """One of the drills before, and this one."""

    day: date
    time: str = ""
    change: str = ""


@dataclass(frozen=True, kw_only=True)
class DrillRecord(LogRecord):
    """Everything the paper prints. Times in seconds from the signal."""

    kind: str
    building: str
    floors: int | None = None
    led_by: str = ""
    weather: str = ""
    scenario: str = ""
    observers: str = ""
    first_out: str = ""
    last_out: str = ""
    counted: str = ""
    goal: str = ""
    goal_met: bool | None = None
    expected: int | None = None
    present: int | None = None
    accounted: int | None
    missing: int
    problems: str = ""
    notes: str = ""
    hints: tuple[str, ...] = ()
    signal: str = ""
    staff_on_duty: str = ""
    special: str = ""
    estimate: str = ""
    estimate_blocked: str = ""
    classes: tuple[CountedClass, ...] = ()
    stairs: tuple[PassedStair, ...] = ()
    grades: tuple[GradedPoint, ...] = ()
    judged_by: str = ""
    lessons: tuple[Learnt, ...] = ()
    trend: tuple[EarlierDrill, ...] = ()

    @classmethod
    def sample(cls, language: str) -> DrillRecord:
        """An invented drill at a boarding school, one person missing."""
        english = language == "en"
        return cls(
            **sample_lines(
                language,
                held="2026-11-18T10:20:00+08:00",
                photo=SAMPLE_PHOTO,
                shows="Assembly point" if english else "集合点清点",
            ),
            kind="Evacuation drill" if english else "应急疏散演练",
            building="Teaching building 1" if english else "1 号教学楼",
            floors=3,
            led_by="Nyima" if english else "尼玛",
            weather="Clear, light wind" if english else "晴，微风",
            scenario="Smoke in the east stair of the second floor"
            if english
            else "二层东侧楼梯间起烟，东侧楼梯不能使用",
            observers="Brigade, education bureau" if english else "区消防救援大队、区教育局",
            first_out="0:22",
            last_out="1:54",
            counted="3:10",
            goal="2:00",
            goal_met=True,
            expected=320,
            present=312,
            accounted=311,
            missing=1,
            problems="West stair crowded on the first landing"
            if english
            else "西侧楼梯一层平台拥挤；三年级二班漏带名册",
            notes="The missing pupil was in the sick room" if english else "未清点到的一人在医务室，10 时 26 分确认",
            signal="Bell and loudspeaker" if english else "电铃三长声和广播",
            staff_on_duty="26 teachers, 2 guards" if english else "教师 26 人、门卫 2 人",
            special="East stair closed" if english else "东侧楼梯封闭",
            estimate="1:02",
            estimate_blocked="2:05",
            classes=tuple(
                CountedClass(
                    name=f"Grade {grade} class {number}" if english else f"{'一二三四'[grade - 1]}年级{number}班",
                    expected=40,
                    present=39 - (grade == 3 and number == 2),
                    elsewhere=1,
                    missing=int(grade == 3 and number == 2),
                    time=f"2:{10 * grade + number:02}",
                )
                for grade in range(1, 5)
                for number in (1, 2)
            ),
            stairs=(
                PassedStair(place="East stair" if english else "东侧楼梯", time="1:21"),
                PassedStair(place="West stair" if english else "西侧楼梯", time="1:54"),
            ),
            grades=(
                GradedPoint(
                    point="Signal heard everywhere" if english else "各处都听到信号",
                    grade="Done" if english else "做到",
                ),
                GradedPoint(
                    point="No crushing on stairs" if english else "楼梯不拥挤（两列、不弯腰拾物）",
                    grade="Partly" if english else "部分做到",
                    note="West stair, first landing" if english else "西侧楼梯一层平台",
                ),
            ),
            judged_by="Nyima" if english else "尼玛",
            lessons=(
                Learnt(
                    text="Grade 3 and 4 meet on the west stair" if english else "三、四年级在西侧楼梯汇合，拥挤",
                    measure="Grade 4 takes the east stair" if english else "四年级改走东侧楼梯",
                    owner="Dawa" if english else "达瓦",
                    due_on=date(2026, 12, 2),
                ),
            ),
            trend=(
                EarlierDrill(day=date(2026, 9, 16), time="2:20"),
                EarlierDrill(day=date(2026, 10, 21), time="2:06", change="−14"),
                EarlierDrill(day=date(2026, 11, 18), time="1:54", change="−12"),
            ),
        )


SAMPLE_PHOTO = "0" * 63 + "1"


def _sample_pictures() -> Mapping[str, bytes]:
    return {SAMPLE_PHOTO: sample_photo(7)}


RECORD = declare(
    DocumentKind(
        code="drill_record",
        title=_l("消防演练记录"),
        template="documents/drill_record.html",
        context=DrillRecord,
        numbering="{code_word}消演记字〔{year}〕第{serial:04d}号",
        copies=_l("本记录一式两份，一份交学校存入消防档案，一份存档。"),
        pictures=_sample_pictures,
    )
)
