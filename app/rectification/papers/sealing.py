"""临时查封决定书, 封条 and the decision to lift a sealing. DOMAIN §2.7; 行政强制法 Art. 24 says what a decision must name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare
from app.documents.parts import Photo, Signatory
from app.rectification.papers import samples
from app.rectification.papers.parts import NO_RECEIPT, Problem, Receipt, Unit

_REMEDIES = TextPiece(
    name="remedies",
    label=_l("不服决定的途径和期限"),
    default="",
    note=_l(
        "《行政强制法》要求决定书写明申请行政复议或者提起行政诉讼的途径和期限。复议机关和法院各地不同，请由大队填写核定；留空则不印。"
    ),
)


@dataclass(frozen=True, kw_only=True)
class SealedPart:
    """A part of the premises that is sealed, how far, and with how many strips."""

    number: int
    place: str
    extent: str = ""
    strips: int | None = None


@dataclass(frozen=True, kw_only=True)
class SealingDecision:
    """Everything the decision prints."""

    unit: Unit
    visited_on: date
    place: str
    problems: tuple[Problem, ...]
    parts: tuple[SealedPart, ...]
    sealed_from: date
    sealed_until: date
    head: Signatory | None = None
    officers: tuple[Signatory, ...]
    receipt: Receipt = NO_RECEIPT
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @classmethod
    def sample(cls, language: str) -> SealingDecision:
        """An invented dormitory wing."""
        english = language == "en"
        return cls(
            unit=samples.unit(language),
            visited_on=samples.VISIT,
            place="Dormitory, boys' wing" if english else "学生宿舍楼男生区",
            problems=samples.hazards(language),
            parts=(
                SealedPart(
                    number=1,
                    place="Dormitory, boys' wing, 2nd floor" if english else "学生宿舍楼男生区 2 层",
                    extent="Rooms 201 to 208 and the store, about 260 m²"
                    if english
                    else "201 至 208 室及储藏室，约 260 平方米",
                    strips=4,
                ),
            ),
            sealed_from=date(2026, 11, 19),
            sealed_until=date(2026, 12, 18),
            officers=samples.officers(language),
            issued_on=date(2026, 11, 19),
            photos=samples.photos(language)[:1],
        )


@dataclass(frozen=True, kw_only=True)
class UnsealingDecision:
    """Everything the decision on lifting prints: granted or not, and why."""

    unit: Unit
    granted: bool
    sealing_number: str
    sealed_on: date
    place: str
    applied_on: date
    checked_on: date
    findings: str = ""
    lifted_from: date | None = None
    head: Signatory
    receipt: Receipt = NO_RECEIPT
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> UnsealingDecision:
        """The invented wing is not opened yet."""
        english = language == "en"
        return cls(
            unit=samples.addressee(language),
            granted=False,
            sealing_number="示消封字〔2026〕第0001号",
            sealed_on=date(2026, 11, 19),
            place="Dormitory, boys' wing, 2nd floor" if english else "学生宿舍楼男生区 2 层",
            applied_on=date(2026, 12, 7),
            checked_on=date(2026, 12, 9),
            findings="One of two stairs is still blocked."
            if english
            else "西侧疏散楼梯仍被床架占用，尚不具备安全条件。",
            head=samples.head(language),
            issued_on=date(2026, 12, 10),
        )


@dataclass(frozen=True, kw_only=True)
class SealStrip:
    """What stands on a strip; `strips` is how many there are of the same decision, this being `number`."""

    decision_number: str
    place: str
    sealed_on: date
    sealed_until: date
    strips: int = 1

    @classmethod
    def sample(cls, language: str) -> SealStrip:
        """Strips of the invented sealing."""
        decision = SealingDecision.sample(language)
        return cls(
            decision_number="示消封字〔2026〕第0001号",
            place=decision.parts[0].place,
            sealed_on=decision.sealed_from,
            sealed_until=decision.sealed_until,
            strips=4,
        )


SEALING = declare(
    DocumentKind(
        code="sealing",
        title=_l("临时查封决定书"),
        template="documents/sealing.html",
        context=SealingDecision,
        numbering="{code_word}消封字〔{year}〕第{serial:04d}号",
        number_setting="number_seal",
        archive_copy=True,
        copies=_l("本决定书一式两份，一份交被检查单位（场所），一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("事实和理由"),
                default=_l(
                    "我大队于{检查日期}派员对你单位进行了消防监督检查，发现你单位（场所）{部位}存在下列火灾隐患，不及时消除将严重威胁公共安全："
                ),
                places={"day": _l("检查日期"), "place": _l("部位")},
            ),
            TextPiece(
                name="decision",
                label=_l("依据和决定"),
                default=_l("根据《中华人民共和国消防法》第五十四条的规定，决定对下列部位、场所予以临时查封："),
            ),
            TextPiece(
                name="term",
                label=_l("查封期限"),
                default=_l("查封期限：自{起始日期}至{截止日期}。"),
                places={"start": _l("起始日期"), "end": _l("截止日期")},
                note=_l(
                    "旧式样中“逾期未消除火灾隐患的，不受查封期限的限制”与查封期限不超过三十日、届满须续封的规定不一致，默认不印；现行写法请核定。"
                ),
            ),
            TextPiece(
                name="duty",
                label=_l("查封期间的要求"),
                default=_l(
                    "你单位应当立即组织整改火灾隐患，整改后经我大队检查合格方可解除查封。擅自拆封、使用被查封的部位或者场所，将依法予以处罚。"
                ),
            ),
            _REMEDIES,
        ),
        pictures=samples.pictures,
    )
)

UNSEALING = declare(
    DocumentKind(
        code="unsealing",
        title=_l("同意/不同意解除临时查封决定书"),
        template="documents/unsealing.html",
        context=UnsealingDecision,
        numbering="{code_word}消解封字〔{year}〕第{serial:04d}号",
        number_setting="number_unseal",
        archive_copy=True,
        copies=_l("本决定书一式两份，一份交被检查单位（场所），一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("申请和检查"),
                default=_l(
                    "你单位于{申请日期}申请解除《临时查封决定书》（{文书编号}）对{部位}的临时查封。我大队于{检查日期}进行了检查。"
                ),
                places={
                    "applied": _l("申请日期"),
                    "number": _l("文书编号"),
                    "place": _l("部位"),
                    "day": _l("检查日期"),
                },
            ),
            TextPiece(
                name="granted",
                label=_l("同意时的决定"),
                default=_l("经检查，火灾隐患已经消除，现决定自{解除日期}起解除临时查封。"),
                places={"day": _l("解除日期")},
            ),
            TextPiece(
                name="refused",
                label=_l("不同意时的决定"),
                default=_l(
                    "经检查，火灾隐患尚未消除，现决定不同意解除临时查封。你单位应当继续整改，整改后可以再次申请。"
                ),
            ),
            _REMEDIES,
        ),
        pictures=samples.pictures,
    )
)

SEAL_STRIP = declare(
    DocumentKind(
        code="seal_strip",
        title=_l("封条"),
        template="documents/seal_strip.html",
        context=SealStrip,
        numbering="{code_word}消封条字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("沿虚线裁开张贴，加盖印章后有效。"),
        texts=(
            TextPiece(
                name="warning",
                label=_l("封条上的警示"),
                default=_l("未经许可，任何单位和个人不得拆封或者使用。"),
            ),
        ),
        pictures=samples.pictures,
    )
)
