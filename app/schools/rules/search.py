"""What a school is found by: every place in its names where a word may begin, in script, pinyin, initials and digits.

Each term is the rest of a name from one such place on, cut short; what is typed must be the beginning of a term. So any
part of a name is found, of one sign or of many, by one look into an index that works the same on every database.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator

from app.core.spelling import as_digits, is_han, plain_text, sounds_of, units

MOST_TERM = 24
#: Weights of a term, the smaller the better: begins a name or code; begins its pinyin or initials; stands inside.
BEGINS, BEGINS_SOUND, INSIDE = 0, 1, 2


def _rests(parts: list[str]) -> Iterator[tuple[int, str]]:
    """The rest of a name from each of its parts on, cut short."""
    for start in range(len(parts)):
        rest = ""
        for part in parts[start:]:
            rest += part
            if len(rest) >= MOST_TERM:
                break
        yield start, rest[:MOST_TERM]


def _spoken(sounds: list[list[str]]) -> Iterator[list[str]]:
    """The usual reading, then those in which one part is read another way."""
    usual = [readings[0] for readings in sounds]
    yield usual
    for place, readings in enumerate(sounds):
        for other in readings[1:]:
            yield [*usual[:place], other, *usual[place + 1 :]]


def _terms_of_name(name: str) -> Iterator[tuple[str, int]]:
    parts = units(name)
    for start, rest in _rests(parts):
        yield rest, BEGINS if start == 0 else INSIDE
    digits = units(as_digits("".join(parts)))
    if digits != parts:
        for start, rest in _rests(digits):
            yield rest, BEGINS if start == 0 else INSIDE
    if any(is_han(part) for part in parts):
        for spoken in _spoken(sounds_of(parts)):
            initials = [sound[:1] if is_han(part) else sound for part, sound in zip(parts, spoken, strict=True)]
            for written in (spoken, initials):
                for start, rest in _rests(written):
                    yield rest, BEGINS_SOUND if start == 0 else INSIDE


def terms_of(*, names: Iterable[str], codes: Iterable[str] = ()) -> dict[str, int]:
    """Every term of a school with its weight. Names may be in any script; of codes every end is a term."""
    found: dict[str, int] = {}
    for name in names:
        for term, weight in _terms_of_name(name):
            found[term] = min(weight, found.get(term, weight))
    for code in codes:
        text = "".join(units(code))
        for start in range(max(0, len(text) - 2)):
            term, weight = text[start : start + MOST_TERM], BEGINS if start == 0 else INSIDE
            found[term] = min(weight, found.get(term, weight))
        if 0 < len(text) < 3:
            found[text] = BEGINS
    return found


def asked(text: str) -> list[list[str]]:
    """What was typed, as words that must all be found; of each the forms of which one must begin a term."""
    words = []
    for word in unicodedata.normalize("NFKC", text).replace("'", " ").split()[:8]:
        plain = "".join(units(word))
        if plain:
            words.append([form[:MOST_TERM] for form in dict.fromkeys([plain, "".join(units(as_digits(plain)))])])
    return words


def heard(text: str) -> list[list[str]]:
    """By sound, for what was typed with other characters of the same reading (拉撒 for 拉萨), when the whole is found nowhere."""
    words = []
    for word in unicodedata.normalize("NFKC", text).split()[:8]:
        parts = units(word)
        if not any(is_han(part) for part in parts):
            return []  # no other characters to think of
        words.append(["".join(readings[0] for readings in sounds_of(parts))[:MOST_TERM]])
    return words


def loosened(text: str) -> list[list[str]]:
    """For a short form such as 拉萨一中: every character for itself, when the whole is found nowhere."""
    parts = units(text)
    words = [list(dict.fromkeys([part, as_digits(part)])) for part in dict.fromkeys(parts)]
    return words[:12] if len(parts) > 1 else []


def tries(text: str) -> Iterator[list[list[str]]]:
    """Ways to look for a text, the strictest first: as typed, by its sound, character for character. Nothing to look for: none."""
    words = asked(text)
    if words:
        yield words
        yield from filter(None, (heard(text), loosened(text)))


def similar_name(name: str) -> str:
    """Equal for names that differ only in writing: numerals, brackets, 市/区/县 and 完全/中心 left out."""
    text = "".join(units(as_digits("".join(units(name)))))
    return re.sub(r"(完全|中心|学校|市|区|县|乡|镇|第)", "", text) or text


def identity_of(*, name: str, area_code: str, address: str) -> str:
    """What a school without a code is known by: name, area and address, however they are typed."""
    text = "|".join([plain_text(name), area_code, plain_text(address)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
