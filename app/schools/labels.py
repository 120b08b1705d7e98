"""What kinds, states, uses and fields are called on the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.imports.models import ImportState, Outcome, Verdict
from app.schools.models import (
    BuildingUse,
    HazardClass,
    PlaceKind,
    SchoolKind,
    SchoolStatus,
)

KINDS: dict[Any, Any] = {
    SchoolKind.KINDERGARTEN: _l("幼儿园"),
    SchoolKind.PRIMARY: _l("小学"),
    SchoolKind.JUNIOR: _l("初级中学"),
    SchoolKind.NINE_YEAR: _l("九年一贯制学校"),
    SchoolKind.SENIOR: _l("高级中学"),
    SchoolKind.COMPLETE_SECONDARY: _l("完全中学"),
    SchoolKind.TWELVE_YEAR: _l("十二年一贯制学校"),
    SchoolKind.VOCATIONAL: _l("中等职业学校"),
    SchoolKind.SPECIAL: _l("特殊教育学校"),
    SchoolKind.COLLEGE: _l("高等学校"),
    SchoolKind.TRAINING: _l("校外培训机构"),
    SchoolKind.OTHER: _l("其他"),
}
STATUSES: dict[Any, Any] = {
    SchoolStatus.OPEN: _l("在办"),
    SchoolStatus.SUSPENDED: _l("停办（暂停）"),
    SchoolStatus.CLOSED: _l("已撤销"),
    SchoolStatus.MERGED: _l("已并入其他学校"),
}
STATUS_LOOKS = {
    SchoolStatus.OPEN: "ok",
    SchoolStatus.SUSPENDED: "warn",
    SchoolStatus.CLOSED: "na",
    SchoolStatus.MERGED: "na",
}
USES: dict[Any, Any] = {
    BuildingUse.TEACHING: _l("教学"),
    BuildingUse.DORMITORY: _l("宿舍"),
    BuildingUse.CANTEEN: _l("食堂"),
    BuildingUse.LIBRARY: _l("图书馆"),
    BuildingUse.LABORATORY: _l("实验"),
    BuildingUse.OFFICE: _l("行政办公"),
    BuildingUse.HALL: _l("礼堂、体育馆"),
    BuildingUse.KINDERGARTEN: _l("幼儿园用房"),
    BuildingUse.SERVICE: _l("后勤、设备用房"),
    BuildingUse.OTHER: _l("其他"),
}
HAZARDS: dict[Any, Any] = {
    HazardClass.SEVERE: _l("严重危险级"),
    HazardClass.MIDDLE: _l("中危险级"),
    HazardClass.LIGHT: _l("轻危险级"),
}
PLACES: dict[Any, Any] = {
    PlaceKind.ROOM: _l("房间"),
    PlaceKind.CORRIDOR: _l("走道"),
    PlaceKind.STAIR: _l("楼梯"),
    PlaceKind.EXIT: _l("安全出口"),
    PlaceKind.POINT: _l("点位"),
    PlaceKind.SYSTEM: _l("系统、机房"),
    PlaceKind.SITE: _l("室外场地"),
}
PLACE_USES: dict[str, Any] = {
    "": _l("未说明"),
    "classroom": _l("教室"),
    "computer_room": _l("计算机教室"),
    "laboratory": _l("实验室"),
    "chemical_store": _l("化学品库"),
    "children_room": _l("幼儿活动室"),
    "nap_room": _l("午休室、寝室"),
    "dormitory_room": _l("宿舍"),
    "dining_hall": _l("餐厅"),
    "kitchen": _l("厨房"),
    "gas_room": _l("燃气间"),
    "hall": _l("礼堂、报告厅"),
    "meeting_room": _l("会议室"),
    "office": _l("办公室"),
    "library": _l("图书室"),
    "store_room": _l("库房"),
    "switch_room": _l("配电室"),
    "control_room": _l("消防控制室"),
    "pump_room": _l("消防水泵房"),
    "tank_room": _l("水箱间"),
    "boiler_room": _l("锅炉房"),
    "alarm_system": _l("火灾自动报警系统"),
    "sprinkler_system": _l("自动喷水灭火系统"),
    "indoor_hydrant_system": _l("室内消火栓系统"),
    "fire_pump": _l("消防水泵"),
    "fire_tank": _l("消防水池、水箱"),
    "linkage_control": _l("联动控制"),
    "extinguisher": _l("灭火器设置点"),
    "stair": _l("楼梯"),
    "corridor": _l("走道"),
    "playground": _l("操场"),
    "fire_lane": _l("消防车通道"),
    "other": _l("其他"),
}
FIELDS: dict[str, Any] = {
    "name": _l("学校名称"),
    "name_bo": _l("藏文名称"),
    "name_en": _l("英文名称"),
    "kind": _l("办学类型"),
    "external_code": _l("代码"),
    "area": _l("所属区县"),
    "area_code": _l("所属区县"),
    "address": _l("地址"),
    "is_boarding": _l("寄宿制"),
    "is_key_unit": _l("消防安全重点单位"),
    "phone": _l("学校电话"),
    "responsible_person": _l("消防安全责任人（校长）"),
    "responsible_phone": _l("责任人电话"),
    "safety_manager": _l("消防安全管理人"),
    "safety_manager_phone": _l("管理人电话"),
    "pupils": _l("学生人数"),
    "boarders": _l("住校人数"),
    "staff": _l("教职工人数"),
    "note": _l("备注"),
    "status": _l("状态"),
    "parent_id": _l("上级学校"),
    "latitude": _l("纬度"),
    "longitude": _l("经度"),
    "source": _l("代码来源"),
}
RUN_STATES: dict[Any, Any] = {
    ImportState.READ: _l("待对应列"),
    ImportState.CHECKING: _l("核对中"),
    ImportState.CHECKED: _l("待确认"),
    ImportState.WRITING: _l("写入中"),
    ImportState.WRITTEN: _l("已导入"),
    ImportState.WITHDRAWN: _l("已放弃"),
    ImportState.FAILED: _l("未完成"),
}
VERDICTS: dict[Any, Any] = {
    Verdict.NEW: _l("新增"),
    Verdict.CHANGED: _l("有变化"),
    Verdict.UNCHANGED: _l("无变化"),
    Verdict.LIKELY: _l("疑似重复"),
    Verdict.DUPLICATE: _l("文件内重复"),
    Verdict.ERROR: _l("有错误"),
    Verdict.SKIPPED: _l("不是学校"),
}
VERDICT_LOOKS = {
    Verdict.NEW: "ok",
    Verdict.CHANGED: "info",
    Verdict.UNCHANGED: "na",
    Verdict.LIKELY: "warn",
    Verdict.DUPLICATE: "warn",
    Verdict.ERROR: "bad",
    Verdict.SKIPPED: "na",
}
OUTCOMES: dict[Any, Any] = {
    Outcome.ADDED: _l("已新增"),
    Outcome.UPDATED: _l("已更新"),
    Outcome.UNCHANGED: _l("无变化"),
    Outcome.DUPLICATE: _l("重复，未写入"),
    Outcome.REJECTED: _l("未写入"),
    Outcome.LEFT: _l("未采用"),
}
#: The same before anything is written.
EXPECTED: dict[Any, Any] = OUTCOMES | {
    Outcome.ADDED: _l("将新增"),
    Outcome.UPDATED: _l("将更新"),
    Outcome.DUPLICATE: _l("重复，不写入"),
    Outcome.REJECTED: _l("不写入"),
    Outcome.LEFT: _l("不采用"),
}
ACTIONS: dict[str, Any] = {
    "register_school": _l("登记学校"),
    "change_school": _l("修改学校信息"),
    "suspend_school": _l("停办（暂停）"),
    "close_school": _l("撤销学校"),
    "reopen_school": _l("恢复在办"),
    "merge_school": _l("并入另一所学校"),
    "receive_school": _l("另一所学校并入本校"),
    "unmerge_school": _l("撤销合并"),
    "release_school": _l("撤销另一所学校的并入"),
    "import_school": _l("从名单导入"),
    "import_change": _l("按名单修改"),
    "add_building": _l("增加建筑"),
    "change_building": _l("修改建筑"),
    "retire_building": _l("停用建筑"),
    "add_floor": _l("增加楼层"),
    "change_floor": _l("修改楼层"),
    "add_place": _l("增加场所"),
    "change_place": _l("修改场所"),
    "retire_place": _l("停用场所"),
    "add_contact": _l("增加联系人"),
    "change_contact": _l("修改联系人"),
    "end_contact": _l("联系人离任"),
}
WHY_ALIKE: dict[str, Any] = {
    "same_name": _l("名称相同"),
    "similar_name": _l("名称相近"),
    "same_phone": _l("电话相同"),
    "same_place": _l("名称、区县和地址相同"),
}
_BUILDING_FIELDS: dict[str, Any] = {
    "use": _l("用途"),
    "completed_on": _l("竣工日期"),
    "height_m": _l("建筑高度"),
    "floors_above": _l("地上层数"),
    "floors_below": _l("地下层数"),
    "area_m2": _l("面积"),
    "hazard_class": _l("灭火器配置危险等级"),
    "fire_rating": _l("耐火等级"),
    "facilities": _l("消防设施和场所"),
    "heads": _l("人数"),
    "width_m": _l("净宽"),
    "building_id": _l("所在建筑"),
    "floor_id": _l("所在楼层"),
    "post": _l("职务"),
}


def field_word(name: str) -> str:
    """What a column is called on the page."""
    return str(FIELDS.get(name) or _BUILDING_FIELDS.get(name) or name)


def value_word(name: str, value: Any) -> str:
    """What a value of the history or of a list is called: enums and yes/no in words."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_l("是") if value else _l("否"))
    words = {"kind": {**KINDS, **PLACES}, "status": STATUSES, "use": {**USES, **PLACE_USES}, "hazard_class": HAZARDS}
    if name in words:
        return str(words[name].get(value, value))
    return "、".join(str(one) for one in value) if isinstance(value, list) else str(value)


#: How long a building's parts withstand fire, as the drawings say it.
FIRE_RATINGS = {"一级": _l("一级"), "二级": _l("二级"), "三级": _l("三级"), "四级": _l("四级")}
