"""The chain of who did what: it holds, and it shows what was changed, taken out or put in."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit import service
from app.audit.models import AuditEntry
from app.core.extensions import db
from tests.cast import Cast


@pytest.fixture
def chained(app: Flask, cast: Cast) -> list[int]:
    """Five entries, chained; their numbers."""
    for n in range(5):
        service.record(cast.person("ines"), "sign_in", subject="person", subject_id=n, detail={"n": n, "名": "尼玛"})
    db.session.flush()
    service.seal()
    db.session.commit()
    return list(db.session.scalars(sa.select(AuditEntry.id).order_by(AuditEntry.link)))


def test_a_sound_chain_is_sound(chained: list[int]) -> None:
    assert service.verify() == (5, None)


def test_sealing_goes_on_where_it_stopped(chained: list[int], cast: Cast) -> None:
    assert service.seal() == 0
    service.record(None, "sign_in", subject="person", subject_id="x")
    db.session.flush()
    assert service.seal() == 1
    assert service.verify() == (6, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("person_name", "别人"),
        ("action", "sign_out"),
        ("subject_id", "9"),
        ("detail", {"n": 7}),
        ("origin", "elsewhere"),
    ],
)
def test_a_changed_entry_is_found(chained: list[int], column: str, value: Any) -> None:
    db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == chained[2]).values({column: value}))
    db.session.commit()
    assert service.verify() == (2, 3)


def test_an_entry_taken_out_is_found(chained: list[int]) -> None:
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id == chained[2]))
    db.session.commit()
    assert service.verify() == (2, 3)


def test_an_entry_whose_gap_was_closed_is_found(chained: list[int]) -> None:
    db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id == chained[2]))
    for link in (4, 5):
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.link == link).values(link=link - 1))
    db.session.commit()
    assert service.verify() == (2, 3)


def test_two_entries_swapped_are_found(chained: list[int]) -> None:
    for entry, link in ((chained[1], 900), (chained[2], 2), (chained[1], 3)):
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == entry).values(link=link))
    db.session.commit()
    assert service.verify()[1] == 2


def test_the_command_says_so_and_ends_with_one(app: Flask, chained: list[int]) -> None:
    runner = app.test_cli_runner()
    sound = runner.invoke(args=["audit", "verify"])
    assert (sound.exit_code, "sound: 5 links" in sound.output) == (0, True)
    db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == chained[0]).values(action="x"))
    db.session.commit()
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert "BROKEN at link 1" in broken.output


def test_the_page_lists_the_acts_of_the_own_people(as_person: Any, chained: list[int], cast: Cast) -> None:
    service.record(cast.person("oskar"), "sign_in", subject="person", subject_id="foreign")
    db.session.commit()
    page = as_person("lea").page("/admin/audit")
    assert "尼玛" in page.main
    assert "罗布" not in page.main


def test_the_page_filters(as_person: Any, chained: list[int], cast: Cast) -> None:
    lea = as_person("lea")
    assert len(lea.page("/admin/audit?subject_id=3").all("//tbody/tr")) == 1
    assert len(lea.page(f"/admin/audit?person={cast.people['ines']}").all("//tbody/tr")) == 5
    assert lea.page("/admin/audit?action=invite").all("//tbody/tr") == []
    assert lea.page("/admin/audit?day=2020-01-01").all("//tbody/tr") == []
    assert lea.get("/admin/audit?day=nonsense&person=x&page=%00").status_code == 200


@pytest.mark.parametrize("name", ["ines", "pema", "beate", "olga"])
def test_who_has_no_business_there_is_refused(as_person: Any, cast: Cast, name: str) -> None:
    assert as_person(name).get("/admin/audit").status_code == 403
