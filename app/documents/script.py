"""Text as it can be printed: normalised, without invisible characters, what no face has shown by its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from markupsafe import Markup, escape

# Default ignorable code points: joiners, direction marks, variation selectors, tags. They have no glyph of their own.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_LINE_END = re.compile("\r\n?|[\u0085\u2028\u2029]")
_TIBETAN = re.compile("[\u0f00-\u0fff]+(?: +[\u0f00-\u0fff]+)*")


@dataclass(frozen=True)
class Printable:
    """A text that every face together can show, and the characters that were replaced by their number."""

    text: str
    substituted: tuple[str, ...]


def printable(text: str, covered: Collection[int]) -> Printable:
    """What of `text` goes on paper; `covered` are the code points for which a face has a glyph."""
    text = _LINE_END.sub("\n", unicodedata.normalize("NFC", text))
    text = _INVISIBLE.sub("", _CONTROL.sub("", text))
    strange = sorted({char for char in set(text) if ord(char) not in covered and char not in "\t\n\x0b\x0c"})
    if not strange:
        return Printable(text, ())
    table = {ord(char): _stand_in(char) for char in strange}
    return Printable(text.translate(table), tuple(char for char in strange if not char.isspace()))


def _stand_in(char: str) -> str:
    return " " if char.isspace() else f"⟦U+{ord(char):04X}⟧"


def tibetan_runs(text: str) -> Markup:
    """Escaped text whose Tibetan runs are marked as such: they need their own face and more height."""
    marked, end = Markup(""), 0
    for run in _TIBETAN.finditer(text):
        marked += escape(text[end : run.start()]) + Markup('<span lang="bo">{}</span>').format(run.group())
        end = run.end()
    return marked + escape(text[end:])
