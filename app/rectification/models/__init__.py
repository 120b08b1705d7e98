"""Findings and what becomes of them, a subject a module."""

from __future__ import annotations

from app.rectification.models import findings, major, orders, sealing, trail, transfers

__all__ = ["findings", "major", "orders", "sealing", "trail", "transfers"]
