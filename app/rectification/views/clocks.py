"""The page of clocks: what the law gives the brigade time for, and how much of it is left."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.access import requires, signed_in, viewer
from app.accounts.policy import Permission
from app.core import clock
from app.rectification.queries import clocks as queries
from app.rectification.views.blueprint import bp
from app.regulations import words


@bp.get("/clocks")
@requires(Permission.SEE_BRIGADE_HOME)
def clocks() -> ResponseReturnValue:
    """My clocks, or all of the brigade's: by when they run out, late ones first."""
    whose = "all" if request.args.get("whose") == "all" else "own"
    # Thousands of clocks ask who is looking: the viewer itself answers faster than its stand-in.
    found = queries.running(signed_in() or viewer, own=whose == "own")
    gaps = dict.fromkeys(gap for line in found.lines for gap in line.due.gaps)
    return render_template(
        "rectification/clocks.html",
        found=found,
        whose=whose,
        words=words,
        now=clock.now(),
        gaps=words.gap_sentences(gaps),
    )
