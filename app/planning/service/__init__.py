"""What people do with visits and complaints, a subject a module."""

from __future__ import annotations

from app.planning.service.visits import OFFICERS, cancel, check_officers, check_school, finish, plan, start

__all__ = ["OFFICERS", "cancel", "check_officers", "check_school", "finish", "plan", "start"]
