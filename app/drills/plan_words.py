"""How plans, live drills and their judging read in the reader's language."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.drills.rules.evaluation import Grade, Point
from app.drills.rules.plans import Lack, LineProblem, PlanState, Post

STATES = {
    PlanState.DRAFT: _l("编制中"),
    PlanState.SUBMITTED: _l("待大队审核"),
    PlanState.RETURNED: _l("已退回"),
    PlanState.READY: _l("可以开始"),
    PlanState.WITHDRAWN: _l("已撤回"),
}
LOOKS = {
    PlanState.DRAFT: "na",
    PlanState.SUBMITTED: "info",
    PlanState.RETURNED: "warn",
    PlanState.READY: "ok",
    PlanState.WITHDRAWN: "na",
}
POSTS = {
    Post.COMMAND: _l("总指挥"),
    Post.DEPUTY: _l("副总指挥"),
    Post.RESCUE: _l("抢救组"),
    Post.MEDICAL: _l("医疗救护组"),
    Post.COMMUNICATION: _l("通讯联络组"),
    Post.CORDON: _l("保障警戒组"),
}
LACKS = {
    Lack.SIGNAL: _l("信号"),
    Lack.ASSEMBLY: _l("集合点"),
    Lack.COMMAND: _l("总指挥"),
    Lack.GUIDES: _l("楼梯、转角的引导人员"),
    Lack.CLASSES: _l("参加班级和人数"),
}
LINE_PROBLEMS = {
    LineProblem.NO_NUMBER: _l("第 %(line)d 行没有读到人数。请按“班级，人数，班主任”填写。"),
    LineProblem.TOO_MANY_HEADS: _l("第 %(line)d 行人数过多，请核对。"),
    LineProblem.NAMED_TWICE: _l("第 %(line)d 行与前面重复。"),
    LineProblem.TOO_LONG: _l("第 %(line)d 行文字过长。"),
    LineProblem.TOO_MANY_LINES: _l("行数过多，最多到第 %(line)d 行之前。"),
    LineProblem.EMPTY: _l("第 %(line)d 行没有写部位。"),
}
STEPS = {
    "write": _l("编制方案"),
    "change": _l("修改方案"),
    "submit": _l("送大队审核"),
    "settle": _l("定稿"),
    "return": _l("退回"),
    "approve": _l("同意"),
    "reopen": _l("收回修改"),
    "withdraw": _l("撤回方案"),
}
POINTS = {
    Point.SIGNAL_HEARD: _l("各处都听到信号"),
    Point.TIME: _l("各班和全校用时"),
    Point.HEAD_COUNT: _l("人数清点正确，缺少的人能找到"),
    Point.ROUTE: _l("按路线有序撤离"),
    Point.STAIRS: _l("楼梯不拥挤（两列、不弯腰拾物）"),
    Point.POSTURE: _l("烟气中低姿、湿布捂口鼻"),
    Point.TEACHERS: _l("教师在岗引导"),
    Point.ASSEMBLY: _l("按班集合"),
}
GRADES = {
    Grade.DONE: _l("做到"),
    Grade.PARTLY: _l("部分做到"),
    Grade.NOT_DONE: _l("没有做到"),
    Grade.NOT_SEEN: _l("未观察或不涉及"),
}
