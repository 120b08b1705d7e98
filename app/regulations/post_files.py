"""Posts as files: read those of a pack, and say what is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from app.regulations.rules.checklist import Checklist
from app.regulations.rules.posts import Post, posts_from

POSTS = Path(__file__).parent / "posts"
#: The pack whose posts are read where none is named.
DEFAULT = "cn-school"


def read(code: str = DEFAULT) -> list[dict[str, Any]]:
    """The posts of a pack as plain data, files in the order of their names."""
    parts = (yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader) for file in sorted((POSTS / code).glob("*.yaml")))
    return [post for part in parts for post in part["posts"]]


@cache
def all_posts(code: str = DEFAULT) -> tuple[Post, ...]:
    """Every post of a pack, read once in a process."""
    return posts_from(read(code))


def problems_of(contents: Sequence[Mapping[str, Any]], checklist: Checklist) -> list[str]:
    """Everything that is wrong with posts, a line each: shape, words the pack does not know, clauses it marks otherwise."""
    schema = json.loads((POSTS / "schema.json").read_text(encoding="utf-8"))
    errors = [
        f"{contents[error.absolute_path[0]].get('code')}: {list(error.absolute_path)[1:]}: {error.message}"
        for error in Draft202012Validator(schema["$defs"]["posts"] | {"$defs": schema["$defs"]}).iter_errors(contents)
    ]
    return errors or [*_meaning(contents, checklist)]


def _marks(checklist: Checklist) -> dict[str, set[str]]:
    """How sure the pack is of each clause, wherever it names it."""
    found: dict[str, set[str]] = {}
    for item in checklist.items:
        for clause in item.basis:
            found.setdefault(clause.ref, set()).add(clause.evidence.value)
    for violation in checklist.violations.values():
        if violation.clause:
            found.setdefault(violation.clause.ref, set()).add(violation.clause.evidence.value)
    for duty in checklist.content.get("duties", ()):
        for clause in duty["basis"]:
            found.setdefault(clause["ref"], set()).add(clause["evidence"])
    return found


def _meaning(contents: Sequence[Mapping[str, Any]], checklist: Checklist) -> Iterator[str]:
    marks = _marks(checklist)
    rules = {duty["code"] for duty in checklist.content.get("duties", ())}
    categories = {item.category for item in checklist.items}
    for post in contents:
        code = post["code"]
        yield from (f"{code}: unknown rule {rule}" for rule in post["rules"] if rule not in rules)
        yield from (f"{code}: unknown item {item}" for item in post["items"] if item not in checklist.by_code)
        yield from (f"{code}: unknown category {one}" for one in post["categories"] if one not in categories)
        yield from (
            f"{code}: nobody is meant by {word}" for word in post["for"] if checklist.audience_words(word, "zh") == word
        )
        for clause in (clause for duty in post["duties"] for clause in duty["basis"]):
            known = marks.get(clause["ref"], {"knowledge", "unsure", "proposal"})
            if clause["evidence"] not in known:
                yield f"{code}: {clause['ref']} is not {clause['evidence']} in the pack"
    held = {rule for post in contents for rule in post["rules"]}
    yield from (f"no post sees to {rule}" for rule in sorted(rules - held))
    counts = Counter(post["code"] for post in contents)
    yield from (f"{code} twice" for code, number in counts.items() if number > 1)
