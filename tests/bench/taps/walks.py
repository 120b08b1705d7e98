"""The ways through the tablet that are counted, from its list of visits to the server's word that all has arrived."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.taps.robot import Robot

#: What is written on the rows of the open area, in their order (what is far out of sight is not drawn, and has no innerText): the words of each, whether 重大 is among them,
#: whether it has an answer, and what else it asks for: a figure with its limits, one of some words, a day.
ROWS = """() => {
  const words = (e) => (e?.innerText || e?.textContent || '').replace(/\\s+/g, ' ').trim();
  const own = (e, kind) => [...e.querySelectorAll(kind)].filter((one) => one.checkVisibility({checkVisibilityCSS: true}) && one.closest('fieldset[data-row]') === e);
  return [...document.querySelectorAll('fieldset[data-row]:not(:disabled)')].filter((e) => e.checkVisibility()).map((e) => {
    const answers = own(e, 'label').filter((one) => /^(✓ )?(合格|已改正)$/.test(words(one)));
    const figure = own(e, 'input[inputmode=decimal]')[0], day = own(e, 'input[type=date]')[0];
    const choice = own(e, 'fieldset label')[0];
    return {
      text: words(e), words: words(e).split(/ (?:合格|已改正) | ?(?:合格|已改正) ?(?:不合格|部分改正)/)[0], critical: words(e).includes('▲'),
      done: [...e.querySelectorAll('input[type=radio]')].some((one) => one.checked) || Boolean(figure?.value || day?.value),
      figure: figure ? words(figure.closest('div')) : '', day: Boolean(day), choice: choice && !answers.includes(choice) ? words(choice) : '',
    };
  });
}"""
REVIEW = "() => [...document.querySelectorAll('h3')].some((e) => /^(当场宣读的问题|复查结果)$/.test(e.innerText) && e.checkVisibility())"
#: After a finished area the page turns by itself, once the last answer is kept.
FOLLOWS_MS = 300
#: What the page says of a finished visit when the server has answered for it.
ARRIVED = re.compile("已签名送达|签名未齐|尚未通过")
OPEN_AREA = "() => document.querySelector('nav [aria-current] span')?.innerText || ''"


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


def _figure(limits: str) -> str:
    """A figure that is within what is written beside the field."""
    found = re.search(r"\d+(?:\.\d+)?", limits)
    return found[0] if found else "1"


def _answer(robot: Robot, plan: Plan, row: dict[str, Any]) -> None:
    """By figure, word or day where one is asked for, else by the plan's answer."""
    if row["figure"]:
        robot.write(row["words"], _figure(row["figure"]))
    elif row["choice"]:
        robot.tap(row["choice"], row["words"])
    elif row["day"]:
        robot.date(row["words"], "2026-11-01")
    else:
        robot.tap(plan.answer, row["words"])


def _extra_photo(robot: Robot, plan: Plan, row: dict[str, Any]) -> None:
    if any(code in row["text"] for code in plan.photos):
        if not robot.look("近照", row["words"]):
            robot.tap("补充照片和说明", row["words"])
        robot.photo("近照", row["words"], plan.picture)


def _one_by_one(robot: Robot, plan: Plan) -> None:
    """What does not pass in bulk: what people are asked, and what has an open finding."""
    for row in robot.page.evaluate(ROWS):
        if not row["done"]:
            _answer(robot, plan, row)
    robot.page.wait_for_timeout(FOLLOWS_MS)


def walk_area(robot: Robot, plan: Plan) -> None:
    """Through the open area from its first row to its last."""
    area, left = robot.page.evaluate(OPEN_AREA), False
    for row in robot.page.evaluate(ROWS):
        if row["done"]:
            continue
        robot.read()
        fault = next((plan.faults[key] for key in plan.faults if key in row["text"]), None)
        if fault is not None:
            _fault(robot, row["words"], fault, plan.picture)
            continue
        _extra_photo(robot, plan, row)
        if plan.bulk and not row["critical"] and not (row["figure"] or row["choice"] or row["day"]):
            robot.reach(plan.answer, row["words"])
            left = True
        else:
            _answer(robot, plan, row)
    robot.page.wait_for_timeout(FOLLOWS_MS)
    if left and robot.page.evaluate(OPEN_AREA) == area and robot.look("本区其余合格"):
        robot.tap("本区其余合格")
        robot.page.wait_for_timeout(FOLLOWS_MS)
    if left and robot.page.evaluate(OPEN_AREA) == area:
        _one_by_one(robot, plan)
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
    robot: Robot, hands: Sequence[str] = ("检查人员（一）", "检查人员（二）", "被检查单位随同人员")
) -> None:
    """The signatures, one stroke each, and the server's word."""
    robot.wait(lambda: robot.look("✍", hands[0]), "the review asks for signatures")
    for name in hands:
        robot.sign(name)
    robot.wait(lambda: "签名齐全" in robot.page.inner_text("main"), "all have signed", seconds=10)
    robot.tap("完成并发送")
    robot.wait(lambda: ARRIVED.search(robot.page.inner_text("main")), "all has arrived", seconds=60)


def visit(robot: Robot, plan: Plan, school: str, *, opened: Callable[[], None] = lambda: None) -> dict[str, Any]:
    """The whole flow, from the list of visits; `opened` is told when the visit is open."""
    robot.page.goto("/sync/")
    robot.page.locator("html[data-ready]").wait_for(state="attached")
    robot.wait(lambda: robot.look(school), "the visit is listed")
    robot.open(school)
    robot.page.locator("html[data-ready]").wait_for(state="attached")
    opened()
    walk(robot, plan)
    signed_and_sent(robot)
    return robot.told()
