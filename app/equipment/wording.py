"""The words for kinds, states, facts and dates of equipment, in the language of whoever reads."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.formats import full_date, number
from app.equipment import dates
from app.equipment.models import Equipment, EquipmentEvent, EquipmentKind, EquipmentStatus, EventKind, Trouble
from app.equipment.rules import specification as spec
from app.equipment.rules.extinguishers import DueStatus, ExtinguisherDue
from app.equipment.rules.forecast import Purchase
from app.equipment.rules.specification import BadSpecification, Wrong, charge_unit

KINDS = {
    EquipmentKind.EXTINGUISHER: _l("灭火器"),
    EquipmentKind.INDOOR_HYDRANT: _l("室内消火栓"),
    EquipmentKind.OUTDOOR_HYDRANT: _l("室外消火栓"),
    EquipmentKind.EXIT_DOOR: _l("安全出口、疏散门"),
    EquipmentKind.FIRE_DOOR: _l("防火门"),
    EquipmentKind.EMERGENCY_LIGHT: _l("应急照明灯"),
    EquipmentKind.EXIT_SIGN: _l("疏散指示标志"),
}
STATUSES = {
    EquipmentStatus.IN_USE: _l("在用"),
    EquipmentStatus.AWAY: _l("送修中"),
    EquipmentStatus.RETIRED: _l("已停用"),
    EquipmentStatus.REPLACED: _l("已更换"),
}
DUE = {
    DueStatus.OK: _l("未到期"),
    DueStatus.SOON: _l("60 天内到期"),
    DueStatus.DUE: _l("今天到期"),
    DueStatus.OVERDUE: _l("已过维修期限"),
    DueStatus.SCRAP: _l("应报废"),
}
#: Look of a status tag.
DUE_LOOKS = {
    DueStatus.OK: "ok",
    DueStatus.SOON: "warn",
    DueStatus.DUE: "warn",
    DueStatus.OVERDUE: "bad",
    DueStatus.SCRAP: "bad",
}
TROUBLES = {
    Trouble.DISCHARGED: _l("已开启、喷射过"),
    Trouble.GAUGE_RED: _l("压力指示在红区"),
    Trouble.PIN_OR_SEAL_LOST: _l("铅封或销闩缺失"),
    Trouble.LEAK: _l("泄漏"),
    Trouble.DAMAGE: _l("机械损伤"),
    Trouble.RUST: _l("锈蚀"),
    Trouble.RUST_THIRD: _l("锈蚀面积达到三分之一"),
    Trouble.DEFORMED: _l("筒体明显变形"),
    Trouble.HEAD_CRACKED: _l("器头有裂纹或无泄压机构"),
    Trouble.FLAT_BOTTOM: _l("筒底为平底"),
    Trouble.NO_INTERMITTENT_VALVE: _l("手提式没有间歇喷射机构"),
    Trouble.UNREADABLE: _l("看不清生产单位或出厂日期"),
    Trouble.SOLDERED: _l("筒体有锡焊、铜焊或补缀"),
    Trouble.BURNT: _l("被火烧过"),
    Trouble.BANNED_TYPE: _l("国家明令淘汰的类型"),
}
EVENTS = {
    EventKind.REGISTERED: _l("登记"),
    EventKind.CHANGED: _l("修改资料"),
    EventKind.MOVED: _l("移动位置"),
    EventKind.TAGGED: _l("贴标签"),
    EventKind.UNTAGGED: _l("取下标签"),
    EventKind.SENT_AWAY: _l("送修"),
    EventKind.CAME_BACK: _l("修好放回"),
    EventKind.SERVICED: _l("维修"),
    EventKind.TESTED: _l("测试"),
    EventKind.TROUBLE: _l("发现故障"),
    EventKind.TROUBLE_OVER: _l("故障排除"),
    EventKind.RETIRED: _l("停用"),
    EventKind.REPLACED: _l("被更换"),
}
#: Fields of specifications.
FACTS = {
    "agent": _l("灭火剂"),
    "charge": _l("充装量（干粉、气体为 kg，水基型为 L）"),
    "wheeled": _l("推车式"),
    "construction": _l("驱动方式"),
    "rating_a": _l("灭火级别 A（铭牌上 A 前的数字）"),
    "rating_b": _l("灭火级别 B（铭牌上 B 前的数字）"),
    "maker": _l("生产单位"),
    "cabinet": _l("有消火栓箱"),
    "outlet_mm": _l("栓口直径"),
    "hose_m": _l("水带长度"),
    "hose_reel": _l("有消防软管卷盘"),
    "button": _l("有消火栓按钮"),
    "pressure_mpa": _l("上次测得压力"),
    "flow_lps": _l("上次测得流量"),
    "supply": _l("水源"),
    "opening": _l("出口类别"),
    "width_m": _l("净宽度"),
    "leaves": _l("门扇数（没有门扇的洞口填 0）"),
    "opens_outward": _l("向疏散方向开启"),
    "access_control": _l("有门禁"),
    "form": _l("形式"),
    "door_class": _l("防火等级"),
    "holding": _l("平时状态"),
    "closer": _l("有闭门器"),
    "coordinator": _l("有顺序器"),
    "voltage": _l("灯具类型"),
    "central": _l("集中控制型"),
    "autonomy_min": _l("持续应急时间"),
    "lux_place": _l("照明部位"),
    "sign": _l("标志类别"),
    "pointing": _l("指示方向"),
    "lit": _l("电光源型（自己发光）"),
    "low_level": _l("低位安装（距地 1 m 以下）"),
}
CHOICES: dict[type[enum.StrEnum], dict[Any, Any]] = {
    spec.Agent: {
        spec.Agent.POWDER_ABC: _l("干粉 ABC"),
        spec.Agent.POWDER_BC: _l("干粉 BC"),
        spec.Agent.WATER: _l("水基型"),
        spec.Agent.CO2: _l("二氧化碳"),
        spec.Agent.CLEAN_GAS: _l("洁净气体"),
    },
    spec.Construction: {
        spec.Construction.STORED_PRESSURE: _l("贮压式"),
        spec.Construction.CARTRIDGE: _l("储气瓶式"),
    },
    spec.HydrantForm: {
        spec.HydrantForm.ABOVE_GROUND: _l("地上式"),
        spec.HydrantForm.UNDERGROUND: _l("地下式"),
        spec.HydrantForm.WALL: _l("墙壁式"),
    },
    spec.Supply: {spec.Supply.MUNICIPAL: _l("市政给水"), spec.Supply.OWN: _l("自备水源")},
    spec.Opening: {
        spec.Opening.FINAL_EXIT: _l("首层安全出口（外门）"),
        spec.Opening.FLOOR_EXIT: _l("楼层安全出口"),
        spec.Opening.ROOM_DOOR: _l("房间疏散门"),
    },
    spec.FireDoorForm: {spec.FireDoorForm.HINGED: _l("平开门"), spec.FireDoorForm.SHUTTER: _l("防火卷帘")},
    spec.FireDoorClass: {
        spec.FireDoorClass.A: _l("甲级"),
        spec.FireDoorClass.B: _l("乙级"),
        spec.FireDoorClass.C: _l("丙级"),
    },
    spec.Holding: {spec.Holding.NORMALLY_CLOSED: _l("常闭"), spec.Holding.HOLD_OPEN: _l("常开")},
    spec.Voltage: {spec.Voltage.A: _l("A 型（36 V 以下）"), spec.Voltage.B: _l("B 型")},
    spec.LuxPlace: {
        spec.LuxPlace.STAIR_DENSE: _l("人员密集场所的楼梯间、前室"),
        spec.LuxPlace.STAIR: _l("其他楼梯间"),
        spec.LuxPlace.BEDROOM: _l("寄宿制幼儿园、小学的寝室"),
        spec.LuxPlace.HALL: _l("礼堂、餐厅、会议室"),
        spec.LuxPlace.CORRIDOR: _l("疏散走道"),
        spec.LuxPlace.STANDBY: _l("备用照明（控制室、泵房、配电室）"),
    },
    spec.SignKind: {
        spec.SignKind.EXIT: _l("出口标志"),
        spec.SignKind.DIRECTION: _l("方向标志"),
        spec.SignKind.FLOOR: _l("楼层标志"),
    },
    spec.Pointing: {
        spec.Pointing.LEFT: _l("向左"),
        spec.Pointing.RIGHT: _l("向右"),
        spec.Pointing.BOTH: _l("双向"),
        spec.Pointing.AHEAD: _l("向前"),
    },
}


def word_of(value: Any) -> str:
    """A value of a specification in words: an enum's label, 是 or 否, or a figure."""
    if isinstance(value, enum.Enum):
        return str(CHOICES[type(value)][value])  # type: ignore[index]
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    return number(value) if isinstance(value, int | float) else str(value)


