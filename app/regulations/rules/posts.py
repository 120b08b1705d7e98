"""The posts of a school: at which schools there are such, what they do, which rules and items they see to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.regulations.rules.citations import may_print
from app.regulations.rules.items import Clause, Evidence, Text, clause_from, text_from


@dataclass(frozen=True, slots=True)
class PostDuty:
    """One thing a post does, with the clauses it rests on and how sure they are."""

    text: Text
    basis: tuple[Clause, ...]

    @property
    def law(self) -> tuple[Clause, ...]:
        """The clauses whose text was seen."""
        return tuple(clause for clause in self.basis if may_print(clause))

    @property
    def to_verify(self) -> tuple[Clause, ...]:
        """The clauses that only inform until the office has verified them."""
        return tuple(clause for clause in self.basis if not may_print(clause))

    @property
    def only_advises(self) -> bool:
        """Whether every clause is unsure or a proposal."""
        return all(clause.evidence in (Evidence.UNSURE, Evidence.PROPOSAL) for clause in self.basis)


@dataclass(frozen=True, slots=True)
class Post:
    """One post. `audience` are the words of the duty rules; `rules`, `items` and `categories` are the pack's."""

    code: str
    name: Text
    who: Text
    audience: tuple[str, ...]
    duties: tuple[PostDuty, ...]
    rules: tuple[str, ...]
    items: frozenset[str]
    categories: frozenset[str]
    fire: tuple[Text, ...]

    def is_at(self, traits: Collection[str]) -> bool:
        """Whether a school with these types, flags and facilities has this post."""
        return "all" in self.audience or bool(set(self.audience) & set(traits))

    def sees_to(self, item_code: str, category: str) -> bool:
        """Whether a fault of this item is this post's."""
        return item_code in self.items or category in self.categories


def post_from(content: Mapping[str, Any]) -> Post:
    """A post of file content that fits the schema."""
    return Post(
        code=content["code"],
        name=text_from(content),
        who=text_from(content["who"]),
        audience=tuple(content["for"]),
        duties=tuple(
            PostDuty(text_from(duty), tuple(clause_from(clause) for clause in duty["basis"]))
            for duty in content["duties"]
        ),
        rules=tuple(content["rules"]),
        items=frozenset(content["items"]),
        categories=frozenset(content["categories"]),
        fire=tuple(text_from(step) for step in content["fire"]),
    )


def posts_from(contents: Sequence[Mapping[str, Any]]) -> tuple[Post, ...]:
    """Posts from plain data, in its order."""
    return tuple(post_from(content) for content in contents)
