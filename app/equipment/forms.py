"""What people fill in about equipment: one form per kind, made from its specification, and small forms for acts."""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.core import clock
from app.core.forms import Day, Form, LongText, Measure, Text, WholeNumber, choices, not_after
from app.equipment import remarks, wording
from app.equipment.models import Equipment, EquipmentKind, Trouble
from app.equipment.queries.fieldwork import floor_words
from app.equipment.rules.days import NotADay, as_typed, month_or_day
from app.equipment.rules.specification import Fact, facts_of
from app.equipment.service.register import Details
from app.imports.columns import ColumnsForm, columns_form
from app.schools.models import Building, Place

_UNKNOWN = _l("未登记")
_today = not_after(clock.today, _l("日期不能晚于今天。"))


class MonthOrDay(StringField):
    """A day of making; the month alone will do. `data` is (day, is month) or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return as_typed(*self.data) if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        try:
            self.data = month_or_day(text)
        except NotADay:
            raise ValueError(_("请按铭牌填写年月，例如 2016-09，或填到日 2016-09-15。")) from None


class YesNo(SelectField):
    """Yes, no, or not known."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        offered = [SelectChoice("", _UNKNOWN), SelectChoice("yes", _l("是")), SelectChoice("no", _l("否"))]
        super().__init__(label, choices=offered, **kwargs)

    def process_data(self, value: Any) -> None:
        self.data = {True: "yes", False: "no"}.get(value, "")


class PieceForm(Form):
    """What every kind has beside its specification. `where` is b:<building> or f:<floor>, empty outdoors."""

    where = SelectField(_l("建筑和楼层"), validators=[Optional()])
    place = SelectField(_l("位置（已登记的房间、走道、楼梯）"), validators=[Optional()])
    location = Text(_l("具体位置"), [Length(max=120)], description=_l("例如：东侧楼梯口、302 教室门外"))
    label = Text(_l("校内编号"), [Length(max=40)], description=_l("贴在器材旁的编号，例如 2F-03"))
    made_on = MonthOrDay(_l("出厂日期"), description=_l("按铭牌填写，只有年月也可以，例如 2016-09"))
    serviced_on = Day(_l("最近一次维修日期"), [Optional(), _today])
    tested_on = Day(_l("最近一次测试日期"), [Optional(), _today])
    external_code = Text(_l("外部编号"), [Length(max=60)], description=_l("学校或其他系统里的编号，导入时用来对应"))
    note = LongText(_l("备注"), [Length(max=2000)])

    kind: EquipmentKind
    facts: Sequence[Fact] = ()

    def offer(self, buildings: Sequence[Building], places: Sequence[Place]) -> None:
        """Fill the choices of where a piece can be."""
        offered: list[SelectChoice] = [SelectChoice("", _("室外、不属于任何建筑"))]
        for building in buildings:
            offered.append(SelectChoice(f"b:{building.id}", building.name))
            offered += [SelectChoice(f"f:{f.id}", f"{building.name} · {floor_words(f)}") for f in building.floors]
        self.where.choices = offered
        self.place.choices = [
            SelectChoice("", _("不选")),
            *(SelectChoice(str(one.id), one.name) for one in places),
        ]

    def show(self, piece: Equipment) -> None:
        """Fill the form with what is known of a piece."""
        self.where.data = (
            f"f:{piece.floor_id}" if piece.floor_id else f"b:{piece.building_id}" if piece.building_id else ""
        )
        self.place.data = str(piece.place_id or "")
        for name in {"location", "label", "serviced_on", "tested_on", "external_code", "note"} & set(self._fields):
            self[name].data = getattr(piece, name)
        self.made_on.data = (piece.made_on, piece.made_on_is_month) if piece.made_on else None
        for fact in self.facts:
            value = piece.specification.get(fact.name)
            self[fact.name].process_data(int(value) if isinstance(value, float) and value.is_integer() else value)

    def details(self) -> Details:
        """What was filled in, for the service."""
        sort, _colon, which = (self.where.data or "").partition(":")
        made = self.made_on.data
        return Details(
            specification={fact.name: _said(fact, self[fact.name].data) for fact in self.facts},
            building_id=uuid.UUID(which) if sort == "b" else None,
            floor_id=uuid.UUID(which) if sort == "f" else None,
            place_id=uuid.UUID(self.place.data) if self.place.data else None,
            label=self.label.data or "",
            location=self.location.data or "",
            made_on=made[0] if made else None,
            made_on_is_month=bool(made and made[1]),
            serviced_on=self._day("serviced_on"),
            tested_on=self._day("tested_on"),
            external_code=self.external_code.data or None,
            note=self.note.data or "",
        )

    def _day(self, name: str) -> date | None:
        return self[name].data if name in self._fields else None


def _said(fact: Fact, value: Any) -> Any:
    if fact.type is bool:
        return {"yes": True, "no": False}.get(value)
    if value in (None, ""):
        return None
    return float(value) if fact.type is float else value


def _field(fact: Fact) -> Any:
    label = wording.FACTS[fact.name]
    if fact.type is bool:
        return YesNo(label, validators=[Optional()])
    if fact.type in (int, float):
        sort = WholeNumber if fact.type is int else Measure
        bounds = (
            [NumberRange(fact.range.low, fact.range.high, _l("请填 %(min)s 到 %(max)s 之间的数。"))]
            if fact.range
            else []
        )
        return sort(label, [Optional(), *bounds], **({} if fact.type is int else {"places": None}))
    if issubclass(fact.type, enum.StrEnum):
        offered = choices(fact.type, wording.CHOICES[fact.type])
        if fact.required:
            return SelectField(
                label, [InputRequired(_l("请选择一项。"))], choices=[SelectChoice("", _l("请选择")), *offered]
            )
        return SelectField(label, [Optional()], choices=[SelectChoice("", _UNKNOWN), *offered])
    return Text(label, [Length(max=fact.most)])


