"""The Big List of Naughty Strings (MIT licence, tests/data/blns.json), as forms keep them: outer white space off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.core.extensions import db

EVERY: list[str] = json.loads((Path(__file__).parents[1] / "data" / "blns.json").read_text(encoding="utf-8"))
#: What is left of each after the form has cut outer white space, without those of which nothing is left.
KEPT = list(dict.fromkeys(text.strip() for text in EVERY if text.strip() and "\x00" not in text))


def fillings(longest: dict[str, int]) -> Iterator[dict[str, str]]:
    """Field → string, until every string has been in some field; `longest` says how much each field takes.

    A string that fits into no field is cut to what the longest takes. What a form makes of a string has nothing to do with
    the database, and tests/rectification/test_naughty.py stores each on both: on PostgreSQL every fourth goes through.
    """
    chosen = KEPT[::4] if db.engine.name == "postgresql" else KEPT
    names = sorted(longest, key=longest.__getitem__, reverse=True)
    texts = (text[: longest[names[0]]].strip() for text in chosen)
    waiting = next(texts, None)
    while waiting is not None:
        filled: dict[str, str] = {}
        for name in names:
            if waiting is not None and len(waiting) <= longest[name]:
                filled[name] = waiting
                waiting = next(texts, None)
        yield filled


def joined(longest: int) -> Iterator[str]:
    """Every string in some text of at most so many characters, as many in each as it takes."""
    text = ""
    for one in (kept[:longest].strip() for kept in KEPT):
        if text and len(text) + 1 + len(one) > longest:
            yield text
            text = ""
        text = f"{text} {one}" if text else one
    yield text


def opened(browser: FlaskClient, address: str, texts: Iterable[str]) -> TestResponse:
    """The page that shows these texts; checked as HTML unless they hold control characters, which no page can make sound."""
    if all(char >= " " or char in "\t\n\r" for text in texts for char in text):
        return browser.get(address)
    return FlaskClient.open(browser, address)
