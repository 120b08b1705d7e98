"""What is filled in about complaints: taking one in, deciding, planning the visit, replying; and the form on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TimeField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Photos, Text, choices, not_after, not_before
from app.planning import words
from app.planning.models.complaints import Complaint
from app.planning.models.visits import Visit
from app.planning.rules.complaints import FOUND_ON_SITE, ComplaintKind, ComplaintState, Intake, Outcome, ReplyChannel
from app.planning.service.complainants import Person as Complainant
from app.planning.service.complaints import CameIn, Said

LONGEST = 4000


class _SaidForm(Form):
    """What a complaint says, whoever writes it down."""

    id = HiddenField(default=lambda: str(new_id()))
    kind = RadioField(
        _l("问题类型"), [InputRequired(_l("请选择问题类型。"))], choices=choices(ComplaintKind, words.KINDS)
    )
    place = Text(_l("具体位置"), [Length(max=200)])
    text = LongText(
        _l("情况说明"),
        [InputRequired(_l("请写明情况。")), Length(max=LONGEST, message=_l("情况说明最多 %(max)d 个字。"))],
    )
    photos = Photos(_l("照片"))
    name = Text(_l("姓名"), [Length(max=80)])
    phone = Text(_l("电话"), [Length(max=80)])

    def complainant(self) -> Complainant:
        """Who complains, as far as they say."""
        return Complainant(name=self.name.data or "", phone=self.phone.data or "")

    def said(self, *, about: str = "") -> Said:
        """What the complaint says."""
        return Said(
            kind=ComplaintKind(self.kind.data),
            text=self.text.data or "",
            place=self.place.data or "",
            about=about,
            person=self.complainant(),
        )


class IntakeForm(_SaidForm):
    """A complaint that somebody of the brigade takes down."""

    about = Text(_l("被投诉单位"), [Length(max=200)])
    intake = SelectField(
        _l("来源"),
        [InputRequired()],
        choices=[c for c in choices(Intake, words.INTAKES) if c.value != Intake.WALL.value],
    )
    on = Day(_l("接到日期"), [InputRequired(_l("请填写接到投诉的日期。")), not_after(clock.today)], default=clock.today)
    at = TimeField(
        _l("接到时间"),
        [InputRequired(_l("请填写接到投诉的时间。"))],
        format=["%H:%M", "%H:%M:%S"],
        default=lambda: clock.local(clock.now()).time(),
    )
    office = Text(_l("转来单位"), [Length(max=120)])
    office_number = Text(_l("转办编号"), [Length(max=80)])
    address = Text(_l("地址"), [Length(max=200)])

    def complainant(self) -> Complainant:
        """Who complains, with their address."""
        return Complainant(name=self.name.data or "", phone=self.phone.data or "", address=self.address.data or "")

    def came_in(self) -> CameIn:
        """How and when it came in."""
        assert self.on.data
        assert self.at.data
        return CameIn(
            intake=Intake(self.intake.data),
            at=datetime.combine(self.on.data, self.at.data, clock.ZONE),
            office=self.office.data or "",
            office_number=self.office_number.data or "",
        )


def _left_empty(_form: Form, field: Field) -> None:
    """A trap for programs that fill in every field; a person who strays into it is told, and loses nothing."""
    if field.data:
        raise ValidationError(_("请把“请勿填写”一栏留空，再提交一次。"))


class WallForm(_SaidForm):
    """The form behind the code on a school's wall. Nobody has to say who they are."""

    leave_empty = StringField(_l("请勿填写"), [_left_empty])


class ActForm(Form):
    """A form of one act on a complaint's page; its fields' ids begin with the act, for a page has several."""

    act = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self._fields.items():
            if name != "csrf_token":
                field.id = field.label.field_id = f"{self.act}-{name}"


class AcceptForm(ActForm):
    """Taking a complaint on."""

    act = "accept"
    kind = SelectField(_l("问题类型"), [InputRequired()], choices=choices(ComplaintKind, words.KINDS))


