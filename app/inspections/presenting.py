"""Rows as the filling page shows them: words, choices and what follows from each fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.formats import full_date, time_of_day
from app.core.i18n import language
from app.fieldwork.models import Photo
from app.inspections import wording
from app.inspections.deadlines import Deadlines
from app.inspections.rules.answers import NONE_HELD, Held, Said, is_held
from app.inspections.rules.areas import Area
from app.inspections.rules.demands import OF_THE_DEADLINE
from app.inspections.rules.faults import Chip, chips_of, problems_of
from app.inspections.rules.fields import OTHER, RECHECK, Answer, Outcome, is_number
from app.inspections.rules.rows import Row
from app.inspections.sheet import Sheet
from app.rectification import words as rectification_words
from app.rectification.rules import findings as rectification
from app.regulations.rules.items import AnswerType, Item
from app.regulations.rules.verdicts import Verdict
from app.regulations.units import unit


@dataclass(frozen=True, kw_only=True)
class ChipView:
    """A fault to tap, and what follows from it."""

    value: str
    text: str
    checked: bool
    follows: str = ""
    measure: str = ""
    due: str = ""
    severity: str = ""
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class ChipGroup:
    """Chips under the item they are about. `folded`: the less usual ones of a piece."""

    title: str
    chips: tuple[ChipView, ...]
    folded: bool = False


@dataclass(frozen=True, kw_only=True)
class PhotoView:
    """A photo that is kept."""

    id: str
    src: str
    alt: str


@dataclass(frozen=True, kw_only=True)
class RowView:
    """Everything the template shows of one row."""

    name: str
    item: str
    equipment: str
    title: str
    detail: str
    alarm: str
    alarm_look: str
    last: str
    value: str
    words: tuple[tuple[str, str, str], ...]
    critical: bool
    said: Said
    stamp: str
    reading: dict[str, str] | None = None
    choices: tuple[tuple[str, str], ...] = ()
    asks_date: bool = False
    asks_text: bool = False
    asks_where: bool = False
    method: str = ""
    groups: tuple[ChipGroup, ...] = ()
    offers_spot: bool = False
    photos: tuple[PhotoView, ...] = ()
    after: tuple[PhotoView, ...] = ()
    errors: tuple[str, ...] = ()
    contested: tuple[dict[str, Any], ...] = ()
    may_sample: bool = False
    is_sampled: bool = False
    is_owned: bool = False
    asks_day: str = ""
    found_before: str = ""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A category within an area, with its rows."""

    key: str
    title: str
    note: str
    rows: tuple[RowView, ...]


