"""The ways that are counted, each on a visit and a tablet of its own."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from app.core.extensions import db
from app.equipment.models import Equipment, EquipmentKind
from app.equipment.service import labels
from app.inspections.models import Inspection, InspectionKind, InspectionState
from app.inspections.service import starting
from app.regulations import queries as regulations
from app.schools.models import School
from tests.bench.taps import forty, walks
from tests.bench.taps.ground import Ground, take_along
from tests.bench.taps.robot import Robot
from tests.cast import Cast
from tests.factories import drills, grounds, rectification
from tests.factories.inspections import draft
from tests.portal.steps import sent_by_link

PIECES = 60
BARE = (
    "<!doctype html><meta name=viewport content='width=device-width'><style>label{display:block;width:9em;padding:1em;border:2px solid}"
    "label:has(:checked){background:green}</style>" + "<label><input type=checkbox> x</label>" * 10
)
#: What scanning needs is loaded when the first code comes.
SCANNER = re.compile(r"scanning|camera|zxing")


def scripts(page: Page) -> dict[str, int]:
    """Bytes of each script that the open page has loaded, packed one by one; scanning apart."""
    listed = (
        "performance.getEntriesByType('resource').map((one) => one.name).filter((name) => /\\.js(\\?|$)/.test(name))"
    )
    urls = [url for url in sorted(set(page.evaluate(listed))) if not SCANNER.search(url)]
    return {url: len(gzip.compress(page.request.get(url).body(), 6, mtime=0)) for url in urls}


def _wait_for(robot: Robot, label: str) -> None:
    """Until the scanned piece lies open before the officer."""

    def open_() -> bool:
        found = robot.look("合格", label)
        return bool(found and found["inside"] and found["free"])

    robot.wait(open_, f"{label} opens")


class Ways:
    """The ways one after the other, each on a visit and a tablet of its own."""

    def __init__(self, ground: Ground, cast: Cast, browser: Browser, picture: Path) -> None:
        self.ground, self.cast, self.browser, self.picture = ground, cast, browser, picture
        self.robots: list[Robot] = []
        self.script_bytes: dict[str, int] = {}
        self.with_review = 0

    def _robot(self, page: Page) -> Robot:
        self.robots.append(Robot(page))
        return self.robots[-1]

    def _cookies(self) -> tuple[str, str]:
        people = self.cast.people
        return self.ground.cookie(people["ines"]), self.ground.cookie(people["ivo"])

    def _weigh(self, page: Page) -> None:
        """What the filling page has loaded of script; once."""
        self.script_bytes = self.script_bytes or scripts(page)

    def bare(self) -> list[float]:
        """Milliseconds from tap to paint of ten boxes on a page that has nothing else, slowed as much: less is not to be had here."""
        with self.ground.tab(self.browser) as page:
            robot = Robot(page)
            page.route("**/bare", lambda route: route.fulfill(content_type="text/html", body=BARE))
            page.goto("/bare")
            for box in page.locator("label").all():
                box.tap()
                page.wait_for_timeout(robot.pace_ms)
            robot.gather()
            return robot.paints

    def _visit(self, key: str, plan: walks.Plan) -> dict[str, Any]:
        with self.ground.app.app_context():
            school, (ines, ivo) = self.cast.school.name, self._cookies()
            db.session.remove()
        with self.ground.tab(self.browser, ines, before=ivo) as page:
            robot = self._robot(page)
            take_along(page)
            told = walks.visit(robot, plan, school, opened=lambda: self._weigh(page))
            self.with_review = self.with_review or sum(scripts(page).values())
        with self.ground.app.app_context():
            row = db.session.execute(
                sa.select(Inspection).where(Inspection.state == InspectionState.SIGNED, Inspection.id == uuid.UUID(key))
            ).first()
            db.session.remove()
        return told | {"signed": row is not None}

    def forty(self, *, bulk: bool, faulty: Sequence[str] = forty.FAULTY) -> dict[str, Any]:
        """The forty items."""
        with self.ground.app.app_context():
            key = forty.visit(self.cast)
            db.session.remove()
        questions = forty.questions()
        faults = {code: questions[code].first_fault for code in faulty}
        return self._visit(key, walks.Plan(bulk=bulk, picture=self.picture, faults=faults))

    def recheck(self) -> dict[str, Any]:
        """Three findings found again, each with a photo of how it is now."""
        with self.ground.app.app_context():
            names = ("三楼疏散门上锁", "东楼梯堆放杂物", "厨房缺灭火毯")
            found = [
                rectification.finding(self.cast, item_code=f"EXI-0{n}", text=text).id
                for n, text in enumerate(names, start=1)
            ]
            row = starting.start(
                self.cast.viewer("ines"), school=self.cast.school, kind=InspectionKind.RECHECK, findings=found,
                second_id=self.cast.people["ivo"], accompanying="索南", accompanying_post="安全干事",
            )  # fmt: skip
            key = str(row.id)
            db.session.commit()
            db.session.remove()
        return self._visit(key, walks.Plan(bulk=False, picture=self.picture, photos=names, answer="已改正"))

    def round(self) -> dict[str, Any]:
        """Every extinguisher of a school, scanned and good."""
        with self.ground.app.app_context():
            school = self.cast.ottos_school_id
            house = grounds.building(school)
            for n in range(PIECES):
                grounds.piece(school, EquipmentKind.EXTINGUISHER, label=f"MF-{n:04d}", building_id=house.id, position=n)
            db.session.flush()
            ids = list(db.session.scalars(sa.select(Equipment.id).where(Equipment.school_id == school)))
            labels.give_codes(self.cast.viewer("lea"), ids)
            draft(self.cast, school_id=school, pack_version_id=regulations.current_checklist().version_id)
            pieces = db.session.execute(
                sa.select(Equipment.label, Equipment.tag_code).where(Equipment.school_id == school)
            ).all()
            name = db.session.get_one(School, school).name
            ines = self.ground.cookie(self.cast.people["ines"])
        with self.ground.tab(self.browser, ines) as page:
            robot = self._robot(page)
            take_along(page)
            robot.open(name)
            page.locator("html[data-ready]").wait_for(state="attached")
            before = robot.taps
            for label, code in pieces:
                robot.scan(code or "")
                _wait_for(robot, label)
                robot.read()
                robot.tap("合格", label)
            told = robot.told()
            return told | {"taps": robot.taps - before, "flicks": told["flicks"]}

    def drill(self) -> dict[str, Any]:
        """An evacuation drill with a photo, logged by the school's safety officer."""
        with self.ground.app.app_context():
            house = drills.building(self.cast)
            name, cookie = house.name, self.ground.cookie(self.cast.people["sonam"])
        with self.ground.tab(self.browser, cookie) as page:
            robot = self._robot(page)
            page.goto("/sync/")
            page.locator("html[data-ready]").wait_for(state="attached")
            robot.wait(lambda: page.get_by_role("link", name="登记演练").count(), "the school is listed")
            robot.open("登记演练")
            page.locator("html[data-ready]").wait_for(state="attached")
            robot.choose(page.get_by_label("演练类型"), "应急疏散演练")
            robot.choose(page.get_by_label("演练建筑"), name)
            robot.pick(page.get_by_label("发出信号的时间"), "00:01")
            for field, text in (
                ("第一人离开", "0:22"),
                ("最后一人离开", "1:54"),
                ("集合点清点到", "599"),
            ):
                robot.type(page.get_by_label(field), text)
            with page.expect_file_chooser() as asked:
                page.get_by_label("照片").tap()
            asked.value.set_files(self.picture)
            robot.acts.update({"tap": 1, "camera": 1})
            robot.camera_taps += 2
            page.locator("[data-photos] li").wait_for()
            robot.tap("完成，交给系统发送")
            robot.wait(lambda: "已登记" in page.inner_text("main"), "it has arrived")
            return robot.told()

    def evidence(self) -> dict[str, Any]:
        """A school opens its link on a phone, confirms, and sends a photo of one mended fault."""
        with self.ground.app.app_context():
            _order, path = sent_by_link(self.cast, count=1)
            db.session.remove()
        with self.ground.tab(self.browser, size="phone") as page:
            robot = self._robot(page)
            page.goto(path)
            robot.type(page.get_by_label("签收人姓名"), "白玛")
            robot.tap("确认收到")
            robot.wait(lambda: "已确认收到。" in page.inner_text("main"), "it is confirmed")
            robot.open("怎么改、报送整改")
            with page.expect_file_chooser() as asked:
                page.get_by_label("整改照片").tap()
            asked.value.set_files(self.picture)
            robot.acts.update({"tap": 1, "camera": 1})
            robot.camera_taps += 2
            robot.type(page.get_by_label("整改情况"), "已换锁")
            robot.type(page.get_by_label("您的姓名").first, "索南")
            robot.tap("提交整改照片")
            robot.wait(lambda: "已报送。" in page.inner_text("main"), "it has arrived")
            return robot.told()

    def all(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """Each way by its name."""
        return {
            "forty, three faults, bulk": lambda: self.forty(bulk=True),
            "forty, three faults, each tapped": lambda: self.forty(bulk=False),
            "forty, no faults, bulk": lambda: self.forty(bulk=True, faulty=()),
            "re-check of three": self.recheck,
            "sixty extinguishers by scan": self.round,
            "drill log": self.drill,
            "evidence by link": self.evidence,
        }
