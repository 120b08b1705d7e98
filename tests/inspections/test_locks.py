"""Two acts on one record at the same instant: the second waits for the first and sees what became of it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.core import clock
from app.core.extensions import db
from app.documents.models import IssuedDocument
from app.inspections.models import Inspection, InspectionState
from app.inspections.service import keeping
from tests.cast import Cast
from tests.factories.grounds import campus
from tests.factories.inspections import signed
from tests.rectification.test_locks import PATIENCE, on_a_server, waiting

__all__ = ["on_a_server"]
SignIn = Callable[[str], FlaskClient]
pytestmark = pytest.mark.usefixtures("on_a_server")


def _elsewhere(app: Flask, act: Callable[[], Any]) -> Any:
    with app.app_context():
        try:
            return act()
        finally:
            db.session.remove()


def _held(app: Flask, row: Inspection, *acts: Callable[[], Any], **values: Any) -> list[Any]:
    """What the acts answer that began while somebody else held the record's row and then changed these values."""
    with ThreadPoolExecutor(len(acts)) as pool, db.engine.connect() as other:
        other.execute(sa.select(Inspection.id).where(Inspection.id == row.id).with_for_update())
        if values:
            other.execute(sa.update(Inspection).where(Inspection.id == row.id).values(**values))
        begun: list[Future[Any]] = [pool.submit(_elsewhere, app, act) for act in acts]
        assert waiting(app, len(acts))
        other.commit()
        return [one.result(PATIENCE) for one in begun]


def test_a_record_that_is_withdrawn_meanwhile_gets_no_paper(app: Flask, cast: Cast, as_person: SignIn) -> None:
    campus(cast, pieces=3)
    row, olga = signed(cast), as_person("olga")
    withdrawn = {
        "state": InspectionState.WITHDRAWN, "withdrawn_reason": "录错", "withdrawn_at": clock.now(),
        "withdrawn_by_id": cast.people["lea"],
    }  # fmt: skip
    address = f"/inspections/{row.id}/issue"
    db.session.commit()
    (answer,) = _held(app, row, lambda: olga.post(address, data={"language": "en"}), **withdrawn)
    assert answer.status_code == 409
    assert "检查记录已撤回" in answer.text
    assert db.session.scalars(sa.select(IssuedDocument.language)).all() == ["zh_Hans_CN"]


def test_correcting_twice_at_once_begins_one_draft(app: Flask, cast: Cast, as_person: SignIn) -> None:
    campus(cast, pieces=3)
    row = signed(cast)
    keeping.withdraw(cast.viewer("lea"), row, reason="录错")
    db.session.commit()
    address, taps = f"/inspections/{row.id}/correct", [as_person("ines"), as_person("ines")]
    db.session.commit()
    first, second = _held(app, row, *[lambda tap=tap: tap.post(address) for tap in taps])
    assert (first.status_code, second.headers["Location"]) == (302, first.headers["Location"])
    assert db.session.scalar(sa.select(sa.func.count(Inspection.id)).where(Inspection.corrects_id == row.id)) == 1
