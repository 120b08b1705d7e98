"""责令立即改正通知书: what must and can be put right at once. 消防监督检查规定 Art. 19, DOMAIN §2.4."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.documents.parts import Option
from app.rectification.papers import samples
from app.rectification.papers.notices import Notice, declare_notice, duty, opening
from app.rectification.papers.parts import Problem, positions

#: The breaches of the form, in its order; a checklist item's violation says which (`notice_item`).
BREACHES = (
    _l("消防设施、器材或者消防安全标志的配置、设置不符合国家标准、行业标准"),
    _l("消防设施、器材或者消防安全标志未保持完好有效"),
    _l("损坏、挪用消防设施、器材"),
    _l("擅自拆除、停用消防设施、器材"),
    _l("占用、堵塞、封闭疏散通道、安全出口"),
    _l("埋压、圈占、遮挡消火栓或者占用防火间距"),
    _l("违反消防安全规定进入生产、储存易燃易爆危险品场所"),
    _l("违反规定使用明火作业"),
    _l("在具有火灾、爆炸危险的场所吸烟、使用明火"),
    _l("占用、堵塞、封闭消防车通道，妨碍消防车通行"),
    _l("人员密集场所在门窗上设置影响逃生和灭火救援的障碍物"),
    _l("其他消防安全违法行为和火灾隐患"),
)
OTHER_BREACH = len(BREACHES)


@dataclass(frozen=True, kw_only=True)
class ImmediateOrder(Notice):
    """Everything the notice prints; `pad_number` is the pre-printed sheet that was handed over on the spot. `breaches` are the ticked numbers of the form's list, 1 to 12."""

    breaches: tuple[int, ...]
    pad_number: str = ""

    @property
    def ticks(self) -> tuple[Option, ...]:
        """The form's list with what applies ticked."""
        return tuple(Option(text=str(text), ticked=n in self.breaches) for n, text in enumerate(BREACHES, 1))

    @property
    def ticked(self) -> str:
        """The ticked numbers in words."""
        return positions(self.breaches) or str(_("／"))

    @classmethod
    def sample(cls, language: str) -> ImmediateOrder:
        """An invented exit locked in school hours, receipt signed."""
        english = language == "en"
        return cls(
            unit=samples.addressee(language),
            visited_on=samples.VISIT,
            record_number=samples.RECORD_NUMBER,
            breaches=(5, 11),
            problems=(
                Problem(
                    number=1,
                    where="Dormitory, ground floor, east exit" if english else "学生宿舍楼 1 层东侧安全出口",
                    text="Exit chained and locked during lessons" if english else "上课期间安全出口用链锁锁闭",
                    clause="" if english else "《中华人民共和国消防法》第六十条第一款第（三）项",
                    photos=(1,),
                ),
                Problem(
                    number=2,
                    where="Dormitory, 2nd floor, rooms 201 to 208" if english else "学生宿舍楼 2 层 201 至 208 室",
                    text="Window bars that cannot be opened from inside"
                    if english
                    else "外窗设置不能从内部开启的金属栅栏",
                ),
            ),
            officers=samples.officers(language),
            receipt=samples.receipt(language),
            issued_on=samples.VISIT,
            photos=samples.photos(language)[:1],
        )


IMMEDIATE = declare_notice(
    "order_immediate",
    title=_l("责令立即改正通知书"),
    context=ImmediateOrder,
    numbering="{code_word}消即字〔{year}〕第{serial:04d}号",
    number_setting="number_immediate",
    texts=(
        opening(
            _l(
                "根据《中华人民共和国消防法》第五十三条的规定，我大队于{检查日期}对你单位（场所）进行消防监督检查，"
                "发现存在下列第{项号}项消防安全违法行为，现责令立即改正："
            ),
            positions=_l("项号"),
        ),
        duty(_l("你单位（场所）应当采取措施，确保消防安全。对消防安全违法行为，将依法予以处罚。")),
    ),
)
