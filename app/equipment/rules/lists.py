"""Reading a row of a list of equipment: which headings mean what, and what the texts in the cells say."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.equipment.rules import nameplates, tags
from app.equipment.rules import specification as spec
from app.equipment.rules.days import NotADay, month_or_day
from app.equipment.rules.specification import BadSpecification, Fact, facts_of, read_facts

#: Field → headings it goes by.
HEADINGS: dict[str, tuple[str, ...]] = {
    "school": ("学校", "学校名称", "单位", "单位名称", "使用单位", "school"),
    "kind": ("器材种类", "种类", "器材名称", "设备名称", "名称", "器材", "类别", "设施名称", "kind", "equipment"),
    "label": ("校内编号", "编号", "器材编号", "设备编号", "点位编号", "label", "number"),
    "tag_code": ("标签编号", "标签", "二维码编号", "tag", "tag code"),
    "external_code": ("外部编号", "系统编号", "资产编号", "编码", "external code", "asset number"),
    "building": ("建筑", "楼栋", "楼宇", "建筑名称", "楼名", "所在建筑", "building"),
    "floor": ("楼层", "层", "所在楼层", "层数", "floor"),
    "location": ("具体位置", "位置", "安装位置", "放置位置", "设置点", "设置位置", "存放地点", "部位", "location", "place"),
    "model": ("规格型号", "型号", "规格", "型号规格", "model", "type"),
    "agent": ("灭火剂", "灭火剂种类", "灭火器类型", "agent"),
    "charge": ("充装量", "重量", "容量", "公斤数", "charge", "capacity"),
    "rating": ("灭火级别", "级别", "rating"),
    "quantity": ("数量", "具数", "件数", "quantity", "count"),
    "made_on": ("出厂日期", "生产日期", "制造日期", "出厂年月", "生产年月", "made", "manufactured", "date of manufacture"),
    "serviced_on": ("最近一次维修日期", "维修日期", "上次维修", "维修时间", "充装日期", "换粉日期", "last service", "serviced"),
    "tested_on": ("最近一次测试日期", "测试日期", "检测日期", "tested", "last test"),
    "note": ("备注", "说明", "note", "notes", "remarks"),
    "wheeled": ("推车式",),
    "construction": ("驱动方式",),
    "maker": ("生产单位", "生产厂家", "厂家", "生产企业", "品牌", "maker", "manufacturer"),
    "hose_m": ("水带长度",),
    "outlet_mm": ("栓口直径", "口径"),
    "hose_reel": ("软管卷盘", "消防卷盘", "有消防软管卷盘"),
    "pressure_mpa": ("压力", "水压", "上次测得压力"),
    "flow_lps": ("流量", "上次测得流量"),
    "width_m": ("净宽度", "净宽", "宽度", "门宽"),
    "leaves": ("门扇数", "扇数"),
    "opens_outward": ("向疏散方向开启", "开启方向"),
    "opening": ("出口类别",),
    "door_class": ("防火等级", "防火门等级"),
    "holding": ("平时状态", "常开常闭", "开闭状态"),
    "closer": ("闭门器", "有闭门器"),
    "voltage": ("灯具类型",),
    "autonomy_min": ("持续应急时间", "应急时间"),
    "lux_place": ("照明部位",),
    "sign": ("标志类别",),
    "pointing": ("指示方向",),
    "lit": ("电光源型", "是否发光"),
}  # fmt: skip
FIELDS = tuple(HEADINGS)
MOST_ALIKE = 100
_LONGEST = {"label": 40, "external_code": 60, "location": 120, "note": 2000, "building": 80}
_PLAIN = ("label", "external_code", "building", "location", "note", "school")

#: What words mean for the facts that are choices, beside the choices' own codes.
_MEANINGS: dict[type[enum.StrEnum], dict[str, enum.StrEnum]] = {
    spec.Construction: {"贮压": spec.Construction.STORED_PRESSURE, "储压": spec.Construction.STORED_PRESSURE, "储气瓶": spec.Construction.CARTRIDGE},
    spec.HydrantForm: {"地上": spec.HydrantForm.ABOVE_GROUND, "地下": spec.HydrantForm.UNDERGROUND, "墙壁": spec.HydrantForm.WALL},
    spec.Supply: {"市政": spec.Supply.MUNICIPAL, "自备": spec.Supply.OWN},
    spec.Opening: {"房间": spec.Opening.ROOM_DOOR, "疏散门": spec.Opening.ROOM_DOOR, "首层": spec.Opening.FINAL_EXIT, "外门": spec.Opening.FINAL_EXIT, "楼层": spec.Opening.FLOOR_EXIT, "安全出口": spec.Opening.FLOOR_EXIT},
    spec.FireDoorForm: {"卷帘": spec.FireDoorForm.SHUTTER, "门": spec.FireDoorForm.HINGED},
    spec.FireDoorClass: {"甲": spec.FireDoorClass.A, "乙": spec.FireDoorClass.B, "丙": spec.FireDoorClass.C},
    spec.Holding: {"常闭": spec.Holding.NORMALLY_CLOSED, "常开": spec.Holding.HOLD_OPEN},
    spec.Voltage: {"A型": spec.Voltage.A, "B型": spec.Voltage.B},
    spec.LuxPlace: {"楼梯": spec.LuxPlace.STAIR, "走道": spec.LuxPlace.CORRIDOR, "寝室": spec.LuxPlace.BEDROOM, "礼堂": spec.LuxPlace.HALL, "餐厅": spec.LuxPlace.HALL, "备用": spec.LuxPlace.STANDBY},
    spec.SignKind: {"楼层": spec.SignKind.FLOOR, "出口": spec.SignKind.EXIT, "方向": spec.SignKind.DIRECTION, "指示": spec.SignKind.DIRECTION},
    spec.Pointing: {"双": spec.Pointing.BOTH, "左": spec.Pointing.LEFT, "右": spec.Pointing.RIGHT, "前": spec.Pointing.AHEAD, "直": spec.Pointing.AHEAD},
}  # fmt: skip

#: A remark: its code, and what its sentence names.
Remark = tuple[str, dict[str, Any]]


@dataclass
class ReadPiece:
    """What one row says of one piece. Errors keep it out of the register, warnings only inform."""

    number: int
    kind: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    specification: dict[str, Any] = field(default_factory=dict)
    level: int | None = None
    errors: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def identity(self) -> tuple[str, str] | None:
        """What the piece is known again by: its label's code, a foreign code, or the school's own number."""
        for name in ("tag_code", "external_code", "label"):
            if self.values.get(name):
                return name, self.values[name]
        return None


def read_row(number: int, cells: Mapping[str, str]) -> list[ReadPiece]:
    """The pieces of a row (several where it gives a quantity); `cells` are its texts by field."""
    piece = ReadPiece(number)
    texts = {name: text.strip() for name, text in cells.items() if text.strip()}
    _read_texts(piece, texts)
    _read_kind(piece, texts)
    _read_tag(piece, texts)
    _read_days(piece, texts)
    _read_floor(piece, texts)
    if piece.kind:
        _read_specification(piece, texts)
    if piece.identity is None:
        piece.errors.append(("no_identity", {}))
    return _repeated(piece, texts.get("quantity", ""))


def _read_texts(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    for name in _PLAIN:
        text = texts.get(name, "")
        if len(text) > _LONGEST.get(name, 200):
            piece.errors.append(("too_long", {"field": name, "most": _LONGEST.get(name, 200)}))
        elif "\x00" in text:
            piece.errors.append(("unstorable", {"field": name}))
        elif text:
            piece.values[name] = text


def _read_kind(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    said = texts.get("kind", "")
    kind = nameplates.kind_of(said) or (None if said else nameplates.kind_of(texts.get("model", "")))
    if kind is None and not said and texts.get("agent"):
        kind = "extinguisher"
    if kind is None:
        piece.errors.append(("no_kind", {"text": said[:40]}))
    else:
        piece.kind = kind


def _read_tag(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    if not texts.get("tag_code"):
        return
    try:
        piece.values["tag_code"] = tags.read(texts["tag_code"])
    except tags.NotATag:
        piece.errors.append(("bad_tag", {"text": texts["tag_code"][:40]}))


def _read_days(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    for name in ("made_on", "serviced_on", "tested_on"):
        text = texts.get(name, "")
        if text in ("", "/", "-", "—", "无"):
            continue
        try:
            day, is_month = month_or_day(text)
        except NotADay:
            piece.errors.append(("bad_day", {"field": name, "text": text[:40]}))
            continue
        piece.values[name] = day
        if name == "made_on":
            piece.values["made_on_is_month"] = is_month


def _read_floor(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    text = texts.get("floor", "")
    if not text:
        return
    piece.level = nameplates.floor_level(text)
    if piece.level is None or "building" not in piece.values:
        piece.level = None
        before = piece.values.get("location", "")
        piece.values["location"] = f"{text} {before}".strip()[: _LONGEST["location"]]


def _fact(fact: Fact, text: str) -> Any:
    """The value that a text gives a fact, or None where it gives none."""
    if fact.type is bool:
        return nameplates.yes_or_no(text)
    if fact.type in (int, float):
        value = nameplates.figure(text)
        return int(value) if value is not None and fact.type is int and value == int(value) else value
    if fact.type is str:
        return text
    if fact.type is spec.Agent:
        agent = nameplates.agent_of(text)
        return agent.value if agent else None
    own = next((one.value for one in fact.type if one.value == text.lower()), None)
    words = _MEANINGS.get(fact.type, {})
    return own or next((meant.value for word, meant in words.items() if word in nameplates.plain(text)), None)


#: Facts that the name of the piece tells where no column does: 防火卷帘, 安全出口标志, 首层外门.
_TOLD_BY_NAME = ("form", "opening", "sign", "door_class", "holding")


def _read_specification(piece: ReadPiece, texts: Mapping[str, str]) -> None:
    named = " ".join(texts.get(name, "") for name in ("kind", "model"))
    facts = {fact.name: fact for fact in facts_of(piece.kind)}
    found: dict[str, Any] = {}
    if piece.kind == "extinguisher":
        found |= nameplates.extinguisher(f"{named} {texts.get('rating', '')}")
    for name, fact in facts.items():
        if texts.get(name):
            value = _fact(fact, texts[name])
            if value is None:
                piece.errors.append(("bad_fact", {"field": name, "text": texts[name][:40]}))
            else:
                found[name] = value
        elif name in _TOLD_BY_NAME and name not in found and (value := _fact(fact, named)) is not None:
            found[name] = value
    if (
        "agent" in found
        and "BC" not in nameplates.plain(named + texts.get("agent", ""))
        and found["agent"] == "powder_abc"
    ):
        piece.warnings.append(("powder_taken_for_abc", {}))
    try:
        facts_read = read_facts(piece.kind, found)
        piece.specification = {n: v.value if isinstance(v, enum.Enum) else v for n, v in facts_read.items()}
    except BadSpecification as problem:
        piece.errors.append((f"fact_{problem.wrong.value}", {"field": problem.fact}))


def _repeated(piece: ReadPiece, quantity: str) -> list[ReadPiece]:
    """The same piece as often as the quantity says, told apart by -1, -2 … after their number."""
    if not quantity:
        return [piece]
    count = nameplates.figure(quantity)
    if count is None or count != int(count) or not 1 <= count <= MOST_ALIKE:
        piece.errors.append(("bad_quantity", {"text": quantity[:40], "most": MOST_ALIKE}))
        return [piece]
    if count == 1 or piece.errors:
        return [piece]
    if piece.values.get("tag_code"):
        piece.errors.append(("one_tag_for_many", {}))
        return [piece]
    return [_numbered(piece, n) for n in range(1, int(count) + 1)]


def _numbered(piece: ReadPiece, n: int) -> ReadPiece:
    values = {
        name: f"{value}-{n}" if name in ("label", "external_code") else value for name, value in piece.values.items()
    }
    return ReadPiece(
        piece.number,
        piece.kind,
        values,
        dict(piece.specification),
        piece.level,
        list(piece.errors),
        list(piece.warnings),
    )
