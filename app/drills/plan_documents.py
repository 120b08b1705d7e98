"""Two papers of a school before a drill: the plan with roles and classes, and the announcement. Never names of pupils."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from app.documents.kinds import DocumentKind, Letterhead, TextPiece, declare


@dataclass(frozen=True, kw_only=True)
class PlannedClass:
    """One class on a plan."""

    name: str
    expected: int
    teacher: str = ""


@dataclass(frozen=True, kw_only=True)
class PlannedPost:
    """One post or place, and who is there."""

    post: str
    who: str = ""


@dataclass(frozen=True, kw_only=True)
class DrillPlanPaper:
    """Everything the plan and the announcement print. Times as minutes and seconds."""

    school: str
    school_bo: str = ""
    kind: str
    building: str
    floors: int | None = None
    planned_at: datetime
    is_announced: bool = True
    signal: str = ""
    assembly_point: str = ""
    goal: str = ""
    scenario: str = ""
    posts: tuple[PlannedPost, ...] = ()
    guides: tuple[PlannedPost, ...] = ()
    classes: tuple[PlannedClass, ...] = ()
    heads: int = 0
    estimate: str = ""
    estimate_blocked: str = ""
    stairs: int = 0
    notes: str = ""
    written_by: str = ""
    approved: str = ""
    issued_on: date

    @classmethod
    def sample(cls, language: str) -> DrillPlanPaper:
        """The plan of the invented school."""
        english = language == "en"
        names = ("Command", "Deputy", "Rescue", "Medical", "Communication", "Cordon")
        posts = names if english else ("总指挥", "副总指挥", "抢救组", "医疗救护组", "通讯联络组", "保障警戒组")
        people = ("Pema", "Dawa", "Tsering, Nyima", "Lhamo", "Sonam", "Guards") if english else (
            "白玛（校长）", "达瓦（副校长）", "次仁、尼玛", "拉姆（校医）", "索南", "门卫两人",
        )  # fmt: skip
        guides = (
            (("East stair, 2nd floor turn", "Dekyi"), ("West stair, ground floor", "Norbu"))
            if english
            else (("东侧楼梯二层转角", "德吉"), ("西侧楼梯一层出口", "罗布"))
        )
        return cls(
            school="Shifan District River Valley Boarding Primary School" if english else "示范区河谷寄宿制小学",
            school_bo="" if english else "དཔེ་སྟོན་ཁུལ་ཆུ་གཞུང་སློབ་ཆུང་།",
            kind="Evacuation drill" if english else "应急疏散演练",
            building="Teaching building 1" if english else "1 号教学楼",
            floors=3,
            planned_at=datetime.fromisoformat("2026-11-25T10:20:00+08:00"),
            signal="Three long rings, then the loudspeaker" if english else "电铃三长声，随后广播",
            assembly_point="North side of the playground" if english else "操场北侧",
            goal="2:00",
            scenario="Smoke in the east stair of the second floor" if english else "二层东侧楼梯间起烟",
            posts=tuple(PlannedPost(post=post, who=who) for post, who in zip(posts, people, strict=True)),
            guides=tuple(PlannedPost(post=place, who=who) for place, who in guides),
            classes=tuple(
                PlannedClass(
                    name=f"Grade {grade} class {number}" if english else f"{'一二三四五六'[grade - 1]}年级{number}班",
                    expected=40 + grade,
                    teacher="Tashi" if english else "扎西",
                )
                for grade in range(1, 7)
                for number in (1, 2)
            ),
            heads=522,
            estimate="3:32",
            estimate_blocked="7:03",
            stairs=2,
            written_by="Sonam" if english else "索南",
            approved="Agreed on 23 November 2026" if english else "2026年11月23日经大队同意",
            issued_on=date(2026, 11, 23),
        )


PLAN = declare(
    DocumentKind(
        code="drill_plan",
        title=_l("应急疏散演练方案"),
        template="documents/drill_plan.html",
        context=DrillPlanPaper,
        numbering="校演方〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("本方案学校存档一份，各组负责人各执一份。"),
    )
)
NOTICE = declare(
    DocumentKind(
        code="drill_notice",
        title=_l("演练通知"),
        template="documents/drill_notice.html",
        context=DrillPlanPaper,
        numbering="校演通〔{year}〕第{serial:04d}号",
        letterhead=Letterhead.SCHOOL,
        copies=_l("张贴于各教学楼门厅，并告知周边单位和家长，以免误会。"),
        texts=(
            TextPiece(
                name="opening",
                label=_l("通知正文"),
                default=_l(
                    "为检验应急疏散预案，提高师生自救能力，我校将组织演练。演练期间听到信号后，请全体师生停止手中活动，在教师带领下沿规定路线有序撤到集合点，不跑、不推、不弯腰拾物、不返回。"
                ),
            ),
        ),
    )
)
