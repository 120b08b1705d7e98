"""What the ledger of a school prints. It is a list for keeping, no notice, and orders nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, declare


@dataclass(frozen=True, kw_only=True)
class LedgerLine:
    """One fault: measure, who answers for it, date, result."""

    number: int
    found_on: date
    where: str = ""
    text: str
    measure: str = ""
    responsible: str = ""
    deadline: date | None = None
    result: str
    closed_on: date | None = None
    paper: str = ""
    carried: bool = False


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Everything the ledger of a year prints."""

    school: str
    school_bo: str = ""
    address: str = ""
    responsible: str = ""
    manager: str = ""
    year: int
    lines: tuple[LedgerLine, ...] = ()
    closed: int = 0
    open: int = 0
    overdue: int = 0
    as_of: str

    @classmethod
    def sample(cls, language: str) -> Ledger:
        """A year with a fault struck off, one in time and one carried over that is late."""
        english = language == "en"
        return cls(
            school="Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            school_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            address="18 River Valley Road, Shifan District" if english else "示范市示范区河谷路 18 号",
            responsible="Pema" if english else "白玛",
            manager="Sonam" if english else "索南",
            year=2026,
            lines=_lines(english),
            closed=1,
            open=2,
            overdue=1,
            as_of="22 November 2026" if english else "2026年11月22日",
        )


def _lines(english: bool) -> tuple[LedgerLine, ...]:
    who = "Sonam" if english else "索南 安全干事"
    return (
        LedgerLine(
            number=1,
            found_on=date(2025, 12, 10),
            where="Kitchen" if english else "食堂厨房",
            text="Automatic fire-extinguishing device of the hood out of order" if english else "灶台自动灭火装置失效",
            measure="Have it repaired and tested" if english else "委托维保单位修复并测试",
            responsible=who,
            deadline=date(2026, 1, 9),
            result="Overdue" if english else "逾期未改",
            paper="示消限字〔2025〕第0031号",
            carried=True,
        ),
        LedgerLine(
            number=2,
            found_on=date(2026, 11, 18),
            where="Dormitory, 2nd floor" if english else "学生宿舍楼 2 层西侧封闭楼梯间",
            text="Fire door wedged open" if english else "常闭式防火门被木楔固定，处于常开状态",
            measure="Remove the wedge" if english else "取下木楔，检查闭门器",
            responsible=who,
            deadline=date(2026, 11, 18),
            result="Struck off after re-check" if english else "复查合格，已销号",
            closed_on=date(2026, 11, 20),
            paper="示消即字〔2026〕第0008号",
        ),
        LedgerLine(
            number=3,
            found_on=date(2026, 11, 18),
            where="Building 1, 3rd floor" if english else "1 号教学楼 3 层走道 L-3-04",
            text="Emergency light does not come on" if english else "切断正常供电后应急照明灯不亮",
            measure="Replace the battery" if english else "更换蓄电池或灯具",
            responsible=who,
            deadline=date(2026, 12, 3),
            result="Being corrected" if english else "整改中",
            paper="示消限字〔2026〕第0012号",
        ),
    )


LEDGER = declare(
    DocumentKind(
        code="school_ledger",
        title=_l("学校消防安全问题整改台账"),
        template="documents/school_ledger.html",
        context=Ledger,
        numbering="{code_word}消台字〔{year}〕第{serial:04d}号",
        copies=_l("本台账一式两份，一份交学校，一份存档。台账汇总各次检查结果，不替代责令改正文书。"),
    )
)
