"""Pages of drills: what was held, what is planned, what is going on, how it was judged."""

from app.drills.views import judging, live, logs, old_logs, plans
from app.drills.views.blueprint import bp

__all__ = ["bp", "judging", "live", "logs", "old_logs", "plans"]
