"""The pages of the register in a real browser: accessible, nothing cut, at every size and in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core import jobs
from app.core.extensions import db
from app.equipment.models import Equipment, Trouble
from app.equipment.rules import tags
from app.equipment.service import importing, labels, upkeep
from app.imports import service as lists
from app.schools.models import Floor
from tests.browser import sound
from tests.cast import Cast
from tests.factories import equipment as make

pytestmark = pytest.mark.browser


def addresses(cast: Cast) -> dict[str, str]:
    """A school in use, and one address of every page of this feature."""
    ines, olga = cast.viewer("ines"), cast.viewer("olga")
    make.a_school_full_of(cast, pieces=60)
    piece = db.session.query(Equipment).filter_by(kind="extinguisher").first()
    assert piece is not None
    labels.stick(ines, piece, tags.with_check("ABC234"))
    upkeep.note_trouble(ines, piece, trouble=Trouble.GAUGE_RED)
    upkeep.send_away(ines, piece, note="送示范维修站")
    old = make.extinguisher(cast.school, label="长" * 40, location="综合楼东侧连廊尽头" * 10, made_on=date(2015, 1, 1))
    floor = db.session.query(Floor).first()
    rows = "校内编号,器材名称,规格型号,生产日期\n灭-9,灭火器,MFZ/ABC4,2022-09\n,灭火器,MT3,\n"
    run = importing.start(
        olga,
        brigade_id=cast.brigade_id,
        brigade_ids=[cast.brigade_id],
        file_name="器材台账.csv",
        data=rows.encode(),
        school_id=cast.school_id,
    )
    waiting = importing.start(
        olga,
        brigade_id=cast.brigade_id,
        brigade_ids=[cast.brigade_id],
        file_name="台账.csv",
        data=rows.encode(),
        school_id=cast.school_id,
    )
    lists.ask_check(olga, run, importing.KIND)
    job = labels.print_blanks(olga, count=5, paper="roll", language="zh_Hans_CN")
    db.session.commit()
    jobs.run_all()
    school = f"school={cast.school_id}"
    assert floor is not None
    return {
        "index": "/equipment",
        "school": f"/equipment?{school}&due=now",
        "show": f"/equipment/{piece.id}",
        "show-old": f"/equipment/{old.id}",
        "edit": f"/equipment/{piece.id}/edit",
        "replace": f"/equipment/{piece.id}/replace",
        "choose-kind": f"/equipment/new?{school}",
        "new": f"/equipment/new/fire_door?{school}",
        "wrong-code": "/equipment/find?code=ABC-1234",
        "unused-code": f"/e/{tags.with_check('XYZ789')}?q=灭",
        "labels": f"/equipment/labels?{school}",
        "blanks": "/equipment/labels/blank",
        "label-job": f"/equipment/labels/{job.id}",
        "forecast": "/equipment/forecast?months=24",
        "forecast-school": f"/equipment/forecast?{school}",
        "requirement": f"/equipment/requirement?floor={floor.id}&area_m2=450&hazard=middle&points=2&rating=2&corridor_m=60",
        "imports": f"/equipment/imports?{school}",
        "import-columns": f"/equipment/imports/{waiting.id}/columns",
        "import-run": f"/equipment/imports/{run.id}",
    }


#: `PICTURES=folder pytest …` draws every page at every size; the suite itself proves the narrowest of those that look
#: otherwise than in the demo district, whose crawl proves all pages at all sizes.
SEEN_BY_THE_CRAWL = {"index", "edit", "replace", "choose-kind", "new", "labels", "blanks", "forecast", "imports"}
SIZES = [("phone", "en", "dark")]
if os.environ.get("PICTURES"):
    SIZES += [("tablet", "zh", ""), ("upright", "en", ""), ("phone", "zh", "contrast"), ("desktop", "zh", "")]


@pytest.mark.parametrize(("size", "language", "theme"), SIZES)
def test_every_page_holds_at_every_size(
    app: Flask, cast: Cast, browser_page: Callable[..., Any], size: str, language: str, theme: str
) -> None:
    if db.engine.dialect.name == "postgresql":
        pytest.skip("pages look the same on either database")
    pages = addresses(cast)
    tab = browser_page(size, language=language, person="olga", theme=theme)
    folder, faults = os.environ.get("PICTURES"), []
    for name, address in pages.items():
        if name in SEEN_BY_THE_CRAWL and not folder:
            continue
        tab.goto(address)
        if folder:
            tab.screenshot(path=Path(folder) / f"{name}-{size}-{language}.png", full_page=True)
        try:
            sound(tab, fingers=size != "desktop")
        except AssertionError as fault:
            faults.append(f"{name}: {fault}")
    tab.problems[:] = [problem for problem in tab.problems if "404" not in problem]  # the wrong code is one
    assert not faults, "\n\n".join(faults)


def test_a_piece_is_found_sent_away_and_back_without_script(
    app: Flask, cast: Cast, browser_page: Callable[..., Any]
) -> None:
    piece = make.extinguisher(cast.school, label="1F-01")
    labels.stick(None, piece, tags.with_check("ABC234"))
    db.session.commit()
    tab = browser_page("upright", person="ines", script=False)
    tab.goto("/equipment")
    tab.get_by_label("标签编号").fill("abc 234" + tags.with_check("ABC234")[-1].lower())
    tab.get_by_role("button", name="打开").click()
    tab.locator("summary", has_text="送修").click()
    tab.get_by_role("button", name="确认送修").click()
    expect(tab.locator("main")).to_contain_text("已登记送修")
    tab.locator("summary", has_text="修好放回").click()
    tab.get_by_role("button", name="确认放回").click()
    expect(tab.locator("main")).to_contain_text("已放回原位")
