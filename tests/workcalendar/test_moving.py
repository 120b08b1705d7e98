"""Moving a visit to another day, another half of it, other officers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core.extensions import db
from app.planning import service
from app.planning.models import DayPart, Visit, VisitState
from tests.cast import Cast
from tests.conftest import SignInAs

MONDAY = date(2026, 11, 23)


@pytest.fixture
def visit(cast: Cast) -> Visit:
    """Ines and Ivo go to Pema's school tomorrow."""
    row = Visit(
        school_id=cast.school_id, brigade_id=cast.brigade_id, planned_on=MONDAY + timedelta(days=1), purpose="秋季检查",
        lead_id=cast.people["ines"], second_id=cast.people["ivo"],
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def moves() -> int:
    """How often a visit was moved, as the audit has it."""
    return db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "move_visit")) or 0


def test_a_visit_moves_in_two_steps_and_leads_back_to_the_week(cast: Cast, visit: Visit, as_person: SignInAs) -> None:
    client = as_person("lea")
    week = client.page("/calendar")
    (link,) = [href for href in week.links if f"/visits/{visit.id}/move" in href]
    values = {"planned_on": "2026-11-27", "part": "afternoon", "lead_id": str(cast.people["lea"]), "second_id": ""}
    answer = client.send(client.page(link), values, button="保存改期")
    assert "出行已改期" in answer.text
    assert answer.page.path.startswith("/calendar")
    db.session.expire_all()
    kept = (visit.planned_on, visit.part, visit.lead_id, visit.second_id, visit.purpose, visit.state)
    assert kept == (date(2026, 11, 27), DayPart.AFTERNOON, cast.people["lea"], None, "秋季检查", VisitState.PLANNED)
    (detail,) = db.session.scalars(sa.select(AuditEntry.detail).where(AuditEntry.action == "move_visit"))
    assert (detail["from"], detail["to"]) == ("2026-11-24", "2026-11-27")


def test_moving_twice_changes_and_writes_nothing_more(cast: Cast, visit: Visit, as_person: SignInAs) -> None:
    client = as_person("ines")
    page = client.page(f"/visits/{visit.id}/move")
    client.send(page, {"planned_on": "2026-11-27"}, button="保存改期")
    again = client.send(page, {"planned_on": "2026-11-27"}, button="保存改期")
    assert "没有改动" in again.text
    assert moves() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"planned_on": "2026-11-22"}, "不能早于今天"),
        ({"planned_on": "2126-01-01"}, "计划日期太远"),
        ({"planned_on": "soon"}, ""),
        ({"planned_on": ""}, "请填写计划日期"),
        ({"second_id": "ines"}, "不能是同一人"),
    ],
)
def test_a_bad_move_is_refused_and_changes_nothing(
    cast: Cast, visit: Visit, as_person: SignInAs, values: dict[str, str], said: str
) -> None:
    client = as_person("ines")
    sent = {name: str(cast.people.get(value, value)) for name, value in values.items()}
    answer = client.send(client.page(f"/visits/{visit.id}/move"), sent, button="保存改期")
    assert answer.status_code == 422
    assert said in answer.text
    db.session.expire_all()
    assert (visit.planned_on, visit.second_id, moves()) == (date(2026, 11, 24), cast.people["ivo"], 0)


@pytest.mark.parametrize("state", [VisitState.UNDER_WAY, VisitState.DONE, VisitState.CANCELLED])
def test_what_has_begun_or_is_over_stays_where_it_is(
    cast: Cast, visit: Visit, as_person: SignInAs, state: VisitState
) -> None:
    client = as_person("ines")
    page = client.page(f"/visits/{visit.id}/move")
    visit.state, visit.cancelled_reason = state, "大雪" if state is VisitState.CANCELLED else ""
    db.session.commit()
    answer = client.send(page, {"planned_on": "2026-11-27"}, button="保存改期")
    assert answer.status_code == 422
    assert "不能改期" in answer.text
    db.session.expire_all()
    assert visit.planned_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("name", "status"), [("stan", 403), ("olga", 403), ("dora", 403), ("pema", 403), ("beate", 403), ("oskar", 404)]
)
def test_only_inspectors_of_the_brigade_move(visit: Visit, as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get(f"/visits/{visit.id}/move").status_code == status


def test_a_visit_goes_to_officers_of_the_brigade_only(cast: Cast, visit: Visit) -> None:
    for name in ("stan", "oskar", "pema"):
        with pytest.raises(service.visits.DomainError):
            service.move(
                cast.viewer("lea"),
                visit,
                planned_on=visit.planned_on,
                part=None,
                lead_id=cast.people[name],
                second_id=None,
            )


def test_nobody_is_led_to_another_site(visit: Visit, as_person: SignInAs) -> None:
    page = as_person("ines").page(f"/visits/{visit.id}/move?back=https://elsewhere.example/")
    assert not [href for href in page.links if "elsewhere" in href]
