"""The English texts: what a template fills in can be filled in."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

ENGLISH = Path("app/translations/en/LC_MESSAGES/messages.po")
BARE_PERCENT = re.compile(r"%(?!\(\w+\)[ds])")


def _spellings(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


def test_no_text_breaks_its_page_with_a_bare_percent_sign() -> None:
    with ENGLISH.open("rb") as file:
        spellings = [s for m in read_po(file) if m.id for s in (*_spellings(m.id), *_spellings(m.string))]
    assert [s for s in spellings if BARE_PERCENT.search(s.replace("%%", ""))] == []
