"""What stands at an invented school: its size, its buildings and what they are for."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from app.demo.names import SchoolName
from app.schools.models import BuildingUse, HazardClass, SchoolKind

U, K = BuildingUse, SchoolKind


@dataclass(frozen=True, kw_only=True)
class BuildingPlan:
    """A building before it stands. `stairs` is the number of stairs, each with a door on every floor."""

    name: str
    use: BuildingUse
    floors: int
    area_m2: float
    year: int
    stairs: int = 2
    hazard: HazardClass = HazardClass.MIDDLE
    hydrants: bool = False
    rooms: tuple[tuple[str, str, int], ...] = ()
    """(name, use, floor) of rooms that items are asked about by name."""


@dataclass(frozen=True, kw_only=True)
class SchoolPlan:
    """A school before it stands."""

    name: SchoolName
    pupils: int
    boarders: int
    staff: int
    is_key_unit: bool
    facilities: tuple[str, ...]
    buildings: tuple[BuildingPlan, ...] = field(default_factory=tuple)


_PUPILS = {
    K.KINDERGARTEN: (80, 260), K.PRIMARY: (180, 900), K.JUNIOR: (400, 1100), K.NINE_YEAR: (600, 1400), K.SENIOR: (700, 1600),
    K.COMPLETE_SECONDARY: (800, 1900), K.VOCATIONAL: (500, 1300), K.SPECIAL: (60, 150), K.TRAINING: (40, 120),
}  # fmt: skip


def _teaching(random: Random, pupils: int, number: int, *, small: bool) -> BuildingPlan:
    floors = 2 if small else random.choice((3, 4, 4, 5))
    rooms = [
        (f"{floor}层{word}", "classroom", floor) for floor in range(1, floors + 1) for word in ("东侧教室", "西侧教室")
    ]
    if not small:
        rooms += [("计算机教室", "computer_room", floors), ("图书室", "library", 2)]
    return BuildingPlan(
        name=f"{number}号教学楼",
        use=U.TEACHING,
        floors=floors,
        area_m2=round(max(600, pupils * 3.2), -1),
        year=random.randint(1998, 2021),
        hydrants=not small,
        rooms=(*rooms, ("配电间", "switch_room", 1)),
    )


def _others(random: Random, name: SchoolName, pupils: int, boarders: int) -> list[BuildingPlan]:
    found = []
    if boarders:
        floors = random.choice((3, 4, 5))
        rooms = (
            *((f"{floor}01宿舍", "dormitory_room", floor) for floor in range(1, floors + 1)),
            ("值班室", "office", 1),
        )
        found.append(
            BuildingPlan(
                name="学生宿舍楼", use=U.DORMITORY, floors=floors, area_m2=round(boarders * 6.5, -1), year=random.randint(2004, 2022),
                hydrants=True, rooms=rooms,
            )
        )  # fmt: skip
    if name.kind is not K.TRAINING and not name.branch_of:
        found.append(
            BuildingPlan(
                name="食堂", use=U.CANTEEN, floors=1, area_m2=round(max(150, pupils * 0.9), -1), year=random.randint(2002, 2022), stairs=0,
                rooms=(("厨房", "kitchen", 1), ("餐厅", "dining_hall", 1), ("库房", "store_room", 1)),
            )
        )  # fmt: skip
    if name.kind in (K.COMPLETE_SECONDARY, K.SENIOR, K.JUNIOR, K.VOCATIONAL):
        found.append(
            BuildingPlan(
                name="实验楼", use=U.LABORATORY, floors=3, area_m2=2100, year=random.randint(2005, 2020), hydrants=True,
                rooms=(("化学实验室", "laboratory", 2), ("化学药品室", "chemical_store", 2), ("物理实验室", "laboratory", 3)),
            )
        )  # fmt: skip
    return found


def _kindergarten(random: Random, pupils: int) -> BuildingPlan:
    return BuildingPlan(
        name="综合楼",
        use=U.KINDERGARTEN,
        floors=random.choice((1, 2, 2, 3)),
        area_m2=round(max(400, pupils * 7), -1),
        year=random.randint(2008, 2023),
        rooms=(("大一班活动室", "children_room", 1), ("午休室", "nap_room", 1), ("厨房", "kitchen", 1)),
    )


def school(random: Random, name: SchoolName) -> SchoolPlan:
    """What stands at this school."""
    low, high = _PUPILS[name.kind]
    pupils = random.randint(low, high) // (4 if name.branch_of else 1)
    boarders = int(pupils * random.uniform(0.35, 0.8)) if name.boarding else 0
    if name.kind in (K.KINDERGARTEN, K.TRAINING):
        buildings = [_kindergarten(random, pupils)]
    else:
        small = pupils < 260
        count = 1 if pupils < 700 else 2
        buildings = [_teaching(random, pupils // count, n + 1, small=small) for n in range(count)]
        buildings += _others(random, name, pupils, boarders)
    key_unit = boarders >= 100 or pupils >= 1000
    facilities = ["kitchen"] if any(b.use is U.CANTEEN or b.use is U.KINDERGARTEN for b in buildings) else []
    facilities += ["laboratory"] if any(b.use is U.LABORATORY for b in buildings) else []
    facilities += ["sleeping_rooms"] if boarders or name.kind is K.KINDERGARTEN else []
    facilities += ["double_leaf", "hose_reel"] if any(b.hydrants for b in buildings) else []
    facilities += ["pump", "tank", "alarm_system", "control_room"] if key_unit and pupils > 900 else []
    return SchoolPlan(
        name=name,
        pupils=pupils,
        boarders=boarders,
        staff=max(6, pupils // random.randint(11, 15)),
        is_key_unit=key_unit,
        facilities=tuple(facilities),
        buildings=tuple(buildings),
    )
