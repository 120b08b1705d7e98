"""复查申请: the school is done early and asks for the re-check, which starts the clock. 消防监督检查规定 Art. 20."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.rectification.papers import samples
from app.rectification.papers.reply import DoneItem, RectificationReply


@dataclass(frozen=True, kw_only=True)
class RecheckRequest:
    """Everything the request prints."""

    authority: str
    order_title: str
    order_number: str
    ordered_on: date | None = None
    items: tuple[DoneItem, ...]
    head: str = ""
    contact: str = ""
    phone: str = ""
    written_on: date

    @classmethod
    def sample(cls, language: str) -> RecheckRequest:
        """The invented school of the reply asks."""
        reply = RectificationReply.sample(language)
        return cls(
            authority=reply.authority,
            order_title=reply.order_title,
            order_number=reply.order_number,
            ordered_on=reply.ordered_on,
            items=tuple(replace(item, cost="") for item in reply.items),
            head=reply.head,
            contact=reply.contact,
            phone=reply.phone,
            written_on=reply.written_on,
        )


RECHECK_REQUEST = declare(
    DocumentKind(
        code="recheck_request",
        title=_l("复查申请"),
        template="documents/recheck_request.html",
        context=RecheckRequest,
        numbering="校申〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本申请一份，报消防救援大队。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("申请事项"),
                default=_l("我校收到你大队《{文书名称}》（{文书编号}）后，已完成下列问题的整改，申请复查："),
                places={"title": _l("文书名称"), "number": _l("文书编号")},
            ),
            TextPiece(name="closing", label=_l("结尾"), default=_l("我校对上述内容的真实性负责，请予复查。")),
        ),
        pictures=samples.pictures,
    )
)
