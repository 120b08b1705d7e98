"""A school's own pages: its home, its findings, and its orders by account or by link."""

from app.portal.views import acts, findings, home, letters, orders, own_papers, plans
from app.portal.views.blueprint import bp

__all__ = ["acts", "bp", "findings", "home", "letters", "orders", "own_papers", "plans"]
