"""Forms about orders: the list's filters, a draft, reasons, service, more time, deputies."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Person
from app.core import clock
from app.core.db import new_id
from app.core.forms import Day, Form, LongText, Text, choices, not_after
from app.rectification.order_words import KINDS, METHODS, STATES
from app.rectification.queries.orders import Choice
from app.rectification.rules.findings import Colour
from app.rectification.rules.machine import OrderState
from app.rectification.rules.orders import EscalationLevel, OrderKind, ServiceMethod
from app.rectification.words import COLOURS

SORTS = (("deadline", _l("期限最近")), ("newest", _l("最近起草")), ("school", _l("学校名称")))


def as_id(text: str | None) -> uuid.UUID | None:
    """The id that a form or an address names, or None."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class OrderFilter(Form):
    """Which orders to list. Read from the address; what cannot be read counts as not chosen."""

    class Meta:
        csrf = False

    q = Text(_l("搜索"), [Length(max=100)])
    state = SelectField(_l("状态"), default="living")
    kind = SelectField(_l("文书"), default="")
    colour = SelectField(_l("颜色"), default="")
    school = HiddenField(default="")
    inspector = SelectField(_l("承办人"), default="")
    sort = SelectField(_l("排序"), default="deadline", choices=[SelectChoice(*pair) for pair in SORTS])
    mine = BooleanField(_l("只看我承办的"))

    def __init__(self, *args: Any, officers: Sequence[tuple[uuid.UUID, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inspector.choices = [SelectChoice("", _l("全部")), *(SelectChoice(str(k), name) for k, name in officers)]
        self.state.choices = [
            SelectChoice("living", _l("全部未结束")),
            SelectChoice("preparing", _l("签发前")),
            *choices(OrderState, STATES),
            SelectChoice("unarchived", _l("已销号，未归档")),
            SelectChoice("archived", _l("已归档")),
            SelectChoice("", _l("全部")),
        ]
        self.kind.choices = [SelectChoice("", _l("全部")), *choices(OrderKind, KINDS)]
        self.colour.choices = [SelectChoice("", _l("全部")), *choices(Colour, COLOURS)]
        for name, otherwise in (
            ("state", "living"),
            ("kind", ""),
            ("colour", ""),
            ("inspector", ""),
            ("sort", "deadline"),
        ):
            field = self[name]
            if field.data not in {str(choice.value) for choice in field.choices}:
                field.data = otherwise

    def choice(self) -> Choice:
        """What the form asks for."""
        return Choice(
            state=self.state.data,
            kind=self.kind.data,
            colour=self.colour.data,
            school_id=as_id(self.school.data),
            inspector_id=as_id(self.inspector.data),
            mine=self.mine.data,
            search=(self.q.data or "")[:100],
            sort=self.sort.data,
        )


class NewOrder(Form):
    """Which open findings of a school an order is drafted for."""

    kind = RadioField(_l("文书"), [InputRequired(_l("请选择文书种类。"))], default=OrderKind.LIMITED.value)
    findings = SelectMultipleField(
        _l("写入的问题"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *args: Any, lines: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = choices(OrderKind, KINDS)
        self.findings.choices = [SelectChoice(str(key), text) for key, text in lines]

    def chosen(self) -> set[uuid.UUID]:
        """The findings that were ticked."""
        return {uuid.UUID(text) for text in self.findings.data or []}


class DraftWords(Form):
    """The words of a draft; the dates of its items stand beside them, a field each."""

    problem_text = LongText(_l("情况说明"), [Length(max=2000)])
    national_number = Text(_l("国家系统文书编号"), [Length(max=60)])
    pad_number = Text(_l("文书本编号"), [Length(max=60)])


class ReasonForm(Form):
    """Why something is returned, discarded or declared void."""

    reason = LongText(
        _l("理由"), [InputRequired(_l("请写明理由。")), Length(max=300, message=_l("理由请不超过 300 字。"))]
    )


class RemarkForm(Form):
    """What a reviewer or leader adds to the word of approval."""

    remark = LongText(_l("意见"), [Length(max=300, message=_l("意见请不超过 300 字。"))])


class PenaltyForm(Form):
    """The number of the penalty case that follows, in the system where it is kept."""

    penalty_number = Text(_l("处罚案号"), [Length(max=60)])


class ServiceForm(Form):
    """How the order was handed over."""

    key = HiddenField(default=lambda: str(new_id()))
    method = RadioField(_l("送达方式"), [InputRequired(_l("请选择送达方式。"))], default=ServiceMethod.HAND.value)
    to_name = Text(_l("受送达人"), [Length(max=80)])
    to_post = Text(_l("职务"), [Length(max=80)])
    witness_name = Text(_l("见证人"), [Length(max=80)])
    witness_post = Text(_l("见证人单位或职务"), [Length(max=80)])
    reason = LongText(_l("拒收或留置的事由"), [Length(max=300)])
    tracking = Text(_l("邮寄单号"), [Length(max=80)])
    second_by_id = SelectField(_l("第二名送达人"), [Optional()])
    on = Day(_l("送达日期"), [Optional(), not_after(clock.today, _l("送达日期不能晚于今天。"))])

    def __init__(self, *args: Any, colleagues: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method.choices = choices(ServiceMethod, METHODS)
        self.second_by_id.choices = [SelectChoice("", _("无")), *(SelectChoice(str(p.id), p.name) for p in colleagues)]

    def moment(self) -> datetime | None:
        """The moment of service: now, or noon of an earlier day that was entered."""
        if self.on.data is None or self.on.data >= clock.today():
            return None
        return clock.start_of(self.on.data)


class DeliveredForm(Form):
    """That the post was delivered."""

    on = Day(
        _l("签收日期"),
        [InputRequired(_l("请填写签收日期。")), not_after(clock.today, _l("签收日期不能晚于今天。"))],
    )
    by = Text(_l("签收人"), [InputRequired(_l("请填写签收人的姓名。")), Length(max=80)])


class AnswerForm(Form):
    """An officer's word on what the school has sent."""

    reason = LongText(_l("退回原因"), [Length(max=300, message=_l("理由请不超过 300 字。"))])


class DecideForm(Form):
    """The leader's word on a request for more time."""

    deadline = Day(_l("新的期限"), [Optional()])
    reason = LongText(_l("理由"), [Length(max=300, message=_l("理由请不超过 300 字。"))])


class DeputyForm(Form):
    """Who approves in the leader's place, from when to when."""

    person_id = SelectField(_l("代理人"), [InputRequired(_l("请选择代理人。"))])
    from_on = Day(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))], default=clock.today)
    to_on = Day(_l("结束日期"), [InputRequired(_l("请填写结束日期。"))])

    def __init__(self, *args: Any, colleagues: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person_id.choices = [SelectChoice(str(p.id), p.name) for p in colleagues]


class EscalationAnswerForm(Form):
    """What the higher level says about a case that it was asked to supervise."""

    text = LongText(
        _l("督办意见"),
        [DataRequired(_l("请写明督办意见。")), Length(max=1000, message=_l("督办意见请不超过 1000 字。"))],
    )
    due = Day(_l("要求报告的日期"), [Optional()])


def level_of(text: str | None) -> EscalationLevel:
    """The level that was chosen; the detachment where none was."""
    return EscalationLevel(text) if text in set(EscalationLevel) else EscalationLevel.DETACHMENT
