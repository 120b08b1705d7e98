"""What a plan's typed lines say, and what a plan still lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.drills.rules import evaluation, plans
from app.drills.rules.plans import Lack, LineProblem, UnreadableLines


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("一年级1班，45，扎西", [("一年级1班", 45, "扎西")]),
        ("一年级1班\t45\t扎西\n\n一年级2班\t４４人", [("一年级1班", 45, "扎西"), ("一年级2班", 44, "")]),
        ("Grade 1 class 2  41  Tashi", [("Grade 1 class 2", 41, "Tashi")]),
        ("一年级1班 45", [("一年级1班", 45, "")]),
        ("", []),
    ],
)
def test_classes_are_read_as_people_paste_them(typed: str, read: list[tuple[str, int, str]]) -> None:
    assert [(one.name, one.expected, one.teacher) for one in plans.classes_from(typed)] == read


@pytest.mark.parametrize(
    ("typed", "line", "problem"),
    [
        ("一年级1班", 1, LineProblem.NO_NUMBER),
        ("一班，40\n二班，许多", 2, LineProblem.NO_NUMBER),
        ("一班，2001", 1, LineProblem.TOO_MANY_HEADS),
        ("一班，40\n一班，41", 2, LineProblem.NAMED_TWICE),
        ("长" * 41 + "，40", 1, LineProblem.TOO_LONG),
        ("\n".join(f"{n}班，40" for n in range(201)), 201, LineProblem.TOO_MANY_LINES),
    ],
)
def test_a_line_that_cannot_be_read_is_named(typed: str, line: int, problem: LineProblem) -> None:
    with pytest.raises(UnreadableLines) as refused:
        plans.classes_from(typed)
    assert (refused.value.line, refused.value.problem) == (line, problem)


def test_guides_are_a_place_and_whoever_stands_there() -> None:
    found = plans.guides_from("东侧楼梯二层转角：德吉、罗布\n西侧楼梯")
    assert [(one.key, one.place, one.person) for one in found] == [
        ("s1", "东侧楼梯二层转角", "德吉、罗布"),
        ("s2", "西侧楼梯", ""),
    ]


_NAME = st.text(st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=20)


@given(st.lists(st.tuples(_NAME, st.integers(0, 2000), st.sampled_from(["", "扎西"])), unique_by=lambda row: row[0]))
def test_classes_written_out_are_read_back(rows: list[tuple[str, int, str]]) -> None:
    lines = tuple(
        plans.ClassLine(key=f"c{n}", name=name, expected=heads, teacher=teacher)
        for n, (name, heads, teacher) in enumerate(rows, start=1)
    )
    assert plans.classes_from(plans.classes_text(lines)) == lines


def test_a_plan_says_what_it_lacks() -> None:
    empty = plans.lacks(posts={}, classes=[], guides=[], signal="", assembly_point="")
    assert empty == [Lack.SIGNAL, Lack.ASSEMBLY, Lack.COMMAND, Lack.GUIDES, Lack.CLASSES]
    whole = plans.lacks(posts={"command": "白玛"}, classes=[1], guides=[1], signal="电铃", assembly_point="操场")
    assert whole == []


def test_each_drill_is_compared_with_the_last_one_that_has_a_time() -> None:
    steps = evaluation.trend([140, None, 126, 114])
    assert [(one.last_out_s, one.change_s) for one in steps] == [(140, None), (None, None), (126, -14), (114, -12)]
