"""Signing: who, how, once; and what the first and the last signature do."""

from __future__ import annotations

import pytest

from app.accounts.models import Membership
from app.core import clock
from app.core.errors import DomainError
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.fieldwork import queries as fieldwork
from app.fieldwork import service as operations
from app.fieldwork.models import Signature
from app.fieldwork.rules import OpStatus, SignerRole
from app.fieldwork.service import Hand
from app.inspections.models import InspectionState
from app.inspections.service import finishing, signing
from app.rectification.models.findings import Finding
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import pictures
from tests.factories.grounds import campus
from tests.factories.inspections import a_fault, frozen, hands, op, signed, whole_sheet
from tests.inspections import filling


@pytest.fixture(autouse=True)
def school(cast: Cast) -> None:
    """Few pieces are enough here."""
    campus(cast, pieces=3)
    filling.give_ivo_a_password(cast)


def test_all_three_sign_and_the_record_is_signed(cast: Cast) -> None:
    row = signed(cast, fails=a_fault(cast))
    assert row.state is InspectionState.SIGNED
    assert {s.role for s in fieldwork.signatures_of(row.id)} == {SignerRole.LEAD, SignerRole.SECOND, SignerRole.SCHOOL}
    assert {s.content_sha256 for s in fieldwork.signatures_of(row.id)} == {row.record_sha256}
    assert db.session.query(Finding).count() == 1


def test_signing_twice_changes_nothing(cast: Cast) -> None:
    row = signed(cast, fails=a_fault(cast))
    assert signing.sign(cast.viewer("ines"), row, hands(cast, row)) is True
    counts = [db.session.query(kind).count() for kind in (Signature, Finding, IssuedDocument)]
    assert counts == [3, 1, 1]


def test_the_first_signature_freezes(cast: Cast) -> None:
    row = frozen(cast)
    signing.sign(cast.viewer("ines"), row, {SignerRole.LEAD: hands(cast, row)[SignerRole.LEAD]})
    with pytest.raises(DomainError, match="已有人签名"):
        finishing.reopen(cast.viewer("ines"), row)
    assert operations.apply([op(row)], by=cast.viewer("ines"))[0].status is OpStatus.REJECTED


