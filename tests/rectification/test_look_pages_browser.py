"""The pages of looking again in a real browser: sound on a tablet in Chinese and on a phone in English."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from app.core.extensions import db
from app.planning.models import Visit
from app.rectification.service import looks, sampling
from tests.browser import OpenPage, sound
from tests.cast import Cast
from tests.rectification.test_closures import last_month, struck_off
from tests.rectification.test_looks import late
from tests.rectification.test_repeats import before, failed_twice


@pytest.mark.parametrize(("size", "language"), [("upright", "zh"), ("phone", "en")])
def test_the_pages_of_looking_again_are_sound(cast: Cast, browser_page: OpenPage, size: str, language: str) -> None:
    struck_off(cast, count=2)
    sampling.draw(cast.viewer("lea"), month=last_month())
    before(cast, 50)
    order, _finding = failed_twice(cast)
    late(cast, item_code="EXI-07")
    looks.go_round()
    visit = db.session.scalars(sa.select(Visit.id).order_by(Visit.planned_on)).first()
    addresses = {
        "closures": f"/closures?month={last_month():%Y-%m}",
        "visit": f"/visits/{visit}",
        "visits": "/visits",
        "order": f"/orders/{order.id}",  # type: ignore[attr-defined]
        "recheck": f"/inspections/recheck?school={cast.school_id}&visit={visit}",
    }
    db.session.commit()
    db.session.rollback()
    page = browser_page(size, language=language, person="lea")
    for name, address in addresses.items():
        page.goto(address)
        sound(page)
        if os.environ.get("SHOTS"):
            page.screenshot(path=f"{os.environ['SHOTS']}/{name}-{size}.png", full_page=True)
