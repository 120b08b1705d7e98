"""防火巡查记录 after GB/T 40248-2021 Annex A: place, time, person, problem; also as a blank form. DOMAIN §1.10, §2.11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.documents.parts import Signatory
from app.rectification.papers import samples

#: What a patrol looks at, lettered on the form. GB/T 40248-2021 7.3.6.
POINTS = (
    _l("用火、用电有无违章情况"),
    _l("安全出口、疏散通道是否畅通，有无锁闭；疏散指示标志、应急照明是否完好"),
    _l("常闭式防火门是否处于关闭状态，防火卷帘下是否堆放物品"),
    _l("消防设施、器材和消防安全标志是否在位、完好"),
    _l("消防安全重点部位的人员是否在岗"),
    _l("消防车通道是否畅通"),
    _l("其他消防安全情况"),
)


@dataclass(frozen=True, kw_only=True)
class PatrolLine:
    """One stop of a patrol. `points` are the letters of what was not in order; none means all was."""

    at: datetime
    where: str
    points: tuple[str, ...] = ()
    problem: str = ""
    handled: str = ""
    by: str


@dataclass(frozen=True, kw_only=True)
class PatrolRecord:
    """Everything the form prints; `blank_lines` to fill in by hand. Patroller and superior sign. GB/T 40248-2021 7.3.2."""

    day: date | None = None
    is_night: bool = False
    lines: tuple[PatrolLine, ...] = ()
    blank_lines: int = 0
    signatories: tuple[Signatory, ...]

    @property
    def points(self) -> tuple[tuple[str, str], ...]:
        """Letter and wording of what is looked at."""
        return tuple((chr(ord("A") + n), str(text)) for n, text in enumerate(POINTS))

    @classmethod
    def sample(cls, language: str) -> PatrolRecord:
        """Two stops of an invented night patrol, then room for more."""
        english = language == "en"
        return cls(
            day=samples.VISIT,
            is_night=True,
            lines=(
                PatrolLine(
                    at=datetime.fromisoformat("2026-11-18T22:05:00+08:00"),
                    where="Dormitory, east stair" if english else "学生宿舍楼东侧楼梯",
                    by="Dorje" if english else "多吉",
                ),
                PatrolLine(
                    at=datetime.fromisoformat("2026-11-18T22:15:00+08:00"),
                    where="Dormitory, 2nd floor" if english else "学生宿舍楼 2 层",
                    points=("B", "C"),
                    problem="Fire door wedged open" if english else "防火门被垫块顶开",
                    handled="Wedge removed" if english else "当场取走垫块，门已关闭",
                    by="Dorje" if english else "多吉",
                ),
            ),
            blank_lines=3,
            signatories=(
                Signatory(role="Patroller" if english else "巡查人", name="Dorje" if english else "多吉"),
                Signatory(role="Superior" if english else "主管人员", name="Dawa" if english else "达瓦"),
            ),
        )


PATROL_RECORD = declare(
    DocumentKind(
        code="patrol_record",
        title=_l("防火巡查记录"),
        template="documents/patrol_record.html",
        context=PatrolRecord,
        numbering="校巡〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本记录一份，学校存入消防档案。"),
        texts=(
            TextPiece(
                name="note",
                label=_l("表后说明"),
                default=_l(
                    "发现问题应当场处置，不能当场处置的立即报告。寄宿制学校、幼儿园每天进行夜间防火巡查，每两小时不少于一次。"
                ),
            ),
        ),
    )
)
