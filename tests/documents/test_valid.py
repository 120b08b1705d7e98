"""Which paper counts as the one there is: neither revoked, nor its number void, nor replaced."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from app.audit.models import AuditEntry
from app.core import jobs
from app.core.extensions import db
from app.documents import queries, rendering, service
from app.documents.models import DocumentState, IssuedDocument, VoidedNumber
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import papers

Issue = Callable[..., IssuedDocument]
KIND = "inspection_result"


@pytest.fixture
def newest(cast: Cast) -> Callable[[], uuid.UUID | None]:
    """`newest()` is the id of the valid paper about Pema's school."""

    def act() -> uuid.UUID | None:
        paper = queries.newest_about(("inspection", cast.school_id), KIND)
        return paper.id if paper else None

    return act


def test_a_paper_is_valid_while_it_is_made_and_until_it_is_revoked(issue: Issue, cast: Cast, newest: Callable) -> None:  # type: ignore[type-arg]
    document = issue(make=False)
    assert newest() == document.id
    jobs.run_all()
    db.session.refresh(document)
    assert newest() == document.id
    service.revoke(document, by=cast.viewer("lea"), reason="有误")
    assert newest() is None


def test_a_paper_whose_number_was_voided_is_valid_no_more(issue: Issue, cast: Cast, newest: Callable) -> None:  # type: ignore[type-arg]
    document = issue(make=False)
    assert queries.number_about(("inspection", cast.school_id), KIND) == document.number
    papers.voided(cast, document)
    assert newest() is None
    assert queries.number_about(("inspection", cast.school_id), KIND) == ""
    assert queries.valid_one(document.id) is None
    assert (document.revoked_reason, document.revoked_by_id) == ("无法制作", cast.people["lea"])


def test_a_number_voided_before_voiding_left_a_date_is_void_too(issue: Issue, cast: Cast, newest: Callable) -> None:  # type: ignore[type-arg]
    document = papers.never_made(issue(make=False))
    key = {name: getattr(document, name) for name in ("brigade_id", "kind", "year", "serial")}
    db.session.add(VoidedNumber(**key, reason="无法制作"))
    db.session.commit()
    assert document.revoked_at is None
    assert newest() is None
    assert queries.about(cast.viewer("lea"), "inspection", {cast.school_id}, only_valid=True) == []


def test_a_replaced_paper_is_not_valid_again_when_the_one_in_its_place_is_revoked(
    issue: Issue,
    cast: Cast,
    newest: Callable,  # type: ignore[type-arg]
) -> None:
    old = issue()
    new = service.replace(old, by=cast.viewer("lea"), reason="更正")
    db.session.commit()
    assert newest() == new.id
    jobs.run_all()
    db.session.refresh(new)
    assert newest() == new.id
    service.revoke(new, by=cast.viewer("lea"), reason="有误")
    assert newest() is None


def test_a_replacement_that_could_not_be_made_gives_its_place_back(
    issue: Issue,
    cast: Cast,
    newest: Callable,
    as_person: SignInAs,  # type: ignore[type-arg]
) -> None:
    old, lea = issue(), cast.viewer("lea")
    first = service.replace(old, by=lea, reason="更正")
    papers.voided(cast, first)
    assert newest() == old.id
    last = queries.last_about(("inspection", cast.school_id), KIND)
    assert last is not None
    assert last.id == old.id
    assert "已被替换" not in as_person("lea").get(f"/documents/{old.id}").get_data(as_text=True)
    second = service.replace(old, by=lea, reason="再次更正")
    db.session.commit()
    assert (first.replaces_id, second.replaces_id) == (None, old.id)
    assert sorted(db.session.scalars(sa.select(IssuedDocument.serial))) == [1, 2, 3]


def test_other_papers_name_the_official_one_not_its_translation(issue: Issue, cast: Cast) -> None:
    translated, official = issue(make=False, language="en"), issue(make=False)
    assert translated.number != official.number
    assert queries.number_about(("inspection", cast.school_id), KIND) == official.number


def _acts() -> list[str]:
    said = sa.select(AuditEntry.action).where(AuditEntry.action.in_(("document.revoke", "document.void")))
    return list(db.session.scalars(said.order_by(AuditEntry.id)))


def test_what_is_withdrawn_takes_its_papers_along_whatever_became_of_them(issue: Issue, cast: Cast) -> None:
    made, failed, revoked = issue(), papers.never_made(issue(make=False)), issue()
    service.revoke(revoked, by=cast.viewer("lea"), reason="有误")
    void, making = papers.voided(cast, issue(make=False)), issue(make=False)
    for _twice in range(2):
        service.make_invalid_about(("inspection", cast.school_id), by=cast.viewer("lea"), reason="检查撤回")
    db.session.commit()
    jobs.run_all()
    db.session.expire_all()
    assert (made.state, made.revoked_reason) == (DocumentState.ISSUED, "检查撤回")
    assert [one.state for one in (failed, making)] == [DocumentState.FAILED] * 2
    assert sorted(db.session.scalars(sa.select(VoidedNumber.serial))) == [failed.serial, void.serial, making.serial]
    assert (revoked.revoked_reason, void.revoked_reason) == ("有误", "无法制作")
    assert sorted(_acts()) == ["document.revoke"] * 2 + ["document.void"] * 3


def test_a_paper_made_invalid_while_it_is_laid_out_is_not_issued(
    issue: Issue, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    document, laid_out = issue(make=False), rendering.render

    def slow(*some: Any, **more: Any) -> Any:
        service.make_invalid(db.session.get_one(IssuedDocument, document.id), by=cast.viewer("lea"), reason="撤回")
        db.session.commit()
        return laid_out(*some, **more)

    monkeypatch.setattr(rendering, "render", slow)
    jobs.run_all()
    db.session.refresh(document)
    assert (document.state, document.file_sha256, document.issued_at) == (DocumentState.FAILED, None, None)
    assert _acts() == ["document.void"]
