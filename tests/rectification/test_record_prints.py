"""The sheet of the collective study and the strips: shown first, then issued with a number, once for the same words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.core.errors import DomainError
from app.core.extensions import db
from app.core.jobs import Job, run_all
from app.documents.models import DocumentState, IssuedDocument
from app.rectification.models.trail import RecordEvent
from app.rectification.service import record_prints as service
from app.rectification.service import sealing
from app.rectification.service.steps import NotYours
from tests.cast import Cast
from tests.factories import records as make


def _papers(kind: str) -> list[IssuedDocument]:
    query = sa.select(IssuedDocument).where(IssuedDocument.kind == kind).order_by(IssuedDocument.serial)
    return list(db.session.scalars(query))


def test_strips_say_the_decision_the_place_and_the_term_and_are_issued_once(cast: Cast, as_person: Any) -> None:
    record = make.sealed(cast)
    db.session.commit()
    ines: FlaskClient = as_person("ines")
    shown = ines.post(f"/sealings/{record.id}/strips/preview")
    assert shown.status_code == 302
    assert _papers("seal_strip") == []
    for _again in range(2):
        assert ines.post(f"/sealings/{record.id}/strips").status_code == 302
    run_all()
    (paper,) = _papers("seal_strip")
    said = json.loads(paper.context)["data"]
    assert (said["decision_number"], said["place"]) == (record.number, record.place)
    assert said["sealed_until"] == record.sealed_until.isoformat()
    assert paper.state is DocumentState.ISSUED
    assert db.session.scalars(sa.select(Job.state).where(Job.kind == "documents.preview")).one() == "done"
    told = db.session.scalars(sa.select(RecordEvent).where(RecordEvent.act == "print_strips")).one()
    assert told.detail["number"] == paper.number
    assert "打印封条" in ines.get(f"/sealings/{record.id}").get_data(as_text=True)


def test_a_renewed_term_has_strips_of_its_own(cast: Cast) -> None:
    record = make.sealed(cast)
    service.print_strips(cast.viewer("ines"), record)
    until = record.sealed_until + timedelta(days=10)
    sealing.renew(cast.viewer("lea"), record, until=until, reason="隐患尚未消除")
    service.print_strips(cast.viewer("ines"), record)
    assert [json.loads(p.context)["data"]["sealed_until"] for p in _papers("seal_strip")][-1] == until.isoformat()
    assert len(_papers("seal_strip")) == 2


def test_what_is_not_sealed_has_no_strips(cast: Cast, as_person: Any) -> None:
    record = make.to_seal(cast)
    db.session.commit()
    with pytest.raises(DomainError, match="决定书签发后"):
        service.print_strips(cast.viewer("ines"), record)
    answer = as_person("ines").post(f"/sealings/{record.id}/strips", follow_redirects=True)
    assert "决定书签发后、解除查封前才能打印封条" in answer.get_data(as_text=True)
    assert "编号并打印" not in answer.get_data(as_text=True)


@pytest.mark.one_database
@pytest.mark.parametrize("which", ["major", "sealing"])
def test_the_sheet_carries_the_study_and_the_leaders_word(cast: Cast, as_person: Any, which: str) -> None:
    record: Any = make.determined(cast) if which == "major" else make.sealed(cast)
    db.session.commit()
    base = f"/{'major' if which == 'major' else 'sealings'}/{record.id}"
    ines = as_person("ines")
    assert "审批表" in ines.get(base).get_data(as_text=True)
    assert ines.post(f"{base}/approval/preview").status_code == 302
    for _again in range(2):
        assert ines.post(f"{base}/approval").status_code == 302
    run_all()
    (paper,) = _papers("approval_sheet")
    said = json.loads(paper.context)["data"]
    assert paper.state is DocumentState.ISSUED
    assert said["study"]["on"] == record.studied_on.isoformat()
    assert len(said["study"]["present"]) >= 2
    assert [step["name"] for step in said["steps"]] == [cast.person("ines").name, cast.person("lea").name]


def test_before_the_leaders_word_there_is_no_sheet(cast: Cast) -> None:
    with pytest.raises(DomainError, match="尚未集体研究和审批"):
        service.print_approval(cast.viewer("ines"), make.studied(cast))


@pytest.mark.parametrize("who", ["stan", "oskar", "pema"])
def test_nobody_else_prints_them(cast: Cast, who: str) -> None:
    record = make.sealed(cast)
    for act in (service.print_strips, service.preview_strips, service.print_approval, service.preview_approval):
        with pytest.raises(NotYours):
            act(cast.viewer(who), record)
    assert _papers("seal_strip") == []


@pytest.mark.parametrize(("who", "status"), [("stan", 403), ("oskar", 404), ("pema", 403), ("dora", 403)])
def test_nor_by_its_address(cast: Cast, as_person: Any, who: str, status: int) -> None:
    record = make.sealed(cast)
    db.session.commit()
    for page in ("strips", "strips/preview"):
        assert as_person(who).post(f"/sealings/{record.id}/{page}").status_code == status
