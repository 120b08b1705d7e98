"""One inspection from the first tap to the signed record, as a browser without script sends it."""

from __future__ import annotations

import json

from app.accounts.service import hash_password
from app.core import jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from app.equipment.models import Equipment, EquipmentKind
from app.inspections.models import Inspection, InspectionState
from app.planning.models import Visit, VisitState
from app.rectification.models import Finding
from app.schools.models import School
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories.grounds import campus
from tests.factories.inspections import draft
from tests.inspections import filling


def test_an_inspection_is_filled_finished_signed_and_everything_follows(cast: Cast, as_person: SignInAs) -> None:
    school = campus(cast)
    cast.person("ivo").password_hash = hash_password("two officers")
    bad = db.session.query(Equipment).filter_by(kind=EquipmentKind.EXTINGUISHER).first()
    assert bad is not None
    name = f"PIECE@{bad.id}"
    client = as_person("ines")
    begun = client.post(
        f"/inspections/new?school={school.id}",
        data={"form": "spot_check", "tier": "core", "second_id": str(cast.people["ivo"])},
    )
    assert begun.status_code == 302, begun.text[:3000]
    row = db.session.query(Inspection).one()
    filling.fill_all(
        client, row.id, {name: "fail"}, **{f"{name}.fault": "EXT-17:red", f"{name}.photo": filling.photo()}
    )
    review = client.get(f"/inspections/{row.id}/review")
    assert review.status_code == 200, review.text[:3000]
    finished = filling.finish(client, row.id, cast.people["ivo"])
    assert finished.status_code == 302, finished.text
    signed = filling.sign(client, row.id)
    assert signed.status_code == 302, signed.text
    db.session.expire_all()
    row = db.session.query(Inspection).one()
    assert row.state is InspectionState.SIGNED
    assert json.loads(row.record or "")["counts"]["failed"] == 1
    finding = db.session.query(Finding).one()
    assert (finding.item_code, finding.equipment_id) == ("EXT-17", bad.id)
    assert finding.deadline is not None
    assert db.session.get_one(Equipment, bad.id).last_verdict == "fail"
    assert db.session.get_one(School, school.id).last_visited_on is not None
    assert db.session.query(Visit).one().state is VisitState.DONE
    assert db.session.query(IssuedDocument).one().kind == "inspection_record"
    assert client.get(f"/inspections/{row.id}", follow_redirects=True).status_code == 200


def test_a_draft_opens_at_its_first_open_row(cast: Cast, as_person: SignInAs) -> None:
    campus(cast)
    row = draft(cast)
    answer = as_person("ines").get(f"/inspections/{row.id}")
    assert answer.status_code == 302
    assert "area=outside#row-" in answer.headers["Location"]


def test_the_whole_thread_ends_in_papers_that_can_be_made(cast: Cast, as_person: SignInAs) -> None:
    row = filling.signed(cast, as_person)
    client = as_person("ines")
    certificate = client.post(f"/inspections/{row.id}/certificate", data={"language": "zh_Hans_CN"})
    assert certificate.status_code == 302, certificate.text
    again = client.post(f"/inspections/{row.id}/certificate", data={"language": "zh_Hans_CN"})
    assert again.headers["Location"] == certificate.headers["Location"]
    assert jobs.run_all() >= 2
    states = {paper.kind: paper.state for paper in db.session.query(IssuedDocument)}
    assert states == {"inspection_record": DocumentState.ISSUED, "inspection_result": DocumentState.ISSUED}
