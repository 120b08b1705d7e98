"""Buildings, floors, places and equipment of an invented school, as rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from app.demo.plan import BuildingPlan, SchoolPlan
from app.demo.writing import Writer
from app.equipment.models import Equipment, EquipmentEvent, EquipmentKind, EventKind, TagHistory
from app.equipment.rules import tags
from app.equipment.rules.specification import plain, read_specification
from app.schools.models import Building, BuildingUse, Floor, Place, PlaceKind

E = EquipmentKind
#: Rooms that are plant rather than rooms: (name, use).
_SYSTEMS = {
    "pump": ("消防水泵", "fire_pump"), "tank": ("消防水池", "fire_tank"), "alarm_system": ("火灾自动报警系统", "alarm_system"),
    "control_room": ("消防联动控制", "linkage_control"),
}  # fmt: skip
_MAKERS = ("示范消防器材厂", "高原安全设备公司", "河谷消防科技公司")


@dataclass
class Standing:
    """Where in a school a piece hangs."""

    school_id: uuid.UUID
    building_id: uuid.UUID | None = None
    floor_id: uuid.UUID | None = None
    level: int = 0


class Grounds:
    """Lays out schools; codes of labels never repeat."""

    def __init__(self, writer: Writer, *, today: date, made_at: Any, by_id: uuid.UUID) -> None:
        self.writer, self.today, self.made_at, self.by_id = writer, today, made_at, by_id
        self.codes: set[str] = set()

    @property
    def random(self) -> Random:
        """The district's one source of chance."""
        return self.writer.random

    def lay_out(self, school_id: uuid.UUID, plan: SchoolPlan) -> None:
        """Everything on the ground of one school."""
        add = self.writer.add
        add(Place, school_id=school_id, kind=PlaceKind.SITE, use="fire_lane", name="校园消防车通道", position=1)
        add(Place, school_id=school_id, kind=PlaceKind.SITE, use="playground", name="操场（集合点）", position=2)
        for n, flag in enumerate(f for f in plan.facilities if f in _SYSTEMS):
            name, use = _SYSTEMS[flag]
            add(Place, school_id=school_id, kind=PlaceKind.SYSTEM, use=use, name=name, position=10 + n)
        for position, building in enumerate(plan.buildings):
            self._building(school_id, building, position, plan)
        for n in range(1 if plan.pupils < 600 else 2):
            self._piece(
                Standing(school_id), E.OUTDOOR_HYDRANT, f"室外-{n + 1}", ("校门内侧", "操场北侧")[n],
                {"form": "above_ground", "supply": self.random.choice(("municipal", "own")), "outlet_mm": 100, "pressure_mpa": 0.25},
            )  # fmt: skip

    def _building(self, school_id: uuid.UUID, plan: BuildingPlan, position: int, school: SchoolPlan) -> None:
        add = self.writer.add
        building_id = add(
            Building,
            school_id=school_id,
            name=plan.name,
            use=plan.use,
            completed_on=date(plan.year, 9, 1),
            height_m=round(plan.floors * 3.6 + 0.6, 1),
            floors_above=plan.floors,
            floors_below=0,
            area_m2=plan.area_m2,
            hazard_class=plan.hazard,
            fire_rating="二级",
            facilities=[],
            position=position,
        )
        self.writer.buildings.setdefault(school_id, []).append(building_id)
        floors = {}
        for level in range(1, plan.floors + 1):
            floors[level] = add(
                Floor, building_id=building_id, level=level, name=f"{level}层", heads=self._heads(plan, school)
            )
        for n, (name, use, level) in enumerate(plan.rooms):
            add(
                Place, school_id=school_id, building_id=building_id, floor_id=floors[min(level, plan.floors)],
                kind=PlaceKind.ROOM, use=use, name=name, position=20 + n,
            )  # fmt: skip
        for n in range(plan.stairs):
            add(
                Place, school_id=school_id, building_id=building_id, floor_id=None, kind=PlaceKind.STAIR, use="stair",
                name=("东楼梯", "西楼梯", "中楼梯")[n], position=60 + n,
            )  # fmt: skip
        for level, floor_id in floors.items():
            self._floor(Standing(school_id, building_id, floor_id, level), plan)

    @staticmethod
    def _heads(plan: BuildingPlan, school: SchoolPlan) -> int | None:
        if plan.use is BuildingUse.DORMITORY:
            return school.boarders // plan.floors
        if plan.use in (BuildingUse.TEACHING, BuildingUse.KINDERGARTEN):
            count = sum(b.floors for b in school.buildings if b.use is plan.use)
            return school.pupils // count
        return None

    def _floor(self, at: Standing, plan: BuildingPlan) -> None:
        level, building = at.level, plan.name
        sides = ("东侧楼梯口", "西侧楼梯口", "走道中部")[: max(1, min(3, int(plan.area_m2 / plan.floors / 260) + 1))]
        for n, side in enumerate(sides):
            for m in (1, 2):
                self._extinguisher(at, f"{level}F-{n * 2 + m:02d}", f"{building}{level}层{side}", plan)
            if plan.hydrants and n < 2:
                specification = {
                    "cabinet": True, "outlet_mm": 65, "hose_m": 25.0, "hose_reel": n == 0, "button": True, "pressure_mpa": 0.3,
                    "maker": self.random.choice(_MAKERS),
                }  # fmt: skip
                self._piece(at, E.INDOOR_HYDRANT, f"栓{level}-{n + 1}", f"{building}{level}层{side}", specification)
            light = {"voltage": "a", "autonomy_min": 90, "lux_place": "corridor", "central": False}
            self._piece(at, E.EMERGENCY_LIGHT, f"灯{level}-{n + 1}", f"{building}{level}层{side}", light)
            sign = {"sign": "direction", "pointing": ("right", "left", "both")[n], "lit": True, "autonomy_min": 90}
            self._piece(at, E.EXIT_SIGN, f"标{level}-{n + 1}", f"{building}{level}层{side}", sign)
        self._exits(at, plan)

    def _exits(self, at: Standing, plan: BuildingPlan) -> None:
        level = at.level
        for n in range(2 if level == 1 else plan.stairs):
            side = ("东", "西", "中")[n]
            door = {
                "opening": "final_exit" if level == 1 else "floor_exit", "width_m": self.random.choice((1.4, 1.5, 1.8, 2.1)), "leaves": 2,
                "opens_outward": self.random.random() > 0.06,
            }  # fmt: skip
            where = f"{plan.name}{side}侧首层出口" if level == 1 else f"{plan.name}{level}层{side}侧楼梯门"
            self._piece(at, E.EXIT_DOOR, f"口{level}-{side}", where, door)
            self._piece(
                at, E.EXIT_SIGN, f"标{level}-{side}口", where, {"sign": "exit", "lit": True, "autonomy_min": 90}
            )
            if plan.hydrants and plan.floors > 3:
                fire_door = {
                    "form": "hinged", "door_class": "b", "holding": "normally_closed", "leaves": 2, "closer": True, "coordinator": True,
                    "opens_outward": True, "width_m": 1.4,
                }  # fmt: skip
                self._piece(at, E.FIRE_DOOR, f"防{level}-{side}", f"{plan.name}{level}层{side}侧封闭楼梯间", fire_door)

    def _extinguisher(self, at: Standing, label: str, location: str, plan: BuildingPlan) -> None:
        roll = self.random.random()
        # Most are in date; some fall due within months, some are late, a few are past their life.
        age_days = (
            self.random.randint(60, 1700) if roll < 0.72
            else self.random.randint(1740, 1900) if roll < 0.88
            else self.random.randint(2300, 3500) if roll < 0.97
            else self.random.randint(3660, 3800)
        )  # fmt: skip
        made = (self.today - timedelta(days=age_days)).replace(day=1)
        serviced = None
        if age_days > 1900:
            serviced = made + timedelta(days=365 * 5 + self.random.randint(0, 60))
            if age_days > 2650:
                serviced += timedelta(days=730)
            serviced = min(serviced, self.today - timedelta(days=self.random.randint(5, 200)))
        specification: dict[str, Any] = {"agent": "powder_abc", "charge": 4.0, "rating_a": 2, "rating_b": 55}
        if plan.use is BuildingUse.CANTEEN and self.random.random() < 0.5:
            specification = {"agent": "water", "charge": 6.0, "rating_a": 2, "rating_b": 89}
        elif plan.use is BuildingUse.LABORATORY and self.random.random() < 0.4:
            specification = {"agent": "co2", "charge": 3.0, "rating_b": 21}
        specification["maker"] = self.random.choice(_MAKERS)
        self._piece(at, E.EXTINGUISHER, label, location, specification, made_on=made, serviced_on=serviced)

    def _piece(
        self,
        at: Standing,
        kind: EquipmentKind,
        label: str,
        location: str,
        specification: dict[str, Any],
        *,
        made_on: date | None = None,
        serviced_on: date | None = None,
    ) -> None:
        code = self._code()
        tested = None
        if kind in (E.INDOOR_HYDRANT, E.OUTDOOR_HYDRANT, E.EMERGENCY_LIGHT, E.EXIT_SIGN, E.FIRE_DOOR):
            tested = self.today - timedelta(days=self.random.randint(10, 420))
        piece = self.writer.add(
            Equipment,
            school_id=at.school_id,
            building_id=at.building_id,
            floor_id=at.floor_id,
            kind=kind,
            label=label,
            location=location,
            tag_code=code,
            made_on=made_on,
            made_on_is_month=made_on is not None,
            serviced_on=serviced_on,
            tested_on=tested,
            specification=plain(read_specification(kind.value, specification)),
            made_at=self.made_at,
            changed_at=self.made_at,
        )
        day = self.made_at.date()
        self.writer.add(
            EquipmentEvent,
            equipment_id=piece,
            kind=EventKind.REGISTERED,
            happened_on=day,
            at=self.made_at,
            by_id=self.by_id,
        )
        self.writer.add(TagHistory, tag_code=code, equipment_id=piece, from_at=self.made_at, by_id=self.by_id)

    def _code(self) -> str:
        while True:
            code = tags.new_code(self.random.choice)
            if code not in self.codes:
                self.codes.add(code)
                return code
