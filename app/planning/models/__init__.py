"""What planning keeps, a subject a module."""

from __future__ import annotations

from app.planning.models import complaints
from app.planning.models.visits import DayPart, Visit, VisitKind, VisitState

__all__ = ["DayPart", "Visit", "VisitKind", "VisitState", "complaints"]
