"""How-to cards: what a school does to put a fault right. They say nothing of anybody, so anyone may read them."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core.web import found, public
from app.rectification.views.blueprint import bp
from app.regulations.queries import current_checklist
from app.regulations.queries.cards import all_cards

MOST_LETTERS = 100


@bp.get("/cards")
@public
def cards() -> ResponseReturnValue:
    """All cards by category, or those that fit the words searched for."""
    checklist, known = current_checklist(), all_cards()
    text, category = request.args.get("q", "").strip()[:MOST_LETTERS], request.args.get("category", "")
    shown = known.matching(text, category)
    kept = {card.category for card in known.cards}
    return render_template(
        "rectification/cards.html",
        checklist=checklist,
        categories=[key for key in checklist.order("categories") if key in kept],
        shown=shown,
        text=text,
        category=category,
    )


@bp.get("/cards/<card_code>")
@public
def card(card_code: str) -> ResponseReturnValue:
    """One card, for a phone or for paper."""
    one = found(all_cards().by_code.get(card_code))
    beside = [other for other in all_cards().matching(category=one.category) if other != one]
    return render_template("rectification/card.html", card=one, beside=beside, checklist=current_checklist())
