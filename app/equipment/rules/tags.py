"""Codes on labels: short, without look-alikes, with a check character that catches every wrong character and every swap."""

from __future__ import annotations

import enum
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from urllib.parse import unquote

#: Digits and capitals without 0, O, 1, I and L. 31 is prime, which is what makes the check below complete.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 7
#: What a printed or typed code may carry between its characters: white space, dots, dashes and format characters.
_BETWEEN = ("Z", "Pd", "Cc", "Cf")
_IN_ADDRESS = re.compile(r"/e/([^/?#]*)", re.IGNORECASE)


class Flaw(enum.StrEnum):
    """Why something read or typed is not a label's code."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


class NotATag(ValueError):
    """What was read is not a code; `flaw` says why, `about` the character or the number of characters it is about."""

    def __init__(self, flaw: Flaw, about: str = "") -> None:
        super().__init__(flaw.value)
        self.flaw = flaw
        self.about = about


def _sum(code: str) -> int:
    # Weights differ and are not multiples of the prime: one wrong character or any two swapped change the sum.
    return sum(weight * ALPHABET.index(character) for weight, character in enumerate(code, start=1)) % len(ALPHABET)


def with_check(body: str) -> str:
    """The code made of `body` (LENGTH - 1 characters) and the check character that brings the weighted sum to nought."""
    return next(body + last for last in ALPHABET if _sum(body + last) == 0)


def new_code(pick: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A code nobody could guess from another; that it is unused is for the caller to see."""
    return with_check("".join(pick(ALPHABET) for _ in range(LENGTH - 1)))


def spaced(code: str) -> str:
    """The code as it is printed and read aloud: ABC-DEFG."""
    return f"{code[:3]}-{code[3:]}"


def _bare(text: str) -> str:
    address = _IN_ADDRESS.search(text)
    if address:
        text = unquote(address.group(1))
    kept = (
        c
        for c in unicodedata.normalize("NFKC", text)
        if not unicodedata.category(c).startswith(_BETWEEN) and c not in "._·"
    )
    return "".join(kept).upper()


def read(text: str) -> str:
    """The code in whatever a scanner or a person gives: a whole address, or a code in any case, spaced or dashed. Raises NotATag."""
    code = _bare(text)
    if not code:
        raise NotATag(Flaw.EMPTY)
    strange = next((c for c in code if c not in ALPHABET), None)
    if strange is not None:
        raise NotATag(Flaw.CHARACTER, strange)
    if len(code) != LENGTH:
        raise NotATag(Flaw.LENGTH, str(len(code)))
    if _sum(code) != 0:
        raise NotATag(Flaw.CHECK)
    return code
