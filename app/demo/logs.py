"""Drills and trainings that were logged, and the visits planned for this week."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from app.core import clock
from app.demo.district import District, SchoolRow
from app.demo.history import row_of
from app.demo.studio import Studio
from app.demo.writing import Writer
from app.drills.models import Drill, DrillKind
from app.fieldwork.models import Photo
from app.fieldwork.rules import TargetKind
from app.planning.models import DayPart, Visit, VisitState
from app.schools.models import SchoolKind
from app.trainings.models import Audience, Training, TrainingForm

#: Months in which schools work.
TERM = (3, 4, 5, 6, 9, 10, 11, 12)
_SCENARIOS = (
    "一层配电间起火，烟气进入东侧楼梯",
    "食堂厨房油锅起火",
    "二层教室电器短路起火",
    "宿舍充电器过热起火",
    "实验室酒精灯倾倒",
)
_PROBLEMS = ("", "", "", "东侧楼梯二层转角拥挤，须错开年级。", "个别班级清点报告较慢。", "广播在操场北侧听不清。")
_TOPICS = (
    (Audience.GUARDS, TrainingForm.HANDS_ON, "灭火器和室内消火栓实操，初起火灾处置程序"),
    (Audience.CANTEEN, TrainingForm.HANDS_ON, "油锅起火处置，燃气切断，灭火毯使用"),
    (Audience.TEACHERS, TrainingForm.LECTURE, "疏散引导职责，班级清点和报告"),
    (Audience.WARDENS, TrainingForm.DEMONSTRATION, "夜间宿舍疏散，安全出口管理，电器使用检查"),
    (Audience.PUPILS, TrainingForm.FILM, "报火警、低姿逃生、不玩火"),
    (Audience.ALL_STAFF, TrainingForm.QUIZ, "消防安全职责与本校预案"),
)


class Logbook:
    """Writes what schools logged."""

    def __init__(self, writer: Writer, studio: Studio, district: District, *, today: date, since: date) -> None:
        self.writer, self.studio, self.district, self.today, self.since = writer, studio, district, today, since

    @property
    def random(self) -> Random:
        """The district's chance."""
        return self.writer.random

    def write(self, row: SchoolRow) -> None:
        """A drill in most months of term, a training or two each term."""
        houses = self.writer.buildings.get(row.id, [])
        month = self.since
        while month <= self.today:
            if month.month in TERM:
                if self.random.random() < 0.78:
                    self._drill(row, month, houses)
                if self.random.random() < 0.3:
                    self._training(row, month)
            month = (month + timedelta(days=32)).replace(day=1)

    def _moment(self, month: date, hour: int) -> datetime | None:
        day = month.replace(day=self.random.randint(2, 27))
        if day.weekday() > 4:
            day -= timedelta(days=2)
        if day >= self.today:
            return None
        return datetime.combine(day, time(hour, self.random.choice((0, 10, 20, 30))), clock.ZONE).astimezone(UTC)

    def _drill(self, row: SchoolRow, month: date, houses: list[Any]) -> None:
        held = self._moment(month, self.random.choice((10, 15)))
        if held is None:
            return
        heads = row.plan.pupils + row.plan.staff
        present = heads - self.random.randint(0, heads // 25)
        first = self.random.randint(9, 28)
        last = first + 50 + int(present**0.5 * self.random.uniform(2.5, 4.6))
        night = bool(row.plan.boarders) and self.random.random() < 0.15
        drill = self.writer.add(
            Drill,
            school_id=row.id,
            building_id=self.random.choice(houses) if houses else None,
            kind=DrillKind.NIGHT
            if night
            else self.random.choices((DrillKind.EVACUATION, DrillKind.EXTINGUISHER, DrillKind.EARTHQUAKE), (8, 1, 1))[
                0
            ],
            held_at=held,
            led_by=row.values["responsible_person"],
            scenario=self.random.choice(_SCENARIOS),
            weather=self.random.choice(("晴", "多云", "阴", "小雪")),
            first_out_s=first,
            last_out_s=last,
            counted_s=last + self.random.randint(30, 100),
            expected=heads,
            present=present,
            accounted=present,
            observers=self.random.choice(("", "", "示范区河谷消防救援站 2 人")),
            problems=self.random.choice(_PROBLEMS),
            logged_at=held + timedelta(hours=2),
            logged_by_id=row.officer_id,
        )
        if self.random.random() < 0.4:
            self._photo("drill", TargetKind.DRILL, drill, held, row)

    def _training(self, row: SchoolRow, month: date) -> None:
        held = self._moment(month, self.random.choice((9, 14)))
        if held is None:
            return
        audience, form, topics = self.random.choice(_TOPICS)
        if audience is Audience.WARDENS and not row.plan.boarders:
            return
        if audience is Audience.PUPILS and row.plan.name.kind is SchoolKind.KINDERGARTEN:
            return
        people = {
            Audience.PUPILS: row.plan.pupils,
            Audience.TEACHERS: row.plan.staff,
            Audience.ALL_STAFF: row.plan.staff,
        }
        expected = people.get(audience, self.random.randint(3, 9))
        training = self.writer.add(
            Training,
            school_id=row.id,
            audience=audience,
            form=form,
            held_at=held,
            hours=Decimal(self.random.choice(("1", "1.5", "2"))),
            expected=expected,
            attended=max(1, expected - self.random.randint(0, max(1, expected // 12))),
            topics=topics,
            trainer=self.random.choice(("示范区河谷消防救援站", "示范区消防救援大队", row.officer_name)),
            materials=self.random.choice(("", "课件、灭火器 4 具", "宣传册 100 份")),
            outcome=self.random.choice(("全员实操合格", "现场提问正确率 90% 以上", "")),
            logged_at=held + timedelta(hours=3),
            logged_by_id=row.officer_id,
        )
        if self.random.random() < 0.5:
            self._photo("training", TargetKind.TRAINING, training, held, row)

    def _photo(self, scene: str, kind: TargetKind, target_id: Any, at: datetime, row: SchoolRow) -> None:
        photo = self.studio.photo(
            scene, self.studio.variant(), good=True, kind=kind, target_id=target_id, at=at, by_id=row.officer_id
        )
        self.writer.add_plain(Photo, **row_of(photo))

    def plan_this_week(self) -> None:
        """Six visits of the demo's two inspectors: two for today, the others on the days that follow."""
        first, second = self.district.people["inspector"], self.district.people["inspector2"]
        made = clock.start_of(self.today - timedelta(days=4)) + timedelta(hours=1)
        for number, row in enumerate(self.random.sample(self.district.schools, min(6, len(self.district.schools)))):
            day = self.today + timedelta(days=max(0, number - 1))
            while day.weekday() > 4 and day != self.today:
                day += timedelta(days=1)
            purpose = ("日常监督抽查", "寄宿制学校专项检查", "复查", "开学前检查")[number % 4]
            self.writer.add(
                Visit, school_id=row.id, brigade_id=self.district.brigade_id, planned_on=day, purpose=purpose,
                lead_id=first if number % 2 == 0 else second, second_id=second if number % 2 == 0 else first, state=VisitState.PLANNED,
                part=DayPart.MORNING if number % 2 == 0 else DayPart.AFTERNOON,
                made_at=made, made_by_id=self.district.people["leader"],
            )  # fmt: skip
