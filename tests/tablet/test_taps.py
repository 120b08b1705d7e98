"""What a visit costs in taps stays what was promised; the whole table is printed by `make bench`."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from app.core.extensions import db
from app.fieldwork.models import AnswerOp
from app.fieldwork.rules import Via
from app.inspections.models import Inspection, InspectionState
from tests.bench.taps import forty, walks
from tests.bench.taps.robot import Robot
from tests.browser import OpenPage
from tests.cast import Cast
from tests.factories import pictures
from tests.tablet.ground import enter_pin

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


def test_forty_items_with_three_faults_photos_and_signatures_take_thirty_two_taps_and_no_letter(
    cast: Cast, browser_page: OpenPage, tmp_path: Path
) -> None:
    forty.school(cast)
    key = forty.visit(cast)
    school = cast.school.name
    picture = tmp_path / "fault.jpg"
    picture.write_bytes(pictures.picture())
    page = browser_page("tablet", person="ines", media={"reduced_motion": "reduce"})
    db.session.rollback()
    page.goto("/sync/")
    page.locator("[data-refresh]:enabled").tap()
    enter_pin(page)
    page.locator("[data-status=ready]").wait_for()
    questions = forty.questions()
    faults = {code: questions[code].first_fault for code in forty.FAULTY}

    robot = Robot(page, pace_ms=60)
    told = walks.visit(robot, walks.Plan(bulk=True, picture=picture, faults=faults), school)
    assert told["taps"] <= 32
    assert told["characters"] == 0
    assert told["small_targets"] == []
    assert robot.paints
    assert len(robot.durable) >= 15
    db.session.rollback()
    vias = {op.item: op.via for op in db.session.query(AnswerOp).filter_by(field="answer")}
    critical = {code for code, question in questions.items() if question.critical}
    assert len(critical) == 8
    assert set(vias) == set(questions)
    assert {code for code, via in vias.items() if via is Via.BULK} == set(questions) - critical - set(forty.FAULTY)
    assert db.session.get_one(Inspection, uuid.UUID(key)).state is InspectionState.SIGNING
