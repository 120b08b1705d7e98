"""重大火灾隐患整改通知书, and the report of it to the government. The program hints; people decide. DOMAIN §2.6."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare
from app.documents.parts import Photo, Signatory
from app.rectification.papers import samples
from app.rectification.papers.notices import declare_notice
from app.rectification.papers.parts import NO_RECEIPT, Problem, Receipt, Unit


@dataclass(frozen=True, kw_only=True)
class MajorHazardNotice:
    """Everything the notice prints. `head` is the head of the brigade, who signs with the date."""

    unit: Unit
    visited_on: date
    determined_on: date | None = None
    problems: tuple[Problem, ...]
    head: Signatory
    receipt: Receipt = NO_RECEIPT
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @property
    def has_dates(self) -> bool:
        """Whether any hazard has a date of its own."""
        return any(problem.deadline for problem in self.problems)

    @classmethod
    def sample(cls, language: str) -> MajorHazardNotice:
        """An invented dormitory with a blocked stair, determined by a meeting."""
        return cls(
            unit=samples.addressee(language),
            visited_on=samples.VISIT,
            determined_on=date(2026, 11, 25),
            problems=samples.hazards(language),
            head=samples.head(language),
            issued_on=date(2026, 11, 27),
            photos=samples.photos(language)[:1],
        )


@dataclass(frozen=True, kw_only=True)
class MajorHazardReport:
    """Everything the report to the people's government prints."""

    government: str
    unit: Unit
    visited_on: date
    determined_on: date
    notice_number: str = ""
    problems: tuple[Problem, ...]
    measures: str = ""
    proposal: str = ""
    contact: str = ""
    phone: str = ""
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> MajorHazardReport:
        """The same dormitory, reported."""
        english = language == "en"
        return cls(
            government="People's Government of Shifan District" if english else "示范区人民政府",
            unit=samples.unit(language),
            visited_on=samples.VISIT,
            determined_on=date(2026, 11, 25),
            notice_number="示消重字〔2026〕第0002号",
            problems=samples.hazards(language),
            measures="Pupils moved to the other wing; night watch doubled."
            if english
            else "已要求学校将该区学生调至东侧宿舍，夜间加派值守。",
            proposal="Urge the education bureau to provide funds."
            if english
            else "建议督促教育主管部门落实整改资金和责任人。",
            contact="Nyima" if english else "尼玛",
            phone="0000-000 0119",
            issued_on=date(2026, 11, 27),
        )


MAJOR_HAZARD = declare_notice(
    "major_hazard",
    title=_l("重大火灾隐患整改通知书"),
    context=MajorHazardNotice,
    numbering="{code_word}消重字〔{year}〕第{serial:04d}号",
    number_setting="number_major",
    texts=(
        TextPiece(
            name="opening",
            label=_l("隐患事实"),
            default=_l("经消防监督检查，你单位存在下列重大火灾隐患，现责令你单位予以整改消除："),
            note=_l("是否写明判定依据和整改期限，请按上级规定核定。重大火灾隐患由集体研究判定，系统只作提示。"),
        ),
        TextPiece(
            name="duty",
            label=_l("消除前的要求"),
            default=_l("火灾隐患消除前，你单位应当采取确保消防安全、防止火灾发生的措施。"),
        ),
    ),
)

MAJOR_HAZARD_REPORT = declare(
    DocumentKind(
        code="major_hazard_report",
        title=_l("关于重大火灾隐患的报告"),
        template="documents/major_hazard_report.html",
        context=MajorHazardReport,
        numbering="{code_word}消重报字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("本报告一式两份，一份报送人民政府，一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("报告事由"),
                default=_l(
                    "我大队于{检查日期}对{单位名称}进行消防监督检查，经{判定日期}集体研究，判定该单位存在下列重大火灾隐患，现报告如下："
                ),
                places={"day": _l("检查日期"), "unit": _l("单位名称"), "determined": _l("判定日期")},
            ),
            TextPiece(name="closing", label=_l("结尾"), default=_l("特此报告。")),
        ),
        pictures=samples.pictures,
    )
)
