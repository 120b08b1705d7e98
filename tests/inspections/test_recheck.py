"""Looking again at what was to be put right: two officers strike off or leave open."""

from __future__ import annotations

import uuid

import pytest

from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.inspections import records
from app.inspections.models import Inspection, InspectionForm, InspectionKind, InspectionState
from app.inspections.service import finishing, signing, starting
from app.rectification.models.findings import ClosedHow, Finding
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import rectification as findings
from tests.factories.inspections import answered, hands, whole_sheet
from tests.inspections import filling


@pytest.fixture
def three(cast: Cast) -> list[Finding]:
    """Three open findings of one inspection."""
    row = findings.inspection(cast)
    found = [findings.finding(cast, item_code=f"EVA-0{n}", row=row, text=f"问题 {n}") for n in (1, 2, 3)]
    db.session.commit()
    return found


def begin(cast: Cast, found: list[Finding]) -> Inspection:
    row = starting.start(
        cast.viewer("ines"), school=cast.school, kind=InspectionKind.RECHECK, second_id=cast.people["ivo"],
        findings=[f.id for f in found], accompanying="索南",
    )  # fmt: skip
    db.session.commit()
    return row


def finish(cast: Cast, row: Inspection) -> None:
    finishing.finalise(cast.viewer("ines"), whole_sheet(row))
    signing.sign(cast.viewer("ines"), row, hands(cast, row))
    db.session.commit()


def test_what_is_corrected_is_struck_off_and_the_rest_stays_open(cast: Cast, three: list[Finding]) -> None:
    row = begin(cast, three)
    partly = {f"RECHECK@{three[1].id}": {"answer": "partly", "note": "还差一扇门"}}
    never = {f"RECHECK@{three[2].id}": {"answer": "not_corrected", "note": "没有动工"}}
    answered(cast, row, partly | never)
    finish(cast, row)
    assert row.state is InspectionState.SIGNED
    assert [f.closed_how for f in three] == [ClosedHow.RECHECK, None, None]
    assert three[0].recheck_id == row.id
    assert (row.passed, row.failed) == (1, 2)
    assert db.session.query(IssuedDocument).one().kind == "inspection_record"
    assert records.read(row).content["form"] == "recheck"


def test_a_recheck_is_filled_without_script(cast: Cast, three: list[Finding], as_person: SignInAs) -> None:
    filling.give_ivo_a_password(cast)
    client = as_person("ines")
    page = client.page(f"/inspections/recheck?school={cast.school_id}")
    chosen = [str(three[0].id), str(three[1].id)]
    begun = client.send(
        page, {"findings": chosen, "second_id": str(cast.people["ivo"])}, button="开始复查", follow=False
    )
    assert begun.status_code == 302, begun.text
    row = db.session.query(Inspection).filter_by(kind=InspectionKind.RECHECK).one()
    page = client.page(begun.headers["Location"])
    assert set(filling.rows_of(page).values()) == {"EVA-01", "EVA-02"}
    names = sorted(filling.rows_of(page))
    answers = {
        f"RECHECK@{chosen[0]}": "corrected",
        f"RECHECK@{chosen[1]}": "not_corrected",
        f"RECHECK@{chosen[1]}.note": "没改",
    }
    assert set(names) == {f"RECHECK@{c}" for c in chosen}
    assert filling.answer(client, page, answers | {f"RECHECK@{chosen[0]}.photo": filling.photo()}).status_code == 302
    review = client.page(f"/inspections/{row.id}/review").main
    assert "没改" in review
    assert "没有发现问题" not in review
    assert filling.finish(client, row).status_code == 302
    assert filling.sign(client, row).status_code == 302
    db.session.expire_all()
    assert [f.closed_how for f in three] == [ClosedHow.RECHECK, None, None]
    record = client.page(f"/inspections/{row.id}")
    assert "已改正" in record.main
    assert "没改" in record.main


def test_every_chosen_finding_is_looked_at(cast: Cast, three: list[Finding]) -> None:
    row = begin(cast, three)
    assert len(finishing.troubles(whole_sheet(row))) == 3


def test_what_is_not_corrected_is_described_or_photographed(cast: Cast, three: list[Finding]) -> None:
    row = begin(cast, three)
    answered(cast, row, {f"RECHECK@{three[0].id}": {"answer": "not_corrected"}})
    assert any("没有改正的" in t.message for t in finishing.troubles(whole_sheet(row)))


def test_only_open_findings_of_this_school_are_looked_at_again(cast: Cast, three: list[Finding]) -> None:
    other = findings.finding(cast, school_id=cast.ottos_school_id)
    db.session.flush()
    for wrong in ([other.id], [uuid.uuid4()], []):
        with pytest.raises(DomainError):
            starting.start(cast.viewer("ines"), school=cast.school, kind=InspectionKind.RECHECK, findings=wrong)


def test_the_form_is_always_a_recheck(cast: Cast, three: list[Finding]) -> None:
    assert begin(cast, three[:1]).form is InspectionForm.RECHECK


@pytest.mark.parametrize(
    ("name", "status"), [("ines", 200), ("stan", 403), ("olga", 403), ("pema", 403), ("oskar", 404)]
)
def test_who_rechecks(cast: Cast, three: list[Finding], as_person: SignInAs, name: str, status: int) -> None:
    assert as_person(name).get(f"/inspections/recheck?school={cast.school_id}").status_code == status


def test_without_open_findings_the_page_says_so(cast: Cast, as_person: SignInAs) -> None:
    assert "没有未结束的问题" in as_person("ines").page(f"/inspections/recheck?school={cast.school_id}").main
