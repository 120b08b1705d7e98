"""An invented inspection result, so that the notice can be looked at and tested in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.certificates.documents import InspectionResult, OpenOrder, ResultFinding, ScopeLine

_VISITED = datetime(2026, 11, 18, 1, 12, tzinfo=UTC)


def result(language: str) -> InspectionResult:
    """The invented result in one language."""
    return _english() if language == "en" else _chinese()


def _chinese() -> InspectionResult:
    return InspectionResult(
        school="示范区河谷寄宿制小学",
        school_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
        address="示范市示范区河谷路 18 号",
        visited_at=_VISITED,
        form="监督抽查",
        record_number="〔2026〕第0031号",
        checklist="cn-school 第 1 版 · 核心 79 项",
        scope=(
            ScopeLine(section="消防安全管理", checked=19, passed=19, failed=0, not_applicable=0),
            ScopeLine(section="建筑防火", checked=14, passed=13, failed=1, not_applicable=0, sampled="防火门 14/14 樘"),
            ScopeLine(
                section="安全疏散", checked=23, passed=22, failed=1, not_applicable=0, sampled="应急照明灯 26/44 具"
            ),
            ScopeLine(
                section="消防设施、器材",
                checked=20,
                passed=20,
                failed=0,
                not_applicable=3,
                sampled="灭火器 42/58 具，室内消火栓 6/18 处",
            ),
        ),
        findings=(
            ResultFinding(
                number=1,
                where="学生宿舍楼 2 层西侧封闭楼梯间",
                text="常闭式防火门被木楔固定，处于常开状态",
                clause="《中华人民共和国消防法》第十六条第一款第（二）项",
                state="已当场改正",
            ),
            ResultFinding(
                number=2,
                where="1 号教学楼 3 层走道 L-3-04",
                text="切断正常供电后应急照明灯不亮",
                state="责令限期改正",
                deadline=date(2026, 12, 3),
            ),
        ),
        corrected=1,
        open_orders=(OpenOrder(number="示消限字〔2026〕第0012号", text="应急照明灯不亮", deadline=date(2026, 12, 3)),),
        officers=("尼玛", "次仁"),
        not_checked=("行政楼（钥匙未到）",),
        issued_on=date(2026, 11, 18),
    )


def _english() -> InspectionResult:
    return InspectionResult(
        school="Shifan District River Valley Boarding Primary School",
        school_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
        address="18 River Valley Road, Shifan District",
        visited_at=_VISITED,
        form="Random supervision inspection",
        record_number="〔2026〕第0031号",
        checklist="cn-school version 1 · core, 79 items",
        scope=(
            ScopeLine(
                section="Building", checked=14, passed=13, failed=1, not_applicable=0, sampled="Fire doors 14 of 14"
            ),
            ScopeLine(
                section="Evacuation", checked=23, passed=23, failed=0, not_applicable=0, sampled="Lights 26 of 44"
            ),
        ),
        findings=(
            ResultFinding(
                number=1,
                where="Dormitory, 2nd floor, west staircase",
                text="Fire door wedged open",
                clause="Fire Protection Law of the PRC, Article 16(1)(2)",
                state="Corrected on the spot",
            ),
        ),
        corrected=1,
        officers=("Nyima", "Tsering"),
        issued_on=date(2026, 11, 18),
    )
