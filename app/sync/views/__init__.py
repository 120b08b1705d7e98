"""Pages and files of the tablet."""

from __future__ import annotations

from app.sync.views import shell
from app.sync.views.blueprint import bp

__all__ = ["bp", "shell"]