def _rating(piece: spec.Extinguisher) -> str:
    parts = ((piece.rating_a, "A"), (piece.rating_b, "B"))
    return " ".join(f"{figure}{letter}" for figure, letter in parts if figure is not None)


def _extinguisher(piece: spec.Extinguisher) -> list[str]:
    charge = f"{number(piece.charge)} {charge_unit(piece.agent)}" if piece.charge is not None else ""
    named = f"{word_of(piece.agent)} {charge}".strip()
    return [named, _("推车式") if piece.wheeled else "", _rating(piece)]


def _exit_door(piece: spec.ExitDoor) -> list[str]:
    return [word_of(piece.opening), _("净宽 %(width)s m", width=number(piece.width_m)) if piece.width_m else ""]


def _fire_door(piece: spec.FireDoor) -> list[str]:
    shutter = piece.form is spec.FireDoorForm.SHUTTER
    return [
        word_of(piece.form) if shutter else "",
        word_of(piece.door_class) if piece.door_class else "",
        word_of(piece.holding) if piece.holding else "",
        _("净宽 %(width)s m", width=number(piece.width_m)) if piece.width_m else "",
    ]


def _hydrant(piece: spec.IndoorHydrant | spec.OutdoorHydrant) -> list[str]:
    form = word_of(piece.form) if isinstance(piece, spec.OutdoorHydrant) and piece.form else ""
    hose = piece.hose_m if isinstance(piece, spec.IndoorHydrant) else None
    reel = isinstance(piece, spec.IndoorHydrant) and piece.hose_reel
    return [
        form,
        f"DN{piece.outlet_mm}" if piece.outlet_mm else "",
        _("水带 %(metres)s m", metres=number(hose)) if hose else "",
        _("带软管卷盘") if reel else "",
    ]


