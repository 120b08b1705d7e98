"""Findings and what becomes of them, a subject a module."""

from __future__ import annotations

from app.rectification.models import findings, orders

__all__ = ["findings", "orders"]
