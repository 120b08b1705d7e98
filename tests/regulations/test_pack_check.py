"""`packs check` says in sentences, with item and line, what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.regulations.pack_check import problems_of
from tests.regulations.conftest import SHIPPED

pytestmark = pytest.mark.one_database

TINY = Path(__file__).parent / "packs" / "gb" / "gb-tiny" / "v1.yaml"


def spoilt(tmp_path: Path, old: str, new: str) -> Path:
    text = TINY.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "v1.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_a_sound_pack_has_no_problems() -> None:
    assert problems_of(TINY) == []


@pytest.mark.parametrize(
    ("old", "new", "at", "subject", "words"),
    [
        (
            "evidence: knowledge}",
            "evidence: hearsay}",
            "hearsay",
            "EX-01",
            "只能是：found、knowledge、unsure、proposal",
        ),
        ("{depth_gt_m: 10}", "{deepness: 10}", "deepness", "LI-01", "没有在 facts 中定义"),
        ("{depth_gt_m: 10}", "{depth_gt_m: deep}", "deep}", "LI-01", "要写数字"),
        ("{when: {}, min: 60}", "{when: {}, least: 60}", "least", "LI-01", "不认识的键：least"),
        ("- code: LI-01", "- code: EX-01", "- code: EX-01", "EX-01", "编号 EX-01 重复"),
        ("of: [extinguisher]\n", "of: [hose]\n", "of: [hose]", "EX-01", "“hose”不是 equipment 中的种类"),
        ("    measure: {zh: 送修, en: Have it serviced}\n", "", "- key: low", "EX-01", "缺少整改措施"),
        ("days: 28, kind: calendar, source: law", "days: 28, kind: calendar", "days: 28", "EX-01", "没有注明来源"),
        ("  deadline: {days: 28, kind: calendar, source: law}\n", "", "- code: EX-01", "EX-01", "必须有期限"),
        ("days: 28", "days: 0", "days: 0", "EX-01", "不能是 0 天"),
        ("violation: RRO-17\n", "violation: RRO-99\n", "RRO-99", "EX-01", "没有在 violations 中定义"),
        ("applies_to: all", "applies_to: sometimes", "sometimes", "EX-01", "不符合规定格式"),
        ("applies_to: all", "applies_to: if:sauna", "sauna", "EX-01", "没有在 flags 中定义"),
        ("tier: full", "tier: huge", "huge", "LI-01", "只能是：core、full"),
        ("    type: number\n    unit: min\n", "    type: number\n", "type: number", "LI-01", "没有写单位"),
        ("fail: major", "fail: critical", "extinguisher: {", "extinguisher", "重大项，必须单独检查"),
        ("look: [EX-01]", "look: [EX-01, EX-77]", "EX-77", "extinguisher", "没有编号为 EX-77"),
        ("  zh: 压力正常\n", "  zh: 压力正常\n  zh: 压力\n", "zh: 压力", "", "写了两次"),
        ("  zh: 压力正常\n", "  zh: 压力正常\n  off: x\n", "off: x", "", "请加引号"),
        ("valid_from: '2026-01-01'", "valid_from: '2026-02-30'", "2026-02-30", "valid_from", "不是有效日期"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    app: Flask, tmp_path: Path, old: str, new: str, at: str, subject: str, words: str
) -> None:
    path = spoilt(tmp_path, old, new)
    lines = path.read_text("utf-8").splitlines()
    problems = problems_of(path)
    said = [(lines[(p.line or 1) - 1], p.subject) for p in problems if words in p.sentence]
    assert len(said) == 1, [str(p) for p in problems]
    assert at in said[0][0]
    assert said[0][1] == subject


def test_what_is_no_yaml_is_said_with_its_line(app: Flask, tmp_path: Path) -> None:
    (problem,) = problems_of(spoilt(tmp_path, "title: {zh", "title: {{zh"))
    assert "YAML 写法有误" in str(problem)


def test_a_file_that_is_not_there_is_one_sentence(app: Flask, tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "v9")
    assert "找不到" in problem.sentence


def test_the_command_ends_with_2_and_one_line_per_problem(app: Flask, tmp_path: Path) -> None:
    runner = app.test_cli_runner()
    bad = runner.invoke(args=["packs", "check", str(spoilt(tmp_path, "days: 28", "days: 0"))])
    assert bad.exit_code == 2
    assert bad.stderr.strip() == "v1.yaml:34: EX-01: 责令改正的期限不能是 0 天。"
    good = runner.invoke(args=["packs", "check", str(SHIPPED)])
    assert good.exit_code == 0
    assert good.stdout.startswith("cn-school/1: 204 items")
