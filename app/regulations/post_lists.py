"""The short lists of posts at a school, kept beside the versions of their pack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from app.regulations.pack_files import PACKS
from app.regulations.rules.items import Text, text_from


@dataclass(frozen=True, slots=True)
class PostList:
    """A post, the items it looks at in their order, and the uses of the buildings it looks at them in (none: anywhere)."""

    key: str
    text: Text
    items: tuple[str, ...]
    buildings: frozenset[str]


@cache
def post_lists(code: str = "cn-school", country: str = "cn") -> Mapping[str, PostList]:
    """The posts of a pack, by key."""
    content: Mapping[str, Any] = yaml.load(
        (PACKS / country / code / "post_lists.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return {
        one["key"]: PostList(one["key"], text_from(one), tuple(one["items"]), frozenset(one["buildings"]))
        for one in content["lists"]
    }
