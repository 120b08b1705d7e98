"""Issuing papers: number, frozen data, job, bytes; replacing, revoking, voiding."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from app.audit.models import AuditEntry
from app.certificates.documents import RESULT, InspectionResult
from app.core import jobs
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.files import digest, files
from app.documents import frozen, rendering, service
from app.documents.models import DocumentState, IssuedDocument, NumberSequence, VoidedNumber
from app.inspections.documents import RECORD, InspectionRecord
from tests.cast import Cast

Issue = Callable[..., IssuedDocument]


def test_a_paper_has_its_number_at_once_and_its_bytes_when_the_worker_is_done(issue: Issue) -> None:
    document = issue(make=False)
    assert document.number == f"示消检告字〔{document.year}〕第0001号"
    assert document.state is DocumentState.RENDERING
    assert document.file_sha256 is None
    jobs.run_all()
    db.session.refresh(document)
    assert document.state is DocumentState.ISSUED
    assert digest(files().get(document.file_sha256 or "")) == document.file_sha256
    assert (document.pages, document.size) == (2, len(files().get(document.file_sha256 or "")))


def test_what_was_issued_is_frozen_and_stands_in_the_trail(issue: Issue) -> None:
    document = issue()
    assert frozen.digest(document.context) == document.context_sha256
    kept = json.loads(document.context)
    assert kept["data"] == frozen.plain(InspectionResult.sample("zh_Hans_CN"))
    assert kept["paper"]["number"] == document.number
    actions = list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))
    assert [action for action in actions if action.startswith("document")] == ["document.issue", "document.issued"]


def test_making_a_paper_twice_gives_the_same_bytes(issue: Issue) -> None:
    document = issue()
    first = document.file_sha256
    document.state = DocumentState.RENDERING
    jobs.enqueue(service.RENDER, {"document": str(document.id)})
    db.session.commit()
    jobs.run_all()
    db.session.refresh(document)
    assert document.file_sha256 == first


def test_numbers_run_on_by_kind_and_year(issue: Issue) -> None:
    with time_machine.travel(datetime(2026, 12, 31, 15, 59, tzinfo=UTC), tick=False):
        first, second = issue(make=False), issue(make=False)
    with time_machine.travel(datetime(2026, 12, 31, 16, 1, tzinfo=UTC), tick=False):
        third = issue(make=False)
    assert [d.number.partition("告")[2] for d in (first, second, third)] == [
        "字〔2026〕第0001号",
        "字〔2026〕第0002号",
        "字〔2027〕第0001号",
    ]


def test_an_act_that_is_rolled_back_gives_its_number_back(issue: Issue, cast: Cast) -> None:
    service.next_serial(cast.brigade_id, RESULT.code, issue(make=False).year)
    db.session.rollback()
    assert issue(make=False).serial == 2


def test_numbers_have_no_gap_and_no_double_when_many_ask_at_once(app: Flask, cast: Cast) -> None:
    given: list[int] = []
    lock = threading.Lock()

    def ask(number: int) -> None:
        with app.app_context():
            for turn in range(5):
                serial = service.next_serial(cast.brigade_id, "test", 2026)
                if (number + turn) % 4 == 0:
                    db.session.rollback()
                    continue
                db.session.commit()
                with lock:
                    given.append(serial)
            db.session.remove()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 31))
    assert db.session.get_one(NumberSequence, (cast.brigade_id, "test", 2026)).last == 30


def test_pictures_that_have_not_arrived_keep_a_record_from_being_numbered(cast: Cast) -> None:
    with pytest.raises(DomainError, match="照片"):
        service.issue(
            RECORD,
            InspectionRecord.sample("zh_Hans_CN"),
            brigade=cast.brigade,
            by=cast.viewer("ines"),
            subject=("inspection", cast.school_id),
        )
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NumberSequence)) == 0


def test_a_record_prints_the_pictures_of_the_file_store(cast: Cast) -> None:
    for picture in RECORD.pictures().values():
        files().put(picture)
    document = service.issue(
        RECORD,
        InspectionRecord.sample("zh_Hans_CN"),
        brigade=cast.brigade,
        by=cast.viewer("ines"),
        subject=("inspection", cast.school_id),
    )
    db.session.commit()
    jobs.run_all()
    db.session.refresh(document)
    assert (document.state, document.number[-6:]) == (DocumentState.ISSUED, "第0001号")


def test_characters_without_glyph_are_kept_as_warnings(cast: Cast) -> None:
    from dataclasses import replace

    context = replace(InspectionResult.sample("zh_Hans_CN"), school="示范\U0003fffd小学")
    document = service.issue(
        RESULT, context, brigade=cast.brigade, by=cast.viewer("olga"), subject=("inspection", cast.school_id)
    )
    db.session.commit()
    jobs.run_all()
    db.session.refresh(document)
    assert (document.state, document.warnings) == (DocumentState.ISSUED, ["U+3FFFD"])


def test_a_replacement_names_the_old_paper_which_stays(issue: Issue, cast: Cast) -> None:
    old = issue()
    new = service.replace(old, by=cast.viewer("lea"), reason="大队名称更正")
    db.session.commit()
    jobs.run_all()
    assert (new.replaces_id, new.serial) == (old.id, 2)
    assert json.loads(new.context)["paper"]["replaces"] == old.number
    assert files().has(old.file_sha256 or "")
    with pytest.raises(DomainError, match="已被替换"):
        service.replace(old, by=cast.viewer("lea"), reason="再来一次")


def test_revoking_wants_a_reason_and_works_once(issue: Issue, cast: Cast) -> None:
    document = issue()
    with pytest.raises(DomainError, match="原因"):
        service.revoke(document, by=cast.viewer("lea"), reason=" ")
    service.revoke(document, by=cast.viewer("lea"), reason="检查对象有误")
    db.session.commit()
    assert document.revoked_reason == "检查对象有误"
    with pytest.raises(DomainError, match="已经作废"):
        service.revoke(document, by=cast.viewer("lea"), reason="再次")


@pytest.mark.parametrize("name", ["ines", "pema", "beate", "oskar"])
def test_who_may_not_revoke_is_refused(issue: Issue, cast: Cast, name: str) -> None:
    document = issue(make=False)
    with pytest.raises(DomainError, match="岗位"):
        service.revoke(document, by=cast.viewer(name), reason="试一试")


def test_a_paper_that_cannot_be_made_keeps_its_number_until_it_is_voided(
    issue: Issue, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_a: object, **_k: object) -> None:
        raise rendering.RenderingError("a picture is broken")

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "render", broken)
        document = issue()
    assert document.state is DocumentState.FAILED
    assert service.is_stuck(document)
    service.void(document, by=cast.viewer("lea"), reason="无法制作")
    db.session.commit()
    assert db.session.scalars(sa.select(VoidedNumber.serial)).all() == [1]
    with pytest.raises(DomainError):
        service.make_again(document, by=cast.viewer("lea"))
    assert issue(make=False).serial == 2


def test_a_paper_that_could_not_be_made_can_be_made_again(
    issue: Issue, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_a: object, **_k: object) -> None:
        raise rendering.RenderingError("a picture is broken")

    with monkeypatch.context() as patch:
        patch.setattr(rendering, "render", broken)
        document = issue()
    service.make_again(document, by=cast.viewer("lea"))
    db.session.commit()
    jobs.run_all()
    db.session.refresh(document)
    assert (document.state, document.serial) == (DocumentState.ISSUED, 1)


def test_a_preview_has_no_number(cast: Cast) -> None:
    job = service.preview(
        RESULT, InspectionResult.sample("en"), brigade=cast.brigade, by=cast.viewer("ines"), language="en"
    )
    db.session.commit()
    jobs.run_all()
    db.session.refresh(job)
    assert job.state is jobs.JobState.DONE
    assert db.session.scalar(sa.select(sa.func.count()).select_from(IssuedDocument)) == 0
    from tests.documents.conftest import text_by_mupdf

    text = text_by_mupdf(files().get((job.result or {})["sha256"]))
    assert "PREVIEW" in text
    assert "Checkcode" not in text
