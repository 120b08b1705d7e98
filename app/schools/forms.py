"""What is filled in about schools."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from app.core import clock
from app.core.forms import Day, Form, LongText, Measure, Optional, Text, WholeNumber, choices, not_after
from app.schools import labels
from app.schools.models import BuildingUse, HazardClass, PlaceKind, SchoolKind

_NEEDED = _l("请填写。")


def text(label: Any, most: int, *, needed: bool = False, **kwargs: Any) -> Text:
    """One line of at most so many characters."""
    checks: list[Any] = [InputRequired(_NEEDED)] if needed else [Optional(strip_whitespace=False)]
    return Text(label, [*checks, Length(max=most, message=_l("最多 %(max)d 个字。"))], **kwargs)


def count(label: Any, most: int = 200_000, least: int = 0, *, needed: bool = False, **kwargs: Any) -> WholeNumber:
    """A number of people or things."""
    bounds = NumberRange(least, most, _l("请填 %(min)s 到 %(max)s 之间的整数。"))
    return WholeNumber(label, [InputRequired(_NEEDED) if needed else Optional(), bounds], **kwargs)


def measure(label: Any, least: float, most: float, **kwargs: Any) -> Measure:
    """A measured figure between two bounds."""
    bounds = NumberRange(least, most, _l("请填 %(min)s 到 %(max)s 之间的数。"))
    return Measure(label, [Optional(), bounds], places=None, **kwargs)  # shown as stored, never rounded


def some_id(value: Any) -> uuid.UUID | None:
    """A chosen id, or None for the empty choice."""
    return uuid.UUID(str(value)) if value and str(value) != "None" else None


class ManyChoices(SelectMultipleField):
    """Several checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class SchoolForm(Form):
    """A school's head data. The view sets the choices of brigade, area, parent and facilities."""

    name = text(_l("学校名称"), 120, needed=True)
    name_bo = text(_l("藏文名称"), 200, render_kw={"lang": "bo"})
    name_en = text(_l("英文名称"), 200)
    kind = SelectField(_l("办学类型"), [InputRequired(_NEEDED)], choices=choices(SchoolKind, labels.KINDS))
    is_boarding = BooleanField(_l("寄宿制"))
    is_key_unit = BooleanField(_l("消防安全重点单位"))
    brigade_id = SelectField(_l("负责的大队"), coerce=some_id)
    area_code = SelectField(_l("所属区县"), [InputRequired(_NEEDED)])
    address = text(_l("地址"), 300)
    parent_id = SelectField(_l("上级学校（本校是分校时）"), coerce=some_id)
    external_code = text(_l("学校代码"), 60)
    source = text(_l("代码来源"), 40)
    phone = text(_l("学校电话"), 60)
    responsible_person = text(_l("消防安全责任人（校长）"), 80)
    responsible_phone = text(_l("责任人电话"), 40)
    safety_manager = text(_l("消防安全管理人"), 80)
    safety_manager_phone = text(_l("管理人电话"), 40)
    pupils = count(_l("学生人数"))
    boarders = count(_l("住校人数"))
    staff = count(_l("教职工人数"))
    latitude = measure(_l("纬度"), -90, 90)
    longitude = measure(_l("经度"), -180, 180)
    facilities = ManyChoices(_l("消防设施和场所"))
    note = LongText(_l("备注"), [Optional(), Length(max=4000)])
    is_sure = BooleanField(_l("已核对，是另一所学校"))

    def validate_boarders(self, field: WholeNumber) -> None:
        """No more may sleep here than learn here."""
        if field.data is not None and self.pupils.data is not None and field.data > self.pupils.data:
            raise ValidationError(str(_l("住校人数不能多于学生人数。")))

    def validate_longitude(self, field: Measure) -> None:
        """Latitude and longitude go together."""
        if (field.data is None) != (self.latitude.data is None):
            raise ValidationError(str(_l("经度和纬度要一起填写。")))

    def values(self) -> dict[str, Any]:
        """What the school's row takes."""
        found = {name: field.data for name, field in self._fields.items() if name in _OF_SCHOOL}
        for name in ("latitude", "longitude"):
            found[name] = float(found[name]) if found[name] is not None else None
        found["kind"] = SchoolKind(found["kind"])
        for name in ("name_bo", "name_en", "address", "phone", "note", *_PEOPLE):
            found[name] = found[name] or ""
        found["external_code"] = found["external_code"] or None
        found["source"] = (found["source"] or "manual") if found["external_code"] else None
        return found


_PEOPLE = ("responsible_person", "responsible_phone", "safety_manager", "safety_manager_phone")
_OF_SCHOOL = {
    "name", "name_bo", "name_en", "kind", "is_boarding", "is_key_unit", "area_code", "address", "parent_id", "external_code",
    "source", "phone", "pupils", "boarders", "staff", "latitude", "longitude", "facilities", "note", *_PEOPLE,
}  # fmt: skip


