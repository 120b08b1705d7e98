"""Who complained: sealed, shown only in an act that leaves an entry, and nowhere else."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.sealing import Unreadable, seal, unseal
from app.planning.models.complaints import Complainant, ComplaintEvent
from app.planning.service import complainants
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import complaints as factory

SECRETS = (factory.CALLER.name, factory.CALLER.phone, factory.CALLER.address)


def test_it_is_shown_after_an_act_and_each_look_is_written_down(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.at_pemas(cast)
    client = as_person("ines")
    page = client.page(f"/complaints/{complaint.id}")
    assert not any(secret in page.html for secret in SECRETS)
    shown = client.send(page, button="显示", form="complainant")
    assert all(secret in shown.page.main for secret in SECRETS)
    assert shown.headers["Cache-Control"] == "no-store"
    assert not any(secret in client.page(f"/complaints/{complaint.id}").html for secret in SECRETS)
    looked = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "complaint_show_complainant")).one()
    assert (looked.person_id, looked.subject_id) == (cast.people["ines"], str(complaint.id))
    assert "查看投诉人信息" in client.page(f"/complaints/{complaint.id}").main


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("stan", 403),
        ("dora", 403),
        ("ada", 403),
        ("beate", 403),
        ("pema", 403),
        ("sonam", 403),
        ("otto", 403),
        ("oskar", 404),
    ],
)
def test_nobody_else_is_shown_it(cast: Cast, as_person: SignInAs, name: str, status: int) -> None:
    complaint = factory.at_pemas(cast)
    answer = as_person(name).post(f"/complaints/{complaint.id}/complainant")
    assert answer.status_code == status
    assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS)
    assert db.session.query(ComplaintEvent).filter_by(act="show_complainant").count() == 0


def test_no_table_and_no_log_spells_it(cast: Cast, as_person: SignInAs, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = as_person("olga")
    page = client.page(f"/complaints/new?school={cast.school_id}")
    values = {
        "kind": "lane", "text": "堵了", "intake": "phone", "name": factory.CALLER.name, "phone": factory.CALLER.phone,
        "address": factory.CALLER.address,
    }  # fmt: skip
    shown = client.send(page, values, button="登记投诉").page
    client.send(shown, button="显示", form="complainant")
    for table in db.metadata.sorted_tables:
        rows = "\n".join(str(tuple(row)) for row in db.session.execute(sa.select(table)))
        assert not any(secret in rows for secret in SECRETS), table.name
    assert not any(secret in caplog.text for secret in SECRETS)


@pytest.mark.parametrize("name", ["pema", "sonam", "ines", "dora", "beate"])
def test_no_page_of_the_school_or_of_the_lists_shows_it(cast: Cast, as_person: SignInAs, name: str) -> None:
    complaint = factory.planned(cast)
    client = as_person(name)
    addresses = ["/", f"/schools/{cast.school_id}", "/inspections", "/documents"]
    if name == "ines":
        assert complaint.number not in client.page(f"/complaints?q={factory.CALLER.phone}").main
        addresses += ["/complaints", "/complaints/counts", f"/visits/{complaint.visit_id}"]
    for address in addresses:
        html = client.get(address, follow_redirects=True).get_data(as_text=True)
        assert not any(secret in html for secret in SECRETS), address
    if name in ("pema", "sonam"):
        html = client.get(f"/schools/{cast.school_id}").get_data(as_text=True)
        assert "投诉" not in html


def test_an_anonymous_complaint_has_nobody_to_show(cast: Cast, as_person: SignInAs) -> None:
    complaint = factory.at_pemas(cast, person=complainants.Person())
    assert not complaint.is_named
    assert db.session.query(Complainant).count() == 0
    assert "匿名投诉" in as_person("olga").page(f"/complaints/{complaint.id}").main
    assert as_person("olga").post(f"/complaints/{complaint.id}/complainant").status_code == 409


def test_with_another_key_it_cannot_be_read_and_the_page_says_so(cast: Cast, app: Flask) -> None:
    complaint = factory.at_pemas(cast)
    kept = app.config["SECRET_KEY"]
    app.config["SECRET_KEY"] = "another key altogether"
    try:
        with pytest.raises(DomainError, match="密钥"):
            complainants.show(cast.viewer("olga"), complaint)
    finally:
        app.config["SECRET_KEY"] = kept


def test_a_sealed_text_opens_only_for_its_purpose_and_unchanged(app: Flask) -> None:
    sealed = seal("梅朵", purpose="one")
    assert "梅朵" not in sealed
    assert unseal(sealed, purpose="one") == "梅朵"
    for wrong, purpose in ((sealed, "two"), (sealed[:-4] + "AAA=", "one"), ("", "one")):
        with pytest.raises(Unreadable):
            unseal(wrong, purpose=purpose)


def test_a_complainant_never_spells_itself_out() -> None:
    assert factory.CALLER.name not in repr(factory.CALLER)
    assert factory.CALLER.phone not in f"{factory.CALLER}"
