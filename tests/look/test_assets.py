"""What others wrote and we carry is byte for byte what they published; what we wrote keeps the page's rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.look import vendor

STATIC = Path(__file__).parents[2] / "app" / "static"
NAMES = re.compile(r"(--[a-z0-9-]+):")


def test_vendored_files_have_the_hashes_of_the_lock() -> None:
    assert vendor.differences() == []


def test_a_changed_vendored_file_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "vendor"
    vendor.copy(vendor.FOLDER, folder)
    next(folder.rglob("*.js")).write_text("changed")
    (folder / "stranger.js").write_text("")
    assert len(vendor.differences(folder)) == 2


@pytest.mark.parametrize("theme", ["dark", "contrast"])
def test_a_theme_gives_every_colour_a_value(theme: str) -> None:
    tokens = (STATIC / "css" / "tokens.css").read_text()
    colours = {name for name, value in re.findall(r"(--[a-z0-9-]+): (.+);", tokens) if value.startswith("#")}
    themed = set(NAMES.findall((STATIC / "css" / f"{theme}.css").read_text()))
    assert colours <= themed, colours - themed


def test_style_sheets_use_no_name_that_is_not_defined() -> None:
    sheets = {path.name: path.read_text() for path in (STATIC / "css").glob("*.css")}
    defined = {name for text in sheets.values() for name in NAMES.findall(text)}
    used = {(sheet, name) for sheet, text in sheets.items() for name in re.findall(r"var\((--[a-z0-9-]+)", text)}
    assert {(sheet, name) for sheet, name in used if name not in defined} == set()


def test_nothing_is_fetched_from_another_host() -> None:
    for path in [*STATIC.rglob("*.css"), *(STATIC / "js").rglob("*.js")]:
        assert not re.search(r"(?:url\(|import\s.*|fetch\()[\"']?https?:", path.read_text()), path
