"""What a tablet takes along: only what is new, only what is one's own, and the same rows as the page."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from app.core import clock
from app.core.extensions import db
from app.equipment.models import Equipment
from app.inspections import sheet as sheets
from app.inspections.models import Inspection
from app.planning.models import Visit
from app.schools.models import School
from app.sync.models import Tablet as Registered
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import a_fault, draft, signed
from tests.sync.conftest import TabletOf
from tests.tablet import kept
from tests.tablet.kept import content_of


def _visit(cast: Cast, *, on: date | None = None, lead: str = "ines", school: uuid.UUID | None = None) -> Visit:
    visit = Visit(
        school_id=school or cast.school_id, brigade_id=cast.brigade_id, planned_on=on or clock.today(), lead_id=cast.people[lead],
        second_id=cast.people["ivo"],
    )  # fmt: skip
    db.session.add(visit)
    db.session.commit()
    return visit


def _index(client: Any, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/sync/bundle{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def _part(client: Any, key: str) -> dict[str, Any]:
    """A part of the bundle, from the address that the list says."""
    kind, _dash, key_of_it = key.partition("-")
    address = {"school": f"/sync/schools/{key_of_it}", "draft": f"/sync/visits/{key_of_it}"}.get(
        kind, f"/sync/bundle/{key}"
    )
    answer = client.get(address, headers={"Accept-Encoding": "gzip"} if kind == "common" else {})
    assert answer.status_code == 200, answer.text
    body = gzip.decompress(answer.data) if answer.headers.get("Content-Encoding") == "gzip" else answer.data
    found: dict[str, Any] = json.loads(body) if answer.is_json else content_of(body.decode())
    return found


def _keys(told: dict[str, Any]) -> list[str]:
    return [part["key"] for part in told["parts"]]


def test_visits_of_today_and_tomorrow_are_taken_along_and_later_ones_are_not(cast: Cast, as_person: SignInAs) -> None:
    _visit(cast)
    _visit(cast, on=clock.today() + timedelta(days=2), school=cast.ottos_school_id)
    told = _index(as_person("ines"))
    assert _keys(told) == ["common", f"school-{cast.school_id}"]
    assert [v["school_name"] for v in told["visits"]] == ["示范区第一小学"]


def test_nothing_has_changed_until_something_has(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=4)
    _visit(cast)
    client = as_person("ines")
    first = client.get("/sync/bundle")
    etag = first.headers["ETag"]
    assert client.get("/sync/bundle", headers={"If-None-Match": etag}).status_code == 304
    key = f"school-{cast.school_id}"
    address = next(part["url"] for part in _index(client)["parts"] if part["key"] == key)
    part = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": part}).status_code == 304
    piece = db.session.query(Equipment).filter_by(school_id=cast.school_id).first()
    assert piece is not None
    piece.label = "another"
    db.session.commit()
    assert client.get("/sync/bundle", headers={"If-None-Match": etag}).status_code == 200
    assert client.get(address, headers={"If-None-Match": part}).status_code == 200


def test_a_change_at_one_school_leaves_the_others_as_they_are(cast: Cast, as_person: SignInAs) -> None:
    _visit(cast)
    _visit(cast, school=cast.ottos_school_id)
    client = as_person("ines")
    before = {p["key"]: p["etag"] for p in _index(client)["parts"]}
    db.session.get_one(School, cast.ottos_school_id).pupils = 411
    db.session.commit()
    after = {p["key"]: p["etag"] for p in _index(client)["parts"]}
    assert [key for key in before if before[key] != after[key]] == [f"school-{cast.ottos_school_id}"]


def test_a_school_brings_the_same_rows_as_its_page(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=6)
    _visit(cast)
    part = _part(as_person("ines"), f"school-{cast.school_id}")
    row = draft(cast)
    page = sheets.of(row, cast.school, cast.brigade)
    assert kept.asked(part, "core") == {r.name for r in page.rows}


def test_open_findings_come_with_the_rows_of_their_recheck(cast: Cast, as_person: SignInAs) -> None:
    campus(cast, pieces=4)
    signed(cast, draft(cast, accompanying="索南"), a_fault(cast))
    part = _part(as_person("ines"), f"school-{cast.school_id}")
    finding = part["findings"][0]
    assert finding["row"] in kept.rows_of(part, "recheck")
    assert any(row["last"] for row in kept.rows_of(part, "core").values())
    core = kept.rows_of(part, "core").values()
    held = [row for row in core if "有未销号问题，须逐项作答" in row["found_before"]]
    assert held
    assert not any(row["bulk"] for row in held)
    assert any(row["bulk"] for row in core)


def test_a_draft_comes_with_its_answers_and_its_own_checklist(cast: Cast, tablet_of: TabletOf, row: Inspection) -> None:
    tablet = tablet_of()
    tablet.send(tablet.op(row.id, value="fail"))
    told = _index(tablet.client)
    assert f"draft-{row.id}" in _keys(told)
    part = _part(tablet.client, f"draft-{row.id}")
    assert part["change"]["fields"][0]["value"] == "fail"
    assert part["draft"]["checklist"]["id"] == str(row.pack_version_id)
    assert "MGT-01" in kept.rows_of(part, "core")
    stamp = next(p["etag"] for p in told["parts"] if p["key"] == f"draft-{row.id}")
    tablet.send(tablet.op(row.id, "MGT-02"))
    assert next(p["etag"] for p in _index(tablet.client)["parts"] if p["key"] == f"draft-{row.id}") != stamp


def test_what_is_common_has_colleagues_words_and_days(cast: Cast, as_person: SignInAs) -> None:
    _visit(cast)
    part = _part(as_person("ines"), "common")
    assert str(cast.people["ivo"]) in [c["id"] for c in part["colleagues"]]
    assert ["spot_check", "监督抽查"] in part["forms"]
    assert part["calendars"]["540102"]["from"] == clock.today().isoformat()


def test_another_school_may_be_asked_for_and_a_foreign_one_is_not_there(cast: Cast, as_person: SignInAs) -> None:
    client = as_person("ines")
    asked = f"?school={cast.ottos_school_id}&school={cast.foreign_school_id}&school=nonsense"
    assert _keys(_index(client, asked)) == ["common", f"school-{cast.ottos_school_id}"]


def test_a_draft_of_somebody_else_is_not_there(cast: Cast, as_person: SignInAs, row: Inspection) -> None:
    for name in ("lea", "oskar"):
        assert f"draft-{row.id}" not in _keys(_index(as_person(name)))
    assert as_person("oskar").get(f"/sync/visits/{row.id}").status_code == 404


def test_who_does_not_inspect_takes_nothing_along(as_person: SignInAs) -> None:
    for name in ("pema", "beate", "stan", "olga"):
        answer = as_person(name).get("/sync/bundle")
        assert (answer.status_code, answer.is_json) == (403, True)


def test_the_register_knows_what_was_taken_along(cast: Cast, as_person: SignInAs) -> None:
    _visit(cast)
    _index(as_person("ines"), "?device=tab-7")
    kept = db.session.query(Registered).one()
    assert [part["title"] for part in kept.taken] == ["示范区第一小学"]
    assert kept.taken_at is not None


def test_the_list_of_parts_takes_the_same_number_of_queries_however_much_there_is(
    cast: Cast, as_person: SignInAs, count_queries: Callable[[], Any]
) -> None:
    client = as_person("ines")
    _visit(cast)
    with count_queries() as few:
        _index(client)
    campus(cast, pieces=30)
    _visit(cast, school=cast.ottos_school_id)
    draft(cast)
    with count_queries() as many:
        _index(client)
    assert many.number <= few.number + 1
    with count_queries() as part:
        _part(client, f"school-{cast.school_id}")
    assert part.number <= 45
