"""消防设施停用审批表: a school switches a fire system off for a while, with what keeps people safe meanwhile. DOMAIN §2.11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.documents.parts import Option
from app.rectification.papers import samples
from app.rectification.papers.approval_sheet import ApprovalStep


@dataclass(frozen=True, kw_only=True)
class ShutdownApproval:
    """Everything the form prints."""

    facility: str
    place: str
    reasons: tuple[Option, ...]
    reason: str = ""
    off_from: datetime
    off_until: datetime
    contractor: str = ""
    safeguards: str
    applicant: str
    applied_on: date
    steps: tuple[ApprovalStep, ...]
    reported: str = ""
    restored_at: datetime | None = None
    restored_by: str = ""

    @classmethod
    def sample(cls, language: str) -> ShutdownApproval:
        """The invented hydrant main is off for a repair."""
        english = language == "en"
        words = (
            ("Repair", "Yearly test", "Rebuilding", "Other") if english else ("维修", "年度检测", "改造施工", "其他")
        )
        roles = (
            ("Department", "Fire safety manager", "Person responsible for fire safety")
            if english
            else ("使用部门意见", "消防安全管理人意见", "消防安全责任人审批")
        )
        return cls(
            facility="Indoor hydrants" if english else "室内消火栓系统",
            place="Teaching building 1" if english else "1 号教学楼",
            reasons=tuple(Option(text=word, ticked=n == 0) for n, word in enumerate(words)),
            reason="Leaking riser" if english else "东侧立管渗漏，更换阀门",
            off_from=datetime.fromisoformat("2026-11-28T09:00:00+08:00"),
            off_until=datetime.fromisoformat("2026-11-28T17:00:00+08:00"),
            contractor="Shifan Fire Service Co." if english else "示范消防技术服务有限公司",
            safeguards="No lessons; two more extinguishers on each floor; patrol every hour."
            if english
            else "停用安排在周六无课时段；每层增设2具灭火器；安排专人每小时巡查一次。",
            applicant="Dawa" if english else "达瓦",
            applied_on=date(2026, 11, 25),
            steps=tuple(ApprovalStep(role=role) for role in roles),
            reported="Told the brigade by phone on 25 November." if english else "11月25日电话告知大队。",
        )


SHUTDOWN_APPROVAL = declare(
    DocumentKind(
        code="shutdown_approval",
        title=_l("消防设施停用审批表"),
        template="documents/shutdown_approval.html",
        context=ShutdownApproval,
        numbering="校停〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本表一份，学校存入消防档案。"),
        texts=(
            TextPiece(
                name="note",
                label=_l("表后说明"),
                default=_l("停用期间应当落实防范措施；完工后立即恢复，并确认设施处于正常状态。"),
            ),
        ),
        pictures=samples.pictures,
    )
)
