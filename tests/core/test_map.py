"""Whoever opens the product finds each of its folders on the map, and each feature in the order of imports."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app import FEATURES

ROOT = Path(__file__).parents[2]
PACKAGES = {path.parent.name for path in (ROOT / "app").glob("*/__init__.py")}


def test_the_map_names_every_folder() -> None:
    shown = (ROOT / "README.md").read_text("utf-8").split("## Where things are")[1].split("\n## ")[0]
    assert {name for name in PACKAGES if f"`app/{name}`" not in shown} == set()


def test_every_feature_is_loaded_and_has_its_place_in_the_order() -> None:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
    layers = [set(layer.split(" | ")) for layer in reversed(contract["layers"])]
    assert set().union(*layers) == set(FEATURES) == PACKAGES - {"demo", "operators"}
