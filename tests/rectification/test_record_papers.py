"""The papers of major hazards, sealings and transfers are made from their records, each with what it must say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core import clock, jobs
from app.core.extensions import db
from app.core.files import files
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.service import major, sealing
from tests.cast import Cast
from tests.factories import records as make

pytestmark = pytest.mark.one_database


def test_every_paper_of_the_records_is_made(cast: Cast) -> None:
    hazard = make.noticed(cast)
    major.report(cast.viewer("ines"), hazard, reported_on=clock.today(), government="示范区人民政府")
    record = make.checked(cast, strips=4, extent="201至208室")
    at = clock.now() - timedelta(hours=1)
    scene = sealing.Scene(started=at, ended=at, party="白玛", party_post="校长", witness="达瓦", course="张贴封条4张")
    service = sealing.decide(cast.viewer("lea"), record, granted=False, text="楼梯仍有杂物")
    assert service.kind == "unsealing"
    sealing.note_scene(cast.viewer("ines"), record, scene)
    make.transferred(cast)
    db.session.commit()
    jobs.run_all()
    db.session.expire_all()
    papers = db.session.query(IssuedDocument).all()
    assert {paper.kind for paper in papers} == {
        "major_hazard",
        "major_hazard_report",
        "sealing",
        "scene_note",
        "unsealing",
        "transfer_letter",
    }
    for paper in papers:
        assert paper.state is DocumentState.ISSUED, (paper.kind, paper.state)
        assert files().get(paper.file_sha256).startswith(b"%PDF-")
