"""The empty logs that the tablet keeps, and what it may choose on them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core import clock
from app.core.extensions import db
from app.planning import service as planning
from tests.browse import CheckedClient
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import drills as make


@pytest.mark.parametrize("kind", ["drill", "training"])
def test_an_empty_log_has_the_fields_of_the_page_and_nothing_of_anybody(
    cast: Cast, client: CheckedClient, as_person: SignInAs, kind: str
) -> None:
    nobody = client.get(f"/sync/logs/{kind}").text
    assert as_person("pema").get(f"/sync/logs/{kind}").text == nobody
    online = as_person("pema").get(f"/{kind}s/new?school={cast.school_id}").text
    names = re.compile(r'name="(\w+)"')
    assert (
        set(names.findall(online)) - set(names.findall(nobody)) - {"language", "csrf_token", "key", "theme", "next"}
        == set()
    )
    assert "csrf_token" not in nobody
    assert clock.today().isoformat() not in nobody, "a page that changes every day is a new build every day"


def test_there_is_no_log_of_another_kind(client: CheckedClient) -> None:
    assert client.get("/sync/logs/selfcheck").status_code == 404


def test_a_school_is_offered_itself_and_an_officer_the_schools_of_the_day(cast: Cast, as_person: SignInAs) -> None:
    house = make.building(cast)
    planning.plan(
        cast.viewer("ines"), school=cast.school, planned_on=clock.today() + timedelta(days=1),
        lead_id=cast.people["ines"], second_id=None,
    )  # fmt: skip
    db.session.commit()
    own = as_person("pema").get("/sync/logs").json
    assert (own["kinds"], own["is_school"]) == (["drill", "training"], True)
    assert [(one["id"], one["building"], one["visit"]) for one in own["schools"]] == [
        (str(cast.school_id), [[str(house.id), house.name]], [])
    ]
    told = as_person("ines").get("/sync/logs").json
    assert [one["id"] for one in told["schools"]] == [str(cast.school_id)]
    assert len(told["schools"][0]["visit"]) == 1
    more = (
        as_person("ines").get(f"/sync/logs?school={cast.ottos_school_id}&school={cast.foreign_school_id}&school=x").json
    )
    assert {one["id"] for one in more["schools"]} == {str(cast.school_id), str(cast.ottos_school_id)}
    assert as_person("dora").get("/sync/logs").json["kinds"] == []
