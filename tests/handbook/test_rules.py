"""What a handbook says, when a receipt is old, which duties nobody sees to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.handbook.rules import ReceiptState, canonical, digest, receipt_state, uncovered, words_of
from app.regulations.post_files import all_posts
from app.regulations.rules.items import Text

pytestmark = pytest.mark.one_database
POSTS = {post.code: post for post in all_posts()}
RULE: dict[str, Any] = {
    "code": "patrol_daily", "zh": "防火巡查", "en": "Fire patrol", "every": 1, "per": "day", "basis": [{"ref": "x", "evidence": "found"}],
}  # fmt: skip


def _mark(post: Any, *rules: dict[str, Any]) -> str:
    return digest(canonical(words_of(post, rules)))


def test_the_text_changes_with_its_words_clauses_and_rules_and_with_nothing_else() -> None:
    guard = POSTS["guard"]
    same = _mark(guard, RULE)
    assert _mark(guard, dict(reversed(RULE.items()))) == same
    assert _mark(replace(guard, items=frozenset()), RULE) == same
    assert _mark(guard) != same
    assert _mark(guard, RULE | {"basis": [{"ref": "x", "evidence": "unsure"}]}) != same
    assert _mark(replace(guard, fire=(Text("跑", "Run"),)), RULE) != same


@pytest.mark.parametrize(
    ("received", "state"),
    [
        ([], ReceiptState.MISSING),
        (["old"], ReceiptState.OLD),
        (["old", "now"], ReceiptState.CURRENT),
    ],
)
def test_a_receipt_is_of_a_text(received: list[str], state: ReceiptState) -> None:
    assert receipt_state(received, "now") is state


def test_a_duty_is_covered_while_somebody_is_in_one_of_its_posts() -> None:
    posts = [POSTS["guard"], POSTS["safety_officer"], POSTS["warden"]]
    binding = ["patrol_daily", "patrol_night", "hydrant_check"]
    assert uncovered(binding, posts, {"guard"}) == ["hydrant_check"]
    assert uncovered(binding, posts, {"safety_officer"}) == ["patrol_night"]
    assert uncovered(binding, posts, set()) == binding
    assert uncovered(binding, posts, set(), {"patrol_night"}) == ["patrol_daily", "hydrant_check"]
