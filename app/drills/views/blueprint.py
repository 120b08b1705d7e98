"""The blueprint of drills, which every file of views hangs its addresses on."""

from flask import Blueprint

bp = Blueprint("drills", __name__)