def _light(piece: spec.EmergencyLight) -> list[str]:
    return [
        word_of(piece.lux_place) if piece.lux_place else "",
        _("%(minutes)s 分钟", minutes=piece.autonomy_min) if piece.autonomy_min else "",
    ]


def _sign(piece: spec.ExitSign) -> list[str]:
    return [
        word_of(piece.sign),
        word_of(piece.pointing) if piece.pointing else "",
        _("蓄光型（不发光）") if piece.lit is False else "",
    ]


def specification_words(kind: EquipmentKind, data: Mapping[str, Any]) -> str:
    """The specification in a few words: 干粉 ABC 4 kg · 2A 55B."""
    piece = spec.read_specification(kind.value, data)
    writers: dict[type, Any] = {
        spec.Extinguisher: _extinguisher,
        spec.IndoorHydrant: _hydrant,
        spec.OutdoorHydrant: _hydrant,
        spec.ExitDoor: _exit_door,
        spec.FireDoor: _fire_door,
        spec.EmergencyLight: _light,
        spec.ExitSign: _sign,
    }
    return " · ".join(part for part in writers[type(piece)](piece) if part)


def made_words(piece: Equipment) -> str:
    """2016-09 出厂, to the day where the day is known."""
    if piece.made_on is None:
        return ""
    day = f"{piece.made_on:%Y-%m}" if piece.made_on_is_month else piece.made_on.isoformat()
    return str(_("%(day)s 出厂", day=day))


def summary(piece: Equipment) -> str:
    """What it is, in one line: 干粉 ABC 4 kg · 2016-09 出厂."""
    words = (specification_words(piece.kind, piece.specification), made_words(piece))
    return " · ".join(part for part in words if part)


def due_words(due: ExtinguisherDue | None) -> str:
    """Why something is due, in a phrase with its date; empty where nothing is."""
    if due is None:
        return ""
    fault = due.by_event[0] if due.by_event else ""
    if fault in dates.life_table()["scrap_now"]:
        return str(_("%(fault)s，应报废", fault=TROUBLES[Trouble(fault)]))
    if fault and due.status is not DueStatus.SCRAP:
        return str(_("%(fault)s，应立即送修", fault=TROUBLES[Trouble(fault)]))
    if due.status is DueStatus.SCRAP:
        return str(_("%(month)s 已到报废期", month=f"{due.scrap:%Y-%m}"))
    if due.status is DueStatus.OVERDUE:
        return str(_("%(month)s 已到维修期", month=f"{due.due:%Y-%m}"))
    if due.replace:
        return str(_("%(month)s 报废，不再维修，直接更换", month=f"{due.scrap:%Y-%m}"))
    return str(_("%(month)s 到维修期", month=f"{due.due:%Y-%m}"))


