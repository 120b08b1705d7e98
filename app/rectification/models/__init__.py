"""Findings and what becomes of them, a subject a module."""

from __future__ import annotations

from app.rectification.models import findings, latest, looks, major, orders, sealing, trail, transfers

__all__ = ["findings", "latest", "looks", "major", "orders", "sealing", "trail", "transfers"]
