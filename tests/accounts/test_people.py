"""Who is invited, handed over, ended and shut out, by whom, and what stays on record."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts import queries, service
from app.accounts.models import Invitation, Membership, PasswordLink, Person, Role
from app.accounts.policy import Permission
from app.audit.models import AuditEntry
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.schools.service import reindex_all
from tests.cast import AREA, OTHER_AREA, Cast

GOOD = "a long enough one"
LINK = re.compile(r"http://127.0.0.1:8000(/(?:invitations|password)/[\w-]{20,})")


def _link(answer: Any) -> str:
    found = LINK.search(answer.text)
    assert found, "no link on the page"
    return found.group(1)


def _invite(client: Any, cast: Cast, **more: str) -> str:
    data = {"name": "次旦", "role": "inspector", "place": f"brigade:{cast.brigade_id}", **more}
    return _link(client.post("/admin/people/invite", data=data, follow_redirects=True))


def _take_up(client: Any, link: str, **more: str) -> Any:
    data = {"name": "次旦", "username": "cidan", "password": GOOD, "again": GOOD, **more}
    return client.post(link, data=data)


def test_an_invited_inspector_makes_an_account_and_holds_the_role(
    as_person: Any, client: FlaskClient, cast: Cast
) -> None:
    link = _invite(as_person("ada"), cast)
    assert _take_up(client, link).status_code == 302
    person = queries.person_by_username("cidan")
    assert person is not None
    viewer = queries.viewer_for(person)
    assert viewer.may(Permission.INSPECT)
    assert viewer.own_brigade_id == cast.brigade_id
    assert db.session.query(AuditEntry).filter_by(action="take_up_invitation").count() == 1


def test_a_link_works_once(as_person: Any, client: FlaskClient, cast: Cast) -> None:
    link = _invite(as_person("ada"), cast)
    _take_up(client, link)
    answer = _take_up(client, link, username="another")
    assert answer.status_code == 410
    assert "已被使用" in answer.text
    assert queries.person_by_username("another") is None


def test_a_link_that_ran_out_says_so(as_person: Any, client: FlaskClient, cast: Cast) -> None:
    link = _invite(as_person("ada"), cast)
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        answer = client.get(link)
    assert answer.status_code == 410
    assert "过期" in answer.text


def test_a_withdrawn_link_says_so(as_person: Any, client: FlaskClient, cast: Cast) -> None:
    ada = as_person("ada")
    link = _invite(ada, cast)
    invitation = db.session.query(Invitation).one()
    ada.post(f"/admin/invitations/{invitation.id}/withdraw")
    assert "已被撤回" in client.get(link).text


def test_a_new_link_makes_the_old_one_useless(as_person: Any, client: FlaskClient, cast: Cast) -> None:
    ada = as_person("ada")
    old = _invite(ada, cast)
    invitation = db.session.query(Invitation).one()
    new = _link(ada.post(f"/admin/invitations/{invitation.id}/again", follow_redirects=True))
    assert new != old
    assert client.get(old).status_code == 410
    assert client.get(new).status_code == 200


def test_nobody_makes_up_a_link(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/invitations/nothing-like-a-token").status_code == 404
    assert client.get("/password/nothing-like-a-token").status_code == 404


def test_somebody_with_an_account_takes_the_role_up_with_it(as_person: Any, cast: Cast) -> None:
    link = _invite(as_person("ada"), cast, role="office")
    answer = as_person("ivo").post(link, data={"join": "1"})
    assert answer.status_code == 302, answer.page.text
    assert cast.viewer("ivo").roles == {Role.INSPECTOR, Role.OFFICE}


def test_an_invitation_of_somebody_who_lost_the_right_opens_nothing(
    as_person: Any, client: FlaskClient, cast: Cast
) -> None:
    link = _invite(as_person("ada"), cast)
    cast.person("ada").active = False
    db.session.commit()
    answer = _take_up(client, link)
    assert answer.status_code == 422
    assert queries.person_by_username("cidan") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "ines"}, "已被使用"),
        ({"username": "有空格"}, "登录名为"),
        ({"password": "short", "again": "short"}, "至少 8 个字符"),
        ({"password": "12345678", "again": "12345678"}, "太容易猜到"),
        ({"password": "88888888", "again": "88888888"}, "太容易猜到"),
        ({"again": "another one"}, "不一致"),
        ({"password": "cidan-12", "again": "cidan-12", "username": "cidan-12"}, "不能与登录名相同"),
    ],
)
def test_what_an_account_cannot_be_made_of(
    as_person: Any, client: FlaskClient, cast: Cast, given: dict[str, str], said: str
) -> None:
    link = _invite(as_person("ada"), cast)
    answer = _take_up(client, link, **given)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(Invitation).one().used_at is None


def test_a_principal_invites_the_own_safety_officer(as_person: Any, client: FlaskClient, cast: Cast) -> None:
    pema = as_person("pema")
    link = _invite(pema, cast, role="safety_officer", place=f"school:{cast.school_id}")
    _take_up(client, link)
    person = queries.person_by_username("cidan")
    assert person is not None
    assert queries.viewer_for(person).school_ids == {cast.school_id}


@pytest.mark.parametrize("role", ["principal", "inspector", "admin"])
def test_a_principal_gives_no_other_role(as_person: Any, cast: Cast, role: str) -> None:
    answer = as_person("pema").post(
        "/admin/people/invite", data={"name": "x", "role": role, "place": f"school:{cast.school_id}"}
    )
    assert answer.status_code == 422
    assert db.session.query(Invitation).count() == 0


def test_the_office_invites_for_schools_and_not_for_the_brigade(cast: Cast) -> None:
    olga = cast.viewer("olga")
    service.invite(olga, name="x", role=Role.PRINCIPAL, school_id=cast.school_id)
    with pytest.raises(DomainError):
        service.invite(olga, name="x", role=Role.INSPECTOR, brigade_id=cast.brigade_id)


@pytest.mark.parametrize("name", ["ada", "olga", "pema"])
def test_nobody_invites_for_a_foreign_school(as_person: Any, cast: Cast, name: str) -> None:
    assert as_person(name).get(f"/admin/people/invite?school={cast.foreign_school_id}").status_code == 404
    with pytest.raises(DomainError):
        service.invite(cast.viewer(name), name="x", role=Role.SAFETY_OFFICER, school_id=cast.foreign_school_id)


def test_an_administrator_invites_the_bureau_of_the_own_area_only(cast: Cast) -> None:
    ada = cast.viewer("ada")
    service.invite(ada, name="x", role=Role.BUREAU, area_code=AREA)
    for code in ("540103", "5401"):
        with pytest.raises(DomainError):
            service.invite(ada, name="x", role=Role.BUREAU, area_code=code)


def test_a_station_has_no_leader_and_a_school_no_inspector(cast: Cast) -> None:
    ada, station = cast.viewer("ada"), cast.person("stan").memberships[0].brigade_id
    with pytest.raises(DomainError):
        service.invite(ada, name="x", role=Role.LEADER, brigade_id=station)
    with pytest.raises(DomainError):
        service.invite(ada, name="x", role=Role.INSPECTOR, school_id=cast.school_id)


def test_a_role_that_ends_ends_at_once(as_person: Any, cast: Cast) -> None:
    ines, held = as_person("ines"), cast.person("ines").memberships[0].id
    assert ines.get("/account").status_code == 200
    answer = as_person("ada").post(f"/admin/people/{cast.people['ines']}/memberships/{held}/end", data={})
    assert answer.status_code == 302
    assert ines.get("/account").status_code == 403
    membership = db.session.get_one(Membership, held)
    assert membership.to_day == clock.today()
    assert membership.ended_at is not None


def test_a_role_may_end_on_a_later_day(cast: Cast) -> None:
    held = cast.person("ines").memberships[0]
    last = clock.today() + timedelta(days=3)
    service.end_membership(cast.viewer("ada"), membership=held, last_day=last)
    db.session.commit()
    assert cast.viewer("ines").may(Permission.INSPECT)
    with time_machine.travel(clock.now() + timedelta(days=5), tick=False):
        assert not cast.viewer("ines").may(Permission.INSPECT)


def test_a_role_does_not_end_in_the_past_nor_twice(cast: Cast) -> None:
    held, ada = cast.person("ines").memberships[0], cast.viewer("ada")
    with pytest.raises(DomainError):
        service.end_membership(ada, membership=held, last_day=clock.today() - timedelta(days=1))
    service.end_membership(ada, membership=held)
    with pytest.raises(DomainError):
        service.end_membership(ada, membership=held)


def test_an_administrator_does_not_end_the_own_role(cast: Cast) -> None:
    with pytest.raises(DomainError):
        service.end_membership(cast.viewer("ada"), membership=cast.person("ada").memberships[0])


def test_a_hand_over_keeps_who_held_the_role_before(as_person: Any, cast: Cast) -> None:
    held = cast.person("lea").memberships[0].id
    day = clock.today() + timedelta(days=2)
    answer = as_person("ada").post(
        f"/admin/people/{cast.people['lea']}/memberships/{held}/hand-over",
        data={"successor": str(cast.people["ines"]), "from_day": day.isoformat()},
    )
    assert answer.status_code == 302
    assert db.session.get_one(Membership, held).to_day == day - timedelta(days=1)
    assert Role.LEADER not in cast.viewer("ines").roles
    with time_machine.travel(clock.start_of(day) + timedelta(hours=9), tick=False):
        assert Role.LEADER in cast.viewer("ines").roles
        assert Role.LEADER not in cast.viewer("lea").roles


def test_a_hand_over_today_ends_the_former_at_once(cast: Cast) -> None:
    held = cast.person("lea").memberships[0]
    service.hand_over(cast.viewer("ada"), membership=held, successor=cast.person("ines"), from_day=clock.today())
    db.session.commit()
    assert Role.LEADER in cast.viewer("ines").roles
    assert Role.LEADER not in cast.viewer("lea").roles


def test_a_deactivated_person_is_out_at_once_and_comes_back(as_person: Any, cast: Cast) -> None:
    ines, ada, address = as_person("ines"), as_person("ada"), f"/admin/people/{cast.people['ines']}"
    assert ada.post(f"{address}/deactivate").status_code == 302
    assert ines.get("/account").status_code == 302
    assert ada.post(f"{address}/deactivate").status_code == 302
    ada.post(f"{address}/reactivate")
    assert cast.person("ines").active
    assert ines.get("/account").status_code == 302  # the old sign-in stays ended


def test_nobody_shuts_themselves_out(as_person: Any, cast: Cast) -> None:
    assert as_person("ada").post(f"/admin/people/{cast.people['ada']}/deactivate").status_code == 409
    assert cast.person("ada").active


@pytest.mark.parametrize("act", ["deactivate", "password-link"])
def test_an_account_with_a_role_elsewhere_is_not_ours_to_touch(as_person: Any, cast: Cast, act: str) -> None:
    service.begin_membership(None, person=cast.person("ines"), role=Role.BUREAU, area_code=OTHER_AREA)
    db.session.commit()
    assert as_person("ada").post(f"/admin/people/{cast.people['ines']}/{act}").status_code == 409
    assert cast.person("ines").active
    assert db.session.query(PasswordLink).count() == 0


@pytest.mark.parametrize(("unit", "role"), [("other_brigade_id", Role.OFFICE), ("detachment_id", Role.DETACHMENT)])
def test_nobody_serves_at_two_units_of_the_fire_service_at_a_time(cast: Cast, unit: str, role: Role) -> None:
    """What one may do follows from all roles, where from all places: a reader elsewhere would lead there too."""
    lea, other = cast.person("lea"), getattr(cast, unit)
    with pytest.raises(DomainError, match="同一时间只能在一个消防单位任职"):
        service.begin_membership(None, person=lea, role=role, brigade_id=other)
    held = db.session.query(Membership).filter_by(person_id=lea.id).one()
    held.to_day = clock.today()
    db.session.commit()
    service.begin_membership(None, person=lea, role=role, brigade_id=other, from_day=clock.today() + timedelta(days=1))


def test_a_station_and_its_brigade_are_one_unit(cast: Cast) -> None:
    service.begin_membership(None, person=cast.person("stan"), role=Role.INSPECTOR, brigade_id=cast.brigade_id)
    assert cast.viewer("stan").roles == {Role.STATION, Role.INSPECTOR}


def test_an_invitation_to_a_second_unit_says_what_to_do(as_person: Any, cast: Cast) -> None:
    link = _invite(as_person("ada"), cast, role="office")
    answer = as_person("oskar").post(link, data={"join": "1"})
    assert answer.status_code == 422
    assert "请先结束原岗位" in answer.text
    assert cast.viewer("oskar").roles == {Role.INSPECTOR}


def test_the_office_makes_no_password_link_for_the_leader(as_person: Any, cast: Cast) -> None:
    assert as_person("olga").post(f"/admin/people/{cast.people['lea']}/password-link").status_code == 404


def test_a_password_link_sets_a_new_password_and_ends_all_sign_ins(
    as_person: Any, client: FlaskClient, cast: Cast
) -> None:
    ines = as_person("ines")
    answer = as_person("ada").post(f"/admin/people/{cast.people['ines']}/password-link", follow_redirects=True)
    link = _link(answer)
    assert client.post(link, data={"password": GOOD, "again": GOOD}).status_code == 302
    assert service.password_matches(cast.person("ines"), GOOD)
    assert ines.get("/account").status_code == 302
    assert client.post(link, data={"password": "another one", "again": "another one"}).status_code == 410


def test_a_second_password_link_makes_the_first_useless(cast: Cast) -> None:
    ada, person = cast.viewer("ada"), cast.person("ines")
    _first, old = service.make_password_link(ada, person=person)
    service.make_password_link(ada, person=person)
    with pytest.raises(DomainError):
        service.set_password_by_link(token=old, password=GOOD)


def test_other_people_do_not_exist(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    for name in ("oskar", "otilia", "dora"):
        assert ada.get(f"/admin/people/{cast.people[name]}").status_code == 404
    pema = as_person("pema")
    assert pema.get(f"/admin/people/{cast.people['otto']}").status_code == 404
    assert pema.get(f"/admin/people/{cast.people['sonam']}").status_code == 200


def test_the_list_of_people_shows_whom_one_looks_after(as_person: Any, cast: Cast) -> None:
    text = as_person("ada").page("/admin/people").main
    assert all(name in text for name in ("尼玛", "白玛", "旺堆", "卓玛"))
    assert "罗布" not in text
    office = as_person("olga").page("/admin/people").main
    assert "白玛" in office
    assert "尼玛" not in office


def test_people_are_found_by_name_and_role_and_state(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    assert "尼玛" in ada.page("/admin/people?q=ines").main
    assert "白玛" not in ada.page("/admin/people?q=ines").main
    assert "尼玛" not in ada.page("/admin/people?role=leader").main
    cast.person("ines").active = False
    db.session.commit()
    assert "尼玛" in ada.page("/admin/people?state=inactive").main
    assert "尼玛" not in ada.page("/admin/people").main


def test_people_stand_in_the_order_of_a_chinese_list_and_are_found_by_sound(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    for name, person in {"阿旺": "stan", "次仁": "ines", "扎西": "lea"}.items():
        cast.person(person).name = name
    db.session.commit()

    def places(query: str = "") -> list[int]:
        page = ada.page(f"/admin/people{query}").main
        return [page.find(name) for name in ("阿旺", "次仁", "扎西")]

    assert sorted(places()) == places()
    assert -1 not in places()
    for text in ("次仁", "ciren", "CI ren"):
        assert [place >= 0 for place in places(f"?q={text}")] == [False, True, False]
    cast.person("ines").name = "卓嘎"
    db.session.commit()
    page = ada.page("/admin/people").main
    assert page.find("卓嘎") > page.find("扎西") > page.find("阿旺")


def test_a_school_to_invite_for_is_found_as_in_the_register(as_person: Any, cast: Cast) -> None:
    reindex_all()
    db.session.commit()
    for text in ("第一小学", "sfqdyxx", "diyi", "示范区一小"):
        found = as_person("olga").get("/admin/people/invite", query_string={"q": text}).text
        assert f"school={cast.school_id}" in found, text
    assert "没有找到" in as_person("olga").get("/admin/people/invite?q=不存在").text


def test_a_persons_data_change_and_leave_what_they_were(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    page = ada.page(f"/admin/people/{cast.people['ines']}")
    ada.send(page, {"credential_number": "消监 001"}, form="credential_number")
    assert cast.person("ines").credential_number == "消监 001"
    entry = db.session.query(AuditEntry).filter_by(action="change_person").one()
    assert entry.detail == {"credential_number": ["", "消监 001"]}


def test_a_further_role_is_given_and_not_twice(as_person: Any, cast: Cast) -> None:
    ada, address = as_person("ada"), f"/admin/people/{cast.people['ines']}/memberships"
    data = {"place": f"brigade:{cast.brigade_id}", "role": "office", "from_day": clock.today().isoformat()}
    assert ada.post(address, data=data).status_code == 302
    assert Role.OFFICE in cast.viewer("ines").roles
    assert ada.post(address, data=data).status_code == 422


def test_too_many_invitations_wait(as_person: Any, cast: Cast) -> None:
    ada = as_person("ada")
    answers = [ada.post("/admin/people/invite", data={}).status_code for _n in range(61)]
    assert answers[59] == 422
    assert answers[60] == 429


def test_one_signs_out_one_device_or_all(as_person: Any, cast: Cast) -> None:
    first, second = as_person("ines"), as_person("ines")
    page = first.page("/account")
    assert len(page.all("//tbody/tr")) == 2
    first.post("/account/sign-ins/end-all")
    assert first.get("/account").status_code == 302
    assert second.get("/account").status_code == 302


def test_nobody_ends_the_sign_in_of_another(as_person: Any, cast: Cast) -> None:
    ines = as_person("ines")
    one = queries.sign_ins_of(cast.people["ines"])[0]
    assert as_person("ivo").post(f"/account/sign-ins/{one.id}/end").status_code == 409
    assert ines.get("/account").status_code == 200


def test_a_changed_password_ends_the_other_sign_ins(as_person: Any, cast: Cast) -> None:
    person: Person = cast.person("ines")
    person.password_hash = service.hash_password("the old one")
    db.session.commit()
    here, there = as_person("ines"), as_person("ines")
    data = {"old": "the old one", "new": GOOD, "again": GOOD}
    assert here.post("/account/password", data={**data, "old": "wrong"}).status_code == 422
    assert here.post("/account/password", data=data).status_code == 302
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
