"""How names are written and read: what writers vary, numerals, pinyin, and the order of a Chinese list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

import pypinyin
from opencc import OpenCC

from app.core.characters import READINGS, VARIANTS

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


def is_han(unit: str) -> bool:
    """Whether a part is one Han character."""
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


def sounds_of(parts: list[str]) -> list[list[str]]:
    """How each part may be read, the reading that fits the words around it first."""
    found: list[list[str]] = []
    for han, run in groupby(parts, key=is_han):
        signs = list(run)
        usual = pypinyin.lazy_pinyin("".join(signs)) if han else signs
        if len(usual) != len(signs):  # a rare character without a reading
            usual = signs
        found += [list(dict.fromkeys([one, *READINGS.get(sign, [])])) for one, sign in zip(usual, signs, strict=True)]
    return found


def sort_key(name: str) -> str:
    """Sorts names as a Chinese list does: by sound, then by script; digits by their value."""
    parts = units(as_digits(fold(name)))
    sounds = [readings[0] for readings in sounds_of(parts)]
    spoken = " ".join(sound.zfill(4) if sound.isdigit() else sound for sound in sounds)
    return f"{spoken}|{name}"[:200]


def plain_text(text: str) -> str:
    """A name or address without what writers vary, to compare it with another."""
    return "".join(units(as_digits(fold(text))))
