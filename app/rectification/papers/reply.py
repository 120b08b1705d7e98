"""火灾隐患整改复函: the school tells the brigade what it did about each item. 61号令 Art. 35, DOMAIN §2.11."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare
from app.documents.parts import Photo
from app.rectification.papers import samples


@dataclass(frozen=True, kw_only=True)
class DoneItem:
    """One item of the order and what was done about it. `cost` in yuan as the school wrote it."""

    number: int
    problem: str
    measure: str
    done_on: date | None = None
    by: str = ""
    cost: str = ""
    photos: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RectificationReply:
    """Everything the letter prints: to which brigade, about which paper, item by item."""

    authority: str
    order_title: str
    order_number: str
    ordered_on: date | None = None
    items: tuple[DoneItem, ...]
    open_items: str = ""
    head: str = ""
    contact: str = ""
    phone: str = ""
    written_on: date
    photos: tuple[Photo, ...] = ()

    @property
    def total_cost(self) -> str:
        """The sum of the costs that are numbers, in yuan; empty where no cost was given."""
        costs = [Decimal(item.cost) for item in self.items if item.cost]
        return f"{sum(costs, Decimal(0)):.2f}" if costs else ""

    @classmethod
    def sample(cls, language: str) -> RectificationReply:
        """The invented school has put three items right."""
        english = language == "en"
        measures = (
            ("Four lights replaced and tested", "Valve and extinguishers fitted", "Door closer replaced")
            if english
            else (
                "更换 4 具应急照明灯并切断电源测试，全部点亮",
                "加装紧急切断阀，配置 2 具适用于食用油火灾的灭火器",
                "更换闭门器，防火门可自行关闭",
            )
        )
        return cls(
            authority="Shifan District Fire and Rescue Brigade" if english else "示范区消防救援大队",
            order_title="Order to correct within a time limit" if english else "责令限期改正通知书",
            order_number=samples.ORDER_NUMBER,
            ordered_on=date(2026, 11, 20),
            items=tuple(
                DoneItem(
                    number=problem.number,
                    problem=f"{problem.where}：{problem.text}" if not english else f"{problem.where}: {problem.text}",
                    measure=measure,
                    done_on=date(2026, 11, 26 + problem.number),
                    by="Dawa" if english else "达瓦",
                    cost=cost,
                    photos=problem.photos,
                )
                for problem, measure, cost in zip(
                    samples.problems(language), measures, ("480.00", "2350.00", ""), strict=True
                )
            ),
            head="Pema" if english else "白玛",
            contact="Dawa" if english else "达瓦",
            phone="0000-000 1208",
            written_on=date(2026, 12, 1),
            photos=samples.photos(language),
        )


REPLY = declare(
    DocumentKind(
        code="rectification_reply",
        title=_l("火灾隐患整改复函"),
        template="documents/rectification_reply.html",
        context=RectificationReply,
        numbering="校复〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本复函一式两份，一份报消防救援大队，一份学校存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("来文"),
                default=_l(
                    "你大队《{文书名称}》（{文书编号}）收悉。我校对指出的问题逐项进行了整改，现将整改情况函复如下："
                ),
                places={"title": _l("文书名称"), "number": _l("文书编号")},
            ),
            TextPiece(
                name="open",
                label=_l("尚未完成的项目"),
                default=_l("第{项号}项尚未完成整改，我校将在期限内完成并另行报告；整改期间已采取措施保障消防安全。"),
                places={"positions": _l("项号")},
            ),
            TextPiece(name="closing", label=_l("结尾"), default=_l("特此函复，请予复查。")),
        ),
        pictures=samples.pictures,
    )
)
