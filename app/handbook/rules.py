"""What a handbook says, whether a receipt is of these words, and which duties nobody sees to. Pure."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from app.regulations.rules.posts import Post


class ReceiptState(enum.StrEnum):
    """Whether somebody in a post has received its handbook as it reads today."""

    MISSING = "missing"
    OLD = "old"
    CURRENT = "current"


def words_of(post: Post, rules: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Everything a handbook says in both languages but the school's faults, which change every week.

    `rules` are the duty rules that bind this school and belong to the post, as the pack has them.
    """
    return {
        "post": post.code,
        "name": [post.name.zh, post.name.en],
        "duties": [
            [duty.text.zh, duty.text.en, [[clause.ref, clause.evidence.value] for clause in duty.basis]]
            for duty in post.duties
        ],
        "rules": [
            [rule["code"], rule["zh"], rule["en"], rule["every"], rule["per"], [[c["ref"], c["evidence"]] for c in rule["basis"]]]
            for rule in rules
        ],
        "fire": [[step.zh, step.en] for step in post.fire],
    }  # fmt: skip


def canonical(words: Mapping[str, Any]) -> str:
    """The words as one text that is the same for the same words."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """What tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def receipt_state(received: Collection[str], current: str) -> ReceiptState:
    """How the texts that somebody received stand to the text of today."""
    if current in received:
        return ReceiptState.CURRENT
    return ReceiptState.OLD if received else ReceiptState.MISSING


def uncovered(
    binding: Iterable[str], posts: Iterable[Post], held: Collection[str], named: Collection[str] = ()
) -> list[str]:
    """The duty rules binding a school that nobody sees to: no post with somebody in it (`held`), and nobody named for it."""
    seen_to = {rule for post in posts if post.code in held for rule in post.rules} | set(named)
    return [code for code in binding if code not in seen_to]
