"""The demo brigade's own plan of this year: done, on its way, late, cancelled."""

from __future__ import annotations

import uuid
from datetime import date

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.core import clock
from app.core.extensions import db
from app.demo.district import District
from app.measures import service
from app.measures.models import Measure
from app.measures.rules import MeasureKind
from app.measures.service import NewMeasure


def plan_measures(district: District) -> None:
    """Four measures in the office's name."""
    year = clock.today().year
    done = _plan(district, "每校至少检查两次", MeasureKind.INSPECTIONS, date(year, 12, 31), 2 * len(district.schools))
    _plan(district, "宿管和食堂人员消防培训", MeasureKind.TRAININGS, date(year, 12, 31), len(district.schools))
    dropped = _plan(district, "全区中小学联合演练", MeasureKind.OTHER, date(year, 12, 31), None)
    _plan(district, "春季开学前出行", MeasureKind.VISITS, date(year, 1, 1), 10)
    office = accounts.viewer_for(db.session.get_one(Person, district.people["office"]))
    service.finish(office, done, done_on=clock.today(), words="检查记录都已签名归档，可在检查列表核对。")
    service.cancel(office, dropped, reason="场地改作他用，并入明年计划。")


def _plan(district: District, title: str, kind: MeasureKind, due_on: date, target: int | None) -> Measure:
    office = accounts.viewer_for(db.session.get_one(Person, district.people["office"]))
    new = NewMeasure(
        year=due_on.year, quarter=None, kind=kind, title=title, target=target, due_on=due_on, answers_id=district.people["inspector"]
    )  # fmt: skip
    return service.plan(office, measure_id=uuid.uuid5(uuid.NAMESPACE_OID, f"{due_on.year}{title}"), new=new)
