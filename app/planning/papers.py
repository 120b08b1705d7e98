"""举报投诉答复: what became of a complaint, to whom complained. It names neither the school's people nor the complainant's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare


@dataclass(frozen=True, kw_only=True)
class ComplaintReply:
    """Everything the answer prints. `complainant` is how the person is addressed."""

    complainant: str
    received_on: date
    about: str
    subject: str
    visited_on: date | None = None
    result: str
    handling: str = ""
    contact: str = ""
    phone: str = ""
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> ComplaintReply:
        """An invented parent complained of a locked door."""
        english = language == "en"
        return cls(
            complainant="Ms Zhuoma" if english else "卓玛女士",
            received_on=date(2026, 11, 16),
            about="Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            subject="the east exit of the dormitory is locked at night"
            if english
            else "学生宿舍楼东侧安全出口夜间锁闭",
            visited_on=date(2026, 11, 17),
            result="The exit was chained at the time of the check."
            if english
            else "检查时该安全出口用链锁锁闭，反映情况属实。",
            handling="The school was ordered to open it at once."
            if english
            else "我大队已责令学校立即改正，锁具当场拆除。",
            contact="Nyima" if english else "尼玛",
            phone="0000-000 0119",
            issued_on=date(2026, 11, 19),
        )


COMPLAINT_REPLY = declare(
    DocumentKind(
        code="complaint_reply",
        title=_l("举报投诉答复书"),
        template="documents/complaint_reply.html",
        context=ComplaintReply,
        numbering="{code_word}消复字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("本答复书一式两份，一份交举报投诉人，一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("受理情况"),
                default=_l("您于{受理日期}反映{单位名称}“{反映事项}”的情况收悉。现将核查处理情况答复如下："),
                places={"day": _l("受理日期"), "unit": _l("单位名称"), "subject": _l("反映事项")},
            ),
            TextPiece(name="closing", label=_l("结尾"), default=_l("感谢您对消防工作的关心和支持。")),
        ),
    )
)
