"""What a school is found by: every place in its names where a word may begin, in script, pinyin, initials and digits.

Each term is the rest of a name from one such place on, cut short; what is typed must be the beginning of a term. So any
part of a name is found, of one sign or of many, by one look into an index that works the same on every database.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby

import pypinyin
from opencc import OpenCC

from app.schools.rules.characters import READINGS, VARIANTS

MOST_TERM = 24
#: Weights of a term, the smaller the better: begins a name or code; begins its pinyin or initials; stands inside.
BEGINS, BEGINS_SOUND, INSIDE = 0, 1, 2

_simplify = OpenCC("t2s")
_DIGITS = {sign: digit for digit, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_NUMERAL = re.compile("[零一二三四五六七八九十百]+")


@lru_cache(maxsize=20_000)
def _plain(sign: str) -> str:
    simplified: str = _simplify.convert(sign.translate(VARIANTS)) if sign > "\u2e7f" else sign
    return simplified.translate(VARIANTS)


def fold(text: str) -> str:
    """The text without what writers vary: width, case, accents, traditional and variant characters."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    latin = "".join(unicodedata.normalize("NFD", ch)[0] if "\u00c0" <= ch <= "\u024f" else ch for ch in text)
    return "".join(_plain(ch) for ch in latin)


def _sort(ch: str) -> str:
    """Which sort of part a character belongs to; empty for what only separates."""
    if "\u3400" <= ch <= "\u9fff" or "\uf900" <= ch <= "\ufaff" or ch > "\U0001ffff":
        return "han"
    category = unicodedata.category(ch)
    if "\u0f00" <= ch <= "\u0fff":
        return "tibetan" if category[0] in "LMN" else ""
    return "number" if category == "Nd" else "word" if category[0] in "LMN" else ""


def units(text: str) -> list[str]:
    """The folded text in its smallest parts: a Han character, a Tibetan syllable, a word, a number."""
    found: list[str] = []
    before = ""
    for ch in fold(text):
        sort = _sort(ch)
        if sort and sort == before and sort != "han":
            found[-1] += ch
        elif sort:
            found.append(ch)
        before = sort
    return found


def _is_han(unit: str) -> bool:
    return len(unit) == 1 and _sort(unit) == "han"


def as_digits(text: str) -> str:
    """Chinese numerals as digits (第十一中学 → 第11中学); a text without any comes back as it is."""

    def number(match: re.Match[str]) -> str:
        numeral = match[0]
        if not re.search("[十百]", numeral):
            return "".join(str(_DIGITS[sign]) for sign in numeral)
        total, digit = 0, 0
        for sign in numeral:
            if sign == "百":
                total, digit = total + (digit or 1) * 100, 0
            elif sign == "十":
                total, digit = total + (digit or 1) * 10, 0
            else:
                digit = _DIGITS[sign]
        return str(total + digit)

    return _NUMERAL.sub(number, text)


def _sounds(parts: list[str]) -> list[list[str]]:
    """How each part may be read, the reading that fits the words around it first."""
    found: list[list[str]] = []
    for han, run in groupby(parts, key=_is_han):
        signs = list(run)
        usual = pypinyin.lazy_pinyin("".join(signs)) if han else signs
        if len(usual) != len(signs):  # a rare character without a reading
            usual = signs
        found += [list(dict.fromkeys([one, *READINGS.get(sign, [])])) for one, sign in zip(usual, signs, strict=True)]
    return found


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
    if any(_is_han(part) for part in parts):
        for spoken in _spoken(_sounds(parts)):
            initials = [sound[:1] if _is_han(part) else sound for part, sound in zip(parts, spoken, strict=True)]
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


def sort_key(name: str) -> str:
    """Sorts names as a Chinese list does: by sound, then by script; digits by their value."""
    parts = units(as_digits(fold(name)))
    sounds = [readings[0] for readings in _sounds(parts)]
    spoken = " ".join(sound.zfill(4) if sound.isdigit() else sound for sound in sounds)
    return f"{spoken}|{name}"[:200]


def asked(text: str) -> list[list[str]]:
    """What was typed, as words that must all be found; of each the forms of which one must begin a term."""
    words = []
    for word in unicodedata.normalize("NFKC", text).replace("'", " ").split()[:8]:
        plain = "".join(units(word))
        if plain:
            words.append([form[:MOST_TERM] for form in dict.fromkeys([plain, "".join(units(as_digits(plain)))])])
    return words


def loosened(text: str) -> list[list[str]]:
    """For a short form such as 拉萨一中: every character for itself, when the whole is found nowhere."""
    parts = units(text)
    words = [list(dict.fromkeys([part, as_digits(part)])) for part in dict.fromkeys(parts)]
    return words[:12] if len(parts) > 1 else []


def similar_name(name: str) -> str:
    """Equal for names that differ only in writing: numerals, brackets, 市/区/县 and 完全/中心 left out."""
    text = "".join(units(as_digits("".join(units(name)))))
    return re.sub(r"(完全|中心|学校|市|区|县|乡|镇|第)", "", text) or text


def plain_text(text: str) -> str:
    """A name or address without what writers vary, to compare it with another."""
    return "".join(units(as_digits(fold(text))))


def identity_of(*, name: str, area_code: str, address: str) -> str:
    """What a school without a code is known by: name, area and address, however they are typed."""
    text = "|".join([plain_text(name), area_code, plain_text(address)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
