"""The posts of a school: whole, consistent with the pack, in both languages, every duty rule in somebody's hands."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

import pytest

from app.regulations import post_files
from app.regulations.rules.checklist import Checklist
from app.regulations.rules.posts import posts_from

pytestmark = pytest.mark.one_database
CONTENTS = post_files.read()


def test_the_shipped_posts_have_no_problem(checklist: Checklist) -> None:
    assert post_files.problems_of(CONTENTS, checklist) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"duties": []}, "responsible"),
        ({"who": {"zh": "只有中文"}}, "'en' is a required property"),
        ({"rules": ["no_such_rule"]}, "unknown rule no_such_rule"),
        ({"rules": []}, ""),
        ({"items": ["MGT-99"]}, "unknown item MGT-99"),
        ({"categories": ["nothing"]}, "unknown category nothing"),
        ({"for": ["nobody"]}, "nobody is meant by nobody"),
        ({"code": "guard"}, "guard twice"),
    ],
)
def test_a_spoilt_post_is_named(checklist: Checklist, change: dict[str, Any], said: str) -> None:
    contents = deepcopy(CONTENTS)
    contents[0].update(change)
    problems = post_files.problems_of(contents, checklist)
    assert any(said in problem for problem in problems) if said else problems == []


@pytest.mark.parametrize(
    "clause", [{"ref": "消防法第九百条", "evidence": "found"}, {"ref": "公安部令第61号第三十九条", "evidence": "found"}]
)
def test_only_what_the_pack_has_seen_stands_as_law(checklist: Checklist, clause: dict[str, str]) -> None:
    contents = deepcopy(CONTENTS)
    contents[0]["duties"][0]["basis"] = [clause]
    assert any("is not found in the pack" in problem for problem in post_files.problems_of(contents, checklist))


def test_a_rule_that_nobody_sees_to_is_named(checklist: Checklist) -> None:
    contents = [post for post in deepcopy(CONTENTS) if post["code"] != "canteen"]
    assert "no post sees to kitchen_duct" in post_files.problems_of(contents, checklist)


def test_english_holds_no_chinese_and_chinese_no_english() -> None:
    for post in posts_from(CONTENTS):
        texts = [post.name, post.who, *(duty.text for duty in post.duties), *post.fire]
        assert [text.en for text in texts if re.search(r"[\u4e00-\u9fff]", text.en)] == []
        assert [text.zh for text in texts if not re.search(r"[\u4e00-\u9fff]", text.zh)] == []


def test_posts_are_where_what_they_look_after_is() -> None:
    posts = {post.code: post for post in posts_from(CONTENTS)}
    assert posts["guard"].is_at(set())
    assert [posts["warden"].is_at({"boarding"}), posts["warden"].is_at({"primary"})] == [True, False]
    assert posts["canteen"].sees_to("KIT-03", "kitchen")
    assert not posts["canteen"].sees_to("DOR-06", "dormitory")
