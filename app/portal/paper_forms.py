"""What a school fills in for its own papers: plan, switching off, patrol, check."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, FormField, HiddenField, RadioField, TimeField, ValidationError
from wtforms import Form as Part
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.core import clock
from app.core.forms import Day, Form, LongText, Text, half_width, not_after
from app.rectification.record_forms import Moment

_NAME = Length(max=80, message=_l("姓名请不超过 80 字。"))
_LINE = Length(max=200, message=_l("请不超过 200 字。"))
_LONG = Length(max=600, message=_l("请不超过 600 字。"))
#: The most stops of one patrol record.
MOST_STOPS = 60


class PlanRow(Part):
    """What will be done about one item."""

    number = HiddenField()
    measure = LongText(_l("整改措施"), [DataRequired(_l("请写明整改措施。")), _LONG])
    deadline = Day(_l("计划完成日期"), [DataRequired(_l("请填写计划完成日期。"))])
    by = Text(_l("责任人"), [DataRequired(_l("请填写责任人。")), _NAME])
    funds = Text(_l("资金（元）"), [Length(max=40, message=_l("请不超过 40 字。"))])
    safeguards = LongText(_l("整改期间的防范措施"), [_LONG])


class PlanForm(Form):
    """The plan for the open items of an order."""

    rows = FieldList(FormField(PlanRow))
    leader = Text(_l("整改负责人"), [DataRequired(_l("请填写整改负责人。")), _NAME])
    team = Text(_l("参加人员"), [_LINE], description=_l("用顿号分开。"))

    def names(self) -> tuple[str, ...]:
        """Who takes part."""
        return tuple(name for name in re.split(r"[、,，;；\s]+", self.team.data or "") if name)


class ShutdownForm(Form):
    """A system is switched off for a while."""

    facility = Text(_l("停用的消防设施"), [DataRequired(_l("请填写停用哪种消防设施。")), _LINE])
    place = Text(_l("部位"), [DataRequired(_l("请填写部位。")), _LINE])
    why = RadioField(
        _l("停用原因"),
        [InputRequired(_l("请选择停用原因。"))],
        choices=[
            SelectChoice("0", _l("维修")),
            SelectChoice("1", _l("年度检测")),
            SelectChoice("2", _l("改造施工")),
            SelectChoice("3", _l("其他")),
        ],
    )
    reason = Text(_l("原因说明"), [_LINE])
    off_from = Moment(_l("停用开始时间"), [InputRequired(_l("请填写停用开始时间。"))])
    off_until = Moment(_l("计划恢复时间"), [InputRequired(_l("请填写计划恢复时间。"))])
    contractor = Text(_l("施工（维保）单位"), [_LINE])
    safeguards = LongText(_l("停用期间的防范措施"), [DataRequired(_l("请写明停用期间的防范措施。")), _LONG])
    applicant = Text(_l("申请人"), [DataRequired(_l("请填写申请人。")), _NAME])
    applied_on = Day(_l("申请日期"), [DataRequired(_l("请填写申请日期。"))])
    reported = Text(_l("报告消防救援机构的情况"), [_LINE], description=_l("何时、向谁、怎样报告的。"))
    restored_at = Moment(_l("实际恢复时间"), [Optional()])
    restored_by = Text(_l("恢复确认人"), [_NAME])

    def validate_off_until(self, field: Moment) -> None:
        """It comes back on after it went off."""
        if self.off_from.data and field.data and field.data <= self.off_from.data:
            raise ValidationError(_("计划恢复时间须晚于停用开始时间。"))

    def validate_reason(self, field: Text) -> None:
        """Another reason is written out."""
        if self.why.data == "3" and not field.data:
            raise ValidationError(_("请写明其他原因。"))

    def validate_restored_by(self, field: Text) -> None:
        """Who switches it on again confirms it, after it went off and not ahead of time."""
        restored: datetime | None = self.restored_at.data
        if bool(restored) != bool(field.data):
            raise ValidationError(_("实际恢复时间和恢复确认人请一起填写。"))
        if restored and self.off_from.data and restored < self.off_from.data:
            raise ValidationError(_("实际恢复时间不能早于停用开始时间。"))
        if restored and self.restored_at.moment() > clock.now():
            raise ValidationError(_("实际恢复时间不能晚于现在。"))


def _upper(text: Any) -> str:
    return re.sub(r"[\s、,，]", "", half_width(text or "")).upper()


class PatrolRow(Part):
    """One stop of a patrol; a row without a place counts for nothing."""

    at = TimeField(_l("时间"), [Optional()], format=["%H:%M", "%H:%M:%S"])
    where = Text(_l("巡查部位"), [_LINE])
    points = Text(_l("异常项目的字母"), filters=[_upper], description=_l("没有异常就留空。"))
    problem = Text(_l("发现的问题"), [_LINE])
    handled = Text(_l("处理情况"), [_LINE])

    @property
    def is_used(self) -> bool:
        """Whether anything was filled in."""
        return bool(self.at.data or self.where.data or self.points.data or self.problem.data or self.handled.data)

    def validate_where(self, field: Text) -> None:
        """Each stop has its place."""
        if self.is_used and not field.data:
            raise ValidationError(_("请填写巡查部位。"))

    def validate_points(self, field: Text) -> None:
        """Letters of the list only, and with them what is wrong."""
        if not re.fullmatch("[A-G]*", field.data or ""):
            raise ValidationError(_("请只填 A 到 G 的字母。"))
        if field.data and not self.problem.data:
            raise ValidationError(_("请写明发现的问题。"))

    def validate_problem(self, field: Text) -> None:
        """A problem belongs to a letter."""
        if field.data and not self.points.data:
            raise ValidationError(_("请填写异常项目的字母。"))


class PatrolForm(Form):
    """One patrol with its stops."""

    day = Day(_l("巡查日期"), [DataRequired(_l("请填写巡查日期。")), not_after(clock.today)])
    shift = RadioField(
        _l("班次"),
        [InputRequired(_l("请选择日间或夜间。"))],
        choices=[SelectChoice("day", _l("日间巡查")), SelectChoice("night", _l("夜间巡查"))],
    )
    patroller = Text(_l("巡查人"), [DataRequired(_l("请填写巡查人。")), _NAME])
    superior = Text(_l("主管人员"), [_NAME])
    rows = FieldList(FormField(PatrolRow), min_entries=6, max_entries=MOST_STOPS)

    @property
    def stops(self) -> list[tuple[time, PatrolRow]]:
        """The rows that were filled in, with their time."""
        return [(row.form.at.data, row.form) for row in self.rows if row.form.is_used]

    def validate_rows(self, field: FieldList) -> None:
        """At least one stop, and each with its time."""
        used = [row for row in field if row.form.is_used]
        if not used:
            self.form_errors.append(_("请至少填写一处巡查部位。"))
            raise ValidationError(_("请至少填写一处巡查部位。"))
        for row in used:
            if row.form.at.data is None and not row.form.at.errors:
                row.form.at.errors = [_("请填写时间。")]
                raise ValidationError(_("请填写时间。"))


class CheckRow(Part):
    """One item of the monthly check."""

    passed = RadioField(
        _l("结果"),
        choices=[SelectChoice("yes", _l("合格")), SelectChoice("no", _l("不合格")), SelectChoice("", _l("未检查"))],
        default="",
    )
    found = Text(_l("发现的问题"), [_LINE])
    handled = Text(_l("处理情况"), [_LINE])

    def validate_found(self, field: Text) -> None:
        """What is not in order is written out."""
        if self.passed.data == "no" and not field.data:
            raise ValidationError(_("请写明发现的问题。"))


class CheckForm(Form):
    """The school's own check, item by item."""

    day = Day(_l("检查日期"), [DataRequired(_l("请填写检查日期。")), not_after(clock.today)])
    department = Text(_l("被检查部门"), [_LINE])
    rows = FieldList(FormField(CheckRow))
    conclusion = LongText(_l("检查结论"), [_LONG])
    checker = Text(_l("检查人"), [DataRequired(_l("请填写检查人。")), _NAME])
    head = Text(_l("被检查部门负责人"), [_NAME])

    def validate_rows(self, field: FieldList) -> None:
        """Something was looked at."""
        if not any(row.form.passed.data for row in field):
            self.form_errors.append(_("请至少填写一项检查结果。"))
            raise ValidationError(_("请至少填写一项检查结果。"))


def moment_of(day: date, at: time) -> datetime:
    """A time of a day at the school."""
    return datetime.combine(day, at, clock.ZONE)
