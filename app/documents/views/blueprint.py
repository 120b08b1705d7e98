"""The blueprint of papers, and the filters that every template of papers uses."""

from __future__ import annotations

from flask import Blueprint

from app.documents import kinds, script

bp = Blueprint("documents", __name__)
bp.add_app_template_filter(script.tibetan_runs, "script")
bp.add_app_template_filter(kinds.title_of, "kind_title")
