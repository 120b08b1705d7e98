"""The blueprint that all pages of inspections belong to."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("inspections", __name__)
