"""整改方案: what a school will do about what cannot be done at once. 61号令 Art. 32–33, DOMAIN §2.11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.rectification.papers import samples


@dataclass(frozen=True, kw_only=True)
class PlannedItem:
    """One problem: measure, by when, who, with what money, and what keeps people safe until then."""

    number: int
    problem: str
    measure: str
    deadline: date | None = None
    by: str = ""
    funds: str = ""
    safeguards: str = ""


@dataclass(frozen=True, kw_only=True)
class RectificationPlan:
    """Everything the plan prints. `order_number` is empty where the school found the problems itself."""

    order_title: str = ""
    order_number: str = ""
    items: tuple[PlannedItem, ...]
    leader: str = ""
    team: tuple[str, ...] = ()
    head: str = ""
    contact: str = ""
    phone: str = ""
    written_on: date

    @classmethod
    def sample(cls, language: str) -> RectificationPlan:
        """The plan of the invented school."""
        english = language == "en"
        rows = (
            (("Replace four lights", "Dawa", "480", "Torches at the stairs"), ("Fit valve and extinguishers", "Nyidron", "2 350", "Gas off, electric stoves"), ("Replace the closer", "Dawa", "160", "Door kept shut by the warden"))
            if english
            else (
                ("更换应急照明灯并测试", "达瓦", "480", "楼梯口配备手电，值班人员加强巡视"),
                ("加装紧急切断阀，配置灭火器", "尼珍", "2350", "停用燃气，改用电灶"),
                ("更换闭门器", "达瓦", "160", "由宿管员保持常闭"),
            )
        )  # fmt: skip
        return cls(
            order_title="Order to correct within a time limit" if english else "责令限期改正通知书",
            order_number=samples.ORDER_NUMBER,
            items=tuple(
                PlannedItem(
                    number=problem.number,
                    problem=f"{problem.where}{': ' if english else '：'}{problem.text}",
                    measure=measure,
                    deadline=problem.deadline,
                    by=by,
                    funds=funds,
                    safeguards=safeguards,
                )
                for problem, (measure, by, funds, safeguards) in zip(samples.problems(language), rows, strict=True)
            ),
            leader="Pema" if english else "白玛",
            team=("Dawa", "Nyidron") if english else ("达瓦", "尼珍"),
            head="Pema" if english else "白玛",
            contact="Dawa" if english else "达瓦",
            phone="0000-000 1208",
            written_on=date(2026, 11, 22),
        )


PLAN = declare(
    DocumentKind(
        code="rectification_plan",
        title=_l("火灾隐患整改方案"),
        template="documents/rectification_plan.html",
        context=RectificationPlan,
        numbering="校整〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本方案一份，学校存档；需要时报消防救援大队。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("方案事由"),
                default=_l(
                    "为消除下列火灾隐患，我校制定整改方案如下，明确措施、期限、责任人、资金和整改期间的防范措施："
                ),
            ),
        ),
    )
)
