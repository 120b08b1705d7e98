"""The blueprint of the pages about accounts."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
