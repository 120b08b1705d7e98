"""Passwords: hashed with Argon2id, checked in the same time for nobody as for somebody."""

from __future__ import annotations

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

from app.accounts.models import Person
from app.core.errors import DomainError

SHORTEST, LONGEST = 8, 200
# Tried first by whoever guesses; the slow counting of tries does not help against the first ten.
_GUESSED_FIRST = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "87654321",
        "123123123",
        "password",
        "password1",
        "passw0rd",
        "qwertyui",
        "qwertyuiop",
        "1qaz2wsx",
        "asdfghjkl",
        "abcd1234",
        "abc12345",
        "a1234567",
        "a12345678",
        "aa123456",
        "woaini1314",
        "5201314520",
        "admin123",
        "xiaofang119",
        "xiaofang",
    ]
)
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex(16))


def hash_password(password: str) -> str:
    """Argon2id."""
    return _hasher.hash(password)


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def password_matches(person: Person | None, password: str) -> bool:
    """Whether the password is the person's; takes as long for nobody as for somebody."""
    try:
        _hasher.verify(person.password_hash if person and person.password_hash else _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return person is not None and bool(person.password_hash)


def check_new_password(password: str, *, username: str = "", field: str = "password") -> None:
    """Refuse a password that is short, the sign-in name or guessed first. Length is what counts; no rules about signs."""
    if len(password) < SHORTEST:
        raise DomainError(_("密码至少 %(n)d 个字符。", n=SHORTEST), field=field)
    if len(password) > LONGEST:
        raise DomainError(_("密码最多 %(n)d 个字符。", n=LONGEST), field=field)
    if username and password.lower() == username.lower():
        raise DomainError(_("密码不能与登录名相同。"), field=field)
    if len(set(password)) < 4 or password.lower() in _GUESSED_FIRST:
        raise DomainError(_("这个密码太容易猜到，请换一个。"), field=field)
