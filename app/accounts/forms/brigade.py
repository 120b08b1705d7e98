"""The data and the settings of a unit of the fire service."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core.forms import Form, Text, WholeNumber
from app.organisations.models import BrigadeKind
from app.organisations.setting_kinds import NumberPattern, OneOf, Setting, YesNo
from app.organisations.setting_kinds import WholeNumber as NumberSetting
from app.organisations.settings import MARK_LABELS, described

KIND_LABELS = {
    BrigadeKind.CORPS: _l("总队"),
    BrigadeKind.DETACHMENT: _l("支队"),
    BrigadeKind.BRIGADE: _l("大队"),
    BrigadeKind.STATION: _l("消防站"),
}


class BrigadeForm(Form):
    """How the unit is named and reached; papers print it."""

    name = Text(_l("单位名称"), [InputRequired(_l("请输入单位名称。")), Length(max=120)])
    name_bo = Text(_l("藏文名称"), [Optional(), Length(max=200)])
    name_en = Text(_l("英文名称"), [Optional(), Length(max=200)])
    code_word = Text(
        _l("机关代字"),
        [Optional(), Length(max=20)],
        description=_l("文书编号开头的字，例如“示”：示消检字〔2026〕第0001号。请按上级核定填写。"),
    )
    phone = Text(_l("电话"), [Optional(), Length(max=40)], render_kw={"inputmode": "tel"})
    address = Text(_l("地址"), [Optional(), Length(max=200)])


class NewUnitForm(BrigadeForm):
    """A further unit, below one of the viewer's."""

    kind = SelectField(_l("类别"), [InputRequired(_l("请选择类别。"))])
    parent = SelectField(_l("上级单位"), [InputRequired(_l("请选择上级单位。"))])
    area_code = SelectField(_l("行政区"), [InputRequired(_l("请选择行政区。"))])


def _hint(one: Setting) -> Any:
    proposed = one.shown(one.default)
    return _l("%(hint)s（%(mark)s：%(value)s）", hint=one.hint, mark=MARK_LABELS[one.mark], value=proposed)


def _field(one: Setting) -> Any:
    if isinstance(one, YesNo):
        return BooleanField(one.label, description=_hint(one))
    if isinstance(one, OneOf):
        options = [SelectChoice(value, label) for value, label in one.options.items()]
        return SelectField(one.label, [InputRequired()], choices=options, description=_hint(one))
    if isinstance(one, NumberSetting):
        sentence = _l("请输入%(lowest)d到%(highest)d之间的整数。", lowest=one.lowest, highest=one.highest)
        within = [InputRequired(sentence), NumberRange(one.lowest, one.highest, sentence)]
        return WholeNumber(one.label, within, description=_hint(one), render_kw={"inputmode": "numeric"})
    needed = [InputRequired(_l("请填写编号格式。"))] if isinstance(one, NumberPattern) else []
    return Text(one.label, [*needed, Length(max=60)], description=_hint(one))


def _settings_form() -> type[Form]:
    fields: dict[str, Any] = {"__doc__": "What a brigade decides for itself; one field for each setting."}
    return type("SettingsForm", (Form,), fields | {one.name: _field(one) for one in described()})


SettingsForm = _settings_form()
