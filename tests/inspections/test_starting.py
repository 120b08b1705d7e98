"""Starting: on the spot, from a plan, from paper; and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock
from app.core.db import new_id
from app.core.errors import DomainError
from app.core.extensions import db
from app.fieldwork import queries as fieldwork
from app.fieldwork.rules import Via
from app.inspections import records
from app.inspections.models import Inspection
from app.inspections.service import starting
from app.planning import service as planning
from app.planning.models import Visit, VisitKind, VisitState
from app.schools.models import SchoolStatus
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import signed
from tests.inspections import filling


def test_an_inspection_starts_on_the_spot_with_a_visit_of_its_own(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    inspection_id = filling.begin(as_person("ines"), cast.school_id, cast)
    row = db.session.get_one(Inspection, inspection_id)
    visit = db.session.query(Visit).one()
    assert (row.visit_id, visit.state) == (visit.id, VisitState.UNDER_WAY)
    assert (row.lead_id, row.second_id, row.accompanying) == (cast.people["ines"], cast.people["ivo"], "索南")


def test_a_planned_recheck_is_not_used_up_by_an_inspection_unless_begun_from_it(
    cast: Cast, as_person: SignInAs
) -> None:
    visit = planning.plan(
        cast.viewer("lea"),
        school=cast.school,
        planned_on=clock.today(),
        lead_id=cast.people["ines"],
        kind=VisitKind.RECHECK,
    )
    db.session.commit()
    ines, path = as_person("ines"), f"/inspections/new?school={cast.school_id}"
    assert str(visit.id) not in ines.get(path).text
    assert f'selected value="{visit.id}"' in ines.get(f"{path}&visit={visit.id}").text
    filling.begin(ines, cast.school_id, cast)
    assert db.session.query(Inspection).one().visit_id != visit.id
    assert visit.state is VisitState.PLANNED


def test_a_planned_visit_carries_the_inspection(cast: Cast, as_person: SignInAs) -> None:
    visit = planning.plan(cast.viewer("lea"), school=cast.school, planned_on=clock.today(), lead_id=cast.people["ines"])
    db.session.commit()
    filling.begin(as_person("ines"), cast.school_id, cast, visit_id=str(visit.id))
    db.session.expire_all()
    assert db.session.query(Inspection).one().visit_id == visit.id
    assert visit.state is VisitState.UNDER_WAY


def test_pressing_start_twice_starts_once(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = client.page(f"/inspections/new?school={cast.school_id}")
    first, again = (client.send(page, form="tier", button="开始检查", follow=False) for _time in range(2))
    assert first.headers["Location"] == again.headers["Location"]
    assert db.session.query(Inspection).count() == 1


def test_entered_from_paper_everything_says_so(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    day = clock.today() - timedelta(days=2)
    client = as_person("ines")
    inspection_id = filling.begin(client, cast.school_id, cast, paper="y", paper_day=day.isoformat())
    filling.answer(client, filling.page_with(client, inspection_id, "MGT-01"), {"MGT-01": "pass"})
    row = db.session.get_one(Inspection, inspection_id)
    assert (row.from_paper, clock.day_of(row.started_at)) == (True, day)
    assert {op.via for op in fieldwork.ops_of(inspection_id)} == {Via.PAPER}
    signed(cast, row)
    assert records.read(row).content["from_paper"] is True


@pytest.mark.parametrize("days", [-1, 61])
def test_a_paper_from_tomorrow_or_long_ago_is_refused(cast: Cast, days: int) -> None:
    with pytest.raises(DomainError):
        starting.start(cast.viewer("ines"), school=cast.school, paper_day=clock.today() - timedelta(days=days))


def test_from_paper_needs_the_papers_date(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = client.page(f"/inspections/new?school={cast.school_id}")
    answer = client.send(page, {"paper": "y"}, form="tier", button="开始检查")
    assert answer.status_code == 422
    assert "请填写纸质检查表的日期" in answer.text


@pytest.mark.parametrize(
    ("name", "status"),
    [("ines", 200), ("lea", 200), ("stan", 403), ("olga", 403), ("pema", 403), ("beate", 403), ("oskar", 404)],
)
def test_who_starts_at_pemas_school(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get(f"/inspections/new?school={cast.school_id}").status_code == status


def test_a_detachment_sees_the_school_but_does_not_inspect_it(cast: Cast, as_person: SignInAs) -> None:
    assert as_person("dora").get(f"/inspections/new?school={cast.school_id}").status_code == 403


def test_a_school_merged_away_is_not_inspected(cast: Cast) -> None:
    cast.school.status, cast.school.merged_into_id = SchoolStatus.MERGED, cast.ottos_school_id
    db.session.flush()
    with pytest.raises(DomainError, match="并入"):
        starting.start(cast.viewer("ines"), school=cast.school)


def test_an_id_used_elsewhere_is_refused(cast: Cast) -> None:
    key = new_id()
    starting.start(cast.viewer("ines"), school=cast.school, inspection_id=key)
    with pytest.raises(DomainError):
        starting.start(cast.viewer("ivo"), school=cast.school, inspection_id=key)


def test_the_list_shows_drafts_first_and_only_what_one_may_see(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=3)
    done = signed(cast)
    starting.start(cast.viewer("ines"), school=cast.school)
    db.session.commit()
    page = as_person("ines").page("/inspections")
    assert page.main.index("填写中") < page.main.index("已签名", page.main.index("填写中"))
    assert str(done.id) in as_person("pema").page("/inspections").html
    assert str(done.id) not in as_person("otto").page("/inspections").html
    assert str(done.id) not in as_person("oskar").page("/inspections").html
    only = as_person("ines").page("/inspections?state=signed&mine=y")
    assert len(only.all("//tbody/tr")) == 1
