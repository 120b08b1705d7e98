"""The checklist of one school on paper: for the day on which no tablet works. Never numbered, never issued."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.core.i18n import localised
from app.documents import service as documents
from app.documents.kinds import DocumentKind, declare
from app.inspections import wording
from app.inspections.rules.areas import areas_of
from app.inspections.rules.rows import Row, rows_of
from app.inspections.sheet import facts_of_school, ground_of
from app.organisations.models import Brigade
from app.regulations import queries as regulations
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType
from app.regulations.units import unit
from app.schools.models import School


@dataclass(frozen=True, kw_only=True)
class BlankRow:
    """One line to tick. `reading` is what to measure with its limit; `choices` are words to ring."""

    code: str
    text: str
    where: str = ""
    critical: bool = False
    reading: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BlankArea:
    """A part of the walk."""

    title: str
    rows: tuple[BlankRow, ...]


@dataclass(frozen=True, kw_only=True)
class BlankChecklist:
    """Everything the paper carries before anybody has written on it."""

    school: str
    school_bo: str = ""
    address: str = ""
    checklist: str
    printed_on: date
    areas: tuple[BlankArea, ...]

    @classmethod
    def sample(cls, language: str) -> BlankChecklist:
        """A school with one area."""
        english = language == "en"
        rows = (
            BlankRow(code="MF-0213", text="Fire extinguisher MF-0213" if english else "灭火器 MF-0213", where="2F"),
            BlankRow(code="EVA-02", text="Corridor clear" if english else "疏散走道畅通", critical=True),
            BlankRow(code="HYI-06", text="Static pressure" if english else "静水压力", reading="≥ 0.07 MPa"),
        )
        return cls(
            school="Shifan Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            school_bo="དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            checklist="cn-school 1",
            printed_on=date(2026, 11, 22),
            areas=(BlankArea(title="Teaching building" if english else "教学楼 A", rows=rows),),
        )


BLANK = declare(
    DocumentKind(
        code="blank_checklist",
        title=_l("学校消防安全检查表（现场填写）"),
        template="documents/blank_checklist.html",
        context=BlankChecklist,
        numbering="",
    )
)


def _row(row: Row, checklist: Checklist) -> BlankRow:
    if row.is_piece:
        text = " · ".join(part for part in (row.piece.name, row.piece.summary) if part)
        return BlankRow(code=row.piece.tag_shown or "", text=text, where=row.piece.where)
    item = checklist.by_code[row.item]
    reading = ""
    if item.answer_type is AnswerType.NUMBER:
        reading = wording.limits(row.bounds, item.unit) or unit(item.unit)
    elif item.answer_type is AnswerType.DATE:
        reading = str(_("日期"))
    return BlankRow(
        code=item.code,
        text=wording.words(item.text),
        where=row.where if row.piece is None else row.piece.where,
        critical=item.is_critical,
        reading=reading,
        choices=tuple(wording.words(choice.text) for choice in item.choices),
    )


def blank_of(school: School, *, tier: str) -> BlankChecklist:
    """The paper of a school, in the language in force."""
    day, checklist = clock.today(), regulations.current_checklist()
    ground = ground_of(school.id, day=day, checklist=checklist)
    rows = rows_of(checklist, ground, facts=facts_of_school(school, ground, checklist), tier=tier, day=day)
    areas = areas_of(rows, checklist, ground)
    return BlankChecklist(
        school=localised(school.name, school.name_en),
        school_bo=school.name_bo,
        address=school.address,
        checklist=f"{checklist.code} {checklist.version} · {wording.TIERS[tier]}",
        printed_on=day,
        areas=tuple(
            BlankArea(title=wording.area_name(area, checklist), rows=tuple(_row(row, checklist) for row in area.rows))
            for area in areas
        ),
    )


def order(viewer: Viewer, school: School, *, tier: str, lang: str = "zh_Hans_CN") -> uuid.UUID:
    """Leave the job that makes the paper; returns the job."""
    with force_locale(lang):
        context = blank_of(school, tier=tier)
    brigade = db.session.get_one(Brigade, school.brigade_id)
    return documents.preview(BLANK, context, brigade=brigade, by=viewer, language=lang).id
