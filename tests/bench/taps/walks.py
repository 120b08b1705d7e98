"""The ways through the tablet that are counted, from its list of visits to the server's word that all has arrived."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.taps.robot import Robot

#: What is written on the rows in sight of the open area, in their order: the words of each, whether 重大 is among them,
#: whether it has an answer, and what else it asks for.
ROWS = """() => [...document.querySelectorAll('fieldset')]
  .filter((e) => !e.disabled && !e.closest('fieldset:disabled') && e.checkVisibility() && [...e.querySelectorAll(':scope > * > * > label')].some((one) => /^(✓ )?(合格|已改正)$/.test(one.innerText.trim())))
  .map((e) => ({
    text: e.innerText.replace(/\\s+/g, ' ').trim(),
    critical: /▲/.test(e.innerText),
    done: [...e.querySelectorAll(':scope > * > * > label input[type=radio]')].some((one) => one.checked),
  }))"""
REVIEW = (
    "() => [...document.querySelectorAll('h3')].some((e) => e.innerText === '当场宣读的问题' && e.checkVisibility())"
)
OPEN_AREA = "() => document.querySelector('nav [aria-current]')?.innerText || ''"


@dataclass(frozen=True)
class Plan:
    """What is found on the walk. `faults`: words of a row → words of the fault; `bulk`: 本区其余合格 is used where it may."""

    bulk: bool
    picture: Path
    faults: Mapping[str, str] = field(default_factory=dict)
    photos: Collection[str] = ()
    answer: str = "合格"


def _fault(robot: Robot, row: str, fault: str, picture: Path) -> None:
    robot.acts["fault"] += 1
    robot.tap("不合格", row)
    robot.tap(fault, row)
    robot.photo("近照", row, picture)


def _beginning(text: str) -> str:
    return text[:48]


def walk_area(robot: Robot, plan: Plan) -> None:
    """Through the open area from its first row to its last."""
    area, left = robot.page.evaluate(OPEN_AREA), False
    for row in robot.page.evaluate(ROWS):
        words = _beginning(row["text"])
        if row["done"]:
            continue
        robot.read()
        fault = next((plan.faults[key] for key in plan.faults if key in row["text"]), None)
        if fault is not None:
            _fault(robot, words, fault, plan.picture)
        elif plan.bulk and not row["critical"]:
            robot.reach(plan.answer, words)
            left = True
        else:
            robot.tap(plan.answer, words)
    if left:
        robot.tap("本区其余合格")
    if robot.page.evaluate(OPEN_AREA) == area and not robot.page.evaluate(REVIEW):
        robot.tap("下一区" if robot.look("下一区") else "去复核")


def walk(robot: Robot, plan: Plan) -> None:
    """Through all areas, to the review."""
    for _area in range(80):
        if robot.page.evaluate(REVIEW):
            return
        walk_area(robot, plan)
    raise AssertionError("the walk has no end")


def signed_and_sent(
    robot: Robot, hands: Collection[str] = ("检查人员（一）", "检查人员（二）", "被检查单位随同人员")
) -> None:
    """The signatures, one stroke each, and the server's word."""
    for name in hands:
        robot.sign(name)
    robot.tap("完成并发送")
    robot.wait(lambda: "已全部送达" in robot.page.inner_text("main"), "all has arrived", seconds=120)


def visit(robot: Robot, plan: Plan, school: str) -> dict[str, Any]:
    """The whole flow, from the list of visits."""
    robot.page.goto("/sync/")
    robot.page.locator("html[data-ready]").wait_for(state="attached")
    robot.wait(lambda: robot.look(school), "the visit is listed")
    robot.open(school)
    robot.page.locator("html[data-ready]").wait_for(state="attached")
    walk(robot, plan)
    signed_and_sent(robot)
    return robot.told()
