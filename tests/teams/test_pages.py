"""Teams: made, filled, handed schools; who may, what it wrote, who is told, twice, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.notifications.models import Outbox
from app.planning.models import Visit, VisitState
from app.teams.models import Team, TeamHandOver, TeamMember, TeamSchool
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import rectification
from tests.factories import teams as make

TODAY = clock.today()
KEY = "01a20000-0000-7000-8000-000000000009"
ADDRESS = "/admin/teams/hand-over"


def _standing() -> list[TeamSchool]:
    return list(
        db.session.scalars(sa.select(TeamSchool).where(TeamSchool.withdrawn_at.is_(None)).order_by(TeamSchool.id))
    )


def _filled(to: object, *schools: object, **more: Any) -> dict[str, Any]:
    said = {
        "key": KEY,
        "which": "ticked",
        "to": str(to),
        "from_day": TODAY.isoformat(),
        "schools": [str(s) for s in schools],
    }
    return said | more


def _told(event: str) -> list[Outbox]:
    return list(db.session.scalars(sa.select(Outbox).where(Outbox.event == event)))


@pytest.mark.parametrize("name", ["lea", "olga"])
def test_a_team_is_made_once(cast: Cast, as_person: SignInAs, name: str) -> None:
    browser = as_person(name)
    assert "第一组" in browser.post("/admin/teams", data={"name": " 第一组 "}, follow_redirects=True).text
    assert "已有同名分组" in browser.post("/admin/teams", data={"name": "第一组"}).text
    assert browser.post("/admin/teams", data={"name": ""}).status_code == 422
    assert [one.name for one in db.session.scalars(sa.select(Team))] == ["第一组"]


def test_officers_see_teams_and_do_not_change_them(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines")
    db.session.commit()
    ines = as_person("ines")
    assert "第一组" in ines.get("/admin/teams").text
    assert "移交本组学校" not in ines.get(f"/admin/teams/{team.id}").text
    for address in ("/admin/teams", f"/admin/teams/{team.id}/retire", f"/admin/teams/{team.id}/members", ADDRESS):
        assert ines.post(address, data={"name": "乙"}).status_code == 403
    assert as_person("oskar").get(f"/admin/teams/{team.id}").status_code == 404
    assert as_person("pema").get("/admin/teams").status_code == 403


def test_a_new_leader_takes_the_place_of_the_one_before_who_stays(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines")
    db.session.commit()
    browser, address = as_person("lea"), f"/admin/teams/{team.id}/members"
    said = {"person_id": str(cast.people["ivo"]), "is_leader": "y", "from_day": TODAY.isoformat()}
    for _twice in range(2):
        assert browser.post(address, data=said).status_code == 302
    rows = db.session.scalars(sa.select(TeamMember).order_by(TeamMember.from_day, TeamMember.id)).all()
    assert [(row.person_id, row.is_leader, row.to_day) for row in rows] == [
        (cast.people["ines"], True, TODAY - timedelta(days=1)),
        (cast.people["ines"], False, None),
        (cast.people["ivo"], True, None),
    ]
    outsider = said | {"person_id": str(cast.people["oskar"])}
    assert browser.post(address, data=outsider).status_code == 422
    assert browser.post(address, data=said | {"from_day": "2020-01-01"}).status_code == 422


def test_a_member_leaves_and_stays_on_record(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines", "ivo")
    other = make.team(cast, "第二组")
    ivo = db.session.scalars(sa.select(TeamMember).where(TeamMember.person_id == cast.people["ivo"])).one()
    db.session.commit()
    browser, data = as_person("olga"), {"last_day": TODAY.isoformat()}
    assert browser.post(f"/admin/teams/{other.id}/members/{ivo.id}/end", data=data).status_code == 404
    page = browser.post(f"/admin/teams/{team.id}/members/{ivo.id}/end", data=data, follow_redirects=True).text
    assert "次仁" in page
    assert db.session.get_one(TeamMember, ivo.id).to_day == TODAY
    assert browser.post(f"/admin/teams/{team.id}/members/{ivo.id}/end", data={"last_day": "gestern"}).status_code == 409


def test_schools_go_to_another_team_with_all_that_is_open_and_both_sides_are_told(
    cast: Cast, as_person: SignInAs
) -> None:
    first, second = make.team(cast, "第一组", "ines"), make.team(cast, "第二组", "ivo", "stan")
    was = make.has(cast, first, cast.school_id)
    finding = rectification.finding(cast)
    visit = Visit(
        school_id=cast.school_id, brigade_id=cast.brigade_id, planned_on=TODAY + timedelta(days=5), lead_id=cast.people["ines"]
    )  # fmt: skip
    db.session.add(visit)
    db.session.commit()
    browser = as_person("lea")
    asked = browser.get(f"{ADDRESS}?group={first.id}").text
    assert "示范区第一小学" in asked
    assert "示范区第二小学" not in asked
    page = browser.post(
        ADDRESS, data=_filled(second.id, cast.school_id, visits_too="y", note="片区调整"), follow_redirects=True
    )
    assert "已移交 1 所学校" in page.text
    assert "片区调整" in page.text
    browser.post(ADDRESS, data=_filled(second.id, cast.school_id, visits_too="y"))
    row = db.session.scalars(sa.select(TeamHandOver).where(TeamHandOver.to_team_id == second.id)).one()
    assert row.brought == {"findings": 1, "visits": 1, "moved": 1}
    assert finding.closed_on is None
    old, new = _standing()
    assert (old.id, old.to_day) == (was.id, TODAY - timedelta(days=1))
    assert (new.team_id, new.from_team_id, new.from_day, new.brought) == (
        second.id, first.id, TODAY, {"findings": 1, "visits": 1},
    )  # fmt: skip
    assert db.session.get_one(Visit, visit.id).lead_id == cast.people["ivo"]
    assert {text for one in _told("schools_received") for text in one.person_ids} == {
        str(cast.people["ivo"]), str(cast.people["stan"]),
    }  # fmt: skip
    assert [one.person_ids for one in _told("schools_given")] == [[str(cast.people["ines"])]]
    assert _told("schools_received")[0].data["page"] == f"/admin/teams/hand-overs/{row.id}"
    assert "第一组" in as_person("ines").get(f"/admin/teams/hand-overs/{row.id}").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schools": []}, "请选择至少一所学校"),
        ({"schools": "foreign"}, "请选择至少一所学校"),
        ({"to": ""}, "请选择接收的分组或人员"),
        ({"from_day": "2020-01-01"}, "日期不能早于"),
        ({"from_day": "2031-01-01"}, "日期太远"),
        ({"schools": "had"}, "已经在接收方"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_with_the_reason(
    cast: Cast, as_person: SignInAs, change: dict[str, Any], said: str
) -> None:
    team = make.team(cast, "第一组", "ines")
    make.has(cast, team, cast.ottos_school_id)
    db.session.commit()
    places = {"foreign": [str(cast.foreign_school_id)], "had": [str(cast.ottos_school_id)]}
    filled = _filled(team.id, cast.school_id) | change
    filled["schools"] = places.get(str(filled["schools"]), filled["schools"])
    answer = as_person("lea").post(ADDRESS, data=filled)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(_standing()) == 1


def test_all_that_the_filter_leaves_goes_to_an_officer_and_back_to_nobody(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines", "ivo")
    db.session.commit()
    browser = as_person("olga")
    assert "2 所学校没有分组" in browser.get("/admin/teams").text
    filled = _filled(f"{team.id}:{cast.people['ivo']}", which="all")
    page = browser.post(f"{ADDRESS}?group=none", data=filled, follow_redirects=True).text
    assert "已移交 2 所学校" in page
    assert {row.officer_id for row in _standing()} == {cast.people["ivo"]}
    assert "没有分组" not in browser.get("/admin/teams").text
    later = (TODAY + timedelta(days=7)).isoformat()
    filled = _filled("nobody", cast.school_id, key=str(cast.school_id), from_day=later)
    assert browser.post(ADDRESS, data=filled).status_code == 302
    assert "示范区第一小学" in browser.get(f"/admin/teams/{team.id}").text
    filled = _filled(team.id, cast.school_id, key=str(team.id))
    assert browser.post(ADDRESS, data=filled).status_code == 302
    mine = [row for row in _standing() if row.school_id == cast.school_id]
    assert [(row.team_id, row.officer_id, row.to_day) for row in mine] == [(team.id, None, None)]


def test_a_team_ends_only_without_schools(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines")
    row = make.has(cast, team, cast.school_id)
    db.session.commit()
    browser = as_person("lea")
    assert browser.post(f"/admin/teams/{team.id}/retire").status_code == 409
    db.session.get_one(TeamSchool, row.id).to_day = TODAY - timedelta(days=1)
    db.session.commit()
    for _twice in range(2):
        assert browser.post(f"/admin/teams/{team.id}/retire").status_code == 302
    assert db.session.get_one(Team, team.id).retired_on == TODAY
    assert "已撤销" in browser.get(f"/admin/teams/{team.id}").text
    assert browser.post(f"/admin/teams/{team.id}/name", data={"name": "甲"}).status_code == 422


def test_the_list_of_schools_is_filtered_by_team_and_names_it(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "河谷组", "ines")
    make.has(cast, team, cast.school_id)
    db.session.commit()
    browser = as_person("ines")
    page = browser.get(f"/schools?group={team.id}").text
    assert ("示范区第一小学" in page, "示范区第二小学" in page) == (True, False)
    assert "示范区第二小学" in browser.get("/schools?group=none").text
    assert "示范区第二小学" in browser.get("/schools?group=nonsense").text
    assert "河谷组" in browser.get(f"/schools/{cast.school_id}").text
    assert "河谷组" not in as_person("pema").get(f"/schools/{cast.school_id}").text
    assert "河谷组" not in as_person("beate").get("/schools").text


def test_a_visit_is_proposed_to_the_officers_of_the_schools_team(cast: Cast, as_person: SignInAs) -> None:
    team = make.team(cast, "第一组", "ines", "ivo")
    make.has(cast, team, cast.school_id, officer_id=cast.people["ivo"])
    db.session.commit()
    page = as_person("lea").get(f"/visits/new?school={cast.school_id}").text
    assert f'<option selected value="{cast.people["ivo"]}">' in page
    assert f'<option selected value="{cast.people["ines"]}">' in page
    other = as_person("lea").get(f"/visits/new?school={cast.ottos_school_id}").text
    assert f'<option selected value="{cast.people["lea"]}">' in other


def test_a_visit_that_somebody_else_leads_stays_with_them(cast: Cast, as_person: SignInAs) -> None:
    first, second = make.team(cast, "第一组", "ines"), make.team(cast, "第二组", "ivo")
    make.has(cast, first, cast.school_id)
    day = TODAY + timedelta(days=5)
    said = {"school_id": cast.school_id, "brigade_id": cast.brigade_id, "planned_on": day}
    others = Visit(lead_id=cast.people["lea"], **said)
    begun = Visit(lead_id=cast.people["ines"], state=VisitState.UNDER_WAY, **said)
    db.session.add_all([others, begun])
    db.session.commit()
    as_person("lea").post(ADDRESS, data=_filled(second.id, cast.school_id, visits_too="y"))
    leads = {db.session.get_one(Visit, one.id).lead_id for one in (others, begun)}
    assert leads == {cast.people["lea"], cast.people["ines"]}