def test_before_the_first_signature_the_lead_can_go_back(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    client = as_person("ines")
    client.send(client.page(f"/inspections/{row.id}/signatures"), button="返回修改")
    db.session.expire_all()
    assert (row.state, row.record) == (InspectionState.DRAFT, None)
    assert operations.apply([op(row)], by=cast.viewer("ines"))[0].status is OpStatus.APPLIED


def test_what_the_school_refuses_to_sign_needs_a_reason_and_a_witness(cast: Cast) -> None:
    row, ines = frozen(cast), cast.viewer("ines")
    officers = {role: hand for role, hand in hands(cast, row).items() if role is not SignerRole.SCHOOL}
    with pytest.raises(DomainError, match="原因"):
        signing.sign(ines, row, {SignerRole.SCHOOL: Hand(name="索南", refused=True)})
    refused = {SignerRole.SCHOOL: Hand(name="索南", refused=True, reason="不认可结论")}
    assert signing.sign(ines, row, officers | refused) is False
    assert signing.missing(row) == [SignerRole.WITNESS]
    witness = {SignerRole.WITNESS: Hand(name="旺姆", post="社区干部", strokes=pictures.strokes())}
    assert signing.sign(ines, row, witness) is True


def test_the_second_officer_confirms_with_their_own_password(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    client = as_person("ines")
    wrong = filling.sign(client, row, filling.three_signatures(**{"second.password": "not it at all"}))
    assert wrong.status_code == 422
    assert "密码不正确" in wrong.text
    assert db.session.query(Signature).count() == 0
    assert filling.sign(client, row).status_code == 302
    db.session.expire_all()
    assert row.state is InspectionState.SIGNED


def test_the_second_officer_can_sign_on_an_own_tablet(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    filling.sign(as_person("ivo"), row, {"second.strokes": pictures.strokes()})
    assert [s.role for s in fieldwork.signatures_of(row.id)] == [SignerRole.SECOND]
    left = {k: v for k, v in filling.three_signatures().items() if not k.startswith("second")}
    assert filling.sign(as_person("ines"), row, left).status_code == 302
    db.session.expire_all()
    assert row.state is InspectionState.SIGNED


def test_nobody_signs_for_the_lead(cast: Cast) -> None:
    row = frozen(cast)
    forged = {SignerRole.LEAD: Hand(name="次仁", person_id=cast.people["ivo"], strokes=pictures.strokes())}
    with pytest.raises(DomainError, match="本人"):
        signing.sign(cast.viewer("ivo"), row, forged)


def test_too_many_wrong_passwords_wait_even_when_the_act_is_refused(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    client = as_person("ines")
    page = client.page(f"/inspections/{row.id}/signatures")
    values = filling.three_signatures(**{"second.password": "wrong again"})
    for _try in range(signing.TRIES):
        client.send(page, values, button="提交签名")
    answer = client.send(page, filling.three_signatures(), button="提交签名")
    assert "尝试次数过多" in answer.text


def test_a_try_that_gave_no_right_password_forgets_none(cast: Cast, as_person: SignInAs) -> None:
    """Other boxes that are signed in between do not open eight more tries."""
    row = frozen(cast)
    client = as_person("ines")
    page = client.page(f"/inspections/{row.id}/signatures")
    wrong = filling.three_signatures(**{"second.password": "wrong again"})
    for _try in range(signing.TRIES):
        client.send(page, wrong, button="提交签名")
        client.send(page, {"lead.strokes": pictures.strokes()}, button="提交签名")
    assert "尝试次数过多" in client.send(page, filling.three_signatures(), button="提交签名").text


@pytest.mark.parametrize("why", ["left", "account closed"])
def test_who_left_the_brigade_confirms_nothing(cast: Cast, as_person: SignInAs, why: str) -> None:
    row = frozen(cast)
    if why == "left":
        role = db.session.query(Membership).filter_by(person_id=cast.people["ivo"]).one()
        role.ended_at = clock.now()
    else:
        cast.person("ivo").active = False
    db.session.commit()
    answer = filling.sign(as_person("ines"), row)
    assert answer.status_code == 422
    assert "已不是本大队的检查人员" in answer.text
    assert db.session.query(Signature).count() == 0


def test_what_was_changed_while_the_page_was_open_is_not_signed_unseen(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    client = as_person("ines")
    before = client.page(f"/inspections/{row.id}/signatures")
    finishing.reopen(cast.viewer("ines"), row)
    [verdict] = operations.apply([op(row, field="note", value="门卫室新换了人")], by=cast.viewer("ines"))
    assert verdict.status is OpStatus.APPLIED
    finishing.finalise(cast.viewer("ines"), whole_sheet(row))
    db.session.commit()
    answer = client.send(before, filling.three_signatures(), button="提交签名")
    assert answer.status_code == 422
    assert "在打开本页以后改过" in answer.text
    assert "640 200" not in answer.text  # those strokes were under another text
    assert db.session.query(Signature).count() == 0
    assert filling.sign(client, row).status_code == 302


def test_an_empty_form_signs_nothing(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    answer = filling.sign(as_person("ines"), row, {})
    assert answer.status_code == 422
    assert "还没有签名" in answer.text


@pytest.mark.parametrize("strokes", ["<svg></svg>", '<svg viewBox="0 0 640 200"><path d="M a"/></svg>'])
def test_an_empty_or_broken_drawing_is_no_signature(cast: Cast, as_person: SignInAs, strokes: str) -> None:
    row = frozen(cast)
    answer = filling.sign(as_person("ines"), row, {"lead.strokes": strokes})
    assert answer.status_code == 422
    assert db.session.query(Signature).count() == 0


def test_a_photo_of_ink_is_a_signature_too(cast: Cast, as_person: SignInAs, unpacked: list[bool]) -> None:
    row = frozen(cast)
    filling.sign(as_person("ines"), row, {"lead.scan": filling.photo()})
    assert unpacked == [False], "nothing is held in the database meanwhile"
    assert [(s.role, s.method) for s in fieldwork.signatures_of(row.id)] == [(SignerRole.LEAD, "ink")]


@pytest.mark.parametrize(("name", "status"), [("lea", 200), ("stan", 403), ("olga", 403), ("oskar", 404), ("pema", 403), ("otto", 403)])  # fmt: skip
def test_who_sees_the_signature_page(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    row = frozen(cast)
    assert as_person(name).get(f"/inspections/{row.id}/signatures").status_code == status


def test_a_signature_is_shown_to_whoever_sees_the_record(cast: Cast, as_person: SignInAs) -> None:
    row = signed(cast)
    drawn = fieldwork.signatures_of(row.id)[0]
    answers = {
        name: as_person(name).get(f"/signatures/{drawn.id}").status_code for name in ("lea", "pema", "otto", "oskar")
    }
    assert answers == {"lea": 200, "pema": 200, "otto": 404, "oskar": 404}


def test_a_mistyped_password_does_not_cost_the_signatures(cast: Cast, as_person: SignInAs) -> None:
    row = frozen(cast)
    answer = filling.sign(as_person("ines"), row, filling.three_signatures(**{"second.password": "mistyped"}))
    assert answer.status_code == 422
    assert answer.text.count("&lt;svg xmlns") == 3
