"""Packs come into the database once; published ones never change; packs swap."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.errors import DomainError
from app.core.extensions import db
from app.regulations import pack_files, queries
from app.regulations.models import DutyRule, PackVersion
from app.regulations.rules.verdicts import verdict
from app.regulations.service import load_packs

OTHERS = Path(__file__).parent / "packs"


@pytest.fixture
def others(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A tree with the second pack; its rows go again, as packs stay between tests."""
    root = tmp_path / "packs"
    shutil.copytree(OTHERS, root)
    yield root
    db.session.rollback()
    db.session.execute(sa.delete(PackVersion).where(PackVersion.country == "gb"))
    db.session.commit()


def outcomes(root: Path) -> dict[str, str]:
    return {one.name: one.outcome for one in load_packs(root)}


def test_loading_twice_changes_nothing(others: Path) -> None:
    assert outcomes(others) == {"gb-tiny/1": "loaded"}
    assert outcomes(others) == {"gb-tiny/1": "unchanged"}
    assert set(outcomes(pack_files.PACKS).values()) == {"unchanged"}


def test_what_was_loaded_is_what_was_published(app: Flask) -> None:
    row = db.session.scalars(sa.select(PackVersion).where(PackVersion.code == "cn-school")).one()
    assert row.sha256 == pack_files.published()["cn-school/1"]
    assert pack_files.fingerprint(json.loads(row.content)) == row.sha256
    assert db.session.scalar(sa.select(sa.func.count()).where(DutyRule.pack_version_id == row.id)) == 26


def test_a_changed_published_version_is_refused(others: Path) -> None:
    path = others / "gb" / "gb-tiny" / "v1.yaml"
    path.write_text(path.read_text("utf-8").replace("days: 28", "days: 14"), encoding="utf-8")
    with pytest.raises(DomainError, match="已发布，内容不能再改"):
        load_packs(others)
    with pytest.raises(pack_files.PackChanged):
        pack_files.publish(path)


def test_a_lock_that_was_changed_too_does_not_help(others: Path) -> None:
    load_packs(others)
    path = others / "gb" / "gb-tiny" / "v1.yaml"
    path.write_text(path.read_text("utf-8").replace("days: 28", "days: 14"), encoding="utf-8")
    (others / "published.json").unlink()
    pack_files.publish(path)
    with pytest.raises(DomainError, match="已发布，内容不能再改"):
        load_packs(others)


def test_another_layout_of_the_same_content_is_the_same_version(others: Path) -> None:
    path = others / "gb" / "gb-tiny" / "v1.yaml"
    path.write_text("# a remark\n" + path.read_text("utf-8").replace("28, kind", "28,   kind"), encoding="utf-8")
    assert outcomes(others) == {"gb-tiny/1": "loaded"}


def test_a_version_that_is_not_published_is_not_loaded(others: Path) -> None:
    text = (others / "gb" / "gb-tiny" / "v1.yaml").read_text("utf-8").replace("version: 1", "version: 2")
    (others / "gb" / "gb-tiny" / "v2.yaml").write_text(text, encoding="utf-8")
    assert outcomes(others) == {"gb-tiny/1": "loaded", "gb-tiny/2": "unpublished"}


def test_a_broken_pack_is_refused_with_its_first_problem(others: Path) -> None:
    path = others / "gb" / "gb-tiny" / "v1.yaml"
    path.write_text(path.read_text("utf-8").replace("tier: full", "tier: huge"), encoding="utf-8")
    with pytest.raises(DomainError, match=r"LI-01.*只能是：core、full"):
        load_packs(others)


def test_packs_swap(others: Path) -> None:
    load_packs(others)
    tiny = queries.current_checklist("gb-tiny")
    assert [i.code for i in tiny.items] == ["EX-01", "LI-01"]
    assert [i.code for i in tiny.look_items("extinguisher")] == ["EX-01"]
    assert verdict(tiny.item("LI-01"), 90, tiny.bounds("LI-01", {"depth_m": 12})) == "fail"
    assert verdict(tiny.item("LI-01"), 90, tiny.bounds("LI-01", {"depth_m": 10})) == "pass"
    assert [c.ref for c in tiny.citations("EX-01").printed] == ["RRO 2005 Art. 17"]
    assert queries.current_checklist().code == "cn-school"


def test_a_newer_version_takes_over_on_its_day_and_the_pinned_one_stays(others: Path) -> None:
    load_packs(others)
    pinned = queries.current_checklist("gb-tiny").version_id
    text = (others / "gb" / "gb-tiny" / "v1.yaml").read_text("utf-8")
    for version, valid_from in ((2, "2026-02-01"), (3, "2099-01-01")):
        path = others / "gb" / "gb-tiny" / f"v{version}.yaml"
        text2 = text.replace("version: 1", f"version: {version}").replace("2026-01-01", valid_from)
        path.write_text(text2.replace("Gauge in the green", "Gauge green"), encoding="utf-8")
        pack_files.publish(path)
    load_packs(others)
    assert queries.current_checklist("gb-tiny").version == 2
    assert queries.checklist(pinned).item("EX-01").text.en == "Gauge in the green"


def test_a_checklist_is_read_once(app: Flask, count_queries) -> None:  # type: ignore[no-untyped-def]
    queries.current_checklist()
    with count_queries() as counted:
        queries.current_checklist()
    assert counted.number == 0


def test_the_next_transaction_asks_again_which_version_is_in_force(app: Flask, count_queries) -> None:  # type: ignore[no-untyped-def]
    queries.current_checklist()
    db.session.commit()
    with count_queries() as counted:
        queries.current_checklist()
    assert counted.number == 1


def test_an_unknown_pack_says_how_to_get_it(app: Flask) -> None:
    with pytest.raises(LookupError, match="packs load"):
        queries.current_checklist("moon")


def test_the_command_says_what_became_of_each(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["packs", "load"])
    assert result.exit_code == 0
    assert "cn-school/1: unchanged" in result.output
