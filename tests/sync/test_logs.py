"""Drills and trainings logged without network: once, whole, by the page's own form, and kept with a reason where they cannot be taken."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core import clock, files
from app.core.db import new_id
from app.core.extensions import db
from app.drills.models import Drill
from app.fieldwork.models import Photo
from app.schools.models import School, SchoolStatus
from app.sync.models import SyncOp, Upload
from app.sync.service import uploads
from app.trainings.models import Training
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.sync.conftest import TabletOf
from tests.sync.tablet import Tablet, sha

DRILL = {
    "kind": "evacuation",
    "day": clock.today().isoformat(),
    "time": "00:01",
    "accounted": "599",
    "last_out": "1:54",
    "led_by": "白玛",
}
TRAINING = {
    "audience": "canteen", "form": "hands_on", "day": clock.today().isoformat(), "time": "00:01", "hours": "1.5", "attended": "12",
    "topics": "油锅火处置、\n灭火毯使用",
}  # fmt: skip


def _log(
    cast: Cast, tablet: Tablet, *photos: bytes, kind: str = "drill", target: uuid.UUID | None = None, **more: Any
) -> dict[str, Any]:
    fields = (DRILL if kind == "drill" else TRAINING) | more.pop("fields", {})
    said = {"school": str(more.pop("school", cast.school_id)), "fields": fields}
    if photos:
        said["photos"] = [{"sha256": sha(one), "size": len(one)} for one in photos]
    return tablet.act("create", target or new_id(), said, kind=kind, **more)


def _all(table: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(table)))


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "stan", "lea", "olga"])
def test_school_and_brigade_bring_a_drill_and_a_training(cast: Cast, tablet_of: TabletOf, name: str) -> None:
    tablet = tablet_of(name)
    ops = [_log(cast, tablet), _log(cast, tablet, kind="training")]
    assert {t["status"] for t in tablet.send(*ops)} == {"applied"}, tablet.told
    assert {t["status"] for t in tablet.send(*ops)} == {"duplicate"}
    (drill,), (training,) = _all(Drill), _all(Training)
    assert (str(drill.id), drill.logged_by_id, drill.accounted) == (ops[0]["target"]["id"], cast.people[name], 599)
    assert (drill.last_out_s, training.topics.splitlines()) == (114, ["油锅火处置、", "灭火毯使用"])


def test_photos_come_whole_or_the_log_waits(app: Flask, cast: Cast, tablet_of: TabletOf) -> None:
    tablet, one, other = tablet_of("pema"), pictures.with_exif(), pictures.picture(seed=4)
    op = _log(cast, tablet, one, other)
    told = tablet.send(op)[0]
    assert (told["reason"], told["missing"]) == ("file_missing", [sha(one), sha(other)])
    tablet.upload(other)
    assert _all(Drill) == []
    assert tablet.upload(one).json["applied"] == [op["op_id"]]
    assert len(_all(Drill)) == 1
    photos = {photo.original_sha256: photo for photo in _all(Photo)}
    assert files.files().get(photos[sha(other)].original_sha256) == other
    assert photos[sha(one)].latitude == 29.65
    assert tablet.send(op)[0]["status"] == "duplicate"
    assert len(_all(Photo)) == 2


def test_a_spoilt_photo_costs_only_itself(cast: Cast, tablet_of: TabletOf) -> None:
    tablet, good = tablet_of(), pictures.picture(seed=5)
    tablet.upload(b"no picture")
    tablet.upload(good)
    told = tablet.send(_log(cast, tablet, b"no picture", good))[0]
    assert (told["status"], told["note"]) == ("applied", "bad_photos")
    assert [photo.original_sha256 for photo in _all(Photo)] == [sha(good)]


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("drill", {"accounted": ""}, "accounted"),
        ("drill", {"day": (clock.today() + timedelta(days=2)).isoformat()}, "day"),
        ("drill", {"first_out": "5:00"}, "last_out"),
        ("drill", {"kind": "dance"}, "kind"),
        ("training", {"hours": "0"}, "hours"),
        ("training", {"attended": "all"}, "attended"),
    ],
)
def test_what_the_form_refuses_is_kept_and_mended_on_the_tablet(
    cast: Cast, tablet_of: TabletOf, kind: str, change: dict[str, str], field: str
) -> None:
    tablet, target = tablet_of(), new_id()
    told = tablet.send(_log(cast, tablet, kind=kind, target=target, fields=change))[0]
    assert (told["status"], told["reason"]) == ("held", "incomplete")
    assert {one["field"] for one in told["missing"]} == {field}
    assert told["missing"][0]["message"]
    table = Drill if kind == "drill" else Training
    assert _all(table) == []
    assert tablet.send(_log(cast, tablet, kind=kind, target=target))[0]["status"] == "applied"
    assert [one.id for one in _all(table)] == [target]
    assert all(op.dealt_with_at for op in _all(SyncOp) if op.state == "held")


@pytest.mark.parametrize(
    ("name", "school"),
    [
        ("otto", "school_id"),
        ("pema", "ottos_school_id"),
        ("oskar", "school_id"),
        ("dora", "school_id"),
        ("ines", "foreign_school_id"),
    ],
)
def test_who_does_not_serve_the_school_logs_nothing_and_loses_nothing(
    cast: Cast, tablet_of: TabletOf, name: str, school: str
) -> None:
    tablet = tablet_of(name)
    op = _log(cast, tablet, school=getattr(cast, school))
    told = tablet.send(op)[0]
    assert (told["status"], told["reason"]) == ("held", "not_yours")
    assert "登记" in told["message"]
    assert _all(Drill) == []
    assert _all(SyncOp)[0].content["value"]["fields"] == DRILL


@pytest.mark.parametrize("name", ["beate", "ada"])
def test_who_logs_nothing_is_refused(cast: Cast, tablet_of: TabletOf, name: str) -> None:
    tablet = tablet_of(name)
    assert tablet.post([_log(cast, tablet)]).status_code == 403


def test_an_unknown_school_and_too_many_photos_are_said(cast: Cast, tablet_of: TabletOf) -> None:
    tablet = tablet_of()
    many = [bytes([n]) for n in range(10)]
    told = tablet.send(
        _log(cast, tablet, school=new_id()), _log(cast, tablet, *many), tablet.act("create", new_id(), {}, kind="drill")
    )
    assert [one["reason"] for one in told] == ["unknown_school", "bad_value", "unknown_school"]


def test_a_merged_school_keeps_its_log_and_says_so(cast: Cast, tablet_of: TabletOf) -> None:
    school = db.session.get_one(School, cast.school_id)
    school.status, school.merged_into_id = SchoolStatus.MERGED, cast.ottos_school_id
    db.session.commit()
    told = tablet_of().send(_log(cast, tablet_of()))[0]
    assert (told["status"], told["note"]) == ("applied", "merged_log")
    assert _all(Drill)[0].school_id == cast.school_id


def test_an_entry_of_somebody_elses_is_not_touched(cast: Cast, tablet_of: TabletOf) -> None:
    target = new_id()
    assert tablet_of("pema").send(_log(cast, tablet_of("pema"), target=target))[0]["status"] == "applied"
    told = tablet_of("otto").send(_log(cast, tablet_of("otto"), target=target, school=cast.ottos_school_id))[0]
    assert told["status"] == "held"
    assert [one.school_id for one in _all(Drill)] == [cast.school_id]


def test_the_leader_takes_in_what_was_kept_and_the_writers_name_stays(
    cast: Cast, tablet_of: TabletOf, as_person: SignInAs
) -> None:
    tablet = tablet_of("otto")
    tablet.send(_log(cast, tablet))
    (row,) = _all(SyncOp)
    lea = as_person("lea")
    page = lea.get("/sync/conflicts").text
    assert "登记演练" in page
    assert "示范区第一小学" in page
    lea.post(f"/sync/kept/{row.id}/take-in")
    assert [one.logged_by_id for one in _all(Drill)] == [cast.people["otto"]]


def test_files_of_a_log_that_waits_are_not_cleared(app: Flask, cast: Cast, tablet_of: TabletOf) -> None:
    tablet, one, other = tablet_of("otto"), pictures.picture(seed=6), pictures.picture(seed=7)
    for content in (one, other, b"strange"):
        tablet.upload(content)
    tablet.send(_log(cast, tablet, one, other))
    uploads.clear(clock.now() + timedelta(days=60))
    assert {row.sha256 for row in _all(Upload)} == {sha(one), sha(other)}
