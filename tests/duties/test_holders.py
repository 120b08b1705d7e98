"""Who answers for a duty: given, handed over with its history, shown, told and reminded; who may, twice, what is refused."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.duties import reminders
from app.duties.models import DutyHolder
from app.duties.rules.holders import Post
from app.notifications.models import Outbox
from app.organisations.models import Brigade
from app.organisations.setting_kinds import days_of
from app.organisations.settings import settings_of
from app.regulations.models import Term
from tests.cast import Cast
from tests.conftest import SignInAs

TODAY = clock.today()


@pytest.fixture
def known(cast: Cast) -> Cast:
    """Pema's school has been on record for a year, in term."""
    cast.school.made_at = clock.start_of(TODAY - timedelta(days=400))
    area = cast.school.area_code
    db.session.add(Term(area_code=area, name="秋", starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 8)))
    db.session.commit()
    return cast


def _filled(who: object, **more: Any) -> dict[str, Any]:
    said = {"duties": ["fire_check", "evacuation_drill"], "post": "safety_officer", "who": str(who)}
    return said | {"from_day": TODAY.isoformat()} | more


def _rows() -> list[DutyHolder]:
    return list(db.session.scalars(sa.select(DutyHolder).order_by(DutyHolder.from_day, DutyHolder.duty)))


def _address(cast: Cast, school_id: uuid.UUID | None = None) -> str:
    return f"/schools/{school_id or cast.school_id}/duties/holders"


def test_duties_are_given_to_an_account_shown_beside_them_and_told_once(known: Cast, as_person: SignInAs) -> None:
    pema = as_person("pema")
    assert "没有责任人" in pema.get(f"/schools/{known.school_id}/duties").text
    page = pema.post(_address(known), data=_filled(known.people["sonam"]), follow_redirects=True).text
    assert "2 项职责已交接" in page
    assert "没有变化" in pema.post(_address(known), data=_filled(known.people["sonam"]), follow_redirects=True).text
    assert [(row.duty, row.person_id, row.name, row.post) for row in _rows()] == [
        (code, known.people["sonam"], "索南", Post.SAFETY_OFFICER) for code in ("evacuation_drill", "fire_check")
    ]
    (told,) = db.session.scalars(sa.select(Outbox).where(Outbox.event == "duties_received"))
    assert told.person_ids == [str(known.people["sonam"])]
    assert "责任人：索南（安全干事）" in as_person("lea").get(f"/schools/{known.school_id}/duties").text


def test_a_hand_over_keeps_who_was_before(known: Cast, as_person: SignInAs) -> None:
    db.session.add(
        DutyHolder(
            school_id=known.school_id, duty="fire_check", post=Post.MANAGER, name="索南", person_id=known.people["sonam"],
            from_day=TODAY - timedelta(days=100), made_by_id=known.people["pema"],
        )
    )  # fmt: skip
    db.session.commit()
    browser = as_person("pema")
    said = _filled("named", name="拉姆", phone="13800000000", post="canteen", duties=["fire_check"])
    page = browser.post(_address(known), data=said, follow_redirects=True).text
    assert "拉姆" in page
    assert "索南" in page
    old, new = _rows()
    assert (old.to_day, new.name, new.person_id, new.from_day) == (TODAY - timedelta(days=1), "拉姆", None, TODAY)
    (told,) = db.session.scalars(sa.select(Outbox).where(Outbox.event == "duties_given"))
    assert told.person_ids == [str(known.people["sonam"])]
    browser.post(_address(known), data=_filled("nobody", duties=["fire_check"]))
    assert _rows()[1].withdrawn_at is not None
    assert (
        "没有变化"
        in browser.post(_address(known), data=_filled("nobody", duties=["fire_check"]), follow_redirects=True).text
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"duties": []}, "请至少勾选一项职责"),
        ({"post": ""}, "请选择岗位"),
        ({"who": "named"}, "请填写姓名"),
        ({"from_day": "2040-01-01"}, "日期太远"),
        ({"from_day": "2026-01-01", "duties": ["fire_check"]}, "请从今天起交接"),
    ],
)
def test_what_is_not_right_is_refused_with_the_reason(
    known: Cast, as_person: SignInAs, change: dict[str, Any], said: str
) -> None:
    browser = as_person("sonam")
    browser.post(_address(known), data=_filled("named", name="拉姆", duties=["fire_check"]))
    answer = browser.post(_address(known), data=_filled(known.people["pema"]) | change)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(_rows()) == 1


def test_only_who_serves_the_school_gives_its_duties(known: Cast, as_person: SignInAs) -> None:
    for name, status in (("otto", 404), ("beate", 403), ("dora", 403), ("oskar", 404), ("ines", 302)):
        said = _filled("named", name="拉姆")
        assert as_person(name).post(_address(known), data=said).status_code == status, name
    assert as_person("beate").get(_address(known)).status_code == 200
    assert as_person("otto").get(_address(known)).status_code == 404
    foreign = as_person("pema").post(_address(known), data=_filled(known.people["otto"]))
    assert foreign.status_code == 422


@pytest.mark.one_database
def test_a_reminder_names_the_holder_and_goes_to_their_account(known: Cast) -> None:
    db.session.add(
        DutyHolder(
            school_id=known.school_id, duty="evacuation_drill", post=Post.TEACHER, name="尼玛", person_id=known.people["ines"],
            from_day=TODAY - timedelta(days=100), made_by_id=known.people["pema"],
        )
    )  # fmt: skip
    db.session.flush()
    before = days_of(settings_of(db.session.get_one(Brigade, known.brigade_id).settings).remind_before)
    day = date(2026, 11, 30) - timedelta(days=max(before))
    (told,) = [one for one in reminders.of_duties(day) if one.school_id == known.school_id]
    assert "应急疏散演练（11-30，尼玛）" in told.data["owed"]
    assert told.person_ids == [known.people["ines"]]
