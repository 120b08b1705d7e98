"""Forms about major hazards, sealings and transfers: one for each step."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateTimeLocalField, FileField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.accounts.models import Person
from app.core import clock
from app.core.forms import Day, Form, LongText, Text, WholeNumber, choices
from app.rectification.record_words import AUTHORITIES
from app.rectification.rules.records import AuthorityKind

_LONG = Length(max=4000, message=_l("文字太长，请精简。"))
_NAME = Length(max=120)


def _day(label: Any, sentence: Any = _l("请填写日期。"), *, required: bool = True) -> Day:
    return Day(label, [InputRequired(sentence) if required else Optional()])


class Moment(DateTimeLocalField):
    """A day and time at the school."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **kwargs: Any) -> None:
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        super().__init__(label, list(validators), format=formats, **kwargs)

    def moment(self) -> datetime:
        """The moment, with its zone."""
        found: datetime = self.data
        return found.replace(tzinfo=clock.ZONE)


def _yes_no(label: Any, yes: Any, no: Any, sentence: Any) -> RadioField:
    return RadioField(label, [InputRequired(sentence)], choices=[SelectChoice("yes", yes), SelectChoice("no", no)])


class NewMajor(Form):
    """What is put before the collective study."""

    findings = SelectMultipleField(
        _l("涉及的问题"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    visited_on = _day(_l("检查日期"))
    problem_text = LongText(_l("隐患情况"), [InputRequired(_l("请写明隐患情况。")), _LONG])
    with_experts = BooleanField(_l("需要专家论证（期限增加十个工作日）"))

    def __init__(self, *args: Any, lines: Sequence[tuple[uuid.UUID, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings.choices = [SelectChoice(str(key), text) for key, text in lines]

    def chosen(self) -> set[uuid.UUID]:
        """The findings that were ticked."""
        return {uuid.UUID(text) for text in self.findings.data or []}


class StudyForm(Form):
    """The collective study."""

    studied_on = _day(_l("研究日期"))
    place = Text(_l("地点"), [_NAME])
    chair = Text(_l("主持人"), [Length(max=80)])
    participants = Text(
        _l("参加人员"),
        [InputRequired(_l("请写明参加人员。")), Length(max=400)],
        description=_l("用顿号分开，至少两人。"),
    )
    conclusion = LongText(_l("研究结论"), [InputRequired(_l("请写明研究结论。")), _LONG])
    is_major = _yes_no(_l("集体研究认为"), _l("是重大火灾隐患"), _l("不是重大火灾隐患"), _l("请选择集体研究的结论。"))


class ApproveMajor(Form):
    """The leader's determination."""

    remark = LongText(_l("意见"), [Length(max=300)])
    deadline = _day(_l("整改期限"), required=False)


class RemarkForm(Form):
    """A word beside a decision."""

    remark = LongText(_l("意见"), [Length(max=300)])


class ReasonForm(Form):
    """Why."""

    reason = LongText(_l("理由"), [InputRequired(_l("请写明理由。")), Length(max=300)])


class TextForm(Form):
    """What is the case, in words."""

    text = LongText(_l("情况说明"), [InputRequired(_l("请写明情况。")), _LONG])


class IssueForm(Form):
    """Before a notice is issued."""

    national_number = Text(_l("国家系统文书编号"), [Length(max=60)])


class ServeForm(Form):
    """To whom a notice was handed over."""

    served_on = _day(_l("送达日期"))
    served_to = Text(_l("受送达人"), [InputRequired(_l("请填写受送达人的姓名。")), _NAME])


class ReportForm(Form):
    """The report to the government."""

    reported_on = _day(_l("报告日期"))
    government = Text(_l("报告哪一级人民政府"), [InputRequired(_l("请写明报告哪一级人民政府。")), _NAME])
    measures = LongText(_l("已采取的措施"), [_LONG])
    proposal = LongText(_l("建议"), [_LONG])


class NewSealing(Form):
    """What is to be, or was, sealed."""

    visited_on = _day(_l("检查日期"))
    second_id = SelectField(_l("第二名检查人员"), [InputRequired(_l("请选择第二名检查人员。"))])
    place = Text(_l("查封部位、场所"), [InputRequired(_l("请写明查封的部位、场所。")), Length(max=200)])
    extent = Text(_l("范围"), [Length(max=300)])
    strips = WholeNumber(_l("封条张数"), [Optional(), NumberRange(1, 200, _l("请输入%(min)d到%(max)d之间的整数。"))])
    danger = LongText(
        _l("火灾隐患"),
        [InputRequired(_l("请写明火灾隐患。")), _LONG],
        description=_l("不及时消除将严重威胁公共安全的情况。"),
    )
    urgent = BooleanField(_l("情况紧急，已经口头同意当场查封"))
    consent_by = Text(_l("口头同意的负责人"), [Length(max=80)])
    consent_at = Moment(_l("同意的时间"), [Optional()])
    sealed_at = Moment(_l("查封的时间"), [Optional()])

    def __init__(self, *args: Any, colleagues: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.second_id.choices = [SelectChoice(str(p.id), p.name) for p in colleagues]


class DecideSealing(Form):
    """The collective decision to seal."""

    studied_on = _day(_l("研究日期"))
    participants = Text(_l("参加研究的负责人"), [InputRequired(_l("请写明参加研究的负责人。")), Length(max=400)])
    conclusion = LongText(_l("研究结论"), [InputRequired(_l("请写明研究结论。")), _LONG])


class IssueSealing(Form):
    """The term of a sealing."""

    sealed_from = _day(_l("查封自"))
    sealed_until = Day(
        _l("查封至"),
        [InputRequired(_l("请填写日期。"))],
        description=_l("不超过三十日（消防监督检查规定第二十二条，原文待核）。"),
    )
    national_number = Text(_l("国家系统文书编号"), [Length(max=60)])


class SceneForm(Form):
    """What happened on the spot."""

    started = Moment(_l("开始时间"), [InputRequired(_l("请填写开始时间。"))])
    ended = Moment(_l("结束时间"), [InputRequired(_l("请填写结束时间。"))])
    party = Text(_l("当事人"), [Length(max=80)])
    party_post = Text(_l("当事人职务"), [Length(max=80)])
    witness = Text(_l("见证人"), [_NAME], description=_l("当事人不到场的，须有见证人。"))
    course = LongText(_l("现场经过"), [InputRequired(_l("请写明现场经过。")), _LONG])
    statement = LongText(_l("当事人陈述"), [_LONG])


class RenewForm(Form):
    """A longer term."""

    until = Day(_l("续封至"), [InputRequired(_l("请填写日期。"))], description=_l("每次不超过三十日。"))
    reason = LongText(_l("续封理由"), [InputRequired(_l("请写明续封理由。")), Length(max=500)])


class ApplyForm(Form):
    """The school's application."""

    applied_on = _day(_l("申请日期"))
    text = LongText(_l("申请内容"), [InputRequired(_l("请写明申请内容。")), _LONG])


class CheckForm(Form):
    """What the check before lifting found."""

    checked_on = _day(_l("检查日期"))
    second_id = SelectField(_l("第二名检查人员"), [InputRequired(_l("请选择第二名检查人员。"))])
    text = LongText(_l("检查情况"), [InputRequired(_l("请写明检查情况。")), _LONG])
    danger_gone = _yes_no(_l("火灾隐患"), _l("已经消除"), _l("尚未消除"), _l("请选择隐患是否消除。"))

    def __init__(self, *args: Any, colleagues: Sequence[Person] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.second_id.choices = [SelectChoice(str(p.id), p.name) for p in colleagues]


class TransferForm(Form):
    """To whom a finding is handed over."""

    authority = SelectField(_l("主管部门"), [InputRequired(_l("请选择主管部门。"))])
    authority_name = Text(_l("受移送单位"), [InputRequired(_l("请填写受移送单位的名称。")), _NAME])
    sent_on = Day(_l("移送日期"), [InputRequired(_l("请填写日期。"))], default=clock.today)
    text = LongText(_l("移送事由"), [InputRequired(_l("请写明移送事由。")), _LONG])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority.choices = choices(AuthorityKind, AUTHORITIES)


class ReplyForm(Form):
    """What the other authority answered."""

    replied_on = _day(_l("答复日期"))
    text = LongText(_l("答复内容"), [InputRequired(_l("请写明答复内容。")), _LONG])


class RecordScanForm(Form):
    """A scan or photo to keep with a record."""

    scan = FileField(_l("扫描件或照片（PDF、JPG、PNG）"), render_kw={"accept": "application/pdf,image/*"})
    label = Text(_l("内容"), [_NAME], description=_l("例如：签收的通知书、封条照片。"))


def as_day(day: date | None) -> date:
    """A day that its form has required."""
    if day is None:
        raise ValueError("the form has not required the day")
    return day
