"""延期改正申请 of a school, and the brigade's answer. No rule of law was found: both are as the brigade words them. DOMAIN §2.12."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.rectification.papers import samples
from app.rectification.papers.parts import NO_RECEIPT, Receipt, Unit


@dataclass(frozen=True, kw_only=True)
class WantedDate:
    """One item for which more time is asked, or decided: `deadline` is the new one, none where refused."""

    number: int
    problem: str
    before: date
    wanted: date
    reason: str = ""
    granted: bool | None = None
    deadline: date | None = None


@dataclass(frozen=True, kw_only=True)
class ExtensionRequest:
    """Everything the request prints."""

    authority: str
    order_title: str
    order_number: str
    items: tuple[WantedDate, ...]
    progress: str = ""
    safeguards: str = ""
    head: str = ""
    contact: str = ""
    phone: str = ""
    written_on: date

    @classmethod
    def sample(cls, language: str) -> ExtensionRequest:
        """Parts are not delivered in time."""
        english = language == "en"
        return cls(
            authority="Shifan District Fire and Rescue Brigade" if english else "示范区消防救援大队",
            order_title="Order to correct within a time limit" if english else "责令限期改正通知书",
            order_number=samples.ORDER_NUMBER,
            items=(_wanted(language),),
            progress="Ordered and paid on 24 November." if english else "设备已于11月24日订购并付款。",
            safeguards="Canteen cooks on electric stoves only."
            if english
            else "到货前食堂停用燃气，仅使用电灶，每餐后由专人检查。",
            head="Pema" if english else "白玛",
            contact="Dawa" if english else "达瓦",
            phone="0000-000 1208",
            written_on=date(2026, 12, 8),
        )


def _wanted(language: str, *, granted: bool | None = None, deadline: date | None = None) -> WantedDate:
    english = language == "en"
    return WantedDate(
        number=2,
        problem="Canteen: no cut-off valve on the gas pipe" if english else "食堂：燃气管道未设紧急切断阀",
        before=date(2026, 12, 18),
        wanted=date(2027, 1, 8),
        reason="The maker delivers on 4 January" if english else "厂家通知 2027 年 1 月 4 日到货，安装调试需要三天",
        granted=granted,
        deadline=deadline,
    )


@dataclass(frozen=True, kw_only=True)
class ExtensionDecision:
    """Everything the answer prints. `reason` says why, whether granted or not."""

    unit: Unit
    order_title: str
    order_number: str
    asked_on: date
    items: tuple[WantedDate, ...]
    reason: str = ""
    receipt: Receipt = NO_RECEIPT
    issued_on: date

    @property
    def is_granted(self) -> bool:
        """Whether any item has a new date."""
        return any(item.granted for item in self.items)

    @classmethod
    def sample(cls, language: str) -> ExtensionDecision:
        """Granted, with two days less than asked."""
        return cls(
            unit=samples.addressee(language),
            order_title="Order to correct within a time limit" if language == "en" else "责令限期改正通知书",
            order_number=samples.ORDER_NUMBER,
            asked_on=date(2026, 12, 8),
            items=(_wanted(language, granted=True, deadline=date(2027, 1, 6)),),
            reason="The delay is not the school's fault."
            if language == "en"
            else "延误非学校自身原因，防范措施已经落实。",
            issued_on=date(2026, 12, 9),
        )


EXTENSION_REQUEST = declare(
    DocumentKind(
        code="extension_request",
        title=_l("延期改正申请"),
        template="documents/extension_request.html",
        context=ExtensionRequest,
        numbering="校延〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本申请一份，报消防救援大队。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("申请事项"),
                default=_l(
                    "你大队《{文书名称}》（{文书编号}）责令改正的下列问题，我校确因客观原因不能按期完成，申请延期："
                ),
                places={"title": _l("文书名称"), "number": _l("文书编号")},
            ),
            TextPiece(
                name="closing", label=_l("结尾"), default=_l("延期期间，我校将落实防范措施，确保消防安全。请予批准。")
            ),
        ),
    )
)

EXTENSION_DECISION = declare(
    DocumentKind(
        code="extension_decision",
        title=_l("延期改正申请答复书"),
        template="documents/extension_decision.html",
        context=ExtensionDecision,
        numbering="{code_word}消延字〔{year}〕第{serial:04d}号",
        archive_copy=True,
        copies=_l("本答复书一式两份，一份交被检查单位（场所），一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("申请情况"),
                default=_l(
                    "你单位于{申请日期}对《{文书名称}》（{文书编号}）提出的延期改正申请收悉。经研究，答复如下："
                ),
                places={"day": _l("申请日期"), "title": _l("文书名称"), "number": _l("文书编号")},
                note=_l("延期改正没有查到法律依据和统一文书，文书名称和用语请按上级规定核定。"),
            ),
            TextPiece(
                name="granted",
                label=_l("同意时的要求"),
                default=_l("延期期间，你单位应当采取措施，确保消防安全。逾期仍未改正的，将依法处理。"),
            ),
            TextPiece(
                name="refused",
                label=_l("不同意时的要求"),
                default=_l("你单位应当按原定期限完成改正。逾期未改正的，将依法处理。"),
            ),
        ),
        pictures=samples.pictures,
    )
)
