"""责令限期改正通知书: each item with its own date. 消防监督检查规定 Art. 19, DOMAIN §2.5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import TextPiece
from app.rectification.papers import samples
from app.rectification.papers.notices import Notice, declare_notice, duty, opening
from app.rectification.papers.parts import by_deadline

MOST_DATES_IN_WORDS = 6


@dataclass(frozen=True, kw_only=True)
class LimitedOrder(Notice):
    """Everything the notice prints. Every problem carries its deadline."""

    @property
    def deadlines(self) -> tuple[tuple[date, str], ...]:
        """Each date with the items it is for; empty where there are so many that the table says it better."""
        found = by_deadline(self.problems)
        return found if len(found) <= MOST_DATES_IN_WORDS else ()

    @classmethod
    def sample(cls, language: str) -> LimitedOrder:
        """An invented order with three items and two dates."""
        return cls(
            unit=samples.addressee(language),
            visited_on=samples.VISIT,
            record_number=samples.RECORD_NUMBER,
            problems=samples.problems(language),
            officers=samples.officers(language),
            issued_on=date(2026, 11, 20),
            photos=samples.photos(language),
        )


LIMITED = declare_notice(
    "order_limited",
    title=_l("责令限期改正通知书"),
    context=LimitedOrder,
    numbering="{code_word}消限字〔{year}〕第{serial:04d}号",
    number_setting="number_limited",
    texts=(
        opening(
            _l(
                "根据《中华人民共和国消防法》第五十三条的规定，我大队于{检查日期}对你单位（场所）进行消防监督检查，"
                "发现存在下列{项数}项消防安全违法行为："
            ),
            count=_l("项数"),
        ),
        TextPiece(
            name="demand",
            label=_l("限期（每个日期一句）"),
            default=_l("对上述第{项号}项问题，责令你单位（场所）于{期限}前改正。"),
            places={"positions": _l("项号"), "deadline": _l("期限")},
            note=_l("“某日前改正”是否含当日，请按大队惯例核定；本系统按含当日计算。"),
        ),
        TextPiece(
            name="demand_in_table",
            label=_l("限期（日期较多、以表为准时）"),
            default=_l("对上述各项问题，责令你单位（场所）分别于表中所列期限前改正。"),
        ),
        duty(_l("改正期间，你单位（场所）应当采取措施，确保消防安全。对消防安全违法行为，将依法予以处罚。")),
    ),
)
