"""One inspection from the first tap to the papers, as a browser without script sends it."""

from __future__ import annotations

import json

from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.equipment.models import Equipment, EquipmentKind
from app.inspections.models import InspectionState
from app.planning.models import Visit, VisitState
from app.rectification.models.findings import Finding
from app.schools.models import School
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.inspections import filling


def test_with_the_last_signature_everything_follows(cast: Cast, as_person: SignInAs) -> None:
    row = filling.signed(cast, as_person)
    bad = filling.first(EquipmentKind.EXTINGUISHER)
    assert row.state is InspectionState.SIGNED
    assert json.loads(row.record or "")["counts"]["failed"] == 1
    finding = db.session.query(Finding).one()
    assert (finding.item_code, str(finding.equipment_id)) == ("EXT-17", bad)
    assert finding.deadline is not None
    piece = db.session.query(Equipment).filter_by(kind=EquipmentKind.EXTINGUISHER).order_by(Equipment.position).first()
    assert piece is not None
    assert (piece.last_verdict, piece.last_inspection_id) == ("fail", row.id)
    assert db.session.get_one(School, row.school_id).last_visited_on is not None
    assert db.session.query(Visit).one().state is VisitState.DONE
    assert db.session.query(IssuedDocument).one().kind == "inspection_record"
    page = as_person("ines").page(f"/inspections/{row.id}")
    assert "指针在红区" in page.main


def test_a_draft_opens_at_its_first_open_row(cast: Cast, as_person: SignInAs) -> None:
    campus(cast)
    row = draft(cast)
    answer = as_person("ines").get(f"/inspections/{row.id}")
    assert answer.status_code == 302
    assert "area=outside#row-" in answer.headers["Location"]
