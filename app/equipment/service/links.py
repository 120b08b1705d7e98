"""Addresses that labels carry."""

from __future__ import annotations

from flask import current_app


def address(code: str) -> str:
    """What a label's QR code opens: short, on the address this installation is known by."""
    return f"{current_app.config['SETTINGS'].base_url}/e/{code}"
