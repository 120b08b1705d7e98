"""What tablets call, the pages and files of the tablet, and the pages for those who look after them."""

from __future__ import annotations

from app.sync.views import blobs, bundle, importing, labels, logs, operations, pages, session, shell
from app.sync.views.blueprint import bp

__all__ = ["blobs", "bp", "bundle", "importing", "labels", "logs", "operations", "pages", "session", "shell"]
