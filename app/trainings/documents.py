"""What trainings print: the record, the attendance sheet, a person's certificate. Numbers of pupils, never their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.drawing import sample_photo
from app.documents.kinds import DocumentKind, declare
from app.logbook.documents import LogRecord, sample_lines


@dataclass(frozen=True, kw_only=True)
class TrainingRecord(LogRecord):
    """Everything the paper prints. `hours` are class hours."""

    audience: str
    form: str
    hours: str
    expected: int | None = None
    attended: int | None
    percent: int | None = None
    trainer: str = ""
    topics: str
    materials: str = ""
    outcome: str = ""
    notes: str = ""
    reflections: str = ""
    quiz: str = ""

    @classmethod
    def sample(cls, language: str) -> TrainingRecord:
        """An invented training of canteen staff."""
        english = language == "en"
        return cls(
            **sample_lines(
                language,
                held="2026-11-18T14:30:00+08:00",
                photo=SAMPLE_PHOTO,
                shows="Practice" if english else "动手操作",
            ),
            audience="Canteen staff" if english else "食堂人员",
            form="Hands-on" if english else "动手操作",
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
            reflections="Practise twice a term" if english else "每学期练习两次",
            quiz="11 of 12 passed, pass mark 80" if english else "12 人参加，11 人合格，合格线 80 分",
        )


@dataclass(frozen=True, kw_only=True)
class TrainingCertificate:
    """That one adult took part, and passed where there was a quiz. `hours` are class hours."""

    name: str
    post: str = ""
    school: str
    school_bo: str = ""
    audience: str
    form: str
    held_at: datetime
    hours: str
    topics: str
    trainer: str = ""
    percent: int | None = None
    pass_percent: int | None = None
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> TrainingCertificate:
        """An invented cook's."""
        record, english = TrainingRecord.sample(language), language == "en"
        return cls(
            name="Yangchen" if english else "央金",
            post="Cook" if english else "炊事员",
            school=record.school,
            school_bo=record.school_bo,
            audience=record.audience,
            form=record.form,
            held_at=record.held_at,
            hours=record.hours,
            topics=record.topics,
            trainer=record.trainer,
            percent=90,
            pass_percent=80,
            issued_on=record.issued_on,
        )


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One person on the attendance sheet."""

    number: int
    name: str
    post: str = ""
    how: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class AttendanceSheet:
    """Who came to a training, adults only."""

    school: str
    school_bo: str = ""
    audience: str
    form: str
    held_at: datetime
    hours: str
    topics: str
    trainer: str = ""
    expected: int | None = None
    lines: tuple[SheetLine, ...]
    issued_on: date

    def same_as(self, other: AttendanceSheet) -> bool:
        """Whether both say the same, whenever they were issued."""
        return replace(self, issued_on=other.issued_on) == other

    @classmethod
    def sample(cls, language: str) -> AttendanceSheet:
        """An invented list."""
        record, english = TrainingRecord.sample(language), language == "en"
        people = (
            (("Yangchen", "Cook"), ("Dorje", "Cook"), ("Lhamo", "Kitchen help"))
            if english
            else (("央金", "炊事员"), ("多吉", "炊事员"), ("拉姆", "帮厨"))
        )
        how = "by code" if english else "扫码"
        return cls(
            school=record.school,
            school_bo=record.school_bo,
            audience=record.audience,
            form=record.form,
            held_at=record.held_at,
            hours=record.hours,
            topics=record.topics,
            trainer=record.trainer,
            expected=14,
            lines=tuple(
                SheetLine(number=n, name=name, post=post, how=how, at=record.held_at)
                for n, (name, post) in enumerate(people, 1)
            ),
            issued_on=record.issued_on,
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
CERTIFICATE = declare(
    DocumentKind(
        code="training_certificate",
        title=_l("消防培训证明"),
        template="documents/training_certificate.html",
        context=TrainingCertificate,
        numbering="{code_word}消训证字〔{year}〕第{serial:05d}号",
        copies=_l("本证明只说明持有人参加了上述培训，不是国家职业资格或从业许可。"),
    )
)
ATTENDANCE = declare(
    DocumentKind(
        code="training_attendance",
        title=_l("消防培训签到表"),
        template="documents/training_attendance.html",
        context=AttendanceSheet,
        numbering="{code_word}消训签字〔{year}〕第{serial:04d}号",
        copies=_l("本表附于培训记录之后。"),
    )
)
