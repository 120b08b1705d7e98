"""The words for trainings of former years: fields, and what is doubtful in a row beside what every log has."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.logbook.old_words import OldWords
from app.logbook.reading import Doubt

WORDS = OldWords(
    fields={
        "school": _l("学校名称"),
        "school_code": _l("学校标识码"),
        "day": _l("培训日期"),
        "time": _l("开始时间或起止时间"),
        "audience": _l("培训对象"),
        "form": _l("培训形式"),
        "hours": _l("学时（一学时 45 分钟）"),
        "length": _l("时长（格内写明单位）"),
        "minutes": _l("时长（分钟数）"),
        "clock_hours": _l("时长（小时数）"),
        "topics": _l("培训内容"),
        "trainer": _l("授课人"),
        "expected": _l("应到人数"),
        "attended": _l("实到人数"),
        "names": _l("名单"),
        "materials": _l("教材和器材"),
        "quiz_taken": _l("参加测验人数"),
        "quiz_passed": _l("测验合格人数"),
        "outcome": _l("效果"),
        "reflections": _l("心得和改进"),
        "note": _l("备注"),
    },
    flags={
        "audience:unknown": _l("看不出培训对象，不计入任何人员的培训"),
        "audience:several": _l("培训对象写了几类或只是一部分，按对象不详登记，不计入任何人员的培训"),
        "form:unknown": _l("看不出培训形式"),
        "form:several": _l("培训形式写了几种"),
        f"time:{Doubt.NO_UNIT}": _l("开始时间没有写上午还是下午"),
        "lengths:differ": _l("几列时长互相矛盾，都只保存原文"),
        "length:too_short": _l("时长太短，只保存原文"),
        "quiz:contradicts": _l("测验人数互相矛盾，都只保存原文"),
        "names:unreadable": _l("名单一格里不全是姓名，没有计数"),
        "names:differ": _l("名单上的人数与所写人数不同，以所写人数为准"),
        "names:left_out": _l("学生或对象不详的名单不保存，只计人数"),
        "attended:counted": _l("没有写人数，按名单计数"),
    },
    remarks={"no_day": _l("没有培训日期。")},
    shown=("day", "audience", "topics"),
    doubts={Doubt.NO_UNIT: _l("没有写是小时、分还是秒")},
)
