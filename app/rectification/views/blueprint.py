"""The blueprint of findings and orders."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("rectification", __name__)
