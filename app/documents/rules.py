"""Check codes and numbers: how they look, how a typed one is read."""

from __future__ import annotations

import enum
import secrets
import unicodedata
import uuid

# 31 signs, a prime, without those that are mistaken for another (0 O 1 I L).
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_RANDOM = 11  # 31 ** 11 is over 2 ** 54: not to be guessed through a page with a rate limit
LENGTH = _RANDOM + 1


def new_check_code() -> str:
    """A code for a new paper, eleven random signs and a check sign, without dashes."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The last sign: finds every single mistyped sign and every two exchanged ones."""
    return ALPHABET[sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(body, 2)) % len(ALPHABET)]


def spaced(code: str) -> str:
    """As it is printed: 4KDM-97QX-TB2A."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_check_code(typed: str) -> str | None:
    """What a person typed or a scanner read, as a code; None when it cannot be one.

    Takes small letters, full-width letters, spaces, dashes and the whole address of the verify page.
    """
    text = unicodedata.normalize("NFKC", typed).strip().rstrip("/").rsplit("/", 1)[-1].upper()
    code = "".join(sign for sign in text if sign.isalnum())
    if len(code) != LENGTH or any(sign not in ALPHABET for sign in code):
        return None
    return code if code[-1] == check_sign(code[:-1]) else None


def subject_key(kind: str, subject_id: uuid.UUID) -> str:
    """What a paper is about, in one word: table name and id."""
    return f"{kind}:{subject_id}"


class Standing(enum.StrEnum):
    """What a paper is worth today."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    NOT_YET = "not_yet"


def standing(*, stored: bool, revoked: bool, replaced: bool) -> Standing:
    """Revoked weighs more than replaced; a paper whose bytes are not stored was never handed out."""
    if not stored:
        return Standing.NOT_YET
    if revoked:
        return Standing.REVOKED
    return Standing.REPLACED if replaced else Standing.VALID
