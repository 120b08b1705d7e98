"""What a kept page of the tablet carries, read without a browser."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring

from app.sync.walks import ALWAYS, BULK, FILLED_IN, OWNED, SIGNS

_BLOCK = re.compile(r'<script type="application/json" data-walks>(.*?)</script>', re.DOTALL)


def content_of(text: str) -> dict[str, Any]:
    """The JSON of a page."""
    block = _BLOCK.search(text)
    assert block is not None
    found: dict[str, Any] = json.loads(block[1])
    return found


def rows_of(content: dict[str, Any], walk: str) -> dict[str, dict[str, Any]]:
    """The rows of a walk by their form name, in its order: what is filled in, what the row is, and its form drawn."""
    texts = content["texts"]
    found = {}
    for area in content["walks"][walk]:
        for place in (place for heading in area["headings"] for place in heading["rows"]):
            form, fix, flags, item, where, *rest = content["rows"][place]
            name = texts[item] + (f"@{texts[where]}" if texts[where] else "")
            found[name] = {
                "area": area["key"], "bulk": bool(flags & BULK), "owned": bool(flags & OWNED), "always": bool(flags & ALWAYS),
                "html": content["forms"][form], "fix": "".join(content["bits"][bit] for bit in content["fixes"][fix]) if fix >= 0 else "",
                **dict(zip(FILLED_IN[1:], (texts[n] for n in rest), strict=True)),
            }  # fmt: skip
    return found


def asked(content: dict[str, Any], walk: str) -> set[str]:
    """Names of the rows that a page shows before any piece is chosen for tests."""
    return {name for name, row in rows_of(content, walk).items() if not row["owned"] or row["always"]}


def drawn(name: str, row: dict[str, Any]) -> HtmlElement:
    """A row filled in, with what a fault asks for, as the tablet's script makes it."""
    text = str(row["html"]).replace(" data-fix></div>", f">{row['fix']}</div>")
    text = text.replace(f"row-{SIGNS['name']}", "row-" + name.replace("@", "-"))
    for key, sign in SIGNS.items():
        text = text.replace(sign, html.escape(name if key == "name" else row[key]))
    return fragment_fromstring(text)
