"""Pages about accounts, people, the own unit, and who did what."""

from app.accounts.views.base import bp

from app.accounts.views import account, audit, brigade, links, people, sign_in  # isort: skip

__all__ = ["account", "audit", "bp", "brigade", "links", "people", "sign_in"]
