"""Forms about calendars and terms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.forms import Day, Form, Text

OFF, WORK = "off", "work"


class DaysForm(Form):
    """Days off or shifted working days, from a first to a last day."""

    kind = RadioField(
        _l("类型"),
        [InputRequired(_l("请选择放假或上班。"))],
        choices=[SelectChoice(OFF, _l("放假")), SelectChoice(WORK, _l("调休上班"))],
        default=OFF,
    )
    name = Text(_l("节日名称"), [InputRequired(_l("请填写节日名称。")), Length(max=60)])
    start = Day(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))])
    end = Day(_l("结束日期"), [InputRequired(_l("请填写结束日期。"))])
    source = Text(_l("依据文件"), [InputRequired(_l("请填写依据的通知或文件。")), Length(max=200)])
    replace = BooleanField(_l("节日改期：同时撤销本年已录入的同名日期"))


class WithdrawForm(Form):
    """Taking marked days back."""

    start = Day(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))])
    end = Day(_l("结束日期"), [InputRequired(_l("请填写结束日期。"))])
    reason = Text(_l("撤销原因"), [InputRequired(_l("请写明撤销原因。")), Length(max=200)])


class FilledForm(Form):
    """Whether a year is complete."""

    filled = BooleanField(_l("本年放假安排已全部录入"))


class RegionForm(Form):
    """A calendar of an area's own days off."""

    area_code = SelectField(_l("地区"), [InputRequired(_l("请选择地区。"))])
    name = Text(_l("日历名称"), [InputRequired(_l("请填写日历名称。")), Length(max=120)])
    name_en = Text(_l("英文名称"), [Length(max=120)])


class TermForm(Form):
    """A school term of an area."""

    area_code = SelectField(_l("地区"), [InputRequired(_l("请选择地区。"))])
    name = Text(_l("学期名称"), [InputRequired(_l("请填写学期名称，如 2026 年秋季学期。")), Length(max=60)])
    starts_on = Day(_l("开学日期"), [InputRequired(_l("请填写开学日期。"))])
    ends_on = Day(_l("放假前最后一天"), [InputRequired(_l("请填写放假前最后一天。"))])


class ReasonForm(Form):
    """Why something is taken back."""

    reason = Text(_l("撤销原因"), [InputRequired(_l("请写明撤销原因。")), Length(max=200)])
