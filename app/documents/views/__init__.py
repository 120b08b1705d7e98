"""Pages of papers; each module adds its addresses to the one blueprint."""

from app.documents.views import batch, keeping, papers, verification, wording
from app.documents.views.blueprint import bp

__all__ = ["batch", "bp", "keeping", "papers", "verification", "wording"]
