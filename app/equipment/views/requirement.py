"""How many extinguishers a floor needs, and whether what hangs there is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, viewer
from app.accounts.policy import Permission
from app.core.web import found
from app.equipment import law, wording
from app.equipment.forms import RequirementForm
from app.equipment.queries import floors
from app.equipment.rules import extinguishers as rules
from app.equipment.views import bp
from app.equipment.views.register import uuid_or_none
from app.schools import queries as schools


@dataclass(frozen=True)
class Answer:
    """What the calculation gave; `worst_m` None where no lengths were given, `provision` None without a floor."""

    required: rules.Required
    min_rating: int
    distance_m: float
    worst_m: float | None
    provision: rules.Provision | None


def _answer(form: RequirementForm, floor: floors.FloorFacts | None) -> Answer:
    hazards, table = law.tables()["extinguisher_hazards"], law.tables()["extinguisher_required"]
    required = rules.extinguishers_required(
        hazards,
        table,
        area_m2=float(form.area_m2.data),
        hazard=form.hazard.data,
        hydrants=bool(form.hydrants.data),
        automatic=bool(form.automatic.data),
        piece_rating=form.rating.data,
        points=form.points.data,
        basement=bool(form.basement.data),
    )
    worst = None
    if form.corridor_m.data is not None:
        worst = rules.worst_walk(float(form.corridor_m.data), form.points.data, float(form.room_m.data or 0))
    row: dict[str, Any] = hazards[form.hazard.data]
    provision = None
    if floor:
        provision = rules.provision(
            hazards,
            table,
            required=required,
            hazard=form.hazard.data,
            ratings=floor.ratings,
            worst_distance_m=worst or 0,
        )
    return Answer(required, int(row["min_rating_a"]), float(row["distance_a"]["portable"]), worst, provision)


def _prefilled(floor: floors.FloorFacts | None) -> RequirementForm:
    form = RequirementForm(None)
    if floor:
        form.area_m2.data, form.hazard.data = floor.area_m2, floor.hazard
        form.hydrants.data, form.basement.data = floor.has_hydrants, floor.is_basement
        form.rating.data = max(floor.ratings, default=2)
    return form


@bp.get("/equipment/requirement")
@requires(Permission.SEE_EQUIPMENT)
def requirement() -> ResponseReturnValue:
    """The calculation after GB 50140 for a floor of the register, or for figures typed in."""
    floor_id = uuid_or_none(request.args.get("floor"))
    by_charge = law.tables()["powder_ratings"]
    floor = found(floors.facts(viewer, floor_id, by_charge)) if floor_id else None
    school_id = floor.school_id if floor else uuid_or_none(request.args.get("school"))
    school = found(schools.get(viewer, school_id)) if school_id else None
    asked = "area_m2" in request.args
    form = RequirementForm(request.args) if asked else _prefilled(floor)
    answer = _answer(form, floor) if asked and form.validate() else None
    page = render_template(
        "equipment/requirement.html",
        form=form,
        floor=floor,
        school=school,
        buildings=schools.buildings_of(school.id) if school else [],
        answer=answer,
        basis=law.basis("extinguisher_required"),
        wording=wording,
    )
    return page, 422 if form.errors else 200