@lru_cache(maxsize=16)
def piece_form(kind: EquipmentKind) -> type[PieceForm]:
    """The form of a kind: its specification, then what every kind has."""
    facts = facts_of(kind.value)
    fields: dict[str, Any] = {fact.name: _field(fact) for fact in facts}
    if kind is EquipmentKind.EXTINGUISHER:
        fields["tested_on"] = None
    else:
        fields["serviced_on"] = None
    return type(f"{kind.name.title().replace('_', '')}Form", (PieceForm,), {**fields, "kind": kind, "facts": facts})


class ReasonForm(Form):
    """Taking a piece out of use."""

    reason = Text(_l("停用原因"), [InputRequired(_l("请写明停用的原因。")), Length(max=200)])
    on = Day(_l("停用日期"), [Optional(), _today])


class WhenForm(Form):
    """A day on which something was done, and a remark."""

    on = Day(_l("日期"), [Optional(), _today])
    note = Text(_l("说明"), [Length(max=200)])


class BackForm(Form):
    """Coming back from service."""

    serviced_on = Day(_l("维修日期（维修合格标签上的日期，没有维修则不填）"), [Optional(), _today])


class TroubleForm(Form):
    """A fault that makes an extinguisher due at once."""

    trouble = SelectField(_l("是什么故障"), choices=[SelectChoice(t.value, wording.TROUBLES[t]) for t in Trouble])
    on = Day(_l("发现日期"), [Optional(), _today])


class TagForm(Form):
    """Sticking a label on a piece."""

    tag = Text(_l("标签编号"), [InputRequired(_l("请扫描标签，或输入标签上的编号。")), Length(max=300)])


def _options(labels: dict[Any, Any], all_words: Any) -> list[SelectChoice]:
    return [SelectChoice("", all_words), *(SelectChoice(key.value, words) for key, words in labels.items())]


class FilterForm(Form):
    """What a list should hold; sent by GET."""

    class Meta:
        csrf = False

    kind = SelectField(_l("种类"), choices=_options(wording.KINDS, _l("全部种类")), validators=[Optional()])
    due = SelectField(
        _l("到期情况"),
        choices=[
            SelectChoice("", _l("不限")),
            SelectChoice("now", _l("已到期、过期和应报废")),
            SelectChoice("overdue", _l("已过维修期限")),
            SelectChoice("scrap", _l("应报废")),
            SelectChoice("soon", _l("60 天内到期")),
        ],
        validators=[Optional()],
    )
    status = SelectField(_l("状态"), choices=_options(wording.STATUSES, _l("在用和送修")), validators=[Optional()])
    building = SelectField(_l("建筑"), validators=[Optional()])
    q = Text(_l("搜索"))


class LabelsForm(Form):
    """Which paper labels are printed on."""

    paper = RadioField(
        _l("标签纸"),
        choices=[
            SelectChoice("sheet", _l("A4 标签纸，每张 24 枚（70×36 mm）")),
            SelectChoice("roll", _l("标签打印机，每枚 60×40 mm")),
        ],
        default="sheet",
    )


class BlanksForm(LabelsForm):
    """A roll of labels that are not on anything yet."""

    count = WholeNumber(
        _l("张数"), [InputRequired(_l("请填写张数。")), NumberRange(1, 5000, _l("一次可印 1 到 5000 张。"))], default=24
    )


class RequirementForm(Form):
    """What decides how many extinguishers a floor needs; sent by GET."""

    class Meta:
        csrf = False

    area_m2 = Measure(
        _l("计算单元面积"),
        [InputRequired(_l("请填写面积。")), NumberRange(1, 100_000)],
        description=_l("一层或一个防火分区"),
    )
    hazard = SelectField(
        _l("危险等级"),
        choices=[
            SelectChoice("severe", _l("严重危险级")),
            SelectChoice("middle", _l("中危险级")),
            SelectChoice("light", _l("轻危险级")),
        ],
        default="middle",
    )
    hydrants = BooleanField(_l("有室内消火栓"))
    automatic = BooleanField(_l("有自动灭火系统"))
    basement = BooleanField(_l("地下场所"))
    points = WholeNumber(
        _l("设置点数"),
        [InputRequired(_l("请填写设置点数。")), NumberRange(1, 500)],
        default=1,
        description=_l("按最大保护距离需要放灭火器的位置数"),
    )
    rating = WholeNumber(
        _l("单具灭火级别"),
        [InputRequired(_l("请填写灭火级别。")), NumberRange(1, 40)],
        default=2,
        description=_l("以铭牌为准，4 kg 干粉 ABC 一般为 2A"),
    )
    corridor_m = Measure(_l("走道长度"), [Optional(), NumberRange(0, 1000)], description=_l("用来粗算最远的行走距离"))
    room_m = Measure(_l("最深房间的对角线"), [Optional(), NumberRange(0, 200)])


class UploadForm(Form):
    """A list of equipment."""

    file = FileField(_l("器材清单（CSV、XLSX 或 XLS）"), [FileRequired(_l("请选择文件。"))])


class MappingForm(ColumnsForm):
    """What each column of a list is; the columns are added by `mapping_form`."""

    add_places = BooleanField(_l("表里有、登记册里没有的建筑和楼层，一并登记"), default=True)


def mapping_form(headings: Sequence[str], mapped: Mapping[str, str]) -> type[MappingForm]:
    """A form with one choice for each column of this list."""
    return columns_form(MappingForm, headings, mapped, remarks.field_choices())
