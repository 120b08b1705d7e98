"""Everything about one draft in a constant number of queries: the school's ground, its rows, what has been said."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import sqlalchemy as sa

from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.equipment.queries import fieldwork as equipment
from app.fieldwork import queries as fieldwork
from app.fieldwork.models import Photo
from app.fieldwork.rules import Folded, Op, TargetKind, fold
from app.inspections import queries
from app.inspections.models import Inspection, InspectionKind
from app.inspections.rules.answers import Said, said_on_all, sampled
from app.inspections.rules.areas import Area, areas_of
from app.inspections.rules.demands import days_at_once, facts_of, wrong_with
from app.inspections.rules.faults import Problem, problems_of
from app.inspections.rules.fields import RECHECK, row_name
from app.inspections.rules.ground import Ground, House, Spot
from app.inspections.rules.rows import Row, rows_of
from app.organisations.models import Brigade
from app.organisations.settings import settings_of
from app.rectification.models.findings import Finding
from app.regulations import queries as regulations
from app.regulations.rules.applicability import SchoolFacts, school_types
from app.regulations.rules.checklist import Checklist
from app.schools.models import Building, Floor, Place, School

#: What a school's list of facilities may say is absent: the pack's amenities.
AMENITIES = ("kitchen", "laboratory", "sleeping_rooms")


def house_of(building: Building, floors: Sequence[Floor]) -> House:
    """A building as plain values."""
    return House(
        id=str(building.id),
        name=building.name,
        use=building.use.value,
        height_m=building.height_m,
        floors_above=building.floors_above,
        floors_below=building.floors_below,
        area_m2=building.area_m2,
        hazard=building.hazard_class.value,
        fire_rating=building.fire_rating,
        profile=building.profile,
        facilities=tuple(building.facilities),
        levels=tuple(
            (str(f.id), f.level, equipment.floor_words(f)) for f in sorted(floors, key=lambda f: f.level, reverse=True)
        ),
    )


def ground_of(school_id: uuid.UUID, *, day: date, checklist: Checklist) -> Ground:
    """The ground of a school in three queries; dates of equipment are judged by the tables of this checklist."""
    houses: dict[Building, list[Floor]] = {}
    for building, floor in db.session.execute(
        sa.select(Building, Floor)
        .outerjoin(Floor, Floor.building_id == Building.id)
        .where(Building.school_id == school_id, Building.retired_on.is_(None))
        .order_by(Building.position, Building.name, Building.id)
    ):
        houses.setdefault(building, [])
        houses[building] += [floor] if floor is not None else []
    levels = {floor.id: floor.level for floors in houses.values() for floor in floors}
    places = db.session.scalars(
        sa.select(Place)
        .where(Place.school_id == school_id, Place.retired_on.is_(None))
        .order_by(Place.position, Place.name, Place.id)
    )
    return Ground(
        houses=tuple(house_of(building, floors) for building, floors in houses.items()),
        spots=tuple(
            Spot(
                id=str(place.id),
                kind=place.kind.value,
                use=place.use,
                name=place.name,
                building_id=str(place.building_id) if place.building_id else None,
                level=levels.get(place.floor_id) if place.floor_id else None,
                area_m2=place.area_m2,
            )
            for place in places
        ),
        pieces=tuple(equipment.for_inspection(school_id, today=day, tables=checklist.tables)),
    )


def facts_of_school(school: School, ground: Ground, checklist: Checklist) -> SchoolFacts:
    """What decides on a school's checklist; what nobody recorded counts as present.

    A school whose facilities were listed has those and no others; an empty list says nothing.
    """
    known = {*school.facilities, *(f for house in ground.houses for f in house.facilities)}
    uses = {house.use for house in ground.houses} | {spot.use for spot in ground.spots}
    flags: dict[str, bool | None] = {name: True if name in known else None for name in checklist.content["flags"]}
    amenities: dict[str, bool | None] = {name: True if name in known | uses else None for name in AMENITIES}
    if school.is_boarding or uses & {"dormitory", "dormitory_room", "nap_room"}:
        amenities["sleeping_rooms"] = True
    if "canteen" in uses:
        amenities["kitchen"] = True
    if known:
        flags = {name: bool(there) for name, there in flags.items()}
        amenities = {name: bool(there) for name, there in amenities.items()}
    types = frozenset(p.checklist_type for p in ground.pieces if str(p.kind) == "extinguisher" and p.checklist_type)
    return SchoolFacts(
        types=school_types(school.kind.value, is_boarding=school.is_boarding),
        flags={**flags, "key_unit": school.is_key_unit},
        amenities=amenities,
        extinguisher_types=types or None,
    )


@dataclass(kw_only=True)
class Sheet:
    """One draft with all its rows."""

    inspection: Inspection
    school: School
    brigade: Brigade
    checklist: Checklist
    ground: Ground
    rows: list[Row]
    ops: list[Op]
    photos: Sequence[Photo]

    @property
    def day(self) -> date:
        """The day of the visit."""
        return clock.day_of(self.inspection.started_at)

    @property
    def kind(self) -> TargetKind:
        """What its operations belong to."""
        return queries.target_kind(self.inspection)

    @cached_property
    def folded(self) -> Folded:
        """What stands in every field."""
        return fold(self.ops)

    @cached_property
    def photos_by_row(self) -> Mapping[str, list[Photo]]:
        """Photos by the form name of their row."""
        found: dict[str, list[Photo]] = {}
        for photo in self.photos:
            found.setdefault(row_name(photo.item, photo.place), []).append(photo)
        return found

    @cached_property
    def said(self) -> dict[str, Said]:
        """What stands on every row."""
        return said_on_all(self.rows, self.folded, self.checklist, with_photo=set(self.photos_by_row), today=self.day)

    @cached_property
    def at_once(self) -> Mapping[str, int]:
        """The days there may be for faults that are put right at once."""
        return days_at_once(self.checklist)

    def wrong_with(self, row: Row, *, today: date) -> list[str]:
        """The demands that a row does not meet."""
        slots = [photo.slot for photo in self.photos_by_row.get(row.name, [])]
        within = settings_of(self.brigade.settings).deadline_most_days
        facts = facts_of(
            row, self.said[row.name], slots=slots, day=self.day, today=today, at_once=self.at_once, within=within
        )
        return wrong_with(facts)

    @cached_property
    def areas(self) -> list[Area]:
        """The walk."""
        if self.inspection.kind is InspectionKind.RECHECK:
            return [Area(key="recheck", rows=tuple(self.rows), words="recheck")]
        return areas_of(self.rows, self.checklist, self.ground)

    @cached_property
    def problems(self) -> list[Problem]:
        """All findings as they stand now, in the order of the walk."""
        return [
            problem
            for area in self.areas
            for row in area.rows
            for problem in problems_of(row, self.said[row.name], self.checklist)
        ]

    def forget(self) -> None:
        """Read the operations again, after some were applied."""
        self.ops = fieldwork.ops_of(self.inspection.id)
        self.photos = fieldwork.photos_of(self.kind, [self.inspection.id])
        for name in ("folded", "said", "problems", "photos_by_row"):
            self.__dict__.pop(name, None)


def row_of(viewer: Viewer, inspection_id: uuid.UUID) -> tuple[Inspection, School, Brigade] | None:
    """An inspection that the viewer may see, with its school and brigade, in one query."""
    row = db.session.execute(
        sa.select(Inspection, School, Brigade)
        .join(School, School.id == Inspection.school_id)
        .join(Brigade, Brigade.id == Inspection.brigade_id)
        .where(Inspection.id == inspection_id, queries.visible(viewer))
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def load(viewer: Viewer, inspection_id: uuid.UUID) -> Sheet | None:
    """The sheet of an inspection that the viewer may see."""
    row = row_of(viewer, inspection_id)
    return of(*row) if row else None


def of(inspection: Inspection, school: School, brigade: Brigade) -> Sheet:
    """The sheet of an inspection."""
    checklist = regulations.checklist(inspection.pack_version_id)
    kind = queries.target_kind(inspection)
    ops = fieldwork.ops_of(inspection.id)
    day = clock.day_of(inspection.started_at)
    if inspection.kind is InspectionKind.RECHECK:
        ground, rows = Ground(), recheck_rows(inspection)
    else:
        ground = ground_of(school.id, day=day, checklist=checklist)
        rows = rows_of(
            checklist,
            ground,
            facts=facts_of_school(school, ground, checklist),
            tier=inspection.tier,
            day=day,
            sampled=sampled(fold(ops)),
        )
    return Sheet(
        inspection=inspection,
        school=school,
        brigade=brigade,
        checklist=checklist,
        ground=ground,
        rows=rows,
        ops=ops,
        photos=fieldwork.photos_of(kind, [inspection.id]),
    )


def recheck_rows(inspection: Inspection) -> list[Row]:
    """One row for each finding that is looked at again, the chosen ones in their order."""
    return rows_for_findings(queries.findings_by_id(inspection.scope.get("findings", [])))


def rows_for_findings(findings: Sequence[Finding]) -> list[Row]:
    """The rows of a re-check of these findings."""
    return [
        Row(
            item=RECHECK, place=str(finding.id), area="recheck", where=finding.place_label, codes=(), category=finding.category,
            critical=finding.severity == "critical", piece=finding, number=number,
        )
        for number, finding in enumerate(findings)
    ]  # fmt: skip
