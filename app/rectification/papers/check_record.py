"""防火检查记录 after GB/T 40248-2021 Annex B: the school's monthly check, item by item; also as a blank form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.documents.parts import Signatory
from app.rectification.papers import samples

#: What a check covers. 61号令 Art. 26, GB/T 40248-2021 7.3.7.
CHECK_ITEMS = (
    _l("火灾隐患的整改情况以及防范措施的落实情况"),
    _l("安全疏散通道、疏散指示标志、应急照明和安全出口情况"),
    _l("消防车通道、消防水源情况"),
    _l("灭火器材配置及有效情况"),
    _l("用火、用电有无违章情况"),
    _l("重点工种人员以及其他员工消防知识的掌握情况"),
    _l("消防安全重点部位的管理情况"),
    _l("易燃易爆危险物品和场所防火防爆措施的落实情况"),
    _l("消防值班情况和设施运行、记录情况"),
    _l("防火巡查情况"),
    _l("消防安全标志的设置情况和完好、有效情况"),
    _l("其他需要检查的内容"),
)


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """One item of the check. `passed` is None where it is to be filled in by hand."""

    number: int
    item: str
    passed: bool | None = None
    found: str = ""
    handled: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckRecord:
    """Everything the form prints. Checkers and the head of the checked department sign. 61号令 Art. 26."""

    day: date | None = None
    department: str = ""
    lines: tuple[CheckLine, ...] = ()
    conclusion: str = ""
    signatories: tuple[Signatory, ...]

    @classmethod
    def sample(cls, language: str) -> CheckRecord:
        """An invented check with one fault."""
        from flask_babel import force_locale

        english = language == "en"
        with force_locale(language):
            items = [str(item) for item in CHECK_ITEMS]
        fault = "Two extinguishers low" if english else "食堂 2 具灭火器压力不足"
        return cls(
            day=samples.VISIT,
            department="General affairs" if english else "总务处",
            lines=tuple(
                CheckLine(
                    number=n,
                    item=item,
                    passed=None if n == len(items) else n != 4,
                    found=fault if n == 4 else "",
                    handled=("Sent for refill" if english else "已送修，备用灭火器替换") if n == 4 else "",
                )
                for n, item in enumerate(items, 1)
            ),
            signatories=(
                Signatory(role="Checked by" if english else "检查人", name="Dawa" if english else "达瓦"),
                Signatory(
                    role="Head of the department" if english else "被检查部门负责人",
                    name="Nyidron" if english else "尼珍",
                ),
            ),
        )


CHECK_RECORD = declare(
    DocumentKind(
        code="check_record",
        title=_l("防火检查记录"),
        template="documents/check_record.html",
        context=CheckRecord,
        numbering="校检〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本记录一份，学校存入消防档案。"),
        texts=(
            TextPiece(
                name="note",
                label=_l("表后说明"),
                default=_l("不能立即消除的隐患，应当填写整改方案并报告消防安全责任人。"),
            ),
        ),
    )
)
