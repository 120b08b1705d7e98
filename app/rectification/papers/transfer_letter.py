"""移送函: what another authority is competent for (no acceptance of the building, gas, food …). DOMAIN §2.3."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, TextPiece, declare
from app.documents.parts import Photo
from app.rectification.papers import samples
from app.rectification.papers.parts import Problem, Unit


@dataclass(frozen=True, kw_only=True)
class TransferLetter:
    """Everything the letter prints."""

    authority: str
    unit: Unit
    visited_on: date
    record_number: str = ""
    problems: tuple[Problem, ...]
    materials: tuple[str, ...] = ()
    contact: str = ""
    phone: str = ""
    issued_on: date
    photos: tuple[Photo, ...] = ()

    @classmethod
    def sample(cls, language: str) -> TransferLetter:
        """An invented building used without acceptance."""
        english = language == "en"
        return cls(
            authority="Housing and Construction Bureau of Shifan District" if english else "示范区住房和城乡建设局",
            unit=samples.unit(language),
            visited_on=samples.VISIT,
            record_number=samples.RECORD_NUMBER,
            problems=(
                Problem(
                    number=1,
                    where="Gymnasium" if english else "风雨操场",
                    text="In use since September; no paper on fire acceptance could be shown"
                    if english
                    else "2026年9月起投入使用，学校未能出示消防验收或者备案材料",
                ),
            ),
            materials=("Copy of the inspection record", "Photos, 1 sheet")
            if english
            else ("消防监督检查记录复印件 1 份", "现场照片 1 页"),
            contact="Nyima" if english else "尼玛",
            phone="0000-000 0119",
            issued_on=date(2026, 11, 20),
            photos=samples.photos(language)[:1],
        )


TRANSFER_LETTER = declare(
    DocumentKind(
        code="transfer_letter",
        title=_l("移送函"),
        template="documents/transfer_letter.html",
        context=TransferLetter,
        numbering="{code_word}消移字〔{year}〕第{serial:04d}号",
        brigade_only=True,
        copies=_l("本函一式两份，一份送受移送机关，一份存档。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("移送事由"),
                default=_l(
                    "我大队于{检查日期}对{单位名称}进行消防监督检查，发现下列情况属于你单位职责范围，现移送你单位依法处理："
                ),
                places={"day": _l("检查日期"), "unit": _l("单位名称")},
                note=_l("移送的法律依据随事项不同，请按情况补写；未核实的条款不要写入。"),
            ),
            TextPiece(name="closing", label=_l("结尾"), default=_l("请将处理结果告知我大队。")),
        ),
        pictures=samples.pictures,
    )
)
