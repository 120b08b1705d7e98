"""The record of a training on paper (培训记录). Numbers of people, never names of pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.drawing import sample_photo
from app.documents.kinds import DocumentKind, Picture, declare
from app.documents.parts import Photo


@dataclass(frozen=True, kw_only=True)
class TrainingRecord:
    """Everything the paper prints. `hours` are class hours."""

    school: str
    school_bo: str = ""
    address: str = ""
    audience: str
    form: str
    held_at: datetime
    hours: str
    expected: int | None = None
    attended: int | None
    percent: int | None = None
    trainer: str = ""
    topics: str
    materials: str = ""
    outcome: str = ""
    notes: str = ""
    logged_by: str
    logged_at: datetime
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @classmethod
    def sample(cls, language: str) -> TrainingRecord:
        """An invented training of canteen staff."""
        english = language == "en"
        held = datetime.fromisoformat("2026-11-18T14:30:00+08:00")
        return cls(
            school="Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            school_bo="" if english else "དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            address="18 River Valley Road" if english else "示范市示范区河谷路 18 号",
            audience="Canteen staff" if english else "食堂人员",
            form="Hands-on" if english else "动手操作",
            held_at=held,
            hours="2",
            expected=14,
            attended=12,
            percent=85,
            trainer="Tashi" if english else "扎西",
            topics="Oil pan fires, fire blanket, shutting off gas"
            if english
            else "油锅火处置、灭火毯使用、燃气阀门关闭顺序",
            materials="4 training extinguishers, 2 fire blankets" if english else "训练用灭火器 4 具、灭火毯 2 张",
            outcome="11 of 12 used the blanket correctly" if english else "12 人中 11 人能正确使用灭火毯",
            notes="Two on leave, to be trained by 25 November" if english else "请假 2 人，11月25日前补训",
            logged_by="Tsering" if english else "次仁",
            logged_at=held,
            issued_on=date(2026, 11, 18),
            photos=(
                Photo(
                    number=1,
                    picture=Picture(sha256=SAMPLE_PHOTO, alt="Practice" if english else "动手操作"),
                    caption="Practice" if english else "动手操作",
                    taken_at=held,
                ),
            ),
        )


SAMPLE_PHOTO = "0" * 63 + "2"


def _sample_pictures() -> Mapping[str, bytes]:
    return {SAMPLE_PHOTO: sample_photo(11)}


RECORD = declare(
    DocumentKind(
        code="training_record",
        title=_l("消防培训记录"),
        template="documents/training_record.html",
        context=TrainingRecord,
        numbering="{code_word}消训记字〔{year}〕第{serial:04d}号",
        copies=_l("本记录一式两份，一份交学校存入消防档案，一份存档。"),
        pictures=_sample_pictures,
    )
)
