"""How the pages of tablets look: nothing cut, nothing too small, readable without seeing, in both languages."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock
from app.core.extensions import db
from app.inspections.models import Inspection
from app.sync.models import Tablet
from tests.browser import sound
from tests.cast import Cast
from tests.factories import pictures
from tests.sync.conftest import TabletOf

pytestmark = pytest.mark.browser


def _keep(page: Any, name: str) -> None:
    folder = os.environ.get("XF_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_the_pages_are_sound(cast: Cast, tablet_of: TabletOf, row: Inspection, browser_page: Any) -> None:
    one, other, content = tablet_of("ines"), tablet_of("ivo"), pictures.picture()
    one.upload(content)
    one.send(one.op(row.id, value="pass"), one.photo(row.id, content), queue={"ops": 12, "photos": 3, "drafts": 1})
    other.send(other.op(row.id, value="fail"), other.op(row.id, "MGT-03", "fail", by=str(cast.people["stan"])))
    db.session.execute(
        sa.update(Tablet).where(Tablet.device == "tab-ines").values(last_seen_at=clock.now() - timedelta(days=3))
    )
    db.session.commit()
    db.session.rollback()
    for size, language in (("tablet", "zh"), ("phone", "en")):
        for path in ("/sync/conflicts", "/sync/devices"):
            page = browser_page(size, language=language, person="lea")
            db.session.rollback()
            page.goto(path)
            _keep(page, f"{path.rpartition('/')[2]}-{size}-{language}")
            sound(page)


def test_what_travelled_along_is_sound_to_look_at(finished: Inspection, browser_page: Any) -> None:
    for size, language in (("tablet", "zh"), ("phone", "en")):
        page = browser_page(size, language=language, person="lea")
        db.session.rollback()
        page.goto(f"/inspections/{finished.id}/traces")
        page.locator("#traces summary").click()
        _keep(page, f"traces-{size}-{language}")
        sound(page)
