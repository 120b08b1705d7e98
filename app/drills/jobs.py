"""Long work with drills: checking and writing lists of former years."""

from __future__ import annotations

from app.drills.service.old_logs import LOG

LOG.handle()
