"""The blueprint of what tablets ask for."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sync", __name__)