class BuildingForm(Form):
    """A building. Heights in metres, areas in square metres."""

    name = text(_l("建筑名称"), 80, needed=True)
    use = SelectField(_l("主要用途"), choices=choices(BuildingUse, labels.USES))
    completed_on = Day(_l("竣工日期"), [Optional(), not_after(clock.today)])
    height_m = measure(_l("建筑高度"), 0, 500)
    floors_above = count(_l("地上层数"), 60, 1, needed=True, default=1)
    floors_below = count(_l("地下层数"), 10, 0, needed=True, default=0)
    area_m2 = measure(_l("建筑面积"), 0, 1_000_000)
    hazard_class = SelectField(
        _l("灭火器配置危险等级"), choices=choices(HazardClass, labels.HAZARDS), default=HazardClass.MIDDLE.value
    )
    fire_rating = SelectField(
        _l("耐火等级"),
        choices=[
            SelectChoice(value, labels.FIRE_RATINGS.get(value, _l("未核定"))) for value in ("", *labels.FIRE_RATINGS)
        ],
    )
    facilities = ManyChoices(_l("这栋建筑的消防设施"))

    def values(self) -> dict[str, Any]:
        """What the building's row takes."""
        found = {name: field.data for name, field in self._fields.items() if name != "csrf_token"}
        found["use"], found["hazard_class"] = BuildingUse(found["use"]), HazardClass(found["hazard_class"])
        for name in ("height_m", "area_m2"):
            found[name] = float(found[name]) if found[name] is not None else None
        return found


class FloorForm(Form):
    """One floor: what it is called and how many people it holds."""

    name = text(_l("楼层名称"), 40)
    heads = count(_l("人数"))


class NewFloorForm(FloorForm):
    """A floor that the number of storeys does not tell."""

    level = WholeNumber(_l("楼层号（地下为负数）"), [InputRequired(_NEEDED), NumberRange(-20, 120)])


class PlaceForm(Form):
    """A place. The view sets the choices of floor."""

    kind = SelectField(_l("场所种类"), choices=choices(PlaceKind, labels.PLACES))
    use = SelectField(_l("用途"), choices=[SelectChoice(key, word) for key, word in labels.PLACE_USES.items()])
    name = text(_l("名称"), 80, needed=True)
    name_bo = text(_l("藏文名称"), 120, render_kw={"lang": "bo"})
    where = SelectField(_l("位置"))
    area_m2 = measure(_l("面积"), 0, 1_000_000)
    heads = count(_l("人数"))
    width_m = measure(_l("净宽"), 0, 100)

    def values(self) -> dict[str, Any]:
        """What the place's row takes; `where` is `building:<id>`, `floor:<id>` or empty for the grounds."""
        found = {name: f.data for name, f in self._fields.items() if name not in ("csrf_token", "where")}
        found["kind"], found["name_bo"] = PlaceKind(found["kind"]), found["name_bo"] or ""
        for name in ("area_m2", "width_m"):
            found[name] = float(found[name]) if found[name] is not None else None
        sort, _sign, key = (self.where.data or "").partition(":")
        found["building_id"] = uuid.UUID(key) if sort == "building" else None
        found["floor_id"] = uuid.UUID(key) if sort == "floor" else None
        return found


class ContactForm(Form):
    """Somebody to call."""

    name = text(_l("姓名"), 80, needed=True)
    post = text(_l("职务"), 80)
    phone = text(_l("电话"), 40)


class ReasonForm(Form):
    """Why something is closed, retired or undone."""

    reason = text(_l("原因"), 500, needed=True)


class MergeForm(ReasonForm):
    """Into which school. The view sets the choices."""

    into_id = SelectField(_l("并入哪所学校"), [InputRequired(_NEEDED)], coerce=some_id)


class FilterForm(Form):
    """The filters of the list; sent with GET. The view sets the choices of area."""

    class Meta:
        """Nothing is changed by filtering."""

        csrf = False

    kind = SelectField(
        _l("办学类型"), choices=[SelectChoice("", _l("全部")), *choices(SchoolKind, labels.KINDS)], default=""
    )
    area = SelectField(_l("所属区县"), default="")
    status = SelectField(
        _l("状态"), choices=[SelectChoice("", _l("在办和暂停")), *choices(labels.STATUSES, labels.STATUSES)]
    )
    boarding = BooleanField(_l("寄宿制"))
    key_unit = BooleanField(_l("重点单位"))
    unvisited = BooleanField(_l("本年未检查"))
    group = SelectField(_l("检查分组"), default="", choices=[SelectChoice("", _l("全部"))])

    def forget_nonsense(self) -> None:
        """A filter that does not exist filters nothing; old links and slips of the hand get a list, not an error."""
        if not self.validate():
            for field in self:
                if field.errors:
                    field.data, field.errors = field.default, ()
