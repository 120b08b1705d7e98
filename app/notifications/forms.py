"""How a person wants to be told, which messages the log shows, and who took a call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from app.core.forms import Form, Text
from app.core.i18n import LANGUAGES
from app.notifications.rules import Channel, State
from app.notifications.words import CHANNELS, CHOICES, STATES

_HOURS = [SelectChoice(str(hour), f"{hour:02d}:00") for hour in range(24)]


class PreferenceForm(Form):
    """Language, road and hours."""

    language = SelectField(
        _l("消息语言"),
        choices=[SelectChoice("", _l("与系统相同")), *[SelectChoice(code, name) for code, name in LANGUAGES.items()]],
    )
    channel = SelectField(
        _l("接收方式"),
        choices=[SelectChoice(key, label) for key, label in CHOICES.items()],
        description=_l("每人每天最多一封汇总；选用的方式不通时改用其他方式。本系统“消息”页上始终能看到全部消息。"),
    )
    quiet_from = SelectField(_l("免打扰开始"), choices=_HOURS)
    quiet_to = SelectField(
        _l("免打扰结束"), choices=_HOURS, description=_l("每日汇总在免打扰结束后发送；两个时间相同则不免打扰。")
    )
    weekends = BooleanField(_l("星期六、星期日也发送每日汇总"))
    urgent_waits = BooleanField(_l("紧急消息也等到免打扰结束后再发送"))


class LogFilter(Form):
    """Which messages to list."""

    class Meta:
        csrf = False

    state = SelectField(
        _l("状态"),
        choices=[SelectChoice("", _l("全部")), *[SelectChoice(s.value, STATES[s]) for s in State]],
        validate_choice=False,
    )
    channel = SelectField(
        _l("方式"),
        choices=[
            SelectChoice("", _l("全部")),
            *[SelectChoice(c.value, CHANNELS[c]) for c in Channel if c is not Channel.CALL],
        ],
        validate_choice=False,
    )
    q = Text(_l("收件人姓名"), [Optional(), Length(max=80)])


class CallForm(Form):
    """Who took the call."""

    spoke_to = Text(_l("接听人"), [InputRequired(_l("请填写接听人。")), Length(max=80)])
