"""How trainings read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.trainings.rules import Audience, Hint, TrainingForm
from app.trainings.rules.attendance import SignIn
from app.trainings.rules.completeness import Point
from app.trainings.rules.half_days import WeekState

AUDIENCES = {
    Audience.GUARDS: _l("保安、门卫"),
    Audience.CANTEEN: _l("食堂人员"),
    Audience.WARDENS: _l("宿舍管理人员"),
    Audience.TEACHERS: _l("教师"),
    Audience.NEW_STAFF: _l("新上岗人员"),
    Audience.PUPILS: _l("学生"),
    Audience.PARENTS: _l("家长"),
    Audience.ALL_STAFF: _l("全体教职工"),
    Audience.UNKNOWN: _l("对象不详"),
}
FORMS = {
    TrainingForm.LECTURE: _l("讲座"),
    TrainingForm.FILM: _l("观看影片"),
    TrainingForm.DEMONSTRATION: _l("现场演示"),
    TrainingForm.HANDS_ON: _l("动手操作"),
    TrainingForm.WATER_SHOW: _l("出水演示"),
    TrainingForm.STATION_VISIT: _l("参观消防站"),
    TrainingForm.CAMPAIGN: _l("宣传活动"),
    TrainingForm.QUIZ: _l("知识竞赛、测验"),
    TrainingForm.UNKNOWN: _l("形式不详"),
}
HINTS = {
    Hint.MORE_THAN_EXPECTED: _l("实到人数多于应到人数，请核对。"),
    Hint.NOBODY_CAME: _l("实到人数为 0，请核对。"),
}
POINTS = {
    Point.PLAN: _l("有计划"),
    Point.ATTENDANCE: _l("有签到"),
    Point.MATERIALS: _l("有教案"),
    Point.NOTES: _l("有记录"),
    Point.REFLECTIONS: _l("有心得"),
    Point.TIME: _l("时间落实"),
    Point.PEOPLE: _l("人员落实"),
    Point.CONTENT: _l("内容落实"),
    Point.RESULT: _l("效果落实"),
}
#: What to do about a point that is not met.
POINT_HINTS = {
    Point.PLAN: _l("培训开始前没有列入计划；下次请先列计划。"),
    Point.ATTENDANCE: _l("签到名单上的人数少于实到人数。"),
    Point.MATERIALS: _l("没有写教材和器材。"),
    Point.NOTES: _l("没有写过程记录。"),
    Point.REFLECTIONS: _l("没有写心得和改进。"),
    Point.TIME: _l("时间或学时不清楚。"),
    Point.PEOPLE: _l("没有写应到人数，或没有人到。"),
    Point.CONTENT: _l("没有写培训内容。"),
    Point.RESULT: _l("没有写效果，也没有测验成绩。"),
}
#: Points that can still be met by filling something in.
POINTS_TO_FILL_IN = {
    Point.MATERIALS: "materials",
    Point.NOTES: "notes",
    Point.REFLECTIONS: "reflections",
    Point.PEOPLE: "expected",
    Point.RESULT: "outcome",
}
SIGN_INS = {
    SignIn.NONE: _l("未开放签到"),
    SignIn.EARLY: _l("签到尚未开始"),
    SignIn.OPEN: _l("正在签到"),
    SignIn.OVER: _l("签到时间已过"),
    SignIn.CLOSED: _l("签到已关闭"),
}
SIGN_IN_LOOKS = {
    SignIn.NONE: "na",
    SignIn.EARLY: "info",
    SignIn.OPEN: "ok",
    SignIn.OVER: "na",
    SignIn.CLOSED: "na",
}
WEEKS = {
    WeekState.HELD: _l("已开展"),
    WeekState.TO_LOG: _l("待登记"),
    WeekState.LACKING: _l("未开展"),
    WeekState.PLANNED: _l("已安排"),
    WeekState.FREE: _l("未安排"),
    WeekState.OFF: _l("不计"),
}
#: What is owed each week is the brigade's own plan and no law: a week without is marked, never red.
WEEK_LOOKS = {
    WeekState.HELD: "ok",
    WeekState.TO_LOG: "warn",
    WeekState.LACKING: "warn",
    WeekState.PLANNED: "info",
    WeekState.FREE: "na",
    WeekState.OFF: "na",
}
WEEK_SIGNS = {
    WeekState.HELD: "✓",
    WeekState.TO_LOG: "◆",
    WeekState.LACKING: "—",
    WeekState.PLANNED: "○",
    WeekState.FREE: "·",
    WeekState.OFF: "",
}
