"""Pages of inspections."""

from __future__ import annotations

from flask import Blueprint

from app.inspections import queries  # noqa: F401

bp = Blueprint("inspections", __name__)
