"""What schools asked: one at each step of its road, one of them late, one answer for all schools and one taken back."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from app.accounts import queries as accounts
from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.core import clock
from app.core.extensions import db
from app.demo.district import District, SchoolRow
from app.questions import service
from app.questions.models import Question, QuestionPost
from app.questions.queries import Line
from app.questions.rules import QuestionKind
from app.questions.service import NewQuestion
from app.schools.models import School

_Q, _O, _R = QuestionKind.QUESTION, QuestionKind.OPINION, QuestionKind.REQUEST


def _viewer(person_id: uuid.UUID) -> Viewer:
    return accounts.viewer_for(db.session.get_one(Person, person_id))


def _ask(row: SchoolRow, kind: QuestionKind, title: str, words: str, *, days_ago: int) -> Line:
    school = db.session.get_one(School, row.id)
    by = _viewer(row.officer_id)
    new = NewQuestion(kind=kind, title=title, words=words)
    question = service.ask(by, school=school, question_id=uuid.uuid5(row.id, title), new=new)
    at = clock.now() - timedelta(days=days_ago)
    question.asked_at = question.moved_at = at
    question.due_on = service.due_on(school, asked=clock.day_of(at))
    db.session.execute(sa.update(QuestionPost).where(QuestionPost.question_id == question.id).values(at=at))
    db.session.flush()
    return Line(question=db.session.get_one(Question, question.id), school=school, asker=by.name)


def ask_and_answer(district: District) -> None:
    """Schools ask in the name of their safety officers; the inspector answers."""
    inspector, rows = _viewer(district.people["inspector"]), district.schools
    first, last = rows[0], rows[-1]
    _ask(first, _R, "请消防站来校演示灭火器", "下月开展全员培训，希望消防站派人现场演示，时间可以商量。", days_ago=1)
    _ask(last, _Q, "宿舍充电柜放在哪里合适", "学生电动车充电柜打算放在一楼门厅，不知道是否允许。", days_ago=15)
    service_line = _ask(
        first, _Q, "灭火器到哪里送修", "有六具灭火器压力不足，县里没有维修点，应该送到哪里？", days_ago=6
    )
    service.answer(
        inspector, service_line, words="可以送市里有资质的维修单位；送修期间原位放备用灭火器，取回时看维修合格证。"
    )
    public = service.publish(
        inspector,
        service_line,
        question="当地没有灭火器维修点，压力不足的灭火器怎么办？",
        answer="送有资质的维修单位，分批送修，原位放同规格的备用灭火器；取回时检查维修合格证上的日期和单位。",
    )
    service.withdraw_public(inspector, public, reason="补充了分批的比例，重新公开")
    service.publish(
        inspector,
        service_line,
        question="当地没有灭火器维修点，压力不足的灭火器怎么办？",
        answer="送有资质的维修单位，分批送修，一次不超过该处的四分之一，原位放同规格的备用灭火器；取回时检查维修合格证上的日期和单位。",
    )
    closed = _ask(last, _O, "检查最好避开期末考试周", "考试周检查会影响学生，建议提前商量时间。", days_ago=20)
    service.answer(inspector, closed, words="除举报投诉和重大活动保障外，会尽量避开考试周。")
    service.close(_viewer(last.officer_id), closed, words="谢谢")
    again = _ask(rows[1 % len(rows)], _Q, "应急灯多久测一次", "说明书写三个月，要求写每月，以哪个为准？", days_ago=12)
    service.answer(inspector, again, words="每月按一次试验按钮，每年做一次放电试验。")
    service.reopen(_viewer(rows[1 % len(rows)].officer_id), again, words="放电试验要放到灯灭吗？会不会伤电池？")