@dataclass
class Presenter:
    """Makes the views of one sheet. `last` are the rows of the school's last signed record by form name.

    `faults`: when a fault was found last within twelve months, by item and place. `held`: the faults that are still open.
    """

    sheet: Sheet
    last: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    last_on: date | None = None
    names: Mapping[Any, str] = field(default_factory=dict)
    faults: Mapping[tuple[str, str], date] = field(default_factory=dict)
    held: Held = NONE_HELD

    def __post_init__(self) -> None:
        self.deadlines = Deadlines(self.sheet)
        self._open_groups: dict[tuple[bool, tuple[str, ...]], tuple[ChipGroup, ...]] = {}
        self._faults_of_places: dict[str, date] = {}
        for (_item, place), day in self.faults.items():
            self._faults_of_places[place] = max(day, self._faults_of_places.get(place, day))

    def headings(self, area: Area) -> list[Heading]:
        """The rows of an area under their categories."""
        groups: dict[str, list[Row]] = {}
        for row in area.rows:
            groups.setdefault(row.category if row.item != RECHECK else "", []).append(row)
        return [
            Heading(
                key=key or "recheck",
                title=wording.words(self.sheet.checklist.label("categories", key)) if key else str(_("逐项复查")),
                note=self._note(rows),
                rows=tuple(self.row(row) for row in rows),
            )
            for key, rows in groups.items()
        ]

    def _note(self, rows: list[Row]) -> str:
        pieces = [row for row in rows if row.is_piece]
        if not pieces:
            return ""
        seen = sum(not self.sheet.said[row.name].is_open for row in pieces)
        said = [_("共 %(all)d 件 · 已查 %(seen)d", all=len(pieces), seen=seen)]
        kinds = {str(row.piece.kind) for row in pieces}
        for kind in sorted(kinds):
            sample = self.sheet.checklist.content["equipment"][kind].get("sample", {})
            hint = sample.get("en" if language() == "en" else "zh")
            if hint:
                said.append(hint)
        return " · ".join(str(s) for s in said)

    # one row -----------------------------------------------------------------------------------------------

    def row(self, row: Row) -> RowView:
        """One row."""
        said = self.sheet.said[row.name]
        if row.item == RECHECK:
            return self._recheck(row, said)
        item = self.sheet.checklist.by_code.get(row.item)
        before, after = self._photos(row)
        offers = bool(row.codes)
        return RowView(
            name=row.name,
            item=row.item,
            equipment=str(row.piece.id) if row.piece is not None else "",
            title=row.where if row.is_piece else wording.words(item.text) if item else row.item,
            detail=self._detail(row, item),
            alarm=row.piece.due if row.is_piece and row.piece.due_status not in (None, "ok") else "",
            alarm_look="bad" if row.piece and row.piece.due_status in ("overdue", "scrap") else "warn",
            last=wording.last_time(self.last.get(row.name), self.last_on),
            value=said.answer,
            words=tuple((a.value, str(wording.ANSWERS[a]), look) for a, look in _LOOKS),
            critical=row.critical,
            said=said,
            stamp=self._stamp(said),
            reading=self._reading(row, item, said),
            choices=tuple((c.value, wording.words(c.text)) for c in item.choices) if item else (),
            asks_date=item is not None and item.answer_type is AnswerType.DATE,
            asks_text=item is not None and item.answer_type is AnswerType.TEXT,
            asks_where=row.asks_where,
            method=wording.words(item.method) if item and item.method else "",
            groups=self._groups(row, said),
            offers_spot=offers,
            photos=before,
            after=after,
            errors=self._errors(row, said),
            contested=self._contested(row, said),
            may_sample=row.is_piece and bool(self.sheet.checklist.own_items(str(row.piece.kind), tier=self.sheet.inspection.tier)),
            is_sampled=bool(self.sheet.folded.value(row.item, row.place, "sample", False)),
            is_owned=bool(row.owner),
            asks_day=self._asks_day(row, said),
            found_before=self._found_before(row),
        )  # fmt: skip

    def _found_before(self, row: Row) -> str:
        """Whether a fault is still open here, and when one was found last; of a piece any of its faults."""
        day = self._faults_of_places.get(row.place) if row.is_piece else self.faults.get((row.item, row.place))
        said = [_("有未销号问题，须逐项作答。")] if is_held(row, self.held) else []
        if day:
            said.append(_("十二个月内在此发现过问题：%(day)s", day=full_date(day)))
        return (" " if language() == "en" else "").join(said)

    def _asks_day(self, row: Row, said: Said) -> str:
        """The question about the officer's own date, when it is no school day."""
        if not said.deadline:
            return ""
        day = date.fromisoformat(said.deadline)
        doubts = [self.deadlines.doubt(day, problem) for problem in problems_of(row, said, self.sheet.checklist)]
        asked = max(filter(None, doubts), key=lambda doubt: doubt.blocks_way_out, default=None)
        return rectification_words.doubt(asked) if asked else ""

    def _recheck(self, row: Row, said: Said) -> RowView:
        finding = row.piece
        before, _after = self._photos(row)
        follows = [str(wording.SEVERITIES[finding.severity])]
        if finding.deadline:
            follows.append(str(_("期限 %(day)s", day=wording.day_with_weekday(finding.deadline))))
        text = finding.text_en if language() == "en" and finding.text_en else finding.text
        return RowView(
            name=row.name, item=finding.item_code, equipment=str(finding.equipment_id or ""), title=text,
            detail=" · ".join(part for part in (finding.place_label, *follows) if part), alarm="", alarm_look="", last=finding.note, value=said.answer,
            words=tuple((o.value, str(wording.OUTCOMES[o]), wording.OUTCOME_LOOKS[o]) for o in Outcome),
            critical=row.critical, said=said, stamp=self._stamp(said), photos=before, errors=self._errors(row, said),
            contested=self._contested(row, said),
        )  # fmt: skip

    def _detail(self, row: Row, item: Item | None) -> str:
        if row.is_piece:
            parts = [row.piece.where, row.piece.summary]
        else:
            parts = [row.where if row.piece is None else f"{row.where} · {row.piece.where}"]
            if item is not None and item.note:
                parts.append(wording.words(item.note))
        return " · ".join(part for part in parts if part)

    def _stamp(self, said: Said) -> str:
        if said.at is None or said.is_open:
            return ""
        how = str(wording.VIAS[said.via]) if said.via else ""
        return " ".join(part for part in (time_of_day(said.at)[:5], self.names.get(said.by_id, ""), how) if part)

    def _reading(self, row: Row, item: Item | None, said: Said) -> dict[str, str] | None:
        if item is None or item.answer_type is not AnswerType.NUMBER:
            return None
        limits = wording.limits(row.bounds, item.unit)
        judged = {
            Verdict.PASS: _("符合"), Verdict.WARN: _("可用，但超出推荐值"), Verdict.FAIL: _("不符合"),
        }.get(said.judged) if said.judged else ""  # fmt: skip
        return {
            "value": said.reading, "unit": unit(item.unit), "label": str(_("读数")), "judged": str(judged or ""),
            "limits": str(_("标准 %(limits)s", limits=limits)) if limits else str(_("只记录，没有限值")),
            "look": {Verdict.PASS: "ok", Verdict.WARN: "warn", Verdict.FAIL: "bad"}.get(said.judged, "") if said.judged else "",
        }  # fmt: skip

    def _chip(self, chip: Chip, said: Said) -> ChipView:
        citations = self.sheet.checklist.citations(chip.item.code, fault=chip.fault.key)
        return ChipView(
            value=chip.value,
            text=wording.words(chip.fault.text),
            checked=chip.value in said.faults,
            measure=wording.words(chip.fault.measure),
            due=self.deadlines.words(chip) if _asks_deadline(chip.fault.handling) else "",
            severity=f"{wording.SEVERITIES[rectification.Severity(chip.fault.severity)]} · "
            f"{wording.HANDLINGS[rectification.Handling(chip.fault.handling)]}",
            clause="；".join(clause.ref for clause in citations.printed),
        )

    def _groups(self, row: Row, said: Said) -> tuple[ChipGroup, ...]:
        """Many rows offer the same chips; those of rows where none is ticked are made once."""
        if said.faults:
            return self._made_groups(row, said)
        key = (row.is_piece, row.codes)
        if key not in self._open_groups:
            self._open_groups[key] = self._made_groups(row, said)
        return self._open_groups[key]

    def _made_groups(self, row: Row, said: Said) -> tuple[ChipGroup, ...]:
        by_item: dict[str, list[Chip]] = {}
        for chip in chips_of(row, self.sheet.checklist):
            by_item.setdefault(chip.item.code, []).append(chip)
        other = ChipView(value=OTHER, text=str(_("其他（写在备注里）")), checked=OTHER in said.faults)
        if not row.is_piece:
            chips = [self._chip(chip, said) for some in by_item.values() for chip in some]
            return (ChipGroup(title=str(_("是什么问题")), chips=(*chips, other)),) if row.codes else ()
        groups = [
            ChipGroup(
                title=wording.words(chips[0].item.text) + wording.aside(code),
                chips=tuple(self._chip(chip, said) for chip in chips),
                folded=not chips[0].item.is_core and not any(c.value in said.faults for c in chips),
            )
            for code, chips in by_item.items()
        ]
        groups.append(ChipGroup(title=str(_("没有列出的问题")), chips=(other,)))
        return tuple(groups)

    def _photos(self, row: Row) -> tuple[tuple[PhotoView, ...], tuple[PhotoView, ...]]:
        found = self.sheet.photos_by_row.get(row.name, [])
        return (
            tuple(_photo(p) for p in found if p.slot != "after"),
            tuple(_photo(p) for p in found if p.slot == "after"),
        )

    def _errors(self, row: Row, said: Said) -> tuple[str, ...]:
        errors = []
        if said.reading and not is_number(said.reading):
            errors.append(_("读数“%(value)s”不是数字，请重新填写。", value=said.reading))
        if said.against_reading and not said.note:
            errors.append(_("结论与读数不一致，请在备注里写明理由。"))
        if said.deadline:
            wrong = self.sheet.wrong_with(row, today=self.sheet.day)
            errors += [wording.DEMANDS[code] for code in wrong if code in OF_THE_DEADLINE]
        if said.spot and said.answer == Answer.FAIL:
            before, after = self._photos(row)
            if not before or not after:
                errors.append(_("当场改正须有改正前、改正后的照片。"))
        return tuple(str(error) for error in errors)

    def _contested(self, row: Row, said: Said) -> tuple[dict[str, Any], ...]:
        found = []
        for name in said.contested:
            register = self.sheet.folded.register(row.item, row.place, name)
            if register is None:
                continue
            found.append(
                {
                    "field": name,
                    "label": str(wording.FIELDS.get(name, name)),
                    "options": [
                        {
                            "op": str(op.op_id),
                            "text": self.value_words(row, name, op.value),
                            "who": self.names.get(op.by_id, ""),
                            "when": time_of_day(op.at),
                        }
                        for op in (register.op, *register.contested)
                    ],
                }
            )
        return tuple(found)

    def value_words(self, row: Row, name: str, value: Any) -> str:
        """A value as people say it."""
        if name == "answer":
            words = wording.OUTCOMES if row.item == RECHECK else wording.ANSWERS
            return str(words.get(value, value))
        if name == "fault":
            texts = {c.value: wording.words(c.fault.text) for c in chips_of(row, self.sheet.checklist)}
            return "、".join(texts.get(v, v) for v in value) or "—"
        if isinstance(value, bool):
            return str(_("是") if value else _("否"))
        return str(value) or "—"


_LOOKS = ((Answer.PASS, "ok"), (Answer.FAIL, "bad"), (Answer.NA, "na"))


def _asks_deadline(handling: str) -> bool:
    return rectification.Handling(handling) in rectification.NEEDS_DEADLINE


def _photo(photo: Photo) -> PhotoView:
    alt = _("照片 %(time)s", time=time_of_day(photo.taken_at or photo.added_at))
    return PhotoView(id=str(photo.id), src=url_for("fieldwork.photo", photo_id=photo.id, size="small"), alt=str(alt))
