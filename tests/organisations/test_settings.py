"""What a brigade sets for itself: what may be stored, the page that shows and changes it, who may."""

from __future__ import annotations

from typing import Any

import pytest

from app.audit.models import AuditEntry
from app.core.errors import DomainError
from app.core.extensions import db
from app.organisations import queries
from app.organisations.setting_kinds import days_of
from app.organisations.settings import BrigadeSettings, Mark, checked, described, grouped, settings_of
from tests.cast import Cast

#: (name, what cannot be, what can)
JUDGED = [
    ("yellow_days_left", [-1, 61, "3", True, None, 2.5], [0, 60]),
    ("sample_percent", [-1, 101], [0, 5, 100]),
    ("extensions_most", [6], [0, 1]),
    ("approval_limited", ["", "nobody", None], ["none", "leader", "legal_leader"]),
    ("photo_recheck", ["yes", 1, None], [True, False]),
    ("remind_before", ["a", "7,91", "-1", 7], ["", "0", "7,3,1,0"]),
    (
        "number_limited",
        ["", "第0001号", "{year}", "{serial:04d}", "{year}{serial:04d}{x}", "{year.real}{serial}", "{year}{serial!r}",
         "{year}{serial:999999999d}", "{year}{serial:04d", "{year}{year}{serial}", "字" * 61 + "{year}{serial}"],
        ["{code_word}消限字〔{year}〕第{serial:04d}号", "{year}-{serial}"],
    ),
]  # fmt: skip


def test_nothing_stored_means_as_proposed() -> None:
    assert settings_of({}) == settings_of(None) == BrigadeSettings()
    assert checked({}) == {one.name: one.default for one in described()}


@pytest.mark.parametrize(("name", "wrong", "right"), JUDGED)
def test_each_kind_of_setting_takes_what_it_can_hold(name: str, wrong: list[Any], right: list[Any]) -> None:
    one = next(s for s in described() if s.name == name)
    assert [value for value in wrong if one.problem(value) is None] == []
    assert [value for value in right if one.problem(value) is not None] == []


@pytest.mark.parametrize(("name", "wrong", "right"), JUDGED)
def test_what_is_stored_and_cannot_be_counts_as_not_stored(name: str, wrong: list[Any], right: list[Any]) -> None:
    for value in wrong:
        assert getattr(settings_of({name: value}), name) == getattr(BrigadeSettings(), name)
    for value in right:
        assert getattr(settings_of({name: value, "gone": 1}), name) == value


def test_every_setting_has_words_a_place_on_the_page_and_a_mark() -> None:
    shown = [one.name for _title, some in grouped() for one in some]
    assert sorted(shown) == sorted(one.name for one in described())
    for one in described():
        assert str(one.label)
        assert str(one.hint)
        assert one.mark in Mark
        assert one.problem(one.default) is None
        assert str(one.shown(one.default))


def test_numbers_of_papers_can_be_made_from_every_pattern() -> None:
    patterns = [value for name, value in checked({}).items() if name.startswith("number_")]
    made = {pattern.format(code_word="示", year=2026, serial=7) for pattern in patterns}
    assert "示消限字〔2026〕第0007号" in made
    assert len(made) == len(patterns)


def test_a_list_of_days_is_read_as_people_type_it() -> None:
    assert checked({"remind_before": "７、3， 1 ;0,3"})["remind_before"] == "7,3,1,0"
    assert days_of("7,3,1,0") == (7, 3, 1, 0)
    assert days_of("") == ()


def test_looking_back_cannot_end_before_it_begins() -> None:
    with pytest.raises(DomainError) as refused:
        checked({"look_back_from_days": 90, "look_back_to_days": 30})
    assert refused.value.field == "look_back_to_days"
    assert settings_of({"look_back_from_days": 100}).look_back_from_days == 30


@pytest.mark.parametrize("name", ["olga", "lea", "ada"])
def test_the_office_the_leader_and_the_administrator_set_what_the_brigade_decides(
    as_person: Any, cast: Cast, name: str
) -> None:
    browser = as_person(name)
    page = browser.page("/admin/settings")
    assert "依据待核" in page.text
    browser.send(page, {"bulk_allowed": None, "yellow_days_left": "７", "approval_limited": "leader"})
    found = queries.brigade_settings(cast.brigade_id)
    assert (found.bulk_allowed, found.yellow_days_left, found.approval_limited) == (False, 7, "leader")
    entry = db.session.query(AuditEntry).filter_by(action="change_settings").one()
    assert entry.person_id == cast.people[name]
    assert "yellow_days_left" in entry.detail


def test_saving_the_same_twice_leaves_one_trace(as_person: Any, cast: Cast) -> None:
    olga = as_person("olga")
    for _again in range(2):
        olga.send(olga.page("/admin/settings"), {"link_days": "30"})
    assert queries.brigade_settings(cast.brigade_id).link_days == 30
    assert db.session.query(AuditEntry).filter_by(action="change_settings").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"yellow_percent_left": "101"}, "0到100"),
        ({"extensions_most": "a"}, ""),
        ({"remind_before": "明天"}, "天数"),
        ({"number_limited": "第{serial}号"}, "{year}"),
        ({"look_back_to_days": "3"}, "最迟的天数"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_changes_nothing(
    as_person: Any, cast: Cast, typed: dict[str, str], said: str
) -> None:
    olga = as_person("olga")
    answer = olga.send(olga.page("/admin/settings"), typed | {"link_days": "30"})
    assert answer.status_code == 422
    assert said in answer.text
    page = answer.page  # type: ignore[attr-defined]
    (field,) = typed
    (name,) = page.all(f'//label[@for="{field}"]/text()')
    assert any(one.startswith(f"{name.strip()}：") for one in page.errors), page.errors
    assert queries.brigade_settings(cast.brigade_id) == BrigadeSettings()


@pytest.mark.parametrize("name", ["ines", "stan", "pema", "beate", "dora"])
def test_others_neither_see_nor_change_the_settings(as_person: Any, cast: Cast, name: str) -> None:
    browser = as_person(name)
    assert browser.get("/admin/settings").status_code == 403
    assert browser.post(f"/admin/brigade/{cast.brigade_id}/settings", data={}).status_code == 403


def test_the_settings_of_another_brigade_do_not_exist(as_person: Any, cast: Cast) -> None:
    address = f"/admin/brigade/{cast.other_brigade_id}/settings"
    assert as_person("olga").get(address).status_code == 404
    assert as_person("olga").post(address, data={}).status_code == 404
