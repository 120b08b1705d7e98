"""How trainings read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.trainings.rules import Audience, Hint, TrainingForm

AUDIENCES = {
    Audience.GUARDS: _l("保安、门卫"),
    Audience.CANTEEN: _l("食堂人员"),
    Audience.WARDENS: _l("宿舍管理人员"),
    Audience.TEACHERS: _l("教师"),
    Audience.NEW_STAFF: _l("新上岗人员"),
    Audience.PUPILS: _l("学生"),
    Audience.PARENTS: _l("家长"),
    Audience.ALL_STAFF: _l("全体教职工"),
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
}
HINTS = {
    Hint.MORE_THAN_EXPECTED: _l("实到人数多于应到人数，请核对。"),
    Hint.NOBODY_CAME: _l("实到人数为 0，请核对。"),
}