def complaint(problem: BadSpecification) -> str:
    """What is wrong with a specification, as a sentence."""
    name = str(FACTS.get(problem.fact, problem.fact))
    bounds = problem.range
    sentences = {
        Wrong.UNKNOWN_KEY: lambda: _("这类器材没有“%(name)s”这一项。", name=name),
        Wrong.MISSING: lambda: _("请选择%(name)s。", name=name),
        Wrong.NOT_A_CHOICE: lambda: _("“%(name)s”不是可选的值。", name=name),
        Wrong.NOT_A_NUMBER: lambda: _("“%(name)s”应填数字。", name=name),
        Wrong.NOT_WHOLE: lambda: _("“%(name)s”应填整数。", name=name),
        Wrong.OUT_OF_RANGE: lambda: _(
            "“%(name)s”应在 %(low)s 到 %(high)s %(unit)s之间。",
            name=name,
            low=number(bounds.low) if bounds else "",
            high=number(bounds.high) if bounds else "",
            unit=f"{bounds.unit} " if bounds and bounds.unit else "",
        ),
        Wrong.NOT_YES_OR_NO: lambda: _("“%(name)s”应填是或否。", name=name),
        Wrong.TOO_LONG: lambda: _("“%(name)s”太长。", name=name),
    }
    return str(sentences[problem.wrong]())


def day_or_month(day: date, is_month: bool) -> str:
    """A day of making as it is known: the month alone, or the day."""
    return f"{day:%Y-%m}" if is_month else full_date(day)


def floor_number(level: int) -> str:
    """2层, 地下1层."""
    return str(_("地下%(n)s层", n=-level) if level < 0 else _("%(n)s层", n=level))


#: Columns of the register, for histories, forms and lists.
COLUMNS = {
    "building_id": _l("建筑"),
    "floor_id": _l("楼层"),
    "place_id": _l("位置"),
    "label": _l("校内编号"),
    "location": _l("具体位置"),
    "made_on": _l("出厂日期"),
    "made_on_is_month": _l("出厂日期只到月"),
    "serviced_on": _l("最近一次维修日期"),
    "tested_on": _l("最近一次测试日期"),
    "external_code": _l("外部编号"),
    "note": _l("备注"),
    "specification": _l("规格"),
}

#: The drawing for each kind.
ICONS = {
    EquipmentKind.EXTINGUISHER: "extinguisher",
    EquipmentKind.INDOOR_HYDRANT: "hydrant",
    EquipmentKind.OUTDOOR_HYDRANT: "hydrant",
    EquipmentKind.EXIT_DOOR: "exit",
    EquipmentKind.FIRE_DOOR: "exit",
    EquipmentKind.EMERGENCY_LIGHT: "lamp",
    EquipmentKind.EXIT_SIGN: "exit",
}


def fact_lines(piece: Equipment) -> list[tuple[str, str]]:
    """What is known of the specification: label and value with its unit."""
    read = spec.read_specification(piece.kind.value, piece.specification)
    lines = []
    for fact in spec.facts_of(piece.kind.value):
        value = getattr(read, fact.name)
        if value is None or value == "":
            continue
        unit = fact.range.unit if fact.range else ""
        if fact.name == "charge":
            unit = charge_unit(piece.specification["agent"])
        lines.append((short_fact(fact.name), f"{word_of(value)} {unit}".strip()))
    return lines


def short_fact(name: str) -> str:
    """A fact's label without the explanation in brackets."""
    return re.split(r"[（(]", str(FACTS[name]))[0].strip()


def history_lines(history: Sequence[tuple[EquipmentEvent, str]]) -> list[tuple[str, str, str]]:
    """A piece's history for a timeline: when, what and who, look."""
    looks = {EventKind.TROUBLE: "bad", EventKind.RETIRED: "warn", EventKind.REPLACED: "warn", EventKind.SERVICED: "ok"}
    return [
        (
            full_date(event.happened_on),
            " · ".join(p for p in (str(EVENTS[event.kind]), event.note, who) if p),
            looks.get(event.kind, ""),
        )
        for event, who in history
    ]


def purchase_kind(line: Purchase) -> str:
    """What to buy: 干粉 ABC 4 kg, wheeled ones said so."""
    parts = _extinguisher(spec.Extinguisher(agent=line.agent, charge=line.charge, wheeled=line.wheeled))
    return " · ".join(part for part in parts if part)
