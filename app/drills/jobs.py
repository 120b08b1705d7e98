"""Long work with drills: checking and writing lists of former years."""

from __future__ import annotations

from app.drills.service import old_logs
from app.imports.jobs import handle_lists

handle_lists(old_logs.KIND, check=old_logs.check, write=lambda run, _progress: old_logs.write(run))
