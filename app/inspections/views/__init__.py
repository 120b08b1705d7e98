"""Pages of inspections: lists and starting, filling, review and signatures, records."""

from __future__ import annotations

from app.inspections import queries
from app.inspections.views import filling, finishing, listing, records
from app.inspections.views.blueprint import bp

__all__ = ["bp", "filling", "finishing", "listing", "queries", "records"]
