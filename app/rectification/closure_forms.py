"""Forms of the leader's sample of closures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from app.core.forms import Form, LongText, Photos


class CheckForm(Form):
    """Whether a closure holds, what was seen, and photos."""

    answer = RadioField(
        _l("核实结果"),
        [InputRequired(_l("请选择核实结果。"))],
        choices=[SelectChoice("true", _l("属实")), SelectChoice("false", _l("不实，重新打开"))],
    )
    remark = LongText(_l("核实情况"), [Length(max=250)])
    photos = Photos(_l("核实照片"))