class TransferForm(ActForm):
    """Handing it to another office."""

    act = "transfer"
    to = Text(_l("移送单位"), [InputRequired(_l("请写明移送给哪个单位。")), Length(max=120)])
    reason = Text(_l("原因"), [Length(max=500)])


class RejectForm(ActForm):
    """Not taking it on."""

    act = "reject"
    reason = LongText(_l("不受理的原因"), [InputRequired(_l("请写明不受理的原因。")), Length(max=500)])


class RetakeForm(ActForm):
    """Taking it back."""

    act = "retake"
    reason = LongText(_l("收回的原因"), [InputRequired(_l("请写明收回的原因。")), Length(max=500)])


class PlanForm(ActForm):
    """When the complaint is checked, and by whom."""

    act = "plan"
    visit_id = HiddenField(default=lambda: str(new_id()))
    planned_on = Day(
        _l("核查日期"),
        [InputRequired(_l("请填写计划日期。")), not_before(clock.today, _l("计划日期不能早于今天。"))],
        default=clock.today,
    )
    lead_id = SelectField(_l("带队检查人员"), [InputRequired(_l("请选择带队检查人员。"))])
    second_id = SelectField(_l("第二名检查人员"), [Optional()])

    def __init__(self, *args: Any, colleagues: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [SelectChoice(str(p.id), p.name) for p in colleagues]
        self.lead_id.choices = people
        self.second_id.choices = [SelectChoice("", _("稍后再定")), *people]


class CheckedForm(ActForm):
    """Which visit the complaint was already checked at."""

    act = "checked"
    visit_id = SelectField(_l("已进行的出行"), [InputRequired(_l("请选择出行。"))])

    def __init__(self, *args: Any, visits: Sequence[Visit] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit_id.choices = [
            SelectChoice(str(v.id), f"{clock.local(v.started_at):%Y-%m-%d %H:%M} {v.purpose}".strip())
            for v in visits
            if v.started_at
        ]


class LinkForm(ActForm):
    """Which complaint this one repeats."""

    act = "link"
    first_id = SelectField(_l("同一问题的投诉"), [InputRequired(_l("请选择投诉。"))])

    def __init__(self, *args: Any, others: Sequence[Complaint] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first_id.choices = [
            SelectChoice(str(c.id), f"{c.number} {words.KINDS[c.kind]} {clock.day_of(c.received_at)}") for c in others
        ]


class ReplyForm(ActForm):
    """What the complainant was told, when and how."""

    act = "reply"
    outcome = RadioField(
        _l("核查结果"), [Optional()], choices=[SelectChoice(o.value, words.OUTCOMES[o]) for o in FOUND_ON_SITE]
    )
    text = LongText(_l("答复内容"), [InputRequired(_l("请写明答复内容；无法告知的，写明原因。")), Length(max=LONGEST)])
    channel = SelectField(_l("答复方式"), [InputRequired()], choices=choices(ReplyChannel, words.CHANNELS))
    on = Day(_l("答复日期"), [InputRequired(_l("请填写答复日期。")), not_after(clock.today)], default=clock.today)

    def found(self) -> Outcome | None:
        """What was found on site, if that was asked."""
        return Outcome(self.outcome.data) if self.outcome.data else None


class CloseForm(ActForm):
    """Filing a complaint asks nothing."""

    act = "close"


def _or_all(enum: Any, labels: dict[Any, Any], every: Any) -> list[SelectChoice]:
    return [SelectChoice("", every), *choices(enum, labels)]


class FilterForm(Form):
    """What the list is narrowed to."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"))
    state = SelectField(
        _l("状态"), choices=_or_all(ComplaintState, words.COMPLAINT_STATES, _l("全部状态")), validate_choice=False
    )
    kind = SelectField(
        _l("问题类型"), choices=_or_all(ComplaintKind, words.KINDS, _l("全部类型")), validate_choice=False
    )
    intake = SelectField(_l("来源"), choices=_or_all(Intake, words.INTAKES, _l("全部来源")), validate_choice=False)
    late = BooleanField(_l("只看超时未核查的"))
