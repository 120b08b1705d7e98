"""The blueprint of the calendar."""

from flask import Blueprint

bp = Blueprint("workcalendar", __name__)
