"""The blueprint of a school's pages."""

from flask import Blueprint

bp = Blueprint("portal", __name__)
