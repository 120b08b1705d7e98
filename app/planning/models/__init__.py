"""What planning keeps, a subject a module."""

from __future__ import annotations

from app.planning.models.visits import Visit, VisitState

__all__ = ["Visit", "VisitState"]
