"""Every free text of a log takes every string, keeps it, shows it harmless and prints it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.core import jobs
from app.core.extensions import db
from app.documents.models import DocumentState, IssuedDocument
from tests.cast import Cast
from tests.conftest import SignInAs
from tests.factories import naughty
from tests.logbook.logs import Log


def test_every_string_is_kept_in_some_field_and_shown_harmless(cast: Cast, as_person: SignInAs, log: Log) -> None:
    pema = as_person("pema")
    for number, filled in enumerate(naughty.fillings(log.longest)):
        answer = pema.post(f"{log.at}/new?school={cast.school_id}", data=log.filled | filled)
        assert answer.status_code == 302, filled
        db.session.expire_all()
        entry = db.session.scalars(sa.select(log.table).order_by(log.table.logged_at.desc()).limit(1)).one()
        assert {name: getattr(entry, name) for name in filled} == filled
        if number % 5:
            continue
        page = naughty.opened(pema, answer.headers["Location"], filled.values())
        assert page.status_code == 200
        assert "<script>alert" not in page.text


@pytest.mark.one_database
def test_the_paper_prints_whatever_was_written(cast: Cast, as_person: SignInAs, log: Log) -> None:
    texts = ["\n".join(naughty.KEPT), "\n".join(reversed(naughty.KEPT))]
    longest = sorted(log.longest, key=log.longest.__getitem__)[-2:]
    entry = log.make(cast, **{name: text[: log.longest[name]] for name, text in zip(longest, texts, strict=True)})
    address = f"{log.at}/{entry.id}/issue"
    db.session.commit()
    as_person("ines").post(address, data={"language": log.language})
    jobs.run_all()
    assert db.session.scalars(sa.select(IssuedDocument.state)).one() == DocumentState.ISSUED


def test_the_reason_of_a_withdrawal_is_kept_and_shown_harmless(cast: Cast, as_person: SignInAs, log: Log) -> None:
    pema = as_person("pema")
    reasons = list(naughty.joined(300))
    addresses = [f"{log.at}/{log.make(cast).id}" for _ in reasons]
    db.session.commit()
    for number, (address, reason) in enumerate(zip(addresses, reasons, strict=True)):
        assert pema.post(f"{address}/withdraw", data={"reason": reason}).status_code == 302, reason
        if number % 5 == 0:
            page = naughty.opened(pema, address, [reason])
            assert page.status_code == 200
            assert "<script>alert" not in page.text
    db.session.expire_all()
    kept = db.session.scalars(sa.select(log.table.withdrawn_reason)).all()
    assert sorted(kept) == sorted(reasons)
    assert naughty.opened(pema, f"{log.at}?withdrawn=y", reasons).status_code == 200
