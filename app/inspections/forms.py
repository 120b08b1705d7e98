"""What people fill in about inspections: starting one, filters, and the form of a checklist that judges a draft at its end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Text, choices, not_after
from app.inspections import wording
from app.inspections.models import InspectionForm, InspectionState
from app.inspections.rules.answers import Said
from app.inspections.rules.faults import chips_of
from app.inspections.rules.fields import LONGEST_NOTE, OTHER, RECHECK, Answer, Outcome, is_number
from app.inspections.rules.rows import Row
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.items import AnswerType

STARTABLE = (
    InspectionForm.SPOT_CHECK, InspectionForm.COMPLAINT, InspectionForm.UNSEAL, InspectionForm.RESUME_USE, InspectionForm.OTHER,
)  # fmt: skip


class CheckList(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def officers(colleagues: Sequence[Person], *, without: uuid.UUID) -> list[SelectChoice]:
    """The colleagues who can be the second officer."""
    return [
        SelectChoice("", str(_l("稍后再定"))),
        *(SelectChoice(str(p.id), p.name) for p in colleagues if p.id != without),
    ]


def as_id(text: str | None) -> uuid.UUID | None:
    """The id that was chosen, or None."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class PeopleForm(Form):
    """Who takes part: the second officer and the school's person."""

    second_id = SelectField(_l("第二名检查人员"), [Optional()], validate_choice=True)
    accompanying = Text(_l("单位随同检查人员"), [Length(max=80)])
    accompanying_post = Text(_l("随同人员职务"), [Length(max=80)])

    def __init__(self, *args: Any, people: Sequence[SelectChoice] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.second_id.choices = list(people)


class StartForm(PeopleForm):
    """Starting an inspection."""

    id = HiddenField(default=lambda: str(new_id()))
    form = RadioField(_l("检查形式"), [InputRequired(_l("请选择检查形式。"))], default=InspectionForm.SPOT_CHECK.value)
    tier = RadioField(_l("检查范围"), [InputRequired(_l("请选择检查范围。"))], default="core")
    visit_id = SelectField(_l("出行计划"), [Optional()])
    paper = BooleanField(_l("按纸质检查表补录"))
    paper_day = Day(
        _l("纸质检查表的日期"),
        [Optional(), not_after(clock.today, _l("纸质检查表的日期不能晚于今天。"))],
    )

    def __init__(
        self, *args: Any, visits: Sequence[SelectChoice] = (), items: dict[str, int] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.form.choices = choices(STARTABLE, wording.FORMS)
        self.tier.choices = [
            SelectChoice(tier, _("%(name)s（%(count)d 项）", name=name, count=(items or {}).get(tier, 0)))
            for tier, name in wording.TIERS.items()
        ]
        self.visit_id.choices = [SelectChoice("", _("现场发起，没有计划")), *visits]

    def validate(self, extra_validators: Any = None) -> bool:
        """Entering from paper needs the paper's date."""
        sound = bool(super().validate(extra_validators))
        if self.paper.data and not self.paper_day.data:
            self.paper_day.errors = [*self.paper_day.errors, _("请填写纸质检查表的日期。")]
            return False
        return sound


class RecheckForm(PeopleForm):
    """Starting a re-check of open findings."""

    id = HiddenField(default=lambda: str(new_id()))
    findings = CheckList(_l("要复查的问题"), [InputRequired(_l("请选择至少一个要复查的问题。"))])
    visit_id = SelectField(_l("出行计划"), [Optional()])

    def __init__(
        self, *args: Any, open_findings: Sequence[SelectChoice] = (), visits: Sequence[SelectChoice] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.findings.choices = list(open_findings)
        self.visit_id.choices = [SelectChoice("", _("现场发起，没有计划")), *visits]


class FilterForm(Form):
    """Which inspections a list shows."""

    class Meta:
        csrf = False

    state = SelectField(_l("状态"), [Optional()])
    mine = BooleanField(_l("只看我的"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.state.choices = [
            SelectChoice("", _("全部")),
            *(SelectChoice(state.value, wording.STATES[state]) for state in InspectionState),
        ]


class ReasonForm(Form):
    """An act that needs its reason."""

    reason = LongText(_l("原因"), [InputRequired(_l("请写明原因。")), Length(max=300)])


# the form of a checklist ---------------------------------------------------------------------------------------


class ChecklistForm(Form):
    """The form that judges a whole draft once, at its end. Its fields come from the pinned checklist and the rows."""

    class Meta:
        csrf = False

    def validate_row(self, row: Row) -> list[str]:
        """What is wrong on one row, in sentences."""
        name = row.name
        there = {key: field for key in _FIELDS if (field := self._fields.get(name + key)) is not None}
        return [str(error) for field in there.values() for error in field.errors]


#: What the fields of a row are called after its name, in the order in which their mistakes are said.
_FIELDS = ("", ".note", ".where", ".reading", ".choice", ".date", ".text", ".fault", ".deadline")


def _is_number(_form: Form, field: Any) -> None:
    if field.data and not is_number(field.data):
        raise ValidationError(_("读数“%(value)s”不是数字，请重新填写。", value=field.data))


def _answers(row: Row) -> RadioField:
    words = wording.OUTCOMES if row.item == RECHECK else wording.ANSWERS
    choices = [SelectChoice(a.value, words[a]) for a in (Outcome if row.item == RECHECK else Answer)]  # type: ignore[index]
    required = [Optional()] if row.is_piece else [InputRequired(_l("还没有检查。"))]
    return RadioField(row.item, required, choices=choices)


def _row_fields(row: Row, said: Said, checklist: Checklist) -> dict[str, Any]:
    name = row.name
    fields: dict[str, Any] = {}
    if said.answer or not row.is_piece:
        fields[name] = _answers(row)
    if said.note:
        fields[f"{name}.note"] = LongText(_l("备注"), [Length(max=LONGEST_NOTE)])
    if said.where and row.asks_where:
        fields[f"{name}.where"] = Text(_l("部位"), [Length(max=120)])
    item = checklist.by_code.get(row.item)
    kind = item.answer_type if item else AnswerType.PASS_FAIL_NA
    if said.reading and kind is AnswerType.NUMBER:
        fields[f"{name}.reading"] = Text(_l("读数"), [Length(max=20), _is_number])
    if said.choice and kind is AnswerType.CHOICE and item:
        options = [SelectChoice(c.value, c.text.zh) for c in item.choices]
        fields[f"{name}.choice"] = RadioField(_l("选项"), [Optional()], choices=options)
    if said.date and kind is AnswerType.DATE:
        fields[f"{name}.date"] = Day(_l("日期"), [Optional(), not_after(clock.today)])
    if said.text and kind is AnswerType.TEXT:
        fields[f"{name}.text"] = Text(_l("内容"), [Length(max=500)])
    if said.faults and row.codes:
        offered = [SelectChoice(chip.value, chip.fault.text.zh) for chip in chips_of(row, checklist)]
        fields[f"{name}.fault"] = SelectMultipleField(_l("问题"), choices=[*offered, SelectChoice(OTHER, OTHER)])
    if said.deadline and row.codes:
        fields[f"{name}.deadline"] = Day(_l("期限"), [Optional()])
    return fields


def form_for(checklist: Checklist, rows: Iterable[Row], said: Mapping[str, Said]) -> type[ChecklistForm]:
    """The form class of these rows of a pinned checklist version; field names are item codes and ids, never texts.

    Of some thousand fields that a school may fill in it has those that must be, or are: an empty one has nothing to judge.
    """
    fields: dict[str, Any] = {}
    for row in rows:
        fields |= _row_fields(row, said[row.name], checklist)
    return type("FormOfChecklist", (ChecklistForm,), fields)


def as_formdata(rows: Iterable[Row], said: Mapping[str, Said]) -> MultiDict[str, str]:
    """Folded answers as the form would have sent them."""
    data: MultiDict[str, str] = MultiDict()
    for row in rows:
        one = said[row.name]
        if one.answer:
            data.add(row.name, one.answer)
        for name in ("note", "where", "reading", "choice", "date", "text", "deadline"):
            if getattr(one, name):
                data.add(f"{row.name}.{name}", getattr(one, name))
        for fault in one.faults:
            data.add(f"{row.name}.fault", fault)
    return data


class NationalNumberForm(Form):
    """The number that the national system gave."""

    national_number = Text(_l("国家系统文号"), [Length(max=60)])


class ScanForm(Form):
    """The scan of the record as signed by ink."""

    scan = FileField(_l("签字扫描件（PDF 或照片）"), [InputRequired(_l("请选择扫描件。"))])
