"""送达回证: how and when a paper reached the school. DOMAIN §2.1."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Picture, declare
from app.documents.parts import Option, Signatory
from app.rectification.papers import samples
from app.rectification.papers.parts import Unit


@dataclass(frozen=True, kw_only=True)
class ServedPaper:
    """One paper that was handed over."""

    title: str
    number: str
    copies: int = 1


@dataclass(frozen=True, kw_only=True)
class ServiceReceipt:
    """Everything the receipt prints. `methods` are all ways of service, the one taken ticked."""

    unit: Unit
    papers: tuple[ServedPaper, ...]
    place: str = ""
    methods: tuple[Option, ...]
    at: datetime | None = None
    recipient: str = ""
    recipient_post: str = ""
    recipient_signature: Picture | None = None
    instead: str = ""
    refusal: str = ""
    witness: str = ""
    witness_signature: Picture | None = None
    tracking: str = ""
    servers: tuple[Signatory, ...]
    remarks: tuple[str, ...] = ()
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> ServiceReceipt:
        """The school's head refuses to sign, a witness from the residents' committee does."""
        english = language == "en"
        words = (
            ("Handed over", "Left with a witness", "By post", "Electronic", "Other")
            if english
            else ("直接送达", "留置送达", "邮寄送达", "电子送达", "其他")
        )
        return cls(
            unit=replace(samples.unit(language), responsible="", phone=""),
            papers=(
                ServedPaper(
                    title="Order to correct within a time limit" if english else "责令限期改正通知书",
                    number=samples.ORDER_NUMBER,
                ),
            ),
            place="Head's office" if english else "学校行政楼校长办公室",
            methods=tuple(Option(text=word, ticked=n == 1) for n, word in enumerate(words)),
            at=samples.MOMENT,
            recipient="Pema" if english else "白玛",
            recipient_post="Principal" if english else "校长",
            refusal="The principal read the notice and refused to sign" if english else "校长阅后拒绝签名",
            witness="Dawa, residents' committee" if english else "达瓦（河谷社区居民委员会）",
            witness_signature=Picture(sha256=samples.SIGNATURES[2]),
            servers=samples.officers(language),
            remarks=(
                "Left in the head's office and recorded on video" if english else "文书留置于校长办公室，过程已录像",
            ),
            issued_on=samples.VISIT,
        )


SERVICE_RECEIPT = declare(
    DocumentKind(
        code="service_receipt",
        title=_l("送达回证"),
        template="documents/service_receipt.html",
        context=ServiceReceipt,
        numbering="{code_word}消送字〔{year}〕第{serial:04d}号",
        copies=_l("本回证一份，存档。"),
        pictures=samples.pictures,
    )
)
