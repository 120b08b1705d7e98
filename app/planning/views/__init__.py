"""Pages of visits and complaints, a subject a module."""

from __future__ import annotations

from app.planning.views import complaint_acts, complaints, visits, wall
from app.planning.views.blueprint import bp

__all__ = ["bp", "complaint_acts", "complaints", "visits", "wall"]
