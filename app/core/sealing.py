"""Texts that lie encrypted in the database: who reads a copy of it without the server's key learns nothing."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


class Unreadable(Exception):
    """The sealed text was changed, or sealed with another SECRET_KEY."""


def key_for(purpose: str) -> bytes:
    """32 bytes made from SECRET_KEY: the same for the same purpose, of no use for another."""
    secret = current_app.config["SECRET_KEY"]
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"xiaofang {purpose}".encode()).derive(secret.encode())


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key_for(purpose)))


def seal(text: str, *, purpose: str) -> str:
    """The text encrypted and authenticated with a key made from SECRET_KEY; each purpose has a key of its own."""
    return _box(purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, purpose: str) -> str:
    """The text that was sealed for this purpose. Raises Unreadable."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise Unreadable from problem
