"""The record of a drill on paper (演练记录). Numbers of people, never names of pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.drawing import sample_photo
from app.documents.kinds import DocumentKind, Picture, declare
from app.documents.parts import Photo


@dataclass(frozen=True, kw_only=True)
class DrillRecord:
    """Everything the paper prints. Times in seconds from the signal."""

    school: str
    school_bo: str = ""
    address: str = ""
    kind: str
    building: str
    floors: int | None = None
    held_at: datetime
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
    accounted: int
    missing: int
    problems: str = ""
    notes: str = ""
    hints: tuple[str, ...] = ()
    logged_by: str
    logged_at: datetime
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @classmethod
    def sample(cls, language: str) -> DrillRecord:
        """An invented drill at a boarding school, one person missing."""
        english = language == "en"
        held = datetime.fromisoformat("2026-11-18T10:20:00+08:00")
        return cls(
            school="Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            school_bo="" if english else "དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            address="18 River Valley Road" if english else "示范市示范区河谷路 18 号",
            kind="Evacuation drill" if english else "应急疏散演练",
            building="Teaching building 1" if english else "1 号教学楼",
            floors=3,
            held_at=held,
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
            logged_by="Tsering" if english else "次仁",
            logged_at=held,
            issued_on=date(2026, 11, 18),
            photos=(
                Photo(
                    number=1,
                    picture=Picture(sha256=SAMPLE_PHOTO, alt="Assembly point" if english else "集合点清点"),
                    caption="Assembly point" if english else "集合点清点",
                    taken_at=held,
                ),
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
